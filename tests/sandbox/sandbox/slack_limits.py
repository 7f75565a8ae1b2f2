"""Slack's rate limits: one message a second and channel, and tiers for each method."""

import math
import time

TIER_CALLS = {1: 1, 2: 20, 3: 50, 4: 100}  # a minute
POSTS_BURST = 4  # "short bursts are tolerated"; how long is not documented


class Bucket:
    def __init__(self, rate, burst, now):
        self._rate, self._burst, self._now = rate, burst, now
        self._tokens, self._at = burst, now()

    def take(self):
        """0 when the call may pass, else the whole seconds to wait."""
        now = self._now()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens >= 1:
            self._tokens -= 1
            return 0
        return max(1, math.ceil((1 - self._tokens) / self._rate))


class RateLimits:
    def __init__(self, now=time.monotonic):
        self._now = now
        self.posts_on = True
        self.tiers_on = True
        self._buckets = {}

    def post(self, channel):
        return self._take(("post", channel), 1, POSTS_BURST) if self.posts_on else 0

    def call(self, method, tier):
        if not self.tiers_on or tier is None:
            return 0
        return self._take((method,), TIER_CALLS[tier] / 60, TIER_CALLS[tier])

    def clear(self):
        self._buckets.clear()

    def _take(self, key, rate, burst):
        if key not in self._buckets:
            self._buckets[key] = Bucket(rate, burst, self._now)
        return self._buckets[key].take()
