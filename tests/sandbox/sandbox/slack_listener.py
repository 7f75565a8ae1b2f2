"""The address that ringi calls, apart from the page's, so that it can be away: connections refused."""

import asyncio

from aiohttp import web


class ApiListener:
    """`make_app` builds a fresh application for each start: aiohttp's cannot be started twice."""

    def __init__(self, make_app, host, port):
        self._make_app, self._host, self._port = make_app, host, port
        self._runner = None
        self._back = None

    async def start(self):
        self._runner = web.AppRunner(self._make_app(), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port, reuse_address=True).start()

    async def stop(self):
        if self._back:
            self._back.cancel()
        await self._runner.cleanup()

    async def refuse(self, seconds):
        """Drops what is open and refuses what comes, for so long; the task returned ends when it is back."""
        if self._back:
            self._back.cancel()
        await self._runner.cleanup()
        self._back = asyncio.get_running_loop().create_task(self._return(seconds))
        return self._back

    async def _return(self, seconds):
        await asyncio.sleep(seconds)
        await self.start()
        self._back = None
