"""SNS: messages signed with the sandbox's own certificate, subscriptions, and delivery with SNS's retries."""

import asyncio
import base64
import json
import logging
import random
import secrets
import uuid
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

SIGNED = {"Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
          **dict.fromkeys(("SubscriptionConfirmation", "UnsubscribeConfirmation"),
                          ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"))}
RETRIES = 3  # what SNS does where a subscription has no delivery policy of its own
RETRY_DELAY = 1.0  # in life 20 s

log = logging.getLogger("sandbox.sns")


def iso(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


class Signer:
    def __init__(self, common_name="sns.amazonaws.com"):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
        now = datetime.now(timezone.utc)
        certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name)
                       .public_key(self.key.public_key()).serial_number(x509.random_serial_number())
                       .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=30))
                       .add_extension(x509.SubjectAlternativeName([x509.DNSName(common_name)]), False)
                       .sign(self.key, hashes.SHA256()))
        self.pem = certificate.public_bytes(serialization.Encoding.PEM)
        self.path = f"/SimpleNotificationService-{secrets.token_hex(16)}.pem"

    def sign(self, envelope, version="2"):
        text = "".join(f"{key}\n{envelope[key]}\n" for key in SIGNED[envelope["Type"]] if key in envelope)
        digest = hashes.SHA256() if version == "2" else hashes.SHA1()
        return base64.b64encode(self.key.sign(text.encode(), padding.PKCS1v15(), digest)).decode()


class Sns:
    """`post(headers, body) -> status` delivers to ringi; it may raise OSError when nothing listens."""

    disorder = 0.0  # seconds by which a message may be late, so that later ones overtake it

    def __init__(self, now, base_url, post, retry_delay=RETRY_DELAY):
        self.now, self.base_url, self.post, self.retry_delay = now, base_url, post, retry_delay
        self.signer = Signer()
        self.confirmed, self.tokens, self.delivered, self.failed = set(), {}, [], []
        self.tasks = set()

    def envelope(self, kind, topic, message, subject=None, version="2", **extra):
        body = {"Type": kind, "MessageId": str(uuid.uuid4()), "TopicArn": topic, "Message": message,
                "Timestamp": iso(self.now()), "SignatureVersion": version,
                "SigningCertURL": self.base_url + self.signer.path, **extra}
        if subject:
            body["Subject"] = subject
        body["Signature"] = self.signer.sign(body, version)
        return body

    def subscribe(self, topic):
        token = secrets.token_hex(100)
        self.tokens[token] = topic
        region = topic.split(":")[3]
        url = f"https://sns.{region}.amazonaws.com/?Action=ConfirmSubscription&TopicArn={topic}&Token={token}"
        text = (f"You have chosen to subscribe to the topic {topic}.\n"
                "To confirm the subscription, visit the SubscribeURL included in this message.")
        self.send(self.envelope("SubscriptionConfirmation", topic, text, Token=token, SubscribeURL=url))

    def confirm(self, topic, token):
        if self.tokens.get(token) != topic:
            return None
        self.confirmed.add(topic)
        return f"{topic}:{uuid.uuid4()}"

    def publish(self, topic, message, subject=None):
        """Drops what nobody is subscribed to, as SNS does."""
        if topic not in self.confirmed:
            return None
        body = self.envelope("Notification", topic, message, subject,
                             UnsubscribeURL="https://sns.amazonaws.com/?Action=Unsubscribe")
        self.send(body)
        return body["MessageId"]

    def send(self, envelope):
        task = asyncio.get_running_loop().create_task(self._deliver(envelope))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _deliver(self, envelope):
        headers = {"x-amz-sns-message-type": envelope["Type"], "x-amz-sns-message-id": envelope["MessageId"],
                   "x-amz-sns-topic-arn": envelope["TopicArn"], "Content-Type": "text/plain; charset=UTF-8",
                   "User-Agent": "Amazon Simple Notification Service Agent"}
        if envelope["Type"] == "Notification":
            headers["x-amz-sns-subscription-arn"] = envelope["TopicArn"] + ":sandbox"
        body = json.dumps(envelope).encode()
        if self.disorder:
            await asyncio.sleep(random.uniform(0, self.disorder))
        for attempt in range(1 + RETRIES):
            if attempt:
                await asyncio.sleep(self.retry_delay)
            try:
                status = await self.post(headers, body)
            except (OSError, asyncio.TimeoutError) as error:
                status, reason = 599, str(error)
                log.debug("delivery failed: %s", reason)
            if 200 <= status < 300:
                self.delivered.append((envelope["MessageId"], envelope["Type"], attempt + 1))
                return
            if status < 500 and status != 429:
                break  # a permanent failure: SNS gives up
        self.failed.append((envelope["MessageId"], envelope["Type"], status))
        log.warning("SNS gave up on a %s, last status %s", envelope["Type"], status)
