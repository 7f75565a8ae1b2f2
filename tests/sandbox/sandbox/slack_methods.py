"""The HTTP edge of the Web API: /api/<method> with Slack's order of refusals."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Callable

from aiohttp import web

from .slack_errors import RateLimited, SlackError

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


@dataclass(frozen=True)
class Method:
    run: Callable
    takes_json: bool
    scope: tuple = ()  # any of these
    tier: int | None = None


def method_table(chat, directory, views):
    reading = ("channels:read", "groups:read", "im:read", "mpim:read")
    return {
        "auth.test": Method(directory.auth_test, True),
        "chat.postMessage": Method(chat.post_message, True, ("chat:write",)),
        "chat.postEphemeral": Method(chat.post_ephemeral, True, ("chat:write",), 4),
        "chat.update": Method(chat.update, True, ("chat:write",), 3),
        "chat.delete": Method(chat.delete, True, ("chat:write",), 3),
        "chat.getPermalink": Method(chat.get_permalink, False),
        "views.open": Method(views.open, True, (), 4),
        "views.push": Method(views.push, True, (), 4),
        "views.update": Method(views.update, True, (), 4),
        "users.info": Method(directory.user, False, ("users:read",), 4),
        "usergroups.list": Method(directory.user_groups, False, ("usergroups:read",), 2),
        "usergroups.users.list": Method(directory.user_group_members, False,
                                        ("usergroups:read",), 2),
        "conversations.list": Method(directory.conversations, False, reading, 2),
        "conversations.info": Method(directory.conversation, False, reading, 3),
        "conversations.open": Method(directory.open_conversation, True, ("im:write",), 3),
    }


class Tokens:
    """Bot tokens and what is wrong with them, if anything (token_revoked, account_inactive, …)."""

    def __init__(self, valid):
        self._states = {token: "" for token in valid}

    def spoil(self, error):
        self._states = {token: error for token in self._states}

    def check(self, token):
        if not token:
            raise SlackError("not_authed")
        if token not in self._states:
            raise SlackError("invalid_auth")
        if self._states[token]:
            raise SlackError(self._states[token])


class WebApi:
    def __init__(self, methods, tokens, workspace, limits):
        self._methods, self._tokens = methods, tokens
        self._workspace, self._limits = workspace, limits
        self.calls = Counter()
        self.errors = Counter()

    async def handle(self, request):
        name = request.match_info["method"]
        self.calls[name] += 1
        headers = {"x-oauth-scopes": ",".join(self._workspace.scopes)}
        try:
            method = self._methods.get(name)
            if method is None:
                raise SlackError("unknown_method", req_method=name)
            headers["x-accepted-oauth-scopes"] = ",".join(method.scope)
            answer = {"ok": True, **self._run(name, method, *await arguments(request, method))}
        except SlackError as error:
            self.errors[f"{name} {error.answer['error']}"] += 1
            answer = error.answer
        except RateLimited as limit:
            self.errors[f"{name} ratelimited"] += 1
            headers["Retry-After"] = str(limit.retry_after)
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429,
                                     headers=headers)
        return web.json_response(answer, headers=headers)

    def _run(self, name, method, token, args):
        self._tokens.check(token)
        if method.scope and not set(method.scope) & set(self._workspace.scopes):
            raise SlackError("missing_scope", needed=method.scope[0],
                             provided=",".join(self._workspace.scopes))
        if wait := self._limits.call(name, method.tier):
            raise RateLimited(wait)
        if isinstance(args, SlackError):
            raise args
        return method.run(args)


async def arguments(request, method):
    """(token, arguments). A malformed body becomes the second: the token is judged first."""
    header = request.headers.get("Authorization", "")
    token = header[7:] if header.startswith("Bearer ") else ""
    try:
        args = await body_arguments(request, method.takes_json)
    except SlackError as error:
        return token, error
    return token or args.pop("token", ""), args


async def body_arguments(request, takes_json):
    query = {name: value for name, value in request.query.items() if name != "token"}
    if request.method == "GET":
        return query
    raw = await request.read()
    if not raw and "Content-Type" not in request.headers:
        return query
    kind = request.content_type
    if kind == "application/json":
        return query | json_arguments(raw, request.charset, takes_json)
    if kind in (FORM, MULTIPART):
        return query | dict(await request.post())
    raise SlackError("invalid_post_type")


def json_arguments(raw, charset, takes_json):
    if (charset or "utf-8").lower() not in ("utf-8", "iso-8859-1"):
        raise SlackError("invalid_charset")
    try:
        value = json.loads(raw)
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(value, dict):
        raise SlackError("json_not_object")
    value.pop("token", None)  # with JSON the token is taken from the header alone
    return value if takes_json else {}
