"""Answers as a test says, and keeps what came. Checks signatures with its own few lines."""

import asyncio
import hashlib
import hmac
import json
from urllib.parse import parse_qs

from aiohttp import web

SECRETS = ["test_signing_secret_0001", "test_signing_secret_0002"]


class ScriptedRingi:
    def __init__(self):
        self.forget()

    def forget(self):
        self.got = []
        self.answers = []
        self.echo_challenge = False

    def answer(self, body=b"", status=200, content_type="application/json", delay=0, headers=None):
        """For the next request; afterwards an empty 200 again."""
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
        self.answers.append((body, status, content_type, delay, headers))

    async def _handle(self, request):
        raw = await request.read()
        self.got.append({"path": request.path, "raw": raw, "headers": dict(request.headers),
                         "signed_with": signed_with(request.headers, raw)})
        if self.echo_challenge:
            return web.json_response({"challenge": json.loads(raw)["challenge"]})
        if not self.answers:
            return web.Response()
        body, status, content_type, delay, headers = self.answers.pop(0)
        await asyncio.sleep(delay)
        return web.Response(body=body, status=status, content_type=content_type, headers=headers)

    def app(self):
        app = web.Application()
        app.router.add_post("/{path:.*}", self._handle)
        return app

    def fields(self, index=-1):
        return {name: values[0] for name, values
                in parse_qs(self.got[index]["raw"].decode(), keep_blank_values=True).items()}

    def payload(self, index=-1):
        return json.loads(self.fields(index)["payload"])


def signed_with(headers, raw):
    """The secret whose signature fits, else None."""
    timestamp = headers.get("X-Slack-Request-Timestamp", "")
    for secret in SECRETS:
        mac = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + raw, hashlib.sha256)
        if headers.get("X-Slack-Signature") == f"v0={mac.hexdigest()}":
            return secret
    return None
