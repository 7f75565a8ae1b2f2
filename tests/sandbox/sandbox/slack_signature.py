"""Request signing v0, as Slack signs, with switches for signing it wrong."""

import hashlib
import hmac
import time

WRONG_SECRET = "0" * 32
SKEW = {"stale": -301, "very_stale": -86400, "future": 301}
KINDS = ("good", "stale", "very_stale", "future", "wrong_secret", "second_secret", "changed_body",
         "no_signature", "no_timestamp", "wrong_version", "upper_case", "short")


def sign(secret, timestamp, body):
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class Signer:
    """`secrets` newest first: `second_secret` signs with the other one, as while rotating."""

    def __init__(self, secrets, now=time.time):
        self._secrets, self._now = secrets, now

    def headers(self, body, kind="good"):
        if kind not in KINDS:
            raise ValueError(f"unknown signature kind {kind}")
        timestamp = str(int(self._now()) + SKEW.get(kind, 0))
        secret = {"wrong_secret": WRONG_SECRET, "second_secret": self._secrets[-1]}.get(
            kind, self._secrets[0])
        signature = sign(secret, timestamp, body + b" " if kind == "changed_body" else body)
        signature = {"wrong_version": "v1" + signature[2:], "upper_case": signature.upper(),
                     "short": signature[:-1]}.get(kind, signature)
        headers = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}
        if kind == "no_signature":
            del headers["X-Slack-Signature"]
        if kind == "no_timestamp":
            del headers["X-Slack-Request-Timestamp"]
        return headers
