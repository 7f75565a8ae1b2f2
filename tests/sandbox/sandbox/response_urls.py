"""response_url: five uses in thirty minutes, no token; new, replaced or deleted messages."""

import json
import secrets
import time
from dataclasses import dataclass

from aiohttp import web

from .slack_chat import checked_content
from .slack_errors import SlackError
from .slack_workspace import TEAM_ID

USES = 5
SECONDS = 30 * 60


@dataclass
class ResponseUrl:
    user: str
    channel: str
    source_ts: str  # the message whose button was pressed; "" for a command
    made: float
    uses: int = 0


class ResponseUrls:
    def __init__(self, base_url, messages, limits, now=time.monotonic):
        self._base_url, self._messages, self._limits, self._now = base_url, messages, limits, now
        self._made = {}
        self.calls = 0
        self.answers = []  # what was said through which of them, when

    def new(self, kind, user, channel, source_ts=""):
        """`kind` is `commands` or `actions`, as in Slack's paths."""
        path = f"/{kind}/{TEAM_ID}/{secrets.randbelow(10**13):013d}/{secrets.token_urlsafe(18)}"
        self._made[path] = ResponseUrl(user, channel, source_ts, self._now())
        return self._base_url + path

    def age(self, seconds):
        """Makes every URL older: tests do not wait half an hour."""
        for url in self._made.values():
            url.made -= seconds

    async def handle(self, request):
        self.calls += 1
        url = self._made.get(request.path)
        if url is None:
            return refused(404, "no_service")
        if self._now() - url.made > SECONDS:
            return refused(404, "expired_url")
        if url.uses >= USES:
            return refused(404, "used_url")
        try:
            body = await payload(request)
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        if self._limits.post(url.channel):
            return web.json_response({"ok": False, "error": "rate_limited", "retry_after": 1},
                                     status=429, headers={"Retry-After": "1"})
        url.uses += 1
        try:
            self._carry_out(url, body)
        except SlackError as error:  # no detail here, unlike the Web API
            return web.Response(status=400, text=error.answer["error"])
        self.answers.append({"response_url": self._base_url + request.path, "user": url.user,
                             "text": body.get("text", ""), "at": time.time()})
        return web.Response(text="ok")

    def show_ack(self, user, channel, body):
        """The message in the 200 of a slash command: the same rules, no use counted."""
        self._carry_out(ResponseUrl(user, channel, "", self._now()), body)

    def _carry_out(self, url, body):
        source = self._messages.find(url.channel, url.source_ts) if url.source_ts else None
        if body.get("delete_original"):
            if source is None:
                raise SlackError("message_not_found")
            self._messages.remove(source)
            return
        content = checked_content({k: v for k, v in body.items() if k in (
            "text", "blocks", "attachments", "metadata")}, 40_000)
        if not any(content.get(name) for name in ("text", "blocks", "attachments")):
            raise SlackError("no_text")
        if body.get("replace_original") and source is not None:
            self._messages.replace(source, content)
            return
        public = body.get("response_type") == "in_channel"
        self._messages.post(url.channel, content, body.get("thread_ts", ""),
                            only_for="" if public else url.user)


async def payload(request):
    raw = await request.read()
    if request.content_type == "application/x-www-form-urlencoded":
        raw = (await request.post()).get("payload", "")
    body = json.loads(raw)
    if not isinstance(body, dict):
        raise ValueError("no object")
    return body


def refused(status, error):
    return web.json_response({"ok": False, "error": error}, status=status)
