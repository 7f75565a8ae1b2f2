"""What a company would put on disk before it starts ringi: keys, certificates, secrets and the configuration."""

import secrets
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID

from . import aws_world as world

CONFIG = """\
[server]
listen = "127.0.0.1:{public_port}"
admin_listen = "127.0.0.1:{admin_port}"
public_url = "https://127.0.0.1:{public_port}"
certificate = "{dir}/tls/certificate.pem"
private_key = "{dir}/tls/key.pem"

[store]
url = "{store}"

[ledger]
origin = "sandbox.example/ringi"
key = "file:{dir}/ledger.pem"
publish = ["#ringi-audit"]
redact_variables = ["*TOKEN*", "*SECRET*", "*PASSWORD*"]

[slack]
team_id = "T0ACME0001"
app_id = "A0RINGI001"
signing_secrets = ["file:{dir}/signing-secret"]
bot_token = "file:{dir}/bot-token"
api_url = "http://127.0.0.1:{slack_port}/api/"
operators_channel = "#ringi-ops"
channel = "#deploys"

[people]
"arn:aws:sts::*:assumed-role/Console/taro@example.com" = "U0TARO0001"

[aws]
region = "{region}"

[aws.sns]
topics = ["{events_topic}", "arn:aws:sns:*:{{accounts}}:ringi-approvals"]
certificate_urls = ["http://127.0.0.1:{aws_port}/"]

[realms.production]
environments = ["production"]
base_role = "arn:aws:iam::{hub}:role/ringi-production"
[realms.nonproduction]
environments = ["staging"]
base_role = "arn:aws:iam::{hub}:role/ringi-nonproduction"

[[accounts]]
name = "web-prod"
id = "{web_prod}"
team = "web"
environment = "production"
role = "ringi"
external_id = "file:{dir}/external-id"

[[accounts]]
name = "web-stg"
id = "{web_stg}"
team = "web"
environment = "staging"
role = "ringi"
external_id = "file:{dir}/external-id"

[[accounts]]
name = "pay-prod"
id = "{pay_prod}"
team = "pay"
environment = "production"
channel = "#deploys"
role = "ringi"
external_id = "file:{dir}/external-id"

[teams.web]
members = "@web-developers"
approvers = "@web-leads"
channel = "#web-deploys"

[teams.pay]
members = "@web-developers"
approvers = "@release-managers"

[environments.production]
start = ["team.members"]
approve = ["team.approvers", "@release-managers"]
read = ["members"]
approval = {{ quorum = 1, four_eyes = ["starter"], comment = "reject" }}
cards = "all"
mode = "{mode}"

[environments.staging]
start = ["team.members"]
approve = ["team.members"]
read = ["members"]
cards = "all"

[[policy]]
id = "auditors read the ledger"
effect = "allow"
actions = ["audit"]
who = ["U0MIKA0001", "@release-managers", "@web-developers"]
"""

ORGANIZATION = """
[organization]
discover = true
external_id = "file:{dir}/external-id"
exclude = ["{hub}"]
refresh = "{refresh}"

[[policy]]
id = "operators agree to moves of accounts"
effect = "allow"
actions = ["operate"]
who = ["@release-managers"]
"""


def write_all(directory, ports, store=None, mode="act", refresh=None):
    """Everything under `directory`; files that stand already are kept, but the configuration is written anew.
    `refresh`: how often AWS Organizations is asked for accounts; None: never."""
    (directory / "tls").mkdir(parents=True, exist_ok=True)
    if not (directory / "tls/key.pem").exists():
        write_certificate(directory / "tls")
        _write_private(directory / "ledger.pem", ed25519.Ed25519PrivateKey.generate())
        for name, text in (("signing-secret", secrets.token_hex(16)), ("bot-token", "xoxb-" + secrets.token_hex(24)),
                           ("external-id", world.EXTERNAL_ID)):
            path = directory / name
            path.write_text(text + "\n")
            path.chmod(0o600)
    config = CONFIG.format(dir=directory, region=world.REGION, events_topic=world.EVENTS_TOPIC, hub=world.HUB,
                           web_prod=world.WEB_PROD, web_stg=world.WEB_STG, pay_prod=world.PAY_PROD, mode=mode,
                           store=store or f"sqlite:{directory}/ringi.db", **ports)
    if refresh:
        config += ORGANIZATION.format(dir=directory, hub=world.HUB, refresh=refresh)
    (directory / "ringi.toml").write_text(config)


def write_certificate(directory):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ringi sandbox")])
    now = datetime.now(timezone.utc)
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("localhost")])
    certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
                   .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
                   .not_valid_after(now + timedelta(days=365)).add_extension(names, False)
                   .add_extension(x509.BasicConstraints(ca=True, path_length=0), True).sign(key, hashes.SHA256()))
    (directory / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    _write_private(directory / "key.pem", key)


def _write_private(path, key):
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                            serialization.NoEncryption())
    path.touch(mode=0o600)
    path.write_bytes(pem)
