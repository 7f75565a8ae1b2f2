"""A client of the control API for tests and for `deploy/demo --play`; standard library only."""

import json
import urllib.error
import urllib.parse
import urllib.request


class SandboxError(AssertionError):
    """The sandbox refused, or what was waited for did not come."""


class SlackSandbox:
    """`user` and `channel` are ids or names ("taro", "#deploys"; "dm" is the app's direct messages)."""

    def __init__(self, url="http://127.0.0.1:8090", timeout=30):
        self._url, self._timeout = url.rstrip("/"), timeout

    def type(self, user, channel, text, thread_ts="", signature="good"):
        """A command or a line. The ack (ms, status, error, body), None for a line."""
        return self._act("type", {"as": user, "channel": channel, "text": text,
                                  "thread_ts": thread_ts, "signature": signature})["ack"]

    def click(self, user, channel, *, label=None, action_id=None, text=None, ts=None, times=1,
              view_id=None, signature="good"):
        """The newest button that fits, in the message that `text` matches, in that of `ts`, or in a form."""
        return self._act("click", {"as": user, "channel": channel, "label": label, "text": text,
                                   "action_id": action_id, "ts": ts, "view_id": view_id, "times": times,
                                   "signature": signature})["ack"]

    def submit(self, user, values, view_id=None, signature="good"):
        """{} when the form was accepted, else its errors by block_id."""
        return self._act("submit", {"as": user, "values": values, "view_id": view_id,
                                    "signature": signature}, may_fail=True).get("errors", {})

    def close(self, user, everything=False):
        return self._act("close", {"as": user, "everything": everything})

    def wait(self, user, channel, text, *, timeout=10, **more):
        """The newest message that fits; `more`: after, thread_ts, button, no_button, private."""
        answer = self._act("wait", {"as": user, "channel": channel, "text": text,
                                    "timeout": timeout, **more}, timeout + 10, may_fail=True)
        if not answer["ok"]:
            said = [m.get("text", "") for m in self.messages(user, channel)]
            raise SandboxError(f"no message like {text!r} {more} in {channel} within {timeout} s; "
                               f"there are {said}")
        return answer["message"]

    def wait_view(self, user, callback_id=None, timeout=10, text=""):
        answer = self._act("wait_view", {"as": user, "callback_id": callback_id, "text": text,
                                         "timeout": timeout}, timeout + 10, may_fail=True)
        if not answer["ok"]:
            raise SandboxError(f"no form {callback_id} {text} for {user} within {timeout} s")
        return answer["view"]

    def messages(self, user, channel):
        return self._get("messages", {"as": user, "channel": channel})["messages"]

    def views(self, user):
        return self._get("views", {"as": user})["views"]

    def counters(self):
        return self._get("counters", {})

    def fault(self, kind, **details):
        """kind: slack_faults.KINDS, with details target, calls, seconds, delay, retry_after; or
        `refused` with seconds, where the sandbox has an --api-port."""
        self._act("fault", {"kind": kind, **details})

    def no_faults(self):
        self._act("fault", {"clear": True})

    def settings(self, **switches):
        self._act("settings", switches)

    def channel(self, channel, **changes):
        """archived, shared: true or false; without: the ts of a message that goes."""
        self._act("channel", {"channel": channel, **changes})

    def group(self, handle, users, quiet=False):
        return self._act("group", {"handle": handle, "users": users, "quiet": quiet})

    def verify_url(self):
        return self._act("verify_url", {}, may_fail=True)["echoed"]

    def raw(self, path, body, content_type="application/json", signature="good", headers=None):
        return self._act("raw", {"path": path, "body": body, "content_type": content_type,
                                 "signature": signature, "headers": headers}, may_fail=True)["ack"]

    def event(self, event, event_id="", signature="good"):
        return self._act("event", {"event": event, "event_id": event_id,
                                   "signature": signature})["event_id"]

    def reset(self):
        self._act("reset", {})

    def _act(self, verb, body, timeout=None, may_fail=False):
        request = urllib.request.Request(f"{self._url}/control/slack/{verb}",
                                         json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        answer = self._open(request, timeout)
        if not answer["ok"] and not may_fail and "ack" not in answer:
            raise SandboxError(f"{verb}: {answer}")
        return answer

    def _get(self, what, query):
        return self._open(f"{self._url}/control/slack/{what}?{urllib.parse.urlencode(query)}", None)

    def _open(self, request, timeout):
        try:
            with urllib.request.urlopen(request, timeout=timeout or self._timeout) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise SandboxError(f"{error.code}: {error.read().decode()}") from error
