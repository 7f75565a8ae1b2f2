"""Triggers and modals: views.open, views.update, and what a submission's answer does to the stack."""

import copy
import itertools
import json
import secrets
import time

from .block_kit import check_view, view_too_large
from .slack_errors import SlackError, argument_error
from .slack_messages import fill_block_ids
from .slack_workspace import APP_ID, BOT_ID, TEAM_ID

TRIGGER_SECONDS = 3
STACK = 3


class Triggers:
    """Each lives three seconds and opens one form."""

    def __init__(self, now=time.monotonic):
        self._now = now
        self._numbers = itertools.count(4_000_000_001)
        self._made = {}

    def new(self, user):
        trigger = f"{next(self._numbers)}.{secrets.randbelow(10**10):010d}.{secrets.token_hex(16)}"
        self._made[trigger] = {"user": user, "at": self._now(), "used": False}
        return trigger

    def exchange(self, trigger):
        """The person whose act made this trigger."""
        made = self._made.get(trigger)
        if made is None:
            raise SlackError("invalid_trigger_id")
        if made["used"]:
            raise SlackError("exchanged_trigger_id")
        if self._now() - made["at"] > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        made["used"] = True
        return made["user"]


class Views:
    def __init__(self, feed, triggers):
        self._feed, self._triggers = feed, triggers
        self._stacks = {}

    def open(self, args):
        view = checked_view(args)
        self._free_external_id(view)
        user = self._triggers.exchange(trigger_of(args))
        return {"view": self._put(user, [self._fresh(view)])}

    def push(self, args):
        view = checked_view(args)
        self._free_external_id(view)
        user = self._triggers.exchange(trigger_of(args))
        if not self._stacks.get(user):
            raise SlackError("not_found")
        return {"view": self.push_for(user, view)}

    def update(self, args):
        view = checked_view(args)
        user, shown = self._find(args.get("view_id"), args.get("external_id"))
        if shown is None:
            raise SlackError("not_found")
        if args.get("hash") and args["hash"] != shown["hash"]:
            raise SlackError("hash_conflict")
        return {"view": self.update_for(user, shown["id"], view)}

    def stack(self, user):
        return list(self._stacks.get(user, []))

    def shown(self, user, view_id):
        return next((v for v in self._stacks.get(user, []) if v["id"] == view_id), None)

    def push_for(self, user, view):
        stack = self._stacks.get(user, [])
        if len(stack) >= STACK:
            raise SlackError("push_limit_reached")
        fresh = self._fresh(view)
        fresh |= {"root_view_id": stack[0]["id"], "previous_view_id": stack[-1]["id"]}
        return self._put(user, [*stack, fresh])

    def update_for(self, user, view_id, view):
        fresh = self._fresh(view)
        stack = self._stacks[user]
        index = next(i for i, v in enumerate(stack) if v["id"] == view_id)
        kept = {name: stack[index][name] for name in ("id", "root_view_id", "previous_view_id")}
        return self._put(user, [*stack[:index], fresh | kept, *stack[index + 1:]], fresh | kept)

    def close(self, user, view_id=None):
        """The top view, or with None all of them."""
        stack = self._stacks.get(user, [])
        self._put(user, [] if view_id is None else [v for v in stack if v["id"] != view_id])

    def clear(self):
        for user in list(self._stacks):
            self._put(user, [])

    def _put(self, user, stack, changed=None):
        self._stacks[user] = stack
        self._feed.publish({"kind": "views", "user": user, "views": stack})
        return copy.deepcopy(changed or (stack[-1] if stack else None))

    def _fresh(self, view):
        fresh = copy.deepcopy(view)
        fill_block_ids(fresh)
        for name in ("submit", "close"):
            fresh.setdefault(name, None)
        for name in ("callback_id", "external_id", "private_metadata"):
            fresh.setdefault(name, "")
        view_id = "V" + secrets.token_hex(5).upper()
        return {"clear_on_close": False, "notify_on_close": False} | fresh | {
            "id": view_id, "team_id": TEAM_ID, "state": {"values": {}}, "app_id": APP_ID,
            "hash": f"{time.time():.6f}.{secrets.token_hex(4)}", "root_view_id": view_id,
            "previous_view_id": None, "bot_id": BOT_ID, "app_installed_team_id": TEAM_ID}

    def _find(self, view_id, external_id):
        for user, stack in self._stacks.items():
            for view in stack:
                if view["id"] == view_id or (external_id and view["external_id"] == external_id):
                    return user, view
        return None, None

    def _free_external_id(self, view):
        if view.get("external_id") and self._find(None, view["external_id"])[1]:
            raise SlackError("duplicate_external_id")


def trigger_of(args):
    trigger = args.get("trigger_id") or args.get("interactivity_pointer")
    if not trigger:
        raise argument_error("missing required field: trigger_id")
    return trigger


def checked_view(args):
    view = args.get("view")
    if isinstance(view, str):
        try:
            view = json.loads(view)
        except ValueError:
            raise argument_error("must provide an object [json-pointer:/view]") from None
    if view is None:
        raise argument_error("missing required field: view")
    if problems := check_view(view):
        raise argument_error(*problems)
    if view_too_large(view):
        raise SlackError("view_too_large")
    return view
