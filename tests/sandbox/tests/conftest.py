"""The sandbox and a scripted ringi, both for real on loopback, in one background event loop."""

import asyncio
import threading

import pytest
from aiohttp import web

from sandbox.app import Slack
from sandbox.client import SlackSandbox
from ports import free_port
from scripted_ringi import SECRETS, ScriptedRingi
from web_api import WebApi

TOKEN = "xoxb-test"


class Stage:
    """What a test plays with: `api` as the app, `people` as persons, `ringi` as the script."""

    def __init__(self):
        self.ringi = ScriptedRingi()
        self._ready, self._loop = threading.Event(), asyncio.new_event_loop()
        self._stopped = None
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(),))
        self._thread.start()
        self._ready.wait(10)
        self.api = WebApi(self.url, TOKEN)
        self.people = SlackSandbox(self.url)

    async def _run(self):
        self._stopped = asyncio.Event()
        ports = [free_port(), free_port()]
        self.url = f"http://127.0.0.1:{ports[0]}"
        self.slack = Slack(self.url, f"http://127.0.0.1:{ports[1]}", SECRETS, [TOKEN])
        self.slack.limits.posts_on = False
        runners = [web.AppRunner(app, shutdown_timeout=0.1)
                   for app in (self.slack.app(), self.ringi.app())]
        for runner, port in zip(runners, ports):
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", port).start()
        self._ready.set()
        await self._stopped.wait()
        for runner in runners:
            await runner.cleanup()

    def run(self, coroutine):
        """Runs it where the sandbox runs, and waits for its result."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    def stop(self):
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(10)
        self._loop.close()


@pytest.fixture(scope="session")
def one_stage():
    stage = Stage()
    yield stage
    stage.stop()


@pytest.fixture
def stage(one_stage):
    one_stage.people.reset()
    one_stage.ringi.forget()
    one_stage.people.settings(limits=False, tiers=False, retry_compression=60)
    return one_stage
