"""Who and what exists in the Slack workspace: people, bots, channels, user groups, the app."""

import re
from dataclasses import dataclass, field

TEAM_ID = "T0ACME0001"
OTHER_TEAM_ID = "T0PARTNER1"
APP_ID = "A0RINGI001"
BOT_USER = "U0RINGIBOT"
BOT_ID = "B0RINGIBOT"
SLACKBOT = "USLACKBOT"
BOT_SCOPES = (
    "app_mentions:read,channels:read,chat:write,commands,groups:read,im:read,im:write,"
    "usergroups:read,users:read"
).split(",")


@dataclass
class Person:
    id: str
    name: str
    real_name: str
    title: str
    team_id: str = TEAM_ID
    deleted: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_stranger: bool = False

    def facts(self):
        """The `user` object of users.info."""
        facts = {
            "id": self.id, "team_id": self.team_id, "name": self.name, "deleted": self.deleted,
            "real_name": self.real_name, "tz": "Asia/Tokyo", "tz_label": "Japan Standard Time",
            "tz_offset": 32400, "is_bot": self.is_bot, "is_app_user": False, "updated": 1760000000,
            "profile": {"real_name": self.real_name, "display_name": self.name, "title": self.title},
        }
        if self.deleted:
            return facts
        facts |= {"is_admin": False, "is_owner": False, "is_primary_owner": False,
                  "is_restricted": self.is_restricted, "is_ultra_restricted": False}
        if self.is_stranger:
            facts["is_stranger"] = True
        return facts


@dataclass
class Channel:
    id: str
    name: str
    topic: str = ""
    members: set = field(default_factory=set)
    is_private: bool = False
    is_archived: bool = False
    is_ext_shared: bool = False
    im_user: str = ""

    def facts(self):
        """The `channel` object of conversations.info."""
        if self.im_user:
            return {"id": self.id, "is_im": True, "user": self.im_user, "is_archived": False,
                    "created": 1760000000, "is_org_shared": False}
        return {
            "id": self.id, "name": self.name, "name_normalized": self.name,
            "is_channel": not self.is_private, "is_group": self.is_private, "is_im": False,
            "is_mpim": False, "is_private": self.is_private, "is_archived": self.is_archived,
            "is_general": self.name == "general", "is_member": BOT_USER in self.members,
            "is_shared": self.is_ext_shared, "is_ext_shared": self.is_ext_shared,
            "is_org_shared": False, "is_pending_ext_shared": False, "is_frozen": False,
            "context_team_id": TEAM_ID,
            "shared_team_ids": [TEAM_ID, OTHER_TEAM_ID] if self.is_ext_shared else [TEAM_ID],
            "creator": "U0HANAKO01", "created": 1760000000, "updated": 1760000000000,
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0}, "previous_names": [],
        }


@dataclass
class UserGroup:
    id: str
    handle: str
    name: str
    users: list

    def facts(self, include_users):
        """An entry of usergroups.list; user_count is a string there."""
        facts = {
            "id": self.id, "team_id": TEAM_ID, "is_usergroup": True, "name": self.name,
            "handle": self.handle, "description": "", "is_external": False,
            "date_create": 1760000000, "date_update": 1760000000, "date_delete": 0,
            "auto_type": None, "created_by": "U0HANAKO01", "updated_by": "U0HANAKO01",
            "deleted_by": None, "prefs": {"channels": [], "groups": []},
            "user_count": str(len(self.users)),
        }
        if include_users:
            facts["users"] = list(self.users)
        return facts


@dataclass
class SlashCommand:
    """As the app's manifest declares it; the page completes from it."""
    command: str
    description: str
    usage_hint: str
    words: list


def default_people():
    return [
        Person("U0TARO0001", "taro", "Taro Sato", "Developer, web team"),
        Person("U0HANAKO01", "hanako", "Hanako Suzuki", "Release manager"),
        Person("U0KEN00001", "ken", "Ken Tanaka", "Developer, payments team"),
        Person("U0MIKA0001", "mika", "Mika Ito", "Auditor"),
        Person("U0GUEST001", "gus", "Gus Weber", "Guest, contractor", is_restricted=True),
        Person("U0STRANGER", "sam", "Sam Stone", "Partner Inc., Slack Connect",
               team_id=OTHER_TEAM_ID, is_stranger=True),
        Person("U0GONE0001", "yui", "Yui Mori", "Left the company", deleted=True),
        Person(BOT_USER, "ringi", "ringi", "App", is_bot=True),
        Person("U0OTHERBOT", "statusbot", "Status Bot", "App of somebody else", is_bot=True),
    ]


def default_channels():
    staff = {"U0TARO0001", "U0HANAKO01", "U0KEN00001", "U0MIKA0001"}
    here = staff | {BOT_USER}
    return [
        Channel("C0GENERAL1", "general", "Company-wide", here | {"U0GUEST001"}),
        Channel("C0DEPLOYS1", "deploys", "Every deployment", set(here)),
        Channel("C0WEBDEPL1", "web-deploys", "Deployments of the web team", here | {"U0GUEST001"}),
        Channel("C0RINGIOPS", "ringi-ops", "ringi's own troubles", set(here)),
        Channel("C0RINGIAUD", "ringi-audit", "Checkpoints of the ledger", set(here)),
        Channel("C0PARTNERS", "partners", "Work with Partner Inc.", here | {"U0STRANGER"},
                is_ext_shared=True),
        Channel("C0RANDOM01", "random", "ringi is not in here", set(staff)),
        Channel("C0ARCHIVED", "old-deploys", "Archived", set(here), is_archived=True),
        Channel("C0PRIVATE1", "release-room", "Private, without ringi",
                {"U0TARO0001", "U0HANAKO01"}, is_private=True),
    ]


def default_user_groups():
    return [
        UserGroup("S0WEBDEVS1", "web-developers", "Web developers", ["U0TARO0001"]),
        UserGroup("S0WEBLEADS", "web-leads", "Web leads", ["U0TARO0001"]),
        UserGroup("S0RELMGRS1", "release-managers", "Release managers", ["U0HANAKO01"]),
    ]


def default_commands():
    return [
        SlashCommand("/deploy", "Start, follow and approve deployments",
                     "[list | start TARGET | status TARGET | pending | help]",
                     ["list", "start", "status", "pending", "help"]),
        SlashCommand("/ringi", "Who may do what, and what was done",
                     "[help | whoami | why TARGET | who TARGET ACTION | audit | status]",
                     ["help", "whoami", "why", "who", "audit", "status"]),
        SlashCommand("/aws", "Ask AWS, across every account", "[SERVICE OPERATION]", []),
    ]


class Workspace:
    """The facts about one Slack workspace, looked up by id or by name."""

    domain = "acme"
    name = "Acme"

    def __init__(self):
        self.people = {person.id: person for person in default_people()}
        self.channels = {channel.id: channel for channel in default_channels()}
        self.user_groups = {group.id: group for group in default_user_groups()}
        self.commands = default_commands()
        self.plan_has_user_groups = True
        self.scopes = list(BOT_SCOPES)

    def person(self, id_or_name):
        wanted = id_or_name.lstrip("@")
        return next((p for p in self.people.values() if wanted in (p.id, p.name)), None)

    def channel(self, id_or_name):
        wanted = id_or_name.lstrip("#")
        return next((c for c in self.channels.values() if wanted in (c.id, c.name)), None)

    def direct_messages(self, user_id):
        """The D… conversation between a person and the app; made on first use, as Slack does."""
        channel_id = "D" + user_id[1:]
        if channel_id not in self.channels:
            self.channels[channel_id] = Channel(channel_id, "directmessage",
                                                members={user_id, BOT_USER}, im_user=user_id)
        return self.channels[channel_id]

    def bot_sees(self, channel):
        """Public channels are visible to every app, private ones to their members only."""
        return BOT_USER in channel.members or not (channel.is_private or channel.im_user)

    def escape(self, text):
        """`should_escape` of a slash command: what a person typed, as Slack hands it to the app."""
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        text = re.sub(r"(?<![\w<])(https?://[^\s<>|]+)", r"<\1>", text)
        text = re.sub(r"(?<!\S)@([a-z0-9][a-z0-9._-]*)", self._mention, text)
        return re.sub(r"(?<!\S)#([a-z0-9][a-z0-9_-]*)", self._channel_link, text)

    def _mention(self, match):
        person = self.person(match[1])
        if person:
            return f"<@{person.id}>"
        group = next((g for g in self.user_groups.values() if g.handle == match[1]), None)
        return f"<!subteam^{group.id}|@{group.handle}>" if group else match[0]

    def _channel_link(self, match):
        channel = self.channel(match[1])
        if channel is None:
            return match[0]
        return f"<#{channel.id}|{channel.name if self.bot_sees(channel) else ''}>"
