"""The Events API: mentions and group changes, retried as Slack does, in compressed time."""

import asyncio
import json
import secrets
import time

from .slack_workspace import APP_ID, BOT_USER, TEAM_ID

EVENTS = "/slack/events"
RETRY_AFTER = (0, 60, 300)  # seconds: about at once, after a minute, after five
REASONS = {"operation_timeout": "http_timeout", "dispatch_failed": "http_error"}


class Events:
    """`compression`: how many times faster than in life the retries come."""

    def __init__(self, outgoing, compression=60):
        self._outgoing = outgoing
        self.compression = compression
        self._running = set()

    async def verify_url(self):
        """url_verification, as when the URL is saved: True when the challenge came back."""
        challenge = secrets.token_hex(20)
        body = {"token": "deprecated", "challenge": challenge, "type": "url_verification"}
        ack = await self._send(body, "url_verification", "")
        return ack, challenge in ack.body.decode("utf-8", "replace")

    def mention(self, message, person, channel, signature="good"):
        event = {"type": "app_mention", "user": person.id, "text": message.body["text"],
                 "ts": message.ts, "channel": channel.id, "event_ts": message.ts,
                 "team": person.team_id, "client_msg_id": secrets.token_hex(16)}
        if message.thread_ts:
            event["thread_ts"] = message.thread_ts
        return self.deliver(event, person.id, channel.is_ext_shared, signature)

    def group_changed(self, group, added, removed):
        event = {"type": "subteam_members_changed", "subteam_id": group.id, "team_id": TEAM_ID,
                 "date_previous_update": 1760000000, "date_update": int(time.time()),
                 "added_users": added, "added_users_count": len(added), "removed_users": removed,
                 "removed_users_count": len(removed), "event_ts": f"{time.time():.6f}"}
        return self.deliver(event, "")

    def deliver(self, event, user, shared=False, signature="good", event_id=""):
        """Sends in the background; the envelope is returned so that a test can send it again."""
        envelope = {
            "token": "deprecated", "team_id": TEAM_ID, "context_team_id": TEAM_ID,
            "context_enterprise_id": None, "api_app_id": APP_ID, "event": event,
            "type": "event_callback", "event_id": event_id or "Ev" + secrets.token_hex(5).upper(),
            "event_time": int(time.time()), "is_ext_shared_channel": shared,
            "event_context": "4-" + secrets.token_urlsafe(24),
            "authorizations": [{"enterprise_id": None, "team_id": TEAM_ID, "user_id": BOT_USER,
                                "is_bot": True, "is_enterprise_install": False}]}
        task = asyncio.get_running_loop().create_task(self._attempts(envelope, user, signature))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return envelope

    async def stop(self):
        for task in list(self._running):
            task.cancel()

    async def _attempts(self, envelope, user, signature):
        ack = await self._send(envelope, envelope["event"]["type"], user, signature)
        for number, seconds in enumerate(RETRY_AFTER, 1):
            if 200 <= ack.status < 300 or ack.no_retry:
                return
            await asyncio.sleep(seconds / self.compression)
            retry = {"X-Slack-Retry-Num": str(number),
                     "X-Slack-Retry-Reason": REASONS.get(ack.error, "unknown_error")}
            ack = await self._send(envelope, envelope["event"]["type"], user, signature, retry)

    async def _send(self, body, what, user, signature="good", headers=None):
        return await self._outgoing.send(EVENTS, json.dumps(body, ensure_ascii=False).encode(),
                                         "application/json", kind="event", what=what, user=user,
                                         channel=body.get("event", {}).get("channel", ""),
                                         signature=signature, headers=headers)
