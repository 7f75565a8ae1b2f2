"""The proxy of a ringi under test: nobody gets out through it, and what was tried is noted."""

from aiohttp import web


class Outside:
    """ringi is given this address as HTTPS_PROXY, so that no call of it can leave the machine."""

    def __init__(self):
        self.tried = []  # "host:port", in the order of asking

    @web.middleware
    async def middleware(self, request, handler):
        if request.method != "CONNECT":
            return await handler(request)
        self.tried.append(request.raw_path)
        return web.Response(status=403, text="nothing leaves this machine\n")
