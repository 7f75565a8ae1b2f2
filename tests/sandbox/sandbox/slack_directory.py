"""The methods that answer who and what exists: auth, users, usergroups, conversations."""

import base64
import binascii

from .slack_chat import needed, truth
from .slack_errors import SlackError
from .slack_workspace import APP_ID, BOT_ID, BOT_USER, TEAM_ID

PAGE = 100


class Directory:
    page = 1000  # the most entries of one answer: Slack may answer with fewer than were asked for

    def __init__(self, workspace):
        self._workspace = workspace

    def auth_test(self, _args):
        return {"url": f"https://{self._workspace.domain}.slack.com/", "team": self._workspace.name,
                "user": "ringi", "team_id": TEAM_ID, "user_id": BOT_USER, "bot_id": BOT_ID,
                "app_id": APP_ID, "is_enterprise_install": False}

    def user(self, args):
        person = self._workspace.people.get(args.get("user", ""))
        if person is None:
            raise SlackError("user_not_found")
        return {"user": person.facts()}

    def user_groups(self, args):
        self._plan()
        with_users = truth(args.get("include_users"))
        return {"usergroups": [g.facts(with_users) for g in self._workspace.user_groups.values()]}

    def user_group_members(self, args):
        self._plan()
        group = self._workspace.user_groups.get(needed(args, "usergroup"))
        if group is None:
            raise SlackError("no_such_subteam")
        gone = {p.id for p in self._workspace.people.values() if p.deleted}
        return {"users": [user for user in group.users if user not in gone]}

    def conversation(self, args):
        channel = self._workspace.channels.get(args.get("channel", ""))
        if channel is None or not self._workspace.bot_sees(channel):
            raise SlackError("channel_not_found")
        facts = channel.facts()
        if truth(args.get("include_num_members")):
            facts["num_members"] = len(channel.members)
        return {"channel": facts}

    def conversations(self, args):
        types = set(args.get("types", "public_channel").split(","))
        if types - {"public_channel", "private_channel", "im", "mpim"}:
            raise SlackError("invalid_types")
        found = [c.facts() for c in self._workspace.channels.values()
                 if self._workspace.bot_sees(c) and kind_of(c) in types
                 and not (c.is_archived and truth(args.get("exclude_archived")))]
        start, size = after_cursor(args.get("cursor", "")), min(page_size(args.get("limit", PAGE)), self.page)
        more = start + size < len(found)
        return {"channels": found[start:start + size],
                "response_metadata": {"next_cursor": cursor(start + size) if more else ""}}

    def open_conversation(self, args):
        if args.get("channel"):
            channel = self._workspace.channels.get(args["channel"])
            if channel is None or not channel.im_user:
                raise SlackError("channel_not_found")
            return {"channel": {"id": channel.id}, "no_op": True, "already_open": True}
        users = [u for u in (args.get("users") or "").split(",") if u]
        if not users:
            raise SlackError("users_list_not_supplied")
        if len(users) > 1:
            raise SlackError("invalid_user_combination")  # group messages are not part of this Slack
        person = self._workspace.people.get(users[0])
        if person is None:
            raise SlackError("user_not_found")
        if person.deleted:
            raise SlackError("user_disabled")
        return {"channel": {"id": self._workspace.direct_messages(person.id).id}}

    def _plan(self):
        if not self._workspace.plan_has_user_groups:
            raise SlackError("plan_upgrade_required")


def kind_of(channel):
    if channel.im_user:
        return "im"
    return "private_channel" if channel.is_private else "public_channel"


def page_size(limit):
    try:
        size = int(limit)
    except ValueError:
        raise SlackError("invalid_limit") from None
    if not 0 < size <= 1000:
        raise SlackError("invalid_limit")
    return size


def cursor(start):
    return base64.b64encode(f"next:{start}".encode()).decode()


def after_cursor(text):
    if not text:
        return 0
    try:
        return int(base64.b64decode(text, validate=True).decode().removeprefix("next:"))
    except (ValueError, binascii.Error):
        raise SlackError("invalid_cursor") from None
