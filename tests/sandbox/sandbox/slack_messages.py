"""Messages: posted, changed, removed, private ones; unique timestamps; who sees what."""

import copy
import hashlib
import json
import random
import string
import time
from dataclasses import dataclass

from .slack_workspace import APP_ID, BOT_ID, BOT_USER, SLACKBOT, TEAM_ID

CONTENT = ("text", "blocks", "attachments", "metadata")


@dataclass
class Stored:
    """A message and what Slack knows about it beside its content."""
    channel: str
    body: dict
    only_for: str = ""  # a private (ephemeral) message is seen by this person alone
    edited: int = 0

    @property
    def ts(self):
        return self.body["ts"]

    @property
    def thread_ts(self):
        return self.body.get("thread_ts", "")

    @property
    def from_app(self):
        return self.body.get("app_id") == APP_ID

    def buttons(self):
        groups = [self.body.get("blocks") or []]
        groups += [a.get("blocks") or [] for a in self.body.get("attachments") or []]
        for block in (b for blocks in groups for b in blocks):
            elements = block.get("elements", []) if block["type"] == "actions" else []
            if block.get("accessory"):
                elements = [*elements, block["accessory"]]
            for element in elements:
                yield block, element

    def attachment_of(self, block_id):
        """1-based, as in `container.attachment_id`; 0 for a block of the message itself."""
        for number, attachment in enumerate(self.body.get("attachments") or [], 1):
            if any(b.get("block_id") == block_id for b in attachment.get("blocks") or []):
                return number
        return 0

    def view(self):
        return {"channel": self.channel, "only_for": self.only_for, "edited": self.edited,
                **self.body}


class Clock:
    """Message timestamps: seconds and a counter of six digits, never twice and never backwards."""

    def __init__(self, now=time.time):
        self._now = now
        self._last = 0

    def ts(self):
        self._last = max(int(self._now() * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"


def fill_block_ids(content):
    """Slack invents the block_id and the flags that the app left out."""
    for block in every_block(content):
        block.setdefault("block_id", "".join(random.choices(string.ascii_letters + string.digits, k=5)))
        for text in texts_of(block):
            if text["type"] == "plain_text":
                text.setdefault("emoji", True)
            else:
                text.setdefault("verbatim", False)


def every_block(content):
    yield from content.get("blocks") or []
    for attachment in content.get("attachments") or []:
        yield from attachment.get("blocks") or []


def texts_of(value):
    if isinstance(value, dict):
        if value.get("type") in ("plain_text", "mrkdwn") and "text" in value:
            yield value
        for inner in value.values():
            yield from texts_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner)


class Messages:
    def __init__(self, feed, clock=None):
        self._feed = feed
        self._clock = clock or Clock()
        self._stored = []
        self._fingerprints = {}

    def next_ts(self):
        return self._clock.ts()

    def find(self, channel, ts):
        return next((m for m in self._stored if m.channel == channel and m.ts == ts), None)

    def seen_by(self, user, channel):
        seen = [m for m in self._stored if m.channel == channel and m.only_for in ("", user)]
        return sorted(seen, key=lambda m: m.ts)

    def everything(self):
        return list(self._stored)

    def post(self, channel, content, thread_ts="", only_for="", broadcast=False):
        """A message of the app. `content` holds only what CONTENT names."""
        body = {"type": "message", "user": BOT_USER, "bot_id": BOT_ID, "app_id": APP_ID,
                "team": TEAM_ID, "bot_profile": bot_profile()}
        self._count(channel, content, thread_ts, only_for)
        return self._add(channel, body | copy.deepcopy(content), thread_ts, only_for, broadcast)

    def post_as(self, user, channel, text, thread_ts="", only_for=""):
        """A line of a person, or of Slackbot."""
        body = {"type": "message", "user": user, "team": TEAM_ID, "text": text}
        return self._add(channel, body, thread_ts, only_for)

    def slackbot(self, channel, user, text):
        return self.post_as(SLACKBOT, channel, text, only_for=user)

    def _add(self, channel, body, thread_ts, only_for, broadcast=False):
        fill_block_ids(body)
        body["ts"] = self._clock.ts()
        if thread_ts:
            body["thread_ts"] = thread_ts
            parent = self.find(channel, thread_ts)
            if parent:
                body["parent_user_id"] = parent.body["user"]
        if broadcast:
            body["subtype"] = "thread_broadcast"
        message = Stored(channel, body, only_for)
        self._stored.append(message)
        self._changed("message", message)
        return message

    def change(self, message, content):
        """Field rules of chat.update: text without blocks takes the blocks away, [] and {} clear."""
        if "text" in content and "blocks" not in content:
            message.body.pop("blocks", None)
        fresh = copy.deepcopy(content)
        fill_block_ids(fresh)
        for name, value in fresh.items():
            if value in ([], {}):
                message.body.pop(name, None)
            else:
                message.body[name] = value
        message.edited += 1
        self._changed("message", message)

    def replace(self, message, content):
        """`replace_original`: nothing of the old content stays."""
        for name in CONTENT:
            message.body.pop(name, None)
        self.change(message, content)

    def remove(self, message):
        self._stored.remove(message)
        self._changed("removed", message)

    def duplicates(self):
        """Content that the app posted more than once into one place."""
        return [what | {"count": count} for what, count in self._fingerprints.values() if count > 1]

    def clear(self):
        self._stored.clear()
        self._fingerprints.clear()
        self._feed.publish({"kind": "reset"})

    def _count(self, channel, content, thread_ts, only_for):
        place = [channel, thread_ts, only_for, content]
        key = hashlib.sha256(json.dumps(place, sort_keys=True).encode()).hexdigest()
        what, count = self._fingerprints.get(key, ({"channel": channel, "text": content.get("text", "")}, 0))
        self._fingerprints[key] = (what, count + 1)

    def _changed(self, kind, message):
        self._feed.publish({"kind": kind, "channel": message.channel, "ts": message.ts,
                            "only_for": message.only_for, "message": message.view()})


def bot_profile():
    return {"id": BOT_ID, "app_id": APP_ID, "user_id": BOT_USER, "name": "ringi", "icons": {},
            "deleted": False, "updated": 1760000000, "team_id": TEAM_ID}
