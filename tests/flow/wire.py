"""Requests byte by byte over TLS: what no HTTP library would send. Signs as Slack does, with its own code."""

import hashlib
import hmac
import json
import re
import socket
import ssl
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
TEAM, APP = "T0ACME0001", "A0RINGI001"
CANARY = "canary-of-the-body"  # stands in every body: the log must not have it
ENDPOINTS = {"commands": "/slack/commands", "interactions": "/slack/interactions", "events": "/slack/events",
             "sns": "/aws/sns"}
SLACK = ("commands", "interactions", "events")
ONE_WORD = re.compile(rb'\{"error":"[a-z_]+"\}')


@dataclass
class Answer:
    status: int
    headers: dict = field(default_factory=dict)
    body: bytes = b""

    def is_terse(self):
        """The error body of the contract: one word, nothing that helps a guesser."""
        return ONE_WORD.fullmatch(self.body) is not None and self.headers["content-type"] == JSON


class Wire:
    """One connection. `read` gives the next answer, None where the other side ended without one."""

    def __init__(self, port, cafile, timeout=15.0, **tls):
        context = ssl.create_default_context(cafile=cafile)
        for name, value in tls.items():
            setattr(context, name, value)
        plain = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        try:
            self.socket = context.wrap_socket(plain, server_hostname="127.0.0.1")
        except BaseException:
            plain.close()
            raise
        self._rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def read(self, head_only=False):
        head = self._until(b"\r\n\r\n")
        if head is None:
            return None
        status_line, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        answer = Answer(int(status_line.split(" ")[1]), headers)
        length = 0 if head_only or answer.status == 100 else int(headers["content-length"])
        answer.body = self._exactly(length)
        return answer

    def ended(self):
        """True once the other side closes; anything it still says is a failure of the test."""
        return self._rest == b"" and self._more() == b""

    def _until(self, mark):
        while mark not in self._rest:
            if not (more := self._more()):
                return None
            self._rest += more
        head, _, self._rest = self._rest.partition(mark)
        return head

    def _exactly(self, length):
        while len(self._rest) < length:
            more = self._more()
            assert more, "the answer ended within its body"
            self._rest += more
        body, self._rest = self._rest[:length], self._rest[length:]
        return body

    def _more(self):
        try:
            return self.socket.recv(65536)
        except (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
            return b""


def signature(secret, timestamp, body):
    base = b"v0:" + str(timestamp).encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def signed(secret, body, at=0):
    """The two headers; `at` seconds from now."""
    timestamp = str(int(time.time()) + at)
    return [("X-Slack-Request-Timestamp", timestamp), ("X-Slack-Signature", signature(secret, timestamp, body))]


def request(path, body=b"", headers=(), line=None, host="127.0.0.1", length=True):
    """`line` replaces the request line; without `host` or `length` that header is not written."""
    lines = [line or f"POST {path} HTTP/1.1"]
    lines += [f"Host: {host}"] if host else []
    lines += [f"{name}: {value}" for name, value in headers]
    lines += [f"Content-Length: {len(body)}"] if length else []
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


# --- what would be carried out, were it signed and well formed ---------------------------------------
def connect(stack, **tls):
    return Wire(stack.ports["public_port"], str(stack.directory / "tls/certificate.pem"), **tls)


def secret_of(stack):
    return (stack.directory / "signing-secret").read_text().strip()


def whole_command(stack, text="help", *more):
    """As Slack sends it."""
    body = command(text)
    return request("/slack/commands", body, [("Content-Type", FORM), *signed(secret_of(stack), body), *more])


def command(text="start web-stg/web", **changed):
    fields = {"token": CANARY, "team_id": TEAM, "api_app_id": APP, "channel_id": "C0WEBDEPL1",
              "channel_name": "web-deploys", "user_id": "U0TARO0001", "user_name": "taro", "command": "/deploy",
              "text": text, "response_url": "", "trigger_id": f"1.{time.time_ns()}.a", **changed}
    return urlencode({name: value for name, value in fields.items() if value is not None}).encode()


def click(**changed):
    payload = {"token": CANARY, "type": "block_actions", "api_app_id": APP, "team": {"id": TEAM},
               "trigger_id": f"2.{time.time_ns()}.b", "user": {"id": "U0TARO0001", "username": "taro", "team_id": TEAM},
               "channel": {"id": "C0WEBDEPL1"}, "container": {"message_ts": "1763780645.000100"},
               "response_url": "", "actions": [{"action_id": "approve", "type": "button", "value": "1"}], **changed}
    return payload_form({name: value for name, value in payload.items() if value is not None})


def payload_form(payload):
    return urlencode({"payload": json.dumps(payload)}).encode()


def mention(text="<@U0RINGIBOT> deploy start web-stg/web", event=None, **changed):
    envelope = {"token": CANARY, "type": "event_callback", "team_id": TEAM, "api_app_id": APP,
                "event_id": f"Ev{time.time_ns()}", "authorizations": [{"user_id": "U0RINGIBOT"}],
                "event": {"type": "app_mention", "user": "U0TARO0001", "channel": "C0WEBDEPL1", "text": text,
                          "ts": f"{time.time():.6f}", "team": TEAM, **(event or {})}, **changed}
    return json.dumps({name: value for name, value in envelope.items() if value is not None}).encode()


WELL_FORMED = {"commands": command, "interactions": click, "events": mention}
TYPE_OF = {"commands": FORM, "interactions": FORM, "events": JSON, "sns": "text/plain; charset=UTF-8"}
