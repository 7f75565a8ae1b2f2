"""AWS away, Slack away, ringi killed: one effect, nothing lost, and the person is told."""

import sqlite3

import pytest
from deployment import Deployment, said

QUICK = {"speed": 1000.0}


@pytest.fixture(scope="class")
def preview(stack, slack, ledger):
    slack.settings(limits=False)
    return Deployment(stack, slack, ledger, "web-prod/preview")


@pytest.fixture
def waiting(preview):
    """An execution that waits for its approval, started by somebody unknown."""
    preview.start_in_console()
    preview.card(button="Approve")
    return preview


@pytest.fixture(autouse=True)
def mended(request):
    yield
    if "stack" in request.fixturenames:
        stack = request.getfixturevalue("stack")
        stack.aws_control("fault", clear=True)
        request.getfixturevalue("slack").no_faults()


def breaks(stack, kind, operation, times=1, **more):
    stack.aws_control("fault", kind=kind, operation=operation, times=times, **more)


def decided_once(deployment, token):
    """One decision, one effect, its repeats byte for byte the same, and the ledger's own."""
    decided = deployment.entry("approval.decided", phase="intended")
    deployment.entry("approval.applied", phase="done", of=decided["seq"])
    puts = deployment.puts(token)
    assert [p["effective"] for p in puts].count(True) == 1, puts
    assert len({p["body"] for p in puts}) == 1, "a repeat is byte for byte the same"
    assert f"ringi #{decided['seq']}" in puts[0]["summary"]
    assert puts[0]["status"].lower() == decided["decision"]
    assert deployment.entries("approval.failed") == deployment.entries("approval.overtaken") == []
    return puts


class TestAwsWhileDeciding:
    stack_arguments = QUICK

    @pytest.mark.parametrize("kind, times, sent", [
        ("lost", 1, 1), ("late", 1, 1), ("slow", 1, 1), ("down", 2, 1), ("throttle", 2, 1), ("error", 1, 1)])
    def test_put_approval_result(self, waiting, kind, times, sent):
        token = waiting.token()
        breaks(waiting.stack, kind, "PutApprovalResult", times, delay=1.0)
        waiting.approve()
        waiting.ends(limit=25)
        assert len(decided_once(waiting, token)) == sent
        assert waiting.stack.aws_state()["faults_taken"]["PutApprovalResult"] >= times

    @pytest.mark.parametrize("operation", ["GetPipelineExecution", "ListActionExecutions", "GetPipelineState"])
    def test_aws_cannot_be_read_for_a_while(self, waiting, operation):
        token = waiting.token()
        breaks(waiting.stack, "error", operation, times=4)
        waiting.approve()
        waiting.ends(limit=25)
        decided_once(waiting, token)

    def test_both_copies_of_an_answer_are_lost(self, waiting):
        """Lost, then unreadable: whether it took effect is known only after AWS can be read again."""
        token = waiting.token()
        breaks(waiting.stack, "lost", "PutApprovalResult")
        waiting.approve()
        waiting.ends()
        waiting.entry("approval.applied")
        assert len(decided_once(waiting, token)) == 1


class TestAwsWhileStarting:
    stack_arguments = QUICK

    @pytest.mark.parametrize("kind, times", [
        ("lost", 2), ("late", 1), ("slow", 1), ("down", 2), ("throttle", 2), ("error", 4), ("lost", 4)])
    def test_start_pipeline_execution(self, preview, kind, times):
        before = len(preview.executions())
        breaks(preview.stack, kind, "StartPipelineExecution", times, delay=1.0)
        preview.start()
        done = preview.entry("pipeline.started", phase="done", limit=25)
        assert len(preview.executions()) == before + 1
        [intended] = [e for e in preview.ledger.entries("pipeline.started") if e["seq"] == done["of"]]
        assert intended["phase"] == "intended"
        assert [e for e in preview.ledger.entries("pipeline.started") if e.get("phase") == "failed"] == []
        preview.hears("taro", r"Starting \*preview\*")

    def test_the_person_hears_that_it_takes_longer(self, preview):
        breaks(preview.stack, "error", "StartPipelineExecution", times=4)
        preview.start()
        preview.hears("taro", "Not done yet: .*InternalFailure.*ringi will try again by itself")

    def test_no_role_can_be_assumed_for_a_while(self, preview):
        breaks(preview.stack, "error", "AssumeRole", times=4)
        before = len(preview.executions())
        preview.start()
        preview.entry("pipeline.started", phase="done", limit=25)
        assert len(preview.executions()) == before + 1

    def test_what_aws_refuses_for_good_is_said_with_its_code(self, preview):
        question = preview.ask()
        before = len(preview.executions())
        breaks(preview.stack, "denied", "StartPipelineExecution", times=1)
        preview.slack.click("taro", preview.channel, label="Start", ts=question["ts"])
        preview.hears("taro", "Not done: .*AccessDeniedException.*It will not be tried again")
        failed = [e for e in preview.ledger.entries("pipeline.started") if e.get("phase") == "failed"]
        assert [e["error"] for e in failed] == ["AccessDeniedException"]
        assert len(preview.executions()) == before


class TestSlackAway:
    stack_arguments = QUICK

    def test_a_post_whose_answer_is_lost_stands_twice_at_most_and_acts_once(self, preview):
        """The first of its class: no line of another execution runs into the fault."""
        preview.slack.fault("lost", target="chat.postMessage", calls=1)
        preview.start_in_console()
        token = preview.token()
        preview.stack.wait("the copy", lambda: len(preview.cards()) == 2, 15)
        first, second = (c["ts"] for c in preview.cards())
        # ringi knows the second only: the first goes when a click shows it, and the click counts.
        preview.slack.click("hanako", preview.channel, label="Approve", ts=first)
        preview.ends()
        decided_once(preview, token)
        preview.stack.wait("one card", lambda: [c["ts"] for c in preview.cards()] == [second])

    @pytest.mark.parametrize("kind", ["reset", "500", "429", "not_json"])
    def test_cards_and_lines_come_when_slack_is_back(self, preview, kind):
        preview.slack.fault(kind, target="*", seconds=2)
        preview.start_in_console()
        token = preview.token()
        preview.card(button="Approve", timeout=25)
        preview.approve()
        preview.ends()
        decided_once(preview, token)
        assert len(preview.cards()) == 1

    def test_a_decision_stands_while_nobody_can_be_told(self, waiting):
        token, card = waiting.token(), waiting.card()
        waiting.slack.fault("500", target="response_url")
        waiting.slack.click("hanako", waiting.channel, label="Approve", ts=card["ts"])
        waiting.ends()
        decided_once(waiting, token)
        waiting.slack.wait("hanako", "dm", "Recorded as ringi #")

    def test_permission_is_not_guessed_while_slack_cannot_be_asked(self, preview):
        preview.start_in_console()
        token = preview.token()
        card = preview.card(button="Approve")
        # mika's facts were never asked for: no copy is young enough.
        preview.slack.fault("unknown_error", target="users.info", calls=1)
        preview.slack.click("mika", preview.channel, label="Approve", ts=card["ts"])
        preview.hears("mika", "Nothing was done: Slack cannot be asked who is who right now .*Try again")
        preview.stack.wait("an end of it, waiting or given up for nobody to carry out later",
                           lambda: not [job for job in preview.stack.open_jobs() if job.split()[2] == "click"])
        assert preview.puts(token) == [] and preview.entries("access.denied") == []
        preview.slack.click("mika", preview.channel, label="Approve", ts=card["ts"])
        assert preview.entry("access.denied")["actor"]["user"] == "U0MIKA0001"


START_STEPS = [
    ("aws", "slow", "AssumeRole"), ("aws", "slow", "StartPipelineExecution"), ("aws", "late", "StartPipelineExecution"),
    ("aws", "slow", "GetPipelineExecution"), ("aws", "slow", "ListActionExecutions"), ("aws", "slow", "GetPipelineState"),
    ("slack", "slow", "users.info"), ("slack", "slow", "chat.postMessage"), ("slack", "slow", "chat.getPermalink"),
    ("slack", "slow", "response_url")]
DECIDE_STEPS = [
    ("aws", "slow", "GetPipelineExecution"), ("aws", "slow", "GetPipelineState"), ("aws", "slow", "AssumeRole"),
    ("aws", "slow", "PutApprovalResult"), ("aws", "late", "PutApprovalResult"),
    ("slack", "slow", "users.info"), ("slack", "slow", "usergroups.users.list"), ("slack", "slow", "response_url")]


class TestKilled:
    """ringi is frozen at one step by a slow answer, killed with -9, and started again."""

    stack_arguments = QUICK

    def freeze(self, deployment, where, kind, what):
        """The step hangs from now on. Returns how to see that ringi has reached it."""
        stack, slack = deployment.stack, deployment.slack
        if where == "aws":
            before = stack.aws_state()["faults_taken"].get(what, 0)
            breaks(stack, kind, what, delay=1.0)
            return lambda: stack.aws_state()["faults_taken"].get(what, 0) > before
        before = slack.counters()["faults_taken"].get(what, 0)
        slack.fault(kind, target=what, calls=1, delay=1.0)
        return lambda: slack.counters()["faults_taken"].get(what, 0) > before

    def restart_frozen(self, deployment, where, kind, what):
        """Frozen before the start: whoever comes to the step first, the click or what went before it, hangs."""
        frozen = []
        restart_forgetting(deployment, meanwhile=lambda: frozen.append(self.freeze(deployment, where, kind, what)))
        return frozen[0]

    def kill_and_restart(self, deployment, reached):
        deployment.stack.wait("the step", reached)
        deployment.stack.kill_ringi()
        deployment.stack.start_ringi()

    @pytest.mark.parametrize("where, kind, what", START_STEPS)
    def test_while_starting(self, preview, where, kind, what):
        question = preview.ask()
        before = len(preview.executions())
        reached = self.restart_frozen(preview, where, kind, what)
        assert preview.slack.click("taro", preview.channel, label="Start", ts=question["ts"])["status"] == 200
        self.kill_and_restart(preview, reached)  # the command that asked may be carried on, too
        preview.stack.wait("the start", lambda: len(preview.executions()) > before)
        preview.execution = preview.executions()[-1]["id"]
        done = preview.entry("pipeline.started", phase="done")
        mine = [e for e in preview.ledger.entries("pipeline.started") if done["of"] in (e["seq"], e.get("of"))]
        assert [(e["phase"], e.get("error")) for e in mine] == [("intended", None), ("done", None)]
        preview.card(button="Approve")
        preview.hears("taro", r"Starting \*preview\*")
        assert len(preview.executions()) == before + 1 and 1 <= len(preview.cards()) <= 2
        assert {c for card in preview.cards() for c in said(card).splitlines() if c.startswith("ringi #")} == \
            {f"ringi #{done['of']}"}

    @pytest.mark.parametrize("where, kind, what", DECIDE_STEPS)
    def test_while_deciding(self, preview, where, kind, what):
        preview.start_in_console()
        token, card = preview.token(), preview.card(button="Approve")
        reached = self.restart_frozen(preview, where, kind, what)
        assert preview.slack.click("hanako", preview.channel, label="Approve", ts=card["ts"])["status"] == 200
        self.kill_and_restart(preview, reached)
        preview.ends()
        decided_once(preview, token)
        preview.hears("hanako", "Recorded as ringi #|Nothing was changed: <@U0HANAKO01> approved")

    def test_before_it_could_tell_that_a_decision_did_not_take_effect(self, waiting):
        waiting.token()
        breaks(waiting.stack, "denied", "PutApprovalResult")
        waiting.slack.fault("slow", target="response_url", calls=50, delay=20.0)
        waiting.approve()
        waiting.entry("approval.failed")
        waiting.stack.kill_ringi()
        waiting.slack.no_faults()
        waiting.stack.start_ringi()
        waiting.hears("hanako", "did not take effect: AWS did not accept it")


def forget(stack, statement, *values):
    """Changes the store of a ringi that is stopped."""
    with sqlite3.connect(stack.directory / "ringi.db", timeout=10) as store:
        store.execute(statement, values)


def restart_forgetting(deployment, meanwhile=lambda: None):
    """No session in memory and no copy in the store spares ringi a step."""
    deployment.stack.kill_ringi()
    forget(deployment.stack, "DELETE FROM copies WHERE kind IN ('person', 'group')")
    meanwhile()
    deployment.stack.start_ringi()


class TestTooOld:
    stack_arguments = QUICK

    def ages(self, deployment, click):
        """A click is stored, ringi dies before it comes to it, and comes back 16 minutes later."""
        stack = deployment.stack
        asked = ("command", "click", "form")  # a card that waits is drawn again and again
        stack.wait("an end of all that was asked before",
                   lambda: not [job for job in stack.open_jobs() if job.split()[2] in asked])
        taken = deployment.slack.counters()["faults_taken"].get("users.info", 0)
        restart_forgetting(deployment, lambda: deployment.slack.fault("slow", target="users.info", calls=50, delay=10.0))
        click()
        stack.wait("the job", lambda: deployment.slack.counters()["faults_taken"].get("users.info", 0) > taken)
        stack.kill_ringi()
        deployment.slack.no_faults()
        forget(stack, "UPDATE jobs SET received = received - ? WHERE class = 'people'", 16 * 60 * 1_000_000)
        stack.start_ringi()

    def test_a_start_is_not_carried_out_and_that_is_told(self, preview):
        question = preview.ask()
        self.ages(preview, lambda: preview.slack.click("taro", preview.channel, label="Start", ts=question["ts"]))
        preview.hears("taro", "Not done: .*more than 15 minutes after you asked")
        [entry] = preview.ledger.entries("request.expired")
        assert entry["actor"]["user"] == "U0TARO0001" and preview.executions() == []

    def test_an_undecided_approval_is_not_carried_out(self, preview):
        preview.start_in_console()
        token, card = preview.token(), preview.card(button="Approve")
        self.ages(preview, lambda: preview.slack.click("hanako", preview.channel, label="Approve", ts=card["ts"]))
        preview.hears("hanako", "more than 15 minutes after you asked")
        assert preview.puts(token) == [] and preview.entries("approval.decided") == []

    def test_a_decision_that_the_ledger_holds_is_carried_out_however_old(self, preview):
        preview.start_in_console()
        token, card = preview.token(), preview.card(button="Approve")
        breaks(preview.stack, "slow", "PutApprovalResult", delay=1.0)
        taken = preview.stack.aws_state()["faults_taken"].get("PutApprovalResult", 0)
        preview.slack.click("hanako", preview.channel, label="Approve", ts=card["ts"])
        preview.stack.wait("the call",
                           lambda: preview.stack.aws_state()["faults_taken"].get("PutApprovalResult", 0) > taken)
        preview.stack.kill_ringi()
        forget(preview.stack, "UPDATE jobs SET received = received - ?", 3600 * 1_000_000)
        preview.stack.start_ringi()
        preview.ends()
        decided_once(preview, token)

    def test_a_start_that_was_begun_is_closed_and_not_repeated(self, preview):
        """The call may have reached AWS before ringi died: nothing is started again, nothing stays open."""
        question = preview.ask()
        before = len(preview.executions())
        breaks(preview.stack, "late", "StartPipelineExecution", delay=1.0)
        preview.slack.click("taro", preview.channel, label="Start", ts=question["ts"])
        preview.stack.wait("the start", lambda: len(preview.executions()) > before)
        preview.stack.kill_ringi()
        forget(preview.stack, "UPDATE jobs SET received = received - ? WHERE class = 'people'", 16 * 60 * 1_000_000)
        preview.stack.start_ringi()
        def closed():
            return [e for e in preview.ledger.entries("pipeline.started") if e.get("phase") == "failed"]
        preview.stack.wait("the closing entry", closed)
        [failed], started = closed(), preview.ledger.entries("pipeline.started")
        assert failed["error"] == "expired"
        assert failed["of"] in {e["seq"] for e in started if e.get("phase") == "intended"}
        assert len(preview.executions()) == before + 1
