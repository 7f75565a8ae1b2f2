"""Promises of an answer that need something unusual: a store that waits, a used-up response_url, two secrets, a proxy,
a job that was given up."""

import secrets
import signal
import sqlite3
from contextlib import closing

import pytest
from deployment import Deployment, said
from sandbox.client import SlackSandbox
from wire import FORM, command, connect, whole_command

AT_ONCE = {"speed": 1000.0}


def change(stack, old, new):
    text = stack.config.read_text()
    assert old in text
    stack.config.write_text(text.replace(old, new, 1))


@pytest.fixture(scope="class")
def staging(stack, slack, ledger):
    slack.settings(limits=False)
    return Deployment(stack, slack, ledger, "web-stg/web")


class TestStoreThatWaits:
    """Somebody else holds the database: nothing can be stored, so nothing is answered 200."""

    stack_arguments = AT_ONCE

    @pytest.fixture
    def locked(self, stack):
        """Its end ends the lock. No job runs then: one that could not be settled would wait for its lease to end."""
        stack.wait("the end of all jobs", lambda: stack.open_jobs() == [])
        with closing(sqlite3.connect(stack.directory / "ringi.db", isolation_level=None, timeout=20)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield other
            if other.in_transaction:
                other.execute("ROLLBACK")

    def is_refused(self, wire, whole):
        wire.send(whole)
        answer = wire.read()
        assert answer.status == 503 and answer.is_terse() and int(answer.headers["retry-after"]) > 0

    def free(self, wire, stack, locked):
        """A write of a refused request may have begun, and could be stored yet: it is over when a later one was refused."""
        self.is_refused(wire, whole_command(stack, "list"))
        locked.execute("ROLLBACK")

    @pytest.fixture
    def wire(self, stack):
        with connect(stack, timeout=30) as wire:
            yield wire

    def test_a_command_is_refused_and_its_repeat_is_carried_out_once(self, staging, locked, wire):
        stack = staging.stack
        whole = whole_command(stack, "start web-stg/web")
        self.is_refused(wire, whole)
        assert staging.executions() == []
        self.free(wire, stack, locked)
        for _ in range(2):
            wire.send(whole)
            assert wire.read().status == 200
        stack.wait("the start", staging.executions)
        stack.wait("the end of all jobs", lambda: stack.open_jobs() == [])
        assert len(staging.executions()) == 1

    def test_slack_repeats_an_event_by_itself_and_it_is_carried_out_once(self, staging, locked, wire):
        before = len(staging.executions())
        staging.slack.settings(retry_compression=6)  # at once, then after 10 s

        def answers():
            acks = [a for a in staging.slack.counters()["acks"] if a["what"] == "app_mention"]
            return [a["status"] for a in acks]
        staging.slack.type("taro", staging.channel, "@ringi deploy start web-stg/web")
        staging.stack.wait("two refusals", lambda: len(answers()) == 2)
        assert 200 not in answers()
        self.free(wire, staging.stack, locked)
        staging.stack.wait("the repeat", lambda: answers()[-1] == 200)
        staging.stack.wait("the start", lambda: len(staging.executions()) > before)
        staging.stack.wait("the end of all jobs", lambda: staging.stack.open_jobs() == [])
        assert len(staging.executions()) == before + 1


class TestUsedResponseUrl:
    def test_the_sixth_answer_comes_as_a_direct_message(self, stack, slack):
        """Slack takes five through one response_url; here six commands share it."""
        slack.settings(limits=False)
        url = slack.type("mika", "#ringi-ops", "/ringi whoami")["response_url"]
        def here():
            return [m for m in slack.messages("mika", "#ringi-ops") if m["only_for"] and "You are" in said(m)]
        for number in range(2, 7):
            slack.wait("mika", "#ringi-ops", "You are <@U0MIKA0001>")
            body = command("whoami", command="/ringi", user_id="U0MIKA0001", channel_id="C0RINGIOPS", response_url=url)
            assert slack.raw("/slack/commands", body.decode(), FORM)["status"] == 200
            if number < 6:
                stack.wait("the answer", lambda: len(here()) == number)
        assert "U0MIKA0001" in said(slack.wait("mika", "dm", "You are <@U0MIKA0001>"))
        assert len(here()) == 5 and len(slack.messages("mika", "dm")) == 1


class TestTwoSecrets:
    """While Slack's signing secret is changed, requests signed with either are ours."""

    @pytest.fixture(scope="class")
    def stack(self, make_stack):
        stack = make_stack(start=False)
        new, old = secrets.token_hex(16), (stack.directory / "signing-secret").read_text().strip()
        for name, value in (("new-secret", new), ("old-secret", old), ("signing-secret", f"{new}\n{old}")):
            (stack.directory / name).write_text(value + "\n")
        files = ", ".join(f'"file:{stack.directory}/{name}"' for name in ("new-secret", "old-secret"))
        change(stack, f'signing_secrets = ["file:{stack.directory}/signing-secret"]', f"signing_secrets = [{files}]")
        return stack.start()

    def status(self, slack, signature):
        return slack.type("taro", "#web-deploys", "/ringi whoami", signature=signature)["status"]

    def test_both_are_taken_and_no_third(self, slack):
        kinds = ("good", "second_secret", "wrong_secret")
        assert [self.status(slack, kind) for kind in kinds] == [200, 200, 401]

    def test_after_the_change_only_the_new_one(self, stack, slack):
        change(stack, f', "file:{stack.directory}/old-secret"', "")
        stack.ringi.send_signal(signal.SIGHUP)
        stack.wait("the reload", lambda: self.status(slack, "second_secret") == 401)
        assert self.status(slack, "good") == 200


def test_https_proxy_is_asked_for_what_is_elsewhere_and_never_for_this_machine(make_stack):
    """The proxy of every stack here is the sandbox, which lets nobody out. Slack is moved elsewhere; AWS stays."""
    stack = make_stack(start=False)
    stack.outside = {"slack.test:443"}
    change(stack, f'api_url = "{stack.slack}/api/"', 'api_url = "https://slack.test/api/"')
    stack.start()  # waits until ringi has confirmed its topics, by calls to AWS
    slack = SlackSandbox(stack.slack)
    stack.wait("a call to Slack", lambda: slack.counters()["outside"])
    assert slack.counters()["calls"] == {}
    assert stack.aws_state()["calls"]["sns.ConfirmSubscription"] == 2


def test_a_start_that_cannot_read_the_names_it_knew_ends_and_takes_nothing(make_stack):
    """With no rules in force it would call every button unknown."""
    stack = make_stack()
    stack.stop_ringi()
    with closing(sqlite3.connect(stack.directory / "ringi.db", isolation_level=None)) as store:
        store.execute("ALTER TABLE copies RENAME TO away")
        stack.start_ringi(ready=False)
        assert stack.ringi.wait(30) == 2
        assert stack.log_tail(1).startswith("ringi: cannot read what is known of names and accounts: ")
        assert stack.log_tail().count(" ready ") == 1, "only before"
        store.execute("ALTER TABLE away RENAME TO copies")
    stack.start_ringi()


class TestGivenUp:
    """What failed for good waits for an operator: `ringi jobs`."""

    stack_arguments = AT_ONCE

    @pytest.fixture
    def dead(self, stack, slack, ledger):
        """A click that AWS did not let ringi carry out. Returns the deployment and the job's id."""
        slack.settings(limits=False)
        one = Deployment(stack, slack, ledger, "web-prod/preview")
        one.start_in_console()
        card = one.card(button="Approve")
        stack.wait("an end of all that was asked before",
                   lambda: not [job for job in self.jobs(stack) if job[2] in ("command", "click")])
        stack.aws_control("fault", kind="denied", operation="GetPipelineExecution")
        slack.click("hanako", one.channel, label="Approve", ts=card["ts"])
        stack.wait("the dead letter", lambda: [job for job in self.jobs(stack) if job[1:3] == ["dead", "click"]])
        stack.aws_control("fault", clear=True)
        return one, next(job[0] for job in self.jobs(stack) if job[1:3] == ["dead", "click"])

    def jobs(self, stack):
        return [line.split() for line in stack.open_jobs()]

    def test_it_is_listed_with_its_error_and_told(self, dead):
        one, job = dead
        [line] = [line for line in one.stack.open_jobs() if line.startswith(job)]
        assert "AccessDeniedException" in line
        one.hears("hanako", "AccessDeniedException.*It will not be tried again")
        told = one.slack.wait("mika", "#ringi-ops", r"Given up: click.*AccessDeniedException.*ringi jobs retry")
        assert job in said(told)
        assert one.stack.cli("jobs", "drop", job, "--reason", "seen")[:2] == (0, "ok\n")

    def test_retry_carries_it_out_once(self, dead):
        one, job = dead
        token = one.token()
        assert one.stack.cli("jobs", "retry", job)[:2] == (0, "ok\n")
        one.ends()
        one.entry("approval.applied", of=one.entry("approval.decided")["seq"])
        assert [put["effective"] for put in one.puts(token)] == [True]
        one.stack.wait("its end", lambda: job not in [job for job, *_ in self.jobs(one.stack)])
        assert one.stack.cli("jobs", "retry", job)[0] == 1

    def test_drop_is_recorded_and_nothing_is_done(self, dead):
        one, job = dead
        token = one.token()
        assert one.stack.cli("jobs", "drop", job, "--reason", "asked for by phone")[:2] == (0, "ok\n")
        assert job not in [job for job, *_ in self.jobs(one.stack)]
        [entry] = [e for e in one.ledger.entries("job.dropped") if e["request"] == job]
        assert entry["reason"] == "asked for by phone" and entry["actor"]["principal"] and entry["details"]["job"] == "click"
        assert one.stack.cli("jobs", "drop", job, "--reason", "twice")[0] == 1
        assert one.puts(token) == [] and one.entries("approval.decided") == []
