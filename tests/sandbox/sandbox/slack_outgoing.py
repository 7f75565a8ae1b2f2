"""Sends signed requests to ringi, waits three seconds for the ack, and measures it."""

import asyncio
import itertools
import ssl
import time
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

import aiohttp

ACK_SECONDS = 3.0
FORM = "application/x-www-form-urlencoded"


@dataclass
class Ack:
    """What became of one request. `error` is Slack's word for it, "" when it went well."""
    number: int
    kind: str
    what: str
    user: str
    channel: str
    ms: float
    status: int
    error: str
    content_type: str = ""
    body: bytes = b""
    no_retry: bool = False
    response_url: str = ""  # where the answer to it may be sent; "" for what carries none

    def facts(self):
        facts = asdict(self)
        facts["body"] = self.body.decode("utf-8", "replace")
        return facts


class Outgoing:
    def __init__(self, ringi_url, signer, feed, ca_file=None):
        self._url, self._signer, self._feed = ringi_url.rstrip("/"), signer, feed
        self._tls = ssl.create_default_context(cafile=ca_file) if ca_file else None
        self._numbers = itertools.count(1)
        self._http = None
        self.acks = []

    async def start(self):
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def stop(self):
        await self._http.close()

    async def form(self, path, fields, **about):
        return await self.send(path, urlencode(fields).encode(), FORM, **about)

    async def send(self, path, body, content_type, *, kind, what, user="", channel="",
                   signature="good", headers=None, response_url=""):
        """One request; `signature` is a kind of slack_signature.KINDS."""
        sent = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
                **self._signer.headers(body, signature), **(headers or {})}
        began = time.perf_counter()
        status, answer, got, error = await self._exchange(path, body, sent)
        ack = Ack(next(self._numbers), kind, what, user, channel,
                  round((time.perf_counter() - began) * 1000, 2), status, error,
                  got.get("Content-Type", ""), answer, "X-Slack-No-Retry" in got, response_url)
        self.acks.append(ack)
        self._feed.publish({"kind": "ack", "user": user, "channel": channel, "ack": ack.facts()})
        return ack

    async def _exchange(self, path, body, headers):
        try:
            async with asyncio.timeout(ACK_SECONDS):
                async with self._http.post(self._url + path, data=body, headers=headers,
                                           ssl=self._tls if self._tls else True,
                                           allow_redirects=False) as response:
                    answer = await response.read()
                    error = "" if response.status == 200 else "dispatch_failed"
                    return response.status, answer, response.headers, error
        except TimeoutError:
            return 0, b"", {}, "operation_timeout"
        except aiohttp.ClientError:
            return 0, b"", {}, "dispatch_failed"

    def clear(self):
        self.acks.clear()
