"""Each source of credentials through its life, against strict stand-ins: a named row a scenario. The clock is told what
time it is; only what hangs takes time."""

import hashlib
import json
import os
import stat
import sys

import pytest
from conftest import Lines
from credential_services import BEGIN, LATER_ROLE, POD_ROLE, ROLE, Services, moment

SECRETS = ["base-secret", "metadata-secret", "metadata-token", "sso-secret", "sso-role-token", "client-secret",
           "process-secret", "pod-token", "first-token", "refresh-1", "access-1"]
ROLES = "/latest/meta-data/iam/security-credentials/"
DENIED = (403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>")
EMPTY_ROLE = (200, "<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>")
BASE_KEYS = "aws_access_key_id = AKIABASE\naws_secret_access_key = base-secret\n"


class Play:
    """A scene: the services, the files of a home and the server's credentials."""

    def __init__(self, lines, services, home):
        self.lines, self.services, self.home = lines, services, home
        self.profile = ""
        self.environment = {"HOME": str(home), "PATH": os.environ["PATH"], "AWS_ENDPOINT_URL": services.url,
                            "AWS_EC2_METADATA_SERVICE_ENDPOINT": services.url}
        self.opened = False

    def write(self, path, text):
        file = self.home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return str(file)

    def ask(self, longest=20):
        if not self.opened:
            self.lines.ask(open=self.environment, profile=self.profile)
            self.opened = True
        told = self.lines.ask(ask=longest)
        for secret in SECRETS:  # nothing of them is ever told
            assert secret not in json.dumps(told), told
        return told


# --- sources

def instance(play):
    pass


def ecs(play):
    play.environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = f"{play.services.url}/container"


def eks(play):
    ecs(play)
    play.services.container_token = "first-token"
    play.environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = play.write("eks/token", "first-token")


def irsa(play):
    play.services.pod_token = "pod-token"
    play.environment["AWS_ROLE_ARN"] = POD_ROLE
    play.environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = play.write("irsa/token", "pod-token")


def role(play):
    play.write(".aws/config", f"[default]\nrole_arn = {ROLE}\nsource_profile = base\nexternal_id = outer\n"
                              f"[profile later]\nrole_arn = {LATER_ROLE}\nsource_profile = default\n")
    play.write(".aws/credentials", f"[base]\n{BASE_KEYS}")


def role_by_role(play):
    role(play)
    play.profile = "later"


def role_by_instance(play):
    play.write(".aws/config", f"[default]\nrole_arn = {ROLE}\ncredential_source = Ec2InstanceMetadata\nexternal_id = outer\n")


def login(play, minutes, access="access-1", refresh="refresh-1"):
    play.services.access_token, play.services.refresh_token = access, refresh
    name = hashlib.sha1(b"corp").hexdigest()
    return play.write(f".aws/sso/cache/{name}.json", json.dumps({
        "startUrl": "https://corp/start", "region": "eu-west-1", "accessToken": "access-1",
        "expiresAt": moment(play.services.now + minutes * 60), "clientId": "client", "clientSecret": "client-secret",
        "registrationExpiresAt": moment(BEGIN + 90 * 86400), "refreshToken": "refresh-1"}))


def sso(play):
    play.write(".aws/config", "[default]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Reader\n"
                              "[sso-session corp]\nsso_start_url = https://corp/start\nsso_region = eu-west-1\n")
    login(play, 480)


def process(play):
    """A program that prints a file, and complains when there is none."""
    play.write("answer", json.dumps({"Version": 1, "AccessKeyId": "AKIA1", "SecretAccessKey": "process-secret",
                                     "Expiration": moment(BEGIN + 3600).replace("Z", "+00:00")}))  # as AWS's CLI exports it
    play.write(".aws/config", f"[default]\ncredential_process = {sys.executable} -c "
                              "'import pathlib; print((pathlib.Path.home() / \"answer\").read_text())'\n")


def keys(play):
    play.write(".aws/credentials", f"[default]\n{BASE_KEYS}")


# --- steps

def gives(wanted):
    """Credentials with this key id; "…": of any."""
    def step(play):
        told = play.ask()
        assert told.get("id", "").startswith(wanted.rstrip("…")) and "id" in told, told
    return step


def fails(code, *texts):
    def step(play):
        told = play.ask()
        assert told.get("code") == code, told
        for text in texts:
            assert text in told["error"], told
    return step


def does_not_wait_for(longest):
    def step(play):
        assert play.ask(longest)["code"] == "timeout"
    return step


def after(**passed):
    seconds = passed.get("hours", 0) * 3600 + passed.get("minutes", 0) * 60 + passed.get("seconds", 0)

    def step(play):
        assert play.opened  # its clock begins there
        play.services.now += seconds
        play.lines.ask(advance=seconds)
    return step


def fault(path, *answers):
    return lambda play: play.services.fail(path, *answers)


def refuses(key_id):
    return lambda play: play.lines.ask(reject=key_id)


def asked(times, what):
    def step(play):
        assert play.services.asked.count(what) == times, play.services.asked
    return step


def never_asked(begin):
    def step(play):
        assert not [one for one in play.services.asked if one.startswith(begin)], play.services.asked
    return step


def set_(**values):
    def step(play):
        for name, value in values.items():
            setattr(play.services, name, value)
    return step


def write(path, text):
    return lambda play: play.write(path, text)


def logs_in(minutes):
    return lambda play: login(play, minutes)


def keeps_the_renewed_token(play):
    file = next((play.home / ".aws/sso/cache").iterdir())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = json.loads(file.read_text())
    assert (kept["accessToken"], kept["refreshToken"]) == (play.services.access_token, play.services.refresh_token)
    assert kept["startUrl"] == "https://corp/start"


PUT_TOKEN, GET_ROLE, GET_WEB = "PUT /latest/api/token", f"GET {ROLES}", f"GET {ROLES}web-role"

ROWS = {
    "instance: given by version 2 alone": (instance, [gives("ASIA0001"), asked(1, PUT_TOKEN), asked(1, GET_WEB)]),
    "instance: kept until 15 minutes before they expire": (instance, [gives("ASIA0001"), after(hours=5, minutes=44),
                                                                      gives("ASIA0001"), asked(1, GET_WEB)]),
    "instance: refreshed ahead, the old ones served meanwhile": (instance, [
        gives("ASIA0001"), after(hours=5, minutes=45), gives("ASIA0001"), gives("ASIA0002"), asked(2, GET_WEB)]),
    "instance: the old ones serve while a refresh fails, until a minute before the end": (instance, [
        gives("ASIA0001"), after(hours=5, minutes=50), fault(ROLES, *[(500, "")] * 30), gives("ASIA0001"),
        after(minutes=8), gives("ASIA0001"), after(minutes=2), fails("unavailable", "HTTP 500")]),
    "instance: its role is exchanged": (instance, [
        gives("ASIA0001"), set_(instance_role="other-role"), after(hours=5, minutes=45), gives("ASIA0001"),
        gives("ASIA0002"), asked(1, f"GET {ROLES}other-role")]),
    "instance: expired ones are used on for some minutes, as AWS serves them while it cannot renew": (instance, [
        set_(life=-60), gives("ASIA0001"), after(minutes=4), gives("ASIA0001"), after(minutes=2), gives("ASIA0001"),
        gives("ASIA0002")]),
    "instance: a token that is refused is renewed once": (instance, [fault(ROLES, (401, "")), gives("ASIA0001"),
                                                                     asked(2, PUT_TOKEN)]),
    "instance: a token that is always refused": (instance, [fault(ROLES, *[(401, "")] * 9), fails("unavailable", "HTTP 401"),
                                                            asked(2, PUT_TOKEN)]),
    "instance: version 2 is refused, version 1 is not asked": (instance, [
        fault("/latest/api/token", (403, "")), fails("unavailable", "HTTP 403", "version 1 is not asked"), never_asked("GET")]),
    "instance: version 2 is unknown there": (instance, [fault("/latest/api/token", (404, "")),
                                                        fails("unavailable", "HTTP 404"), never_asked("GET")]),
    "instance: no answer to the token": (instance, [
        fault("/latest/api/token", *["hang"] * 3), fails("unavailable", "Timeout was reached", "hop limit", "AWS_ACCESS_KEY_ID is not set"),
        asked(3, PUT_TOKEN), never_asked("GET")]),
    "instance: the second try succeeds": (instance, [fault("/latest/api/token", "hang"), gives("ASIA0001")]),
    "instance: no profile is attached": (instance, [set_(instance_role=""),
                                                    fails("unavailable", "HTTP 404", "attach an instance profile")]),
    "instance: an error page for a role": (instance, [fault(ROLES, (200, "<html>")), fails("unavailable", "named no role")]),
    "instance: an answer that is no JSON": (instance, [fault(ROLES + "web-role", (200, "<html>")),
                                                       fails("unavailable", "without credentials of role web-role")]),
    "instance: an answer without a secret": (instance, [fault(ROLES + "web-role", (200, {"Code": "Success", "AccessKeyId": "A"})),
                                                        fails("unavailable", "without credentials")]),
    "instance: an answer with a code": (instance, [fault(ROLES + "web-role", (200, {"Code": "AssumeRoleUnauthorizedAccess"})),
                                                   fails("unavailable", "code AssumeRoleUnauthorizedAccess")]),
    "instance: an answer without an end": (instance, [fault(ROLES + "web-role", *[(200, "{" + " " * 70000)] * 3),
                                                      fails("unavailable", "AWS credentials: instance metadata")]),
    "instance: whoever does not wait is told so, and the next has them": (instance, [
        fault("/latest/api/token", "hang"), does_not_wait_for(0.2), gives("ASIA0001"), asked(2, PUT_TOKEN)]),

    "ECS: given without a token": (ecs, [gives("ASIA0001"), asked(1, "GET /container")]),
    "ECS: refreshed ahead": (ecs, [gives("ASIA0001"), after(hours=5, minutes=46), gives("ASIA0001"), gives("ASIA0002")]),
    "ECS: expired ones": (ecs, [set_(life=-1), fails("unavailable", "its credentials expired at")]),
    "ECS: no answer": (ecs, [fault("/container", *["hang"] * 3), fails("unavailable", "container, http://127.0.0.1", "Timeout was reached"),
                             asked(3, "GET /container")]),
    "ECS: the third try succeeds": (ecs, [fault("/container", (500, ""), (429, "")), gives("ASIA0001")]),
    "ECS: malformed": (ecs, [fault("/container", (200, "[]")), fails("unavailable", "an answer without credentials")]),
    "ECS: an expiry that is no time": (ecs, [
        fault("/container", (200, {"AccessKeyId": "A", "SecretAccessKey": "s", "Expiration": "soon"})),
        fails("unavailable", "an answer without credentials")]),

    "EKS: given with the token of the file": (eks, [gives("ASIA0001")]),
    "EKS: the token rotates": (eks, [gives("ASIA0001"), set_(container_token="second"), write("eks/token", "second"),
                                     after(hours=5, minutes=46), gives("ASIA0001"), gives("ASIA0002")]),
    "EKS: the token is refused, and asked for again a little later": (eks, [
        set_(container_token="another"), fails("unavailable", "HTTP 401 InvalidToken"), fails("unavailable"),
        asked(1, "GET /container"), set_(container_token="first-token"), after(seconds=61), gives("ASIA0001")]),
    "EKS: the token's file is gone": (eks, [lambda play: os.remove(play.home / "eks/token"),
                                            fails("unavailable", "eks/token cannot be read"), never_asked("GET")]),
    "EKS: the token's file holds two lines": (eks, [write("eks/token", "a\r\nHost: b"),
                                                    fails("unavailable", "more than one line"), never_asked("GET")]),

    "IRSA: given for the pod's token": (irsa, [gives("ASIA"), asked(1, "POST /")]),
    "IRSA: the token rotates": (irsa, [gives("ASIA"), set_(pod_token="second"), write("irsa/token", "second"),
                                       after(minutes=46), gives("ASIA"), after(minutes=13), gives("ASIA"), asked(2, "POST /")]),
    "IRSA: the token is refused": (irsa, [set_(pod_token="another"), fails("unavailable", "InvalidIdentityToken")]),
    "IRSA: the token's file is gone": (irsa, [lambda play: os.remove(play.home / "irsa/token"),
                                              fails("unavailable", "irsa/token holds no token"), never_asked("POST")]),
    "IRSA: STS does not answer": (irsa, [fault("/", "hang"), fails("unavailable", "web identity, role", "no answer")]),
    "IRSA: STS is asked again after a failure of its own": (irsa, [fault("/", (500, "")), gives("ASIA"), asked(2, "POST /")]),
    "IRSA: half an answer": (irsa, [fault("/", (200, EMPTY_ROLE[1].replace("AssumeRole", "AssumeRoleWithWebIdentity"))),
                                    fails("unavailable", "without whole credentials")]),

    "role: given for the profile's keys": (role, [gives("ASIA"), asked(1, "POST /")]),
    "role: refreshed ahead": (role, [gives("ASIA"), after(minutes=46), gives("ASIA"), asked(2, "POST /")]),
    "role: refused": (role, [fault("/", DENIED), fails("unavailable", "AccessDenied", "profile default, role"),
                                           fails("unavailable"), asked(1, "POST /"), after(seconds=61), gives("ASIA")]),
    "role: by a role": (role_by_role, [gives("ASIA"), asked(2, "POST /")]),
    "role: the first of two is refused": (role_by_role, [fault("/", DENIED), fails("unavailable", "profile default, role"),
                                                         asked(1, "POST /")]),
    "role: by the instance": (role_by_instance, [gives("ASIA"), asked(1, GET_WEB), asked(1, "POST /")]),
    "role: by an instance that has none": (role_by_instance, [set_(instance_role=""),
                                                              fails("unavailable", "attach an instance profile")]),
    "role: STS does not answer": (role, [fault("/", "hang"), fails("unavailable", "sts AssumeRole")]),
    "role: half an answer": (role, [fault("/", EMPTY_ROLE), fails("unavailable", "without whole credentials")]),
    "role: the wrong external id": (role, [
        write(".aws/config", f"[default]\nrole_arn = {ROLE}\nsource_profile = base\nexternal_id = wrong\n"),
        fails("unavailable", "AccessDenied")]),
    "role: a wrong secret": (role, [write(".aws/credentials", f"[base]\n{BASE_KEYS[:-1]}-not\n"),
                                    fails("unavailable", "InvalidSignatureException")]),
    "role: AWS refuses the credentials before their time": (role, [
        gives("ASIA"), lambda play: play.lines.ask(reject=play.ask()["id"]), gives("ASIA"), asked(2, "POST /")]),

    "single sign-on: given for the login's token": (sso, [gives("ASIA0001"), asked(0, "POST /token")]),
    "single sign-on: the role is refreshed with the same token": (sso, [
        gives("ASIA0001"), after(minutes=46), gives("ASIA0001"), gives("ASIA0002"), asked(0, "POST /token")]),
    "single sign-on: a token that ends soon is renewed and kept": (sso, [
        logs_in(10), gives("ASIA0001"), asked(1, "POST /token"), keeps_the_renewed_token]),
    "single sign-on: a renewed token is renewed again": (sso, [
        logs_in(10), gives("ASIA0001"), after(hours=7, minutes=50), gives("ASIA0002"), asked(2, "POST /token"),
        keeps_the_renewed_token]),
    "single sign-on: a token that is not renewed serves while it lasts": (sso, [
        logs_in(10), set_(refresh_token="another"), gives("ASIA0001"), after(minutes=61),
        fails("unavailable", "expired at", "run aws sso login")]),
    "single sign-on: a token that expired long ago is renewed": (sso, [logs_in(-600), gives("ASIA0001")]),
    "single sign-on: an expired token is not renewed because nobody answers": (sso, [
        logs_in(-600), fault("/token", *[(500, "")] * 3), fails("unavailable", "sso-oidc CreateToken"),
        after(minutes=1), gives("ASIA0001")]),
    "single sign-on: the token is revoked": (sso, [set_(access_token="another"), fails(
        "unavailable", "no longer takes the token: run aws sso login --sso-session corp")]),
    "single sign-on: nobody has logged in": (sso, [
        lambda play: [file.unlink() for file in (play.home / ".aws/sso/cache").iterdir()],
        fails("unavailable", "holds no token: run aws sso login --sso-session corp"), never_asked("GET")]),
    "single sign-on: somebody logs in": (sso, [
        set_(access_token="another"), fails("unavailable"), logs_in(480), after(seconds=61), gives("ASIA0001")]),
    "single sign-on: no permission set of that name": (sso, [
        write(".aws/config", "[default]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Admin\n"
              "[sso-session corp]\nsso_start_url = https://corp/start\nsso_region = eu-west-1\n"),
        fails("unavailable", "ForbiddenException")]),
    "single sign-on: the portal does not answer": (sso, [fault("/federation", "hang"), fails("unavailable", "sso GetRoleCredentials")]),
    "single sign-on: an answer without credentials": (sso, [fault("/federation", (200, {})),
                                                            fails("unavailable", "an answer without credentials")]),

    "process: given": (process, [gives("AKIA1")]),
    "process: run again before they expire": (process, [
        gives("AKIA1"), write("answer", json.dumps({"Version": 1, "AccessKeyId": "AKIA2", "SecretAccessKey": "process-secret"})),
        after(minutes=46), gives("AKIA1"), gives("AKIA2"), after(hours=9000), gives("AKIA2")]),
    "process: expired ones": (process, [
        write("answer", json.dumps({"Version": 1, "AccessKeyId": "AKIA1", "SecretAccessKey": "process-secret",
                                    "Expiration": moment(BEGIN - 60)})),
        fails("unavailable", "expired at 2026-11-22T02:59:00")]),
    "process: it fails": (process, [lambda play: os.remove(play.home / "answer"),
                                    fails("unavailable", "credential_process", "status 1: Traceback")]),
    "process: it prints something else": (process, [write("answer", "AKIA1 process-secret"),
                                                    fails("unavailable", "no JSON object")]),
    "process: it is not there": (process, [write(".aws/config", "[default]\ncredential_process = /nowhere/vault\n"),
                                           fails("unavailable", "/nowhere/vault: No such file")]),
    "process: no shell reads its line": (process, [
        write(".aws/config", "[default]\ncredential_process = echo $(touch /tmp/x) ; true\n"),
        fails("unavailable", "no JSON object")]),

    "keys: given, and kept": (keys, [gives("AKIABASE"), after(hours=9000), gives("AKIABASE")]),
    "keys: exchanged after AWS refused them": (keys, [
        gives("AKIABASE"), write(".aws/credentials", "[default]\naws_access_key_id = AKIANEW\naws_secret_access_key = x\n"),
        gives("AKIABASE"), refuses("AKIABASE"), gives("AKIANEW")]),
    "keys: mended without a restart": (keys, [
        write(".aws/credentials", "[default]\naws_access_key_id = AKIABASE\n"), fails("unavailable", "go together"),
        write(".aws/credentials", f"[default]\n{BASE_KEYS}"), after(seconds=2), gives("AKIABASE")]),
}


@pytest.fixture(scope="module")
def lines():
    lines = Lines("wire_credentials")
    yield lines
    lines.close()


@pytest.fixture
def services():
    services = Services()
    yield services
    services.close()


@pytest.mark.parametrize("name", ROWS)
def test_credentials(name, lines, services, tmp_path):
    source, steps = ROWS[name]
    play = Play(lines, services, tmp_path)
    source(play)
    for step in steps:
        step(play)


def test_a_source_is_named_once_in_the_log_with_those_before_it(lines, services, tmp_path):
    play = Play(lines, services, tmp_path)
    assert f"AWS credentials: instance metadata, {services.url} (environment: AWS_ACCESS_KEY_ID is not set; " \
           f"profile default: is in neither {tmp_path}/.aws/config nor {tmp_path}/.aws/credentials; " in play.ask()["log"]
    assert play.ask()["log"] == ""
