"""The web page: its files, what it shows at first, and live changes as server-sent events."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path

from aiohttp import web

from .slack_messages import bot_profile
from .slack_workspace import BOT_USER

STATIC = Path(__file__).parent / "static"
HEARTBEAT_SECONDS = 15


class PageApi:
    def __init__(self, slack):
        self._slack = slack

    def add_routes(self, router):
        router.add_get("/", self.index)
        router.add_static("/static/", STATIC)
        router.add_get("/page/state", self.state)
        router.add_get("/page/stream", self.stream)

    async def index(self, _request):
        return web.FileResponse(STATIC / "index.html", headers={
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'self'; img-src 'self' data: https:"})

    async def state(self, request):
        workspace = self._slack.workspace
        user = self._viewer(request)
        return web.json_response({
            "workspace": {"name": workspace.name, "domain": workspace.domain},
            "me": user, "app": {"user": BOT_USER, **bot_profile()},
            "people": [person_card(p) for p in workspace.people.values()],
            "groups": [{"id": g.id, "handle": g.handle, "users": g.users}
                       for g in workspace.user_groups.values()],
            "channels": [channel_card(c) for c in workspace.channels.values()
                         if user in c.members and not c.im_user and not c.is_archived],
            "names": {c.id: c.name for c in workspace.channels.values()},
            "direct": workspace.direct_messages(user).id,
            "commands": [asdict(c) for c in workspace.commands],
            "views": self._slack.views.stack(user)})

    async def stream(self, request):
        user = self._viewer(request)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream",
                                               "Cache-Control": "no-store"})
        await response.prepare(request)
        queue = self._slack.feed.listen()
        try:
            await response.write(b": open\n\n")
            while True:
                await self._next(queue, user, response)
        except (ConnectionResetError, asyncio.CancelledError):
            return response
        finally:
            self._slack.feed.leave(queue)

    async def _next(self, queue, user, response):
        try:
            change = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
        except TimeoutError:
            await response.write(b": still here\n\n")
            return
        if self._concerns(user, change):
            await response.write(f"data: {json.dumps(change)}\n\n".encode())

    def _concerns(self, user, change):
        if change["kind"] in ("message", "removed"):
            channel = self._slack.workspace.channels[change["channel"]]
            return user in channel.members and change["only_for"] in ("", user)
        return change.get("user", user) == user

    def _viewer(self, request):
        person = self._slack.workspace.people.get(request.query.get("as", ""))
        if person is None or person.deleted or person.is_bot:
            raise web.HTTPNotFound()
        return person.id


def person_card(person):
    return {"id": person.id, "name": person.name, "real_name": person.real_name,
            "title": person.title, "is_bot": person.is_bot, "deleted": person.deleted,
            "guest": person.is_restricted, "stranger": person.is_stranger}


def channel_card(channel):
    return {"id": channel.id, "name": channel.name, "topic": channel.topic,
            "private": channel.is_private, "shared": channel.is_ext_shared,
            "members": len(channel.members)}
