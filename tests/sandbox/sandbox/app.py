"""Puts the Slack half together: the only module that knows every part."""

from aiohttp import web

from .control_api import ControlApi
from .feed import Feed
from .outside import Outside
from .page_api import PageApi
from .response_urls import ResponseUrls
from .slack_chat import Chat
from .slack_directory import Directory
from .slack_events import Events
from .slack_faults import Faults
from .slack_limits import RateLimits
from .slack_messages import Messages
from .slack_methods import Tokens, WebApi, method_table
from .slack_outgoing import Outgoing
from .slack_people import People
from .slack_signature import Signer
from .slack_views import Triggers, Views
from .slack_workspace import Workspace

MAX_BODY = 4 << 20


class Slack:
    """One workspace with one app. `base_url` is where ringi reaches it (response_url)."""

    listener = None  # an ApiListener, where the API has an address of its own

    def __init__(self, base_url, ringi_url, signing_secrets, bot_tokens, ca_file=None):
        self.workspace, self.feed = Workspace(), Feed()
        self.outside = Outside()
        self.limits, self.faults, self.tokens = RateLimits(), Faults(), Tokens(bot_tokens)
        self.messages = Messages(self.feed)
        triggers = Triggers()
        self.views = Views(self.feed, triggers)
        self.response_urls = ResponseUrls(base_url, self.messages, self.limits)
        chat, self.directory = Chat(self.workspace, self.messages, self.limits), Directory(self.workspace)
        self.web_api = WebApi(method_table(chat, self.directory, self.views), self.tokens,
                              self.workspace, self.limits)
        self.outgoing = Outgoing(ringi_url, Signer(signing_secrets), self.feed, ca_file)
        self.events = Events(self.outgoing)
        self.people = People(self.workspace, self.messages, self.views, triggers,
                             self.response_urls, self.outgoing, self.events)

    def reset(self):
        """Forgets messages, forms, counts and faults; people, groups and settings stay."""
        self.messages.clear()
        self.views.clear()
        self.limits.clear()
        self.faults.clear()
        self.outgoing.clear()
        self.web_api.calls.clear()
        self.web_api.errors.clear()
        self.outside.tried.clear()
        self.response_urls.calls = 0
        self.response_urls.answers.clear()

    async def run(self, _app):
        await self.outgoing.start()
        yield
        await self.events.stop()
        await self.outgoing.stop()

    def api_app(self):
        """What an app calls: the Web API and response_url."""
        app = web.Application(client_max_size=MAX_BODY, middlewares=[self.outside.middleware, self.faults.middleware])
        app.router.add_route("*", "/api/{method}", self.web_api.handle)
        for kind in ("commands", "actions"):
            app.router.add_post(f"/{kind}/{{team}}/{{number}}/{{secret}}", self.response_urls.handle)
        return app

    def app(self):
        """Everything at one address: the page and the control API too."""
        app = self.api_app()
        app.cleanup_ctx.append(self.run)
        ControlApi(self).add_routes(app.router)
        PageApi(self).add_routes(app.router)
        return app
