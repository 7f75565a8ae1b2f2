"""What changed, for live pages and for waiting tests."""

import asyncio


class Feed:
    """Fans out changes to listeners. Everything runs on one event loop: no locks."""

    def __init__(self):
        self._listeners = set()

    def publish(self, change):
        for listener in self._listeners:
            listener.put_nowait(change)

    def listen(self):
        queue = asyncio.Queue()
        self._listeners.add(queue)
        return queue

    def leave(self, queue):
        self._listeners.discard(queue)

    async def until(self, look, timeout):
        """The first true value of look(), asked again after each change; None after `timeout` seconds."""
        queue = self.listen()
        try:
            async with asyncio.timeout(timeout):
                while not (found := look()):
                    await queue.get()
                return found
        except TimeoutError:
            return None
        finally:
            self.leave(queue)
