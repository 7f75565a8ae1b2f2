"""What people do with one pipeline, and what Slack, AWS and the ledger show of it."""

import json
import re

CHANNELS = {"web-prod": "#web-deploys", "web-stg": "#web-deploys", "pay-prod": "#deploys"}
ACCOUNTS = {"web-prod": "222233334444", "web-stg": "333344445555", "pay-prod": "444455556666"}


def said(message):
    """All words of a message, as people see them."""
    shown = {k: message.get(k) for k in ("text", "blocks", "attachments")}
    return "\n".join(re.findall(r'"text": "((?:[^"\\]|\\.)*)"', json.dumps(shown, ensure_ascii=False)))


class Deployment:
    """One execution at a time of `target` ("web-prod/web")."""

    def __init__(self, stack, slack, ledger, target="web-prod/web"):
        self.stack, self.slack, self.ledger, self.target = stack, slack, ledger, target
        self.account, self.pipeline = target.split("/")
        self.channel = CHANNELS[self.account]
        self.execution = ""

    # --- starting --------------------------------------------------------------------------------
    def ask(self, by="taro", words=""):
        """Types the command and waits for the question; its message."""
        before = self._newest_ts(by)
        self.slack.type(by, self.channel, f"/deploy start {self.target} {words}".strip())
        return self.slack.wait(by, self.channel, rf"Start \*{self.pipeline}\*", button="Start", after=before)

    def start(self, by="taro", words=""):
        """Production: the question and its button. Returns the execution's id."""
        question = self.ask(by, words)
        before = len(self.executions())
        self.slack.click(by, self.channel, label="Start", ts=question["ts"])
        self.stack.wait("an execution", lambda: len(self.executions()) > before)
        self.execution = self.executions()[-1]["id"]
        return self.execution

    def start_in_console(self, by=None):
        given = {"account": ACCOUNTS[self.account], "pipeline": self.pipeline} | ({"by": by} if by else {})
        self.execution = self.stack.aws_control("start", **given)["id"]
        return self.execution

    # --- deciding --------------------------------------------------------------------------------
    def card(self, text="", timeout=10, **more):
        """The card of this execution; `button="Approve"` waits until it has one."""
        return self.slack.wait("hanako", self.channel, rf"execution `{self.execution[:8]}`.*{text}",
                               timeout=timeout, **more)

    def approve(self, by="hanako", **more):
        card = self.card(button="Approve")
        return self.slack.click(by, self.channel, label="Approve", ts=card["ts"], **more)

    def reject(self, reason, by="hanako"):
        card = self.card(button="Reject")
        self.slack.click(by, self.channel, label="Reject", ts=card["ts"])
        self.slack.wait_view(by, "approval.reject")
        return self.slack.submit(by, {"reason": reason})

    # --- looking ---------------------------------------------------------------------------------
    def executions(self):
        wanted = (ACCOUNTS[self.account], self.pipeline)
        return [e for e in self.stack.aws_state()["executions"] if (e["account"], e["pipeline"]) == wanted]

    def facts(self):
        return next(e for e in self.executions() if e["id"] == self.execution)

    def status(self):
        return self.facts()["status"]

    def token(self):
        self.stack.wait("the approval", lambda: self.facts()["token"])
        return self.facts()["token"]

    def puts(self, token):
        return [p for p in self.stack.aws_state()["puts"] if p["token"] == token]

    def ends(self, status="Succeeded", limit=15):
        self.stack.wait(f"{self.target} to be {status}", lambda: self.status() == status, limit)

    def entries(self, kind=None):
        return self.ledger.of(self.execution, kind)

    def entry(self, kind, limit=15, **more):
        """The only entry of its kind that fits, as soon as it is there."""
        def fitting():
            return [e for e in self.entries(kind) if all(e.get(k) == v for k, v in more.items())]
        self.stack.wait(f"{kind} {more}", fitting, limit)
        found = fitting()
        assert len(found) == 1, found
        return found[0]

    def told(self, user, text, **more):
        """A message that `user` sees in the deployment's channel."""
        return self.slack.wait(user, self.channel, text, **more)

    def hears(self, user, text, limit=10):
        """A private answer, where the question was or, where that is no longer possible, directly from ringi."""
        def answers():
            private = [m for m in self.slack.messages(user, self.channel) if m["only_for"]]
            return [m for m in private + self.slack.messages(user, "dm") if re.search(text, said(m), re.S)]
        self.stack.wait(f"{user} to hear {text!r}", answers, limit)
        return answers()[-1]

    def lines(self):
        """What stands in the card's thread, oldest first."""
        card = self.card()
        return [said(m) for m in self.slack.messages("hanako", self.channel) if m.get("thread_ts") == card["ts"]]

    def cards(self):
        """Every message that is a card of this execution: one, unless ringi died while it posted."""
        return [m for m in self.slack.messages("hanako", self.channel)
                if f"execution `{self.execution[:8]}`" in said(m)]

    def _newest_ts(self, user):
        return max((m["ts"] for m in self.slack.messages(user, self.channel)), default="0")
