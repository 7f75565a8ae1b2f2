"""kill -9 at chosen and at random moments, and the start after it on the same store."""

import random
import time

MOMENTS = ("ready", "ready", "sent", "acked", "calling", "posting", "starting")
CALLS = ("StartPipelineExecution", "PutApprovalResult", "GetPipelineState", "ListActionExecutions", "AssumeRole")


class Killer:
    def __init__(self, stack, slack, signals, seed):
        self.stack, self.slack, self.signals = stack, slack, signals
        self.random = random.Random(f"{seed} killer")
        self.kills = []  # (time, moment)

    def once(self):
        self.signals.wait("acked", 3.0, more=2)  # a kill with nothing to lose would show nothing
        moment = self.random.choice(MOMENTS)
        getattr(self, moment)()
        self.stack.ringi.kill()
        self.stack.ringi.wait()
        self.kills.append((time.time(), moment))
        self.stack.aws_control("fault", clear=True)
        self.slack.no_faults()
        if self.random.random() < 0.2:
            time.sleep(self.random.uniform(0, 0.5))  # away for a moment: senders and SNS meet a closed door
        self.stack.start_ringi()

    # --- moments: each returns when it is time ---------------------------------------------------
    def ready(self):
        time.sleep(self.random.uniform(0, 0.6))

    def sent(self):
        """While a request is parsed, written or committed."""
        self.signals.wait("sent", 1.0)
        time.sleep(self.random.uniform(0, 0.012))

    def acked(self):
        """The 200 is out, its job has hardly begun."""
        self.signals.wait("acked", 1.0)
        time.sleep(self.random.uniform(0, 0.004))

    def calling(self):
        """A call to AWS is on its way: it will take effect, and nobody hears the answer."""
        operation = self.random.choice(CALLS)
        self.stack.aws_control("fault", kind="slow", operation=operation, times=1, delay=0.3)
        before = self._calls(operation)
        end = time.monotonic() + 1.0
        while self._calls(operation) == before and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(self.random.uniform(0, 0.35))

    def posting(self):
        """A message is on its way to Slack."""
        method = self.random.choice(("chat.postMessage", "chat.update", "response_url"))
        self.slack.fault("slow", target=method, calls=1, delay=0.15)
        time.sleep(self.random.uniform(0.05, 0.5))

    def starting(self):
        """Killed once more before it is ready."""
        self.stack.ringi.kill()
        self.stack.ringi.wait()
        self.kills.append((time.time(), "ready"))
        self.stack.start_ringi(ready=False)
        time.sleep(self.random.uniform(0, 0.15))

    def _calls(self, operation):
        return sum(count for name, count in self.stack.aws_state()["calls"].items() if name.endswith("." + operation))
