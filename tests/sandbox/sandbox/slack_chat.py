"""The chat.* methods of the Web API."""

import json

from .block_kit import check_attachments, check_blocks, too_long
from .slack_errors import RateLimited, SlackError, argument_error, content_error
from .slack_workspace import BOT_USER

TEXT_CUT = 40_000  # longer text is cut with the warning message_truncated
UPDATE_TEXT = 4_000


def checked_content(args, most_text):
    """text, blocks, attachments, metadata as Slack would store them; raises what Slack would refuse."""
    content = {name: args[name] for name in ("text", "metadata") if name in args}
    if "markdown_text" in args:
        if "text" in args or "blocks" in args:
            raise SlackError("markdown_text_conflict")
        content["text"] = args["markdown_text"]
    if "text" in content and not isinstance(content["text"], str):
        raise argument_error("must provide a string [json-pointer:/text]")
    if "text" in content and most_text and too_long(content["text"], most_text):
        raise SlackError("msg_too_long")
    for name, check, error in (("blocks", check_blocks, "invalid_blocks"),
                               ("attachments", check_attachments, "invalid_attachments")):
        if name in args:
            content[name] = checked_list(name, args[name], check, error)
    return content


def checked_list(name, value, check, error):
    if isinstance(value, str):  # forms carry JSON as text
        try:
            value = json.loads(value)
        except ValueError:
            raise SlackError(f"invalid_{name}_format") from None
    if not isinstance(value, list):
        raise SlackError(f"invalid_{name}_format")
    if name == "attachments" and len(value) > 100:
        raise SlackError("too_many_attachments")
    if problems := check(value):
        raise content_error(error, problems)
    return value


def truth(value):
    return value in (True, "true", "1", 1)


class Chat:
    def __init__(self, workspace, messages, limits):
        self._workspace, self._messages, self._limits = workspace, messages, limits

    def post_message(self, args):
        channel = self._writable(self._conversation(args))
        content = checked_content(args, None)
        self._needs_content(content)
        warnings = {}
        if too_long(content.get("text", ""), TEXT_CUT):
            content["text"] = content["text"][:TEXT_CUT]
            warnings = {"warning": "message_truncated",
                        "response_metadata": {"warnings": ["message_truncated"]}}
        thread_ts = self._thread(args, channel)
        self._pace(channel)
        message = self._messages.post(channel.id, content, thread_ts,
                                      broadcast=truth(args.get("reply_broadcast")))
        return {"channel": channel.id, "ts": message.ts, "message": message.body, **warnings}

    def post_ephemeral(self, args):
        channel = self._writable(self._conversation(args))
        user = needed(args, "user")
        if user not in channel.members:
            raise SlackError("user_not_in_channel")
        content = checked_content(args, TEXT_CUT)
        self._needs_content(content)
        thread_ts = self._thread(args, channel)
        self._pace(channel)
        message = self._messages.post(channel.id, content, thread_ts, only_for=user)
        return {"message_ts": message.ts}

    def update(self, args):
        channel = self._known_channel(needed(args, "channel"))
        message = self._own(channel, needed(args, "ts"), "cant_update_message")
        if channel.is_archived:
            raise SlackError("is_inactive")
        content = checked_content(args, UPDATE_TEXT)
        if not content:
            raise SlackError("no_text")
        self._messages.change(message, content)
        return {"channel": channel.id, "ts": message.ts, "text": message.body.get("text", ""),
                "message": message.body}

    def delete(self, args):
        channel = self._known_channel(needed(args, "channel"))
        message = self._own(channel, needed(args, "ts"), "cant_delete_message")
        self._messages.remove(message)
        return {"channel": channel.id, "ts": message.ts}

    def get_permalink(self, args):
        channel = self._known_channel(needed(args, "channel"))
        message = self._messages.find(channel.id, needed(args, "message_ts"))
        if message is None or message.only_for:
            raise SlackError("message_not_found")
        link = (f"https://{self._workspace.domain}.slack.com/archives/{channel.id}/"
                f"p{message.ts.replace('.', '')}")
        if message.thread_ts and message.thread_ts != message.ts:
            link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
        return {"channel": channel.id, "permalink": link}

    def _conversation(self, args):
        target = needed(args, "channel")
        if target[:1] in "UW":  # a person: the direct messages with the app
            person = self._workspace.people.get(target)
            if person is None or person.deleted or person.is_bot:
                raise SlackError("channel_not_found")
            return self._workspace.direct_messages(target)
        return self._known_channel(target)

    def _known_channel(self, channel_id):
        channel = self._workspace.channels.get(channel_id)
        if channel is None or not self._workspace.bot_sees(channel):
            raise SlackError("channel_not_found")
        return channel

    def _writable(self, channel):
        if channel.is_archived:
            raise SlackError("is_archived")
        allowed = BOT_USER in channel.members or "chat:write.public" in self._workspace.scopes
        if not allowed:
            raise SlackError("not_in_channel")
        return channel

    def _own(self, channel, ts, refusal):
        message = self._messages.find(channel.id, ts)
        if message is None or message.only_for:
            raise SlackError("message_not_found")
        if not message.from_app:
            raise SlackError(refusal)
        return message

    def _thread(self, args, channel):
        thread_ts = args.get("thread_ts") or ""
        if not isinstance(thread_ts, str):
            raise argument_error("must provide a string [json-pointer:/thread_ts]")
        if thread_ts and self._messages.find(channel.id, thread_ts) is None:
            raise SlackError("cannot_reply_to_message")
        return thread_ts

    @staticmethod
    def _needs_content(content):
        if not (content.get("text") or content.get("blocks") or content.get("attachments")):
            raise SlackError("no_text")

    def _pace(self, channel):
        if wait := self._limits.post(channel.id):
            raise RateLimited(wait)


def needed(args, name):
    value = args.get(name)
    if value in (None, ""):
        raise argument_error(f"missing required field: {name}")
    if not isinstance(value, str):
        raise argument_error(f"must provide a string [json-pointer:/{name}]")
    return value
