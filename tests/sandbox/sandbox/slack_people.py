"""What people do: type commands and lines, press buttons, fill forms in. Each becomes a signed request."""

import json

from .slack_errors import SlackError
from .slack_view_state import Unfilled, state_of
from .slack_views import checked_view
from .slack_workspace import APP_ID, BOT_USER, TEAM_ID

COMMANDS, INTERACTIONS = "/slack/commands", "/slack/interactions"


class Refused(Exception):
    """What Slack's client does not let a person do, with the reason it gives."""


class People:
    def __init__(self, workspace, messages, views, triggers, response_urls, outgoing, events):
        self._workspace, self._messages, self._views = workspace, messages, views
        self._triggers, self._response_urls = triggers, response_urls
        self._outgoing, self._events = outgoing, events

    async def type(self, user, channel, text, thread_ts="", signature="good"):
        """A line in the composer: a slash command, or a message that may mention the app."""
        channel = self._entered(user, channel)
        if text.startswith("/"):
            if thread_ts:
                raise Refused("Slash commands of apps cannot be used in threads")
            return await self._command(user, channel, text, signature)
        escaped = self._workspace.escape(text)
        message = self._messages.post_as(user, channel.id, escaped, thread_ts)
        if f"<@{BOT_USER}>" in escaped and BOT_USER in channel.members and not channel.im_user:
            self._events.mention(message, self._workspace.people[user], channel, signature)
        return None

    async def _command(self, user, channel, typed, signature):
        command, _, text = typed.partition(" ")
        if command not in [c.command for c in self._workspace.commands]:
            raise Refused(f"{command} is not a valid command")
        person = self._workspace.people[user]
        fields = {
            "token": "deprecated", "team_id": person.team_id, "team_domain": self._workspace.domain,
            "channel_id": channel.id, "channel_name": shown_name(channel), "user_id": user,
            "user_name": person.name, "command": command, "api_app_id": APP_ID,
            "text": self._workspace.escape(text.strip()), "is_enterprise_install": "false",
            "response_url": self._response_urls.new("commands", user, channel.id),
            "trigger_id": self._triggers.new(user)}
        if person.is_stranger:
            fields["team_id"] = TEAM_ID  # the host workspace's; who is a stranger only users.info says
        ack = await self._outgoing.form(COMMANDS, fields, kind="command", what=typed, user=user,
                                        channel=channel.id, signature=signature,
                                        response_url=fields["response_url"])
        if ack.error:
            self._messages.slackbot(channel.id, user, f'{command} failed with the error "{ack.error}"')
        else:
            self._show_command_ack(ack, user, channel)
        return ack

    def _show_command_ack(self, ack, user, channel):
        text = ack.body.decode("utf-8", "replace")
        if not text.strip():
            return
        body = json.loads(text) if "json" in ack.content_type else {"text": text}
        if set(body) <= {"response_type"}:
            return
        try:
            self._response_urls.show_ack(user, channel.id, body)
        except SlackError as error:
            self._messages.slackbot(channel.id, user, f"{ack.what} failed: {error.answer['error']}")

    async def click(self, user, channel, ts, action_id, block_id="", signature="good", times=1):
        """Presses a button of a message; `times` sends the very same bytes again, as a repeat."""
        channel = self._entered(user, channel)
        message = self._messages.find(channel.id, ts)
        if message is None or message.only_for not in ("", user):
            raise Refused("There is no such message")
        found = [(b, e) for b, e in message.buttons()
                 if e.get("action_id") == action_id and block_id in ("", b["block_id"])]
        if not found:
            raise Refused("There is no such button")
        payload = self._click_payload(user, channel, message, *found[0])
        fields = {"payload": json.dumps(payload, ensure_ascii=False)}
        for _ in range(times):
            ack = await self._outgoing.form(INTERACTIONS, fields, kind="block_actions",
                                            what=action_id, user=user, channel=channel.id,
                                            signature=signature,
                                            response_url=payload["response_url"])
        return ack

    def _click_payload(self, user, channel, message, block, element):
        container = {"type": "message", "message_ts": message.ts, "channel_id": channel.id,
                     "is_ephemeral": bool(message.only_for)}
        if number := message.attachment_of(block["block_id"]):
            container |= {"type": "message_attachment", "attachment_id": number,
                          "is_app_unfurl": False}
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        response_url = self._response_urls.new("actions", user, channel.id, message.ts)
        return self._common("block_actions", user) | {
            "container": container, "trigger_id": self._triggers.new(user),
            "channel": {"id": channel.id, "name": shown_name(channel)},
            "message": {"type": "message", "ts": message.ts} if message.only_for else message.body,
            "state": {"values": {}}, "response_url": response_url,
            "actions": [action_of(block, element, self._messages)]}

    async def click_in_view(self, user, view_id, action_id, signature="good"):
        """Presses a button of a form: no message, no response_url, the view instead."""
        view = self._view(user, view_id)
        found = [(b, e) for b in view["blocks"] for e in [*b.get("elements", []), b.get("accessory")]
                 if e and e.get("action_id") == action_id]
        if not found:
            raise Refused("There is no such button")
        payload = self._common("block_actions", user) | {
            "container": {"type": "view", "view_id": view_id}, "view": view,
            "trigger_id": self._triggers.new(user),
            "actions": [action_of(*found[0], self._messages)]}
        return await self._outgoing.form(INTERACTIONS, {"payload": json.dumps(payload, ensure_ascii=False)},
                                         kind="block_actions", what=action_id, user=user,
                                         signature=signature)

    async def submit(self, user, view_id, values, signature="good"):
        """Sends a form; what the client itself checks (required, lengths) never leaves it."""
        view = self._view(user, view_id)
        view = view | {"state": {"values": state_of(view, values)}}
        payload = self._common("view_submission", user) | {
            "trigger_id": self._triggers.new(user), "view": view, "response_urls": []}
        ack = await self._outgoing.form(
            INTERACTIONS, {"payload": json.dumps(payload, ensure_ascii=False)},
            kind="view_submission", what=view["callback_id"], user=user, signature=signature)
        if ack.error:
            raise Unfilled({"": "We had some trouble connecting. Try again?"})
        self._answer_submission(user, view, ack)
        return ack

    def _answer_submission(self, user, view, ack):
        answer = json.loads(ack.body) if ack.body.strip() else {}
        action = answer.get("response_action")
        if action == "errors":
            inputs = {b["block_id"] for b in view["blocks"] if b["type"] == "input"}
            unknown = set(answer["errors"]) - inputs
            raise Unfilled(answer["errors"] if not unknown else
                           {"": f"errors for {', '.join(sorted(unknown))}, which is no input"})
        if action == "update":
            self._views.update_for(user, view["id"], checked_view(answer))
        elif action == "push":
            self._views.push_for(user, checked_view(answer))
        else:
            self._views.close(user, None if action == "clear" else view["id"])

    async def close(self, user, view_id, everything=False):
        """The close button or, with `everything`, the cross."""
        view = self._view(user, view_id)
        self._views.close(user, None if everything else view_id)
        if not view["notify_on_close"]:
            return None
        payload = self._common("view_closed", user) | {"view": view, "is_cleared": everything}
        return await self._outgoing.form(INTERACTIONS, {"payload": json.dumps(payload)},
                                         kind="view_closed", what=view["callback_id"], user=user)

    def _view(self, user, view_id):
        view = self._views.shown(user, view_id)
        if view is None:
            raise Refused("This form is closed")
        return view

    def _entered(self, user, channel_id):
        channel = self._workspace.channels.get(channel_id)
        person = self._workspace.people.get(user)
        if person is None or person.deleted:
            raise Refused("There is no such person")
        if channel is None or user not in channel.members:
            raise Refused("You are not in this channel")
        if channel.is_archived:
            raise Refused("This channel is archived")
        return channel

    def _common(self, kind, user):
        person = self._workspace.people[user]
        return {"type": kind, "token": "deprecated", "api_app_id": APP_ID,
                "team": {"id": TEAM_ID, "domain": self._workspace.domain}, "enterprise": None,
                "is_enterprise_install": False,
                "user": {"id": user, "username": person.name, "name": person.name,
                         "team_id": person.team_id}}


def shown_name(channel):
    if channel.im_user:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name


def action_of(block, element, messages):
    """The entry of `actions` for one element."""
    echoed = {name: element[name] for name in ("text", "value", "url", "style", "confirm")
              if name in element}
    return {"type": element["type"], "action_id": element["action_id"],
            "block_id": block["block_id"], "action_ts": messages.next_ts(), **echoed}
