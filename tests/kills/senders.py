"""People and AWS at once, each a thread: what they send, and what they know of it afterwards. Everything random
comes from the seed; what fails because ringi is down is not repeated unless a person would."""

import random
import threading
import urllib.error
from dataclasses import dataclass

from sandbox.client import SandboxError

import company

FORM = "approval.reject"


class Signals:
    """Tells the killer that something was just sent, or answered."""

    def __init__(self):
        self._changed, self._counts = threading.Condition(), {"sent": 0, "acked": 0}

    def fire(self, what):
        with self._changed:
            self._counts[what] += 1
            self._changed.notify_all()

    def wait(self, what, limit, more=1):
        with self._changed:
            before = self._counts[what]
            return self._changed.wait_for(lambda: self._counts[what] >= before + more, limit)


@dataclass
class Form:
    user: str
    response_url: str  # of the click that opened it: where its answer goes
    accepted: bool = False


class Book:
    """What only the senders know: which execution a confirmation was about, and which form bore which reason."""

    def __init__(self):
        self._lock = threading.Lock()
        self.confirmed = {}  # response_url of a click on Start -> name of the run
        self.forms = {}  # reason -> Form
        self.console_starts, self.console_decisions = [], []
        self._number = 0

    def name(self, kind):
        with self._lock:
            self._number += 1
            return f"{kind}{self._number}"


class Sender(threading.Thread):
    """REQUIRES: `turn` returns soon, also while ringi is down."""

    pause = (1.0, 2.0)

    def __init__(self, stack, slack, book, signals, stop, seed, user=""):
        super().__init__(name=f"{type(self).__name__}-{user}", daemon=True)
        self.stack, self.slack, self.book, self.signals, self.stopping = stack, slack, book, signals, stop
        self.user, self.random = user, random.Random(f"{seed} {self.name}")
        self.failure = None

    def run(self):
        while not self.stopping.wait(self.random.uniform(*self.pause)):
            try:
                self.turn()
            except SandboxError:
                continue  # a button that went, a form that did not open: the person sees it and goes on
            except Exception as failure:  # told by the test: a thread cannot
                self.failure = failure
                return

    def send(self, how, *given, **more):
        self.signals.fire("sent")
        ack = how(*given, **more)
        if ack and ack["status"] == 200:
            self.signals.fire("acked")
        return ack


class Developer(Sender):
    """Starts in staging, where one command is enough."""

    pause = (0.5, 1.1)

    def turn(self):
        name = self.book.name("s")
        self.send(self.slack.type, self.user, "dm", f"/deploy start {company.STAGING} RUN={name}")


class Releaser(Sender):
    """Starts in production: a command, then the button under the question."""

    pause = (0.5, 1.2)

    def turn(self):
        name = self.book.name("p")
        target = self.random.choice((company.WEB, company.PAY))
        words = f"/deploy start {target} RUN={name} --revision Source={name}"
        ack = self.send(self.slack.type, self.user, company.TYPED_IN, words)
        if ack["status"] == 200:
            question = self.slack.wait(self.user, company.TYPED_IN, f"Revision: Source `{name}`", button="Start",
                                       timeout=3)
            self.confirm(name, question["ts"])

    def confirm(self, name, ts):
        for _ in range(5):  # "that did not work": a person presses again
            ack = self.send(self.slack.click, self.user, company.TYPED_IN, label="Start", ts=ts,
                            times=self.random.choice((1, 1, 2)))
            self.book.confirmed[ack["response_url"]] = name
            if ack["status"] == 200 or self.stopping.wait(0.3):
                return


class Approver(Sender):
    """Approves or rejects whatever waits; two of these often press on the same card at once."""

    pause = (0.2, 0.8)
    rejects = 0.3

    def turn(self):
        waiting = list(cards_with_buttons(self.slack, self.user))
        if not waiting:
            return
        channel, ts = self.random.choice(waiting[-3:])
        if self.random.random() < self.rejects:
            self.reject(channel, ts)
        else:
            self.send(self.slack.click, self.user, channel, label="Approve", ts=ts,
                      times=self.random.choice((1, 1, 2)))

    def reject(self, channel, ts):
        if self.slack.views(self.user):
            self.slack.close(self.user)
        ack = self.send(self.slack.click, self.user, channel, label="Reject", ts=ts)
        if ack["status"] != 200:
            return
        view = self.slack.wait_view(self.user, FORM, timeout=1.5)
        reason = self.book.name(f"not yet, says {self.user} in note ")
        self.signals.fire("sent")
        form = self.book.forms[reason] = Form(self.user, ack["response_url"])
        errors = self.slack.submit(self.user, {"reason": reason}, view_id=view["id"])
        if not errors:
            form.accepted = True
            self.signals.fire("acked")


class Asker(Sender):
    """Asks for what changes nothing."""

    pause = (1.0, 2.0)
    questions = ("/ringi whoami", "/deploy pending", f"/deploy status {company.WEB}", "/ringi status")

    def turn(self):
        self.send(self.slack.type, self.user, "#ringi-ops", self.random.choice(self.questions))


class Console(Sender):
    """Somebody in the AWS console, past ringi: starts runs and sometimes decides one."""

    pause = (1.0, 3.0)

    def turn(self):
        if self.random.random() < 0.3:
            self.decide()
            return
        account = company.ACCOUNTS[self.random.choice(("web-stg", "web-prod"))]
        self.book.console_starts.append(self.stack.aws_control("start", account=account, pipeline="turns")["id"])

    def decide(self):
        waiting = [e["token"] for e in self.stack.aws_state()["executions"] if e["token"]]
        if not waiting:
            return
        token = self.random.choice(waiting)
        try:
            self.stack.aws_control("decide", token=token, status=self.random.choice(("Approved", "Rejected")))
            self.book.console_decisions.append(token)
        except urllib.error.HTTPError:
            return  # decided meanwhile


def cards_with_buttons(slack, user):
    """(channel, ts) of each card that offers Approve, oldest first."""
    for channel in company.APPROVAL_CHANNELS:
        for message in slack.messages(user, channel):
            if '"text": "Approve"' in str(message).replace("'", '"') and not message.get("thread_ts"):
                yield channel, message["ts"]


def everybody(stack, slack, book, signals, stop, seed):
    given = (stack, slack, book, signals, stop, seed)
    return [Developer(*given, "taro"), Releaser(*given, "taro"), Asker(*given, "mika"), Console(*given),
            *(Approver(*given, user) for user in (*company.APPROVERS, "taro"))]
