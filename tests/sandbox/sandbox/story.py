"""The story of the demo, without a browser: each step says what it expects and what stood there instead."""

import json
import re
import time
from pathlib import Path

from .client import SandboxError, SlackSandbox
from .slack_messages import texts_of

CHANNEL = "#web-deploys"
DEVELOPER, MANAGER, GUEST = "taro", "hanako", "gus"
PATIENCE = 40  # seconds for a pipeline's part of the story; it takes about ten


class StoryError(Exception):
    """A step did not hold."""


class Story:
    def __init__(self, stack):
        self.stack, self.slack, self.begun = stack, SlackSandbox(stack.slack), 0.0
        self.checkpoint = Path(stack.directory) / "checkpoint"

    def play(self):
        self.begun = time.monotonic()
        first = self.start_one()
        self.step("the developer is refused: four eyes", lambda: self.refused(DEVELOPER, first, r"four.eyes"))
        self.step("a guest is refused", lambda: self.refused(GUEST, first, "full members"))
        self.step("the release manager approves", lambda: self.slack.click(
            MANAGER, CHANNEL, action_id="approval.approve", ts=first))
        self.step("the card says by whom", lambda: self.card(first, r"approved.*<@U0HANAKO01>"))
        self.step("the pipeline finishes", lambda: self.see(DEVELOPER, r"is live in web-prod.*<@U0HANAKO01>",
                                                            thread_ts=first, timeout=PATIENCE))
        second = self.start_one()
        self.step("a second run is rejected, with a reason", lambda: self.reject(second, "Wrong branch"))
        self.step("its card says by whom, and why", lambda: self.card(second, r"rejected.*<@U0HANAKO01>.*Wrong branch"))
        self.step("a new AWS account is created in the organization", self.new_account)
        self.step("and is there in Slack, with no other step", lambda: self.see(
            MANAGER, r"New accounts: shop", channel="#ringi-ops", timeout=PATIENCE))
        self.step("the developer deploys there", self.deploy_to_shop)
        self.step("/ringi audit shows the chain", self.audit)
        self.step("ringi is stopped, and leaves its last checkpoint in #ringi-audit", self.stop)
        self.step("ringi audit verify --checkpoint, with that one", self.verify)
        print(f"\nAll of it held, in {time.monotonic() - self.begun:.1f} s.", flush=True)

    # --- the steps -------------------------------------------------------------------------------
    def start_one(self):
        """Returns the ts of the card, which waits for approval."""
        after = self.newest()
        self.step("the developer types /deploy start web-prod/web", lambda: self.slack.type(
            DEVELOPER, CHANNEL, "/deploy start web-prod/web"))
        self.step("and is asked once more: PRODUCTION", lambda: self.see(
            DEVELOPER, r"Start .*PRODUCTION", button="Start", after=after))
        self.step("confirms", lambda: self.slack.click(DEVELOPER, CHANNEL, action_id="start.confirm"))
        card = self.step("the card moves to waiting", lambda: self.see(
            DEVELOPER, r"Approve[\s\S]*waiting", button="Approve", after=after, timeout=PATIENCE))
        return card["ts"]

    def refused(self, user, ts, why):
        before = self.newest(user)
        self.slack.click(user, CHANNEL, action_id="approval.approve", ts=ts)
        answer = self.see(user, why, after=before)
        if not answer.get("only_for"):
            raise StoryError("expected: a refusal that only this person sees\nfound: a message for all")
        return answer

    def new_account(self):
        return self.stack.aws_control("account", id="555566667777", name="shop", realm="nonproduction",
                                      tags={"Team": "web", "Environment": "staging"}, pipelines=["shop"])

    def deploy_to_shop(self):
        self.slack.type(DEVELOPER, CHANNEL, "/deploy start shop/shop")
        return self.see(DEVELOPER, r"Starting \*shop\* in shop")

    def reject(self, ts, reason):
        self.slack.click(MANAGER, CHANNEL, action_id="approval.reject", ts=ts)
        self.slack.wait_view(MANAGER, "approval.reject")
        errors = self.slack.submit(MANAGER, {"reason": reason})
        if errors:
            raise StoryError(f"expected: the form is accepted\nfound: {errors}")
        return reason

    def card(self, ts, text):
        """The card itself, as it is drawn anew."""
        def look():
            return next((m for m in self.slack.messages(DEVELOPER, CHANNEL)
                         if m["ts"] == ts and re.search(text, said(m))), None)
        end = time.monotonic() + PATIENCE
        while not (found := look()):
            if time.monotonic() > end:
                raise StoryError(f"expected: a card like {text}\nfound: {self.last_lines(DEVELOPER, 3)}")
            time.sleep(0.05)
        return found

    def audit(self):
        before = self.newest()
        self.slack.type(DEVELOPER, CHANNEL, "/ringi audit")
        message = self.see(DEVELOPER, "Ledger, newest first", after=before)
        lines = said(message)
        missing = [kind for kind in ("pipeline.started", "approval.decided", "access.denied", "pipeline.finished")
                   if kind not in lines]
        if missing:
            raise StoryError(f"expected: entries of the kinds {missing}\nfound: {lines}")
        return message

    def stop(self):
        code = self.stack.stop_ringi()
        if code != 0:
            raise StoryError(f"expected: ringi ends with 0 after SIGTERM\nfound: {code}")
        published = self.see("mika", "Ledger checkpoint", channel="#ringi-audit")
        self.checkpoint.write_text(preformatted(published["blocks"]) + "\n")

    def verify(self):
        """Against what stands where ringi cannot take it back: in a channel of Slack."""
        code, out, err = self.stack.cli("audit", "verify", "--checkpoint", self.checkpoint)
        if code != 0:
            raise StoryError(f"expected: ringi audit verify ends with 0\nfound: {code}\n{out}{err}")
        entries, witnessed = re.search(r"ok: (\d+) entries", out), re.search(r"up to entry (\d+)", out)
        if not (entries and witnessed and witnessed[1] == entries[1]):
            raise StoryError(f"expected: a checkpoint over all entries\nfound: {out}")
        return out.strip()

    # --- how ---------------------------------------------------------------------------------------
    def step(self, what, act):
        started = time.monotonic()
        try:
            found = act()
        except (SandboxError, StoryError) as error:
            raise StoryError(f"step: {what}\n{error}") from error
        took = time.monotonic() - started
        print(f"{time.monotonic() - self.begun:6.1f} s  {what}  ({took * 1000:.0f} ms)", flush=True)
        if isinstance(found, str):
            print("          " + found.replace("\n", "\n          "), flush=True)
        return found

    def see(self, user, text, channel=CHANNEL, **more):
        try:
            return self.slack.wait(user, channel, text, **more)
        except SandboxError as error:
            raise StoryError(f"expected: a message like {text} in {channel} for {user}\n"
                             f"found: {self.last_lines(user, 5, channel)}") from error

    def newest(self, user=DEVELOPER):
        return max((m["ts"] for m in self.slack.messages(user, CHANNEL)), default="0")

    def last_lines(self, user, count, channel=CHANNEL):
        said = [said(m) for m in self.slack.messages(user, channel)][-count:]
        return json.dumps(said, ensure_ascii=False, indent=2)


def said(message):
    """What a person reads of a message: its blocks, else its text."""
    lines = [text["text"] for part in ("blocks", "attachments") for text in texts_of(message.get(part) or [])]
    return "\n".join(lines) or message.get("text", "")


def preformatted(value):
    """The text of the first preformatted part."""
    if isinstance(value, dict):
        if value.get("type") == "rich_text_preformatted":
            return "".join(element["text"] for element in value["elements"])
        value = list(value.values())
    found = (preformatted(inner) for inner in value) if isinstance(value, list) else ()
    return next((text for text in found if text), "")
