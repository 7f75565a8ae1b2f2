"""Acting as a person and looking on, over HTTP: for tests, for `deploy/demo --play` and for the page."""

import json
import re

from aiohttp import web

from .slack_errors import SlackError
from .slack_messages import texts_of
from .slack_people import Refused
from .slack_view_state import Unfilled

PREFIX = "/control/slack"


class ControlApi:
    def __init__(self, slack):
        self._slack = slack
        self._verbs = {
            "type": self.type, "click": self.click, "submit": self.submit, "close": self.close,
            "wait": self.wait, "wait_view": self.wait_view, "fault": self.fault,
            "settings": self.settings, "channel": self.channel, "group": self.group, "verify_url": self.verify_url,
            "raw": self.raw, "event": self.event, "reset": self.reset}

    def add_routes(self, router):
        router.add_post(PREFIX + "/{verb}", self.act)
        router.add_get("/control/health", self.health)
        router.add_get(PREFIX + "/messages", self.messages)
        router.add_get(PREFIX + "/views", self.views)
        router.add_get(PREFIX + "/counters", self.counters)

    async def act(self, request):
        verb = self._verbs.get(request.match_info["verb"])
        if verb is None:
            raise web.HTTPNotFound()
        try:
            return web.json_response(await verb(await request.json() if request.can_read_body else {}))
        except Unfilled as unfilled:
            return web.json_response({"ok": False, "errors": unfilled.errors})
        except Refused as refused:
            return web.json_response({"ok": False, "error": str(refused)}, status=409)
        except SlackError as error:
            return web.json_response(error.answer, status=409)
        except (KeyError, ValueError, TypeError, json.JSONDecodeError) as wrong:
            return web.json_response({"ok": False, "error": f"wrong use: {wrong!r}"}, status=400)

    def _user(self, name):
        person = self._slack.workspace.person(name)
        if person is None:
            raise ValueError(f"no person {name}")
        return person.id

    def _channel(self, name, user=""):
        if name == "dm":
            return self._slack.workspace.direct_messages(user).id
        channel = self._slack.workspace.channel(name)
        if channel is None:
            raise ValueError(f"no channel {name}")
        return channel.id

    async def type(self, given):
        user = self._user(given["as"])
        ack = await self._slack.people.type(user, self._channel(given["channel"], user), given["text"],
                                            given.get("thread_ts", ""), given.get("signature", "good"))
        return answered(ack)

    async def click(self, given):
        """By `ts`, or in the newest message that has such a button; by `action_id` or by `label`."""
        user = self._user(given["as"])
        if given.get("view_id"):
            return answered(await self._slack.people.click_in_view(
                user, given["view_id"], given["action_id"], given.get("signature", "good")))
        channel = self._channel(given["channel"], user)
        message, block, element = self._button(user, channel, given)
        ack = await self._slack.people.click(user, channel, message.ts, element["action_id"],
                                             block["block_id"], given.get("signature", "good"),
                                             given.get("times", 1))
        return answered(ack)

    def _button(self, user, channel, given):
        seen = self._slack.messages.seen_by(user, channel)
        for message in reversed([m for m in seen if given.get("ts") in (None, m.ts)]):
            if given.get("text") and not matches(message, given["text"]):
                continue
            for block, element in message.buttons():
                label = element.get("text", {}).get("text")
                if (given.get("action_id") in (None, element.get("action_id"))
                        and given.get("block_id") in (None, "", block["block_id"])
                        and given.get("label") in (None, label)):
                    return message, block, element
        raise Refused("There is no such button")

    async def submit(self, given):
        user = self._user(given["as"])
        view_id = given.get("view_id") or self._top_view(user)
        return answered(await self._slack.people.submit(user, view_id, given.get("values", {}),
                                                        given.get("signature", "good")))

    async def close(self, given):
        user = self._user(given["as"])
        view_id = given.get("view_id") or self._top_view(user)
        return answered(await self._slack.people.close(user, view_id, given.get("everything", False)))

    def _top_view(self, user):
        stack = self._slack.views.stack(user)
        if not stack:
            raise Refused("No form is open")
        return stack[-1]["id"]

    async def wait(self, given):
        """The newest message that `text` (a regular expression) matches, seen by `as`; 10 s by default."""
        user = self._user(given["as"])
        channel = self._channel(given["channel"], user)

        def look():
            return next((m for m in reversed(self._slack.messages.seen_by(user, channel))
                         if wanted(m, given)), None)
        found = await self._slack.feed.until(look, given.get("timeout", 10))
        return {"ok": found is not None, "message": found.view() if found else None}

    async def wait_view(self, given):
        user = self._user(given["as"])
        wanted_id = given.get("callback_id")

        def look():
            return next((v for v in self._slack.views.stack(user)
                         if wanted_id in (None, v["callback_id"])
                         and re.search(given.get("text", ""), json.dumps(v, ensure_ascii=False))), None)
        found = await self._slack.feed.until(look, given.get("timeout", 10))
        return {"ok": found is not None, "view": found}

    async def fault(self, given):
        if given.pop("clear", False):
            self._slack.faults.clear()
        elif given["kind"] == "refused":
            if self._slack.listener is None:
                raise Refused("Only an API with a port of its own can refuse connections")
            await self._slack.listener.refuse(given["seconds"])
        else:
            self._slack.faults.add(**given)
        return {"ok": True}

    async def settings(self, given):
        """Switches: limits, tiers, page, plan_has_user_groups, token_error, scopes, retry_compression,
        age_response_urls."""
        slack = self._slack
        slack.limits.posts_on = given.get("limits", slack.limits.posts_on)
        slack.limits.tiers_on = given.get("tiers", slack.limits.tiers_on)
        slack.directory.page = given.get("page", slack.directory.page)
        slack.workspace.scopes = given.get("scopes", slack.workspace.scopes)
        slack.workspace.plan_has_user_groups = given.get(
            "plan_has_user_groups", slack.workspace.plan_has_user_groups)
        slack.events.compression = given.get("retry_compression", slack.events.compression)
        if "token_error" in given:
            slack.tokens.spoil(given["token_error"])
        if "age_response_urls" in given:
            slack.response_urls.age(given["age_response_urls"])
        return {"ok": True}

    async def group(self, given):
        """Changes who is in a user group; tells the app unless `quiet`."""
        handle = given["handle"].lstrip("@")
        group = next(g for g in self._slack.workspace.user_groups.values() if g.handle == handle)
        users = [self._user(name) for name in given["users"]]
        added = [u for u in users if u not in group.users]
        removed = [u for u in group.users if u not in users]
        group.users = users
        if not given.get("quiet"):
            self._slack.events.group_changed(group, added, removed)
        return {"ok": True, "added": added, "removed": removed}

    async def channel(self, given):
        """What an administrator of Slack does: `archived`, `shared` with outsiders, `without` a message (its ts)."""
        channel = self._slack.workspace.channels[self._channel(given["channel"])]
        channel.is_archived = given.get("archived", channel.is_archived)
        channel.is_ext_shared = given.get("shared", channel.is_ext_shared)
        if "without" in given:
            self._slack.messages.remove(self._slack.messages.find(channel.id, given["without"]))
        return {"ok": True}

    async def verify_url(self, _given):
        ack, echoed = await self._slack.events.verify_url()
        return answered(ack) | {"echoed": echoed}

    async def raw(self, given):
        """Any body to any path, signed as asked: for what Slack would never send."""
        ack = await self._slack.outgoing.send(
            given["path"], given["body"].encode(), given.get("content_type", "application/json"),
            kind="raw", what=given["path"], signature=given.get("signature", "good"),
            headers=given.get("headers"))
        return answered(ack)

    async def event(self, given):
        """Delivers an event as given; with the `event_id` of an earlier one it is a repeat."""
        envelope = self._slack.events.deliver(given["event"], given["event"].get("user", ""),
                                              given.get("shared", False),
                                              given.get("signature", "good"),
                                              given.get("event_id", ""))
        return {"ok": True, "event_id": envelope["event_id"]}

    async def reset(self, _given):
        self._slack.reset()
        return {"ok": True}

    async def health(self, _request):
        return web.json_response({"ok": True})

    async def messages(self, request):
        user = self._user(request.query["as"])
        channel = self._channel(request.query["channel"], user)
        if user not in self._slack.workspace.channels[channel].members:
            return web.json_response({"ok": False, "error": "You are not in this channel"}, status=409)
        seen = self._slack.messages.seen_by(user, channel)
        return web.json_response({"ok": True, "messages": [m.view() for m in seen]})

    async def views(self, request):
        user = self._user(request.query["as"])
        return web.json_response({"ok": True, "views": self._slack.views.stack(user)})

    async def counters(self, _request):
        slack = self._slack
        return web.json_response({
            "calls": dict(slack.web_api.calls), "errors": dict(slack.web_api.errors),
            "response_url_calls": slack.response_urls.calls,
            "answers": slack.response_urls.answers,
            "duplicate_posts": slack.messages.duplicates(),
            "outside": slack.outside.tried, "faults_taken": dict(slack.faults.taken), "messages": len(slack.messages.everything()),
            "acks": [ack.facts() for ack in slack.outgoing.acks]})


def answered(ack):
    return {"ok": ack is None or not ack.error, "ack": ack.facts() if ack else None}


def matches(message, pattern):
    return re.search(pattern, everything_said(message), re.S) is not None


def everything_said(message):
    """The text for notifications, then each text of the blocks, a line each."""
    lines = [message.body.get("text") or ""]
    lines += [text["text"] for text in texts_of(message.body.get("blocks") or [])]
    for attachment in message.body.get("attachments") or []:
        lines += [text["text"] for text in texts_of(attachment.get("blocks") or [])]
    lines += re.findall(r'"type": "text", "text": "((?:[^"\\]|\\.)*)"',
                        json.dumps(message.body, ensure_ascii=False))
    return "\n".join(lines)


def wanted(message, given):
    if given.get("text") and not matches(message, given["text"]):
        return False
    if given.get("after") and message.ts <= given["after"]:
        return False
    if given.get("thread_ts") and message.thread_ts != given["thread_ts"]:
        return False
    if given.get("private") and not message.only_for:
        return False
    labels = {e.get("text", {}).get("text") for _, e in message.buttons()}
    actions = {e.get("action_id") for _, e in message.buttons()}
    if given.get("button") and given["button"] not in labels | actions:
        return False
    return not (given.get("no_button") and given["no_button"] in labels | actions)
