"""Slack in trouble: what goes wrong with the next calls from ringi, as a middleware."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass

from aiohttp import web

KINDS = ("reset", "lost", "500", "503", "429", "slow", "truncated", "unknown_error",
         "not_json")


@dataclass
class Fault:
    kind: str
    target: str = "*"  # a method of the Web API, "response_url", or "*"
    calls: int | None = None  # None: until `until`
    until: float | None = None
    delay: float = 5.0
    retry_after: int | None = 1

    def matches(self, target, now):
        if self.calls == 0 or (self.until is not None and now > self.until):
            return False
        return self.target in ("*", target)


class Faults:
    def __init__(self, now=time.monotonic):
        self._now = now
        self._faults = []
        self.taken = Counter()  # by target: a test sees that a call has run into its fault

    def add(self, kind, target="*", calls=None, seconds=None, delay=5.0, retry_after=1):
        if kind not in KINDS:
            raise ValueError(f"unknown fault {kind}")
        until = None if seconds is None else self._now() + seconds
        self._faults.append(Fault(kind, target, calls, until, delay, retry_after))

    def clear(self):
        self._faults.clear()

    def take(self, target):
        now = self._now()
        fault = next((f for f in self._faults if f.matches(target, now)), None)
        if fault:
            self.taken[target] += 1
            fault.calls = fault.calls - 1 if fault.calls else fault.calls
        return fault

    @web.middleware
    async def middleware(self, request, handler):
        target = request.match_info.get("method")
        if target is None and request.path.startswith(("/commands/", "/actions/")):
            target = "response_url"
        fault = self.take(target) if target else None
        if fault is None:
            return await handler(request)
        return await self._go_wrong(fault, request, handler)

    async def _go_wrong(self, fault, request, handler):
        if fault.kind == "reset":  # nothing is carried out, no byte is answered
            return hang_up(request)
        if fault.kind == "lost":  # carried out, and the answer never arrives
            await handler(request)
            return hang_up(request)
        if fault.kind == "slow":
            await asyncio.sleep(fault.delay)
            return await handler(request)
        if fault.kind == "truncated":
            answer = await handler(request)
            return web.Response(body=answer.body[:len(answer.body) // 2],
                                content_type="application/json")
        return plain_failure(fault)


def plain_failure(fault):
    if fault.kind == "429":
        headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
    if fault.kind == "unknown_error":
        return web.json_response({"ok": False, "error": "a_new_kind_of_trouble"})
    status = 200 if fault.kind == "not_json" else int(fault.kind)
    return web.Response(status=status, text="<html><body>Server Error</body></html>",
                        content_type="text/html")


def hang_up(request):
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
