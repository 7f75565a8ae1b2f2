"""One decision for each approval, whoever clicks, however often, and whatever AWS has done meanwhile."""

import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from deployment import ACCOUNTS, Deployment, said
from sandbox import aws_world as world
from sandbox.client import SlackSandbox

AT_ONCE = {"speed": 1000.0}  # every action but the approval ends in no time
CONSOLE = "arn:aws:sts::222233334444:assumed-role/Admin/kate"


def approval_only(name, mode="PARALLEL", **approval):
    """A pipeline of the web team for one test: nothing but a source and its approval."""
    def stage(action):
        return {"name": action["name"], "actions": [action]}
    return {"name": name, "account": ACCOUNTS["web-prod"], "mode": mode, "stages": [
        stage({"name": "Source", "category": "Source", "provider": "CodeStarSourceConnection"}),
        stage({"name": "Approve", "category": "Approval", "provider": "Manual", **approval})]}


@pytest.fixture
def deployment(stack, slack, ledger):
    slack.settings(limits=False)  # many tests share the channel: its limit is for the story to meet

    def of(target="web-prod/preview"):
        return Deployment(stack, slack, ledger, target)
    return of


def buttons_of(card):
    parts = card.get("blocks", []) + [b for a in card.get("attachments", []) for b in a.get("blocks", [])]
    return [block["elements"] for block in parts if block["type"] == "actions"]


def newest_entry_of(deployment, kind, count=1):
    deployment.stack.wait(f"{count} {kind}", lambda: len(deployment.entries(kind)) == count)
    return deployment.entries(kind)[-1]


@contextmanager
def still_drawn(deployment):
    """Slack takes no update for a while, so that a card's buttons stand for whoever is slow."""
    deployment.slack.fault("500", target="chat.update")
    try:
        yield
    finally:
        deployment.slack.no_faults()


class TestWhoClicks:
    stack_arguments = AT_ONCE

    def test_two_people_at_once_decide_once(self, deployment):
        one = deployment()
        one.start_in_console()
        token, card = one.token(), one.card(button="Approve")
        people = ("taro", "hanako")
        with still_drawn(one), ThreadPoolExecutor(2) as pool:
            acks = list(pool.map(lambda who: one.slack.click(who, one.channel, label="Approve", ts=card["ts"]), people))
        assert [ack["status"] for ack in acks] == [200, 200]
        one.ends()
        decided = one.entry("approval.decided")
        one.entry("approval.applied", of=decided["seq"])
        winner = decided["actor"]["name"]
        [loser] = set(people) - {winner}
        told = one.told(loser, r"Nothing was changed: <@")
        assert decided["actor"]["user"] in said(told) and told["only_for"]
        one.told(winner, f"Recorded as ringi #{decided['seq']}")
        [put] = one.puts(token)
        assert put["effective"] and put["caller"].endswith(decided["actor"]["user"])

    def test_approve_and_reject_at_once_are_one_decision(self, deployment):
        one = deployment()
        one.start_in_console()
        token, card = one.token(), one.card(button="Approve")
        one.slack.click("taro", one.channel, label="Reject", ts=card["ts"])
        one.slack.wait_view("taro", "approval.reject")
        with ThreadPoolExecutor(2) as pool:
            pool.submit(one.slack.click, "hanako", one.channel, label="Approve", ts=card["ts"])
            pool.submit(SlackSandbox(one.stack.slack).submit, "taro", {"reason": "not today"})
        decided = one.entry("approval.decided")
        one.ends("Succeeded" if decided["decision"] == "approved" else "Failed")
        assert [p["effective"] for p in one.puts(token)] == [True]

    def test_the_same_click_twice_is_one(self, deployment):
        one = deployment()
        one.start_in_console()
        token = one.token()
        one.approve(times=3)
        one.ends()
        one.entry("approval.applied")
        assert len(one.puts(token)) == len(one.entries("approval.decided")) == 1

    def test_a_second_click_of_the_same_person_changes_nothing(self, deployment):
        one = deployment()
        one.start_in_console()
        token, card = one.token(), one.card(button="Approve")
        with still_drawn(one):
            for _ in range(2):
                one.slack.click("hanako", one.channel, label="Approve", ts=card["ts"])
        one.ends()
        one.told("hanako", "Recorded as ringi #|Nothing was changed: <@U0HANAKO01> approved")
        one.entry("approval.applied")
        assert len(one.puts(token)) == len(one.entries("approval.decided")) == 1

    @pytest.mark.parametrize("who, told", [
        ("ken", r"You cannot approve web-prod/preview: .* can\. Ask why: `/ringi why web-prod/preview approve`"),
        ("mika", r"You cannot approve web-prod/preview"),
        ("gus", r"full members|You cannot approve"),
    ])
    def test_a_refusal_is_private_and_recorded(self, deployment, who, told):
        one = deployment()
        one.start_in_console()
        token = one.token()
        one.approve(by=who)
        denied = newest_entry_of(one, "access.denied")
        refusal = one.told(who, told)
        assert refusal["only_for"] == denied["actor"]["user"] and denied["decision"] == "approved"
        assert denied["target"]["token"].startswith("sha256:") and denied["target"]["action"] == "ManualApproval"
        assert one.puts(token) == [] and one.entries("approval.decided") == []

    def test_who_left_the_group_is_refused_although_slack_told_nobody(self, deployment):
        """On production a copy counts for 30 s: older ones are asked for again at the click."""
        one = deployment()
        one.start_in_console()
        one.card(button="Approve")
        one.slack.group("@release-managers", ["mika"], quiet=True)
        try:
            with sqlite3.connect(one.stack.directory / "ringi.db", timeout=10) as store:
                store.execute("UPDATE copies SET as_of = as_of - 31000000 WHERE kind = 'group'")
            one.approve()
            assert newest_entry_of(one, "access.denied")["actor"]["user"] == "U0HANAKO01"
            assert one.entries("approval.decided") == []
        finally:
            one.slack.group("@release-managers", ["hanako"])

    def test_a_group_change_that_slack_tells_counts_at_once(self, deployment):
        one = deployment()
        one.start_in_console()
        one.card(button="Approve")
        changes = len(one.ledger.entries("group.changed"))
        one.slack.group("@release-managers", ["mika"])
        one.stack.wait("the news", lambda: len(one.ledger.entries("group.changed")) > changes)
        try:
            one.approve()
            denied = newest_entry_of(one, "access.denied")
            assert denied["actor"]["user"] == "U0HANAKO01"
            one.approve(by="mika")
            one.ends()
            assert one.entry("approval.decided")["actor"]["user"] == "U0MIKA0001"
        finally:
            changes = len(one.ledger.entries("group.changed"))
            one.slack.group("@release-managers", ["hanako"])
            one.stack.wait("the news", lambda: len(one.ledger.entries("group.changed")) > changes)

    def test_the_starter_known_by_his_principal_is_refused(self, deployment):
        one = deployment()
        one.start_in_console(by="arn:aws:sts::222233334444:assumed-role/Console/taro@example.com")
        one.approve(by="taro")
        assert "four eyes" in newest_entry_of(one, "access.denied")["reason"]


class TestWhatAwsDidMeanwhile:
    stack_arguments = AT_ONCE

    def test_decided_in_the_console(self, deployment):
        one = deployment("web-prod/web")
        one.start_in_console()
        token = one.token()
        one.card(button="Approve")
        one.stack.aws_control("decide", token=token, status="Approved", by=CONSOLE)
        overtaken = one.entry("approval.overtaken")
        assert overtaken["actor"] == {"principal": CONSOLE} and overtaken["decision"] == "approved" and "phase" not in overtaken
        assert CONSOLE in said(one.card("in AWS by", no_button="Approve"))
        assert one.puts(token) == []

    def test_a_click_on_what_the_console_decided_changes_nothing(self, deployment):
        one = deployment("web-prod/web")
        one.start_in_console()
        token = one.token()
        card = one.card(button="Approve")
        with still_drawn(one):
            one.stack.aws_control("decide", token=token, status="Rejected", by=CONSOLE)
            one.slack.click("hanako", one.channel, label="Approve", ts=card["ts"])
        assert one.told("hanako", r"Nothing was changed: this approval no longer waits \(it was decided in AWS")
        assert one.entries("approval.decided") == [] and one.puts(token) == []

    def test_the_console_is_quicker_than_our_call(self, deployment):
        """Decided and written by ringi, then decided in AWS before the call arrives."""
        one = deployment("web-prod/web")
        one.start_in_console()
        token = one.token()
        one.stack.aws_control("fault", kind="slow", operation="PutApprovalResult", times=1, delay=3.0)
        before = one.stack.aws_state()["faults_taken"].get("PutApprovalResult", 0)
        one.approve()
        one.stack.wait("our call", lambda: one.stack.aws_state()["faults_taken"].get("PutApprovalResult", 0) > before)
        one.stack.aws_control("decide", token=token, status="Rejected", summary="no", by=CONSOLE)
        decided = one.entry("approval.decided")
        overtaken = one.entry("approval.overtaken", of=decided["seq"])
        assert overtaken["phase"] == "failed" and overtaken["actor"] == {"principal": CONSOLE}
        one.hears("hanako", "Your decision .* did not take effect")
        assert [p["effective"] for p in one.puts(token)] == [False] and one.status() == "Failed"
        card = one.card("in AWS by", no_button="Approve")
        assert CONSOLE in said(card) and "approved* by" not in said(card)

    def test_superseded_by_a_newer_run(self, deployment):
        old, new = deployment("web-prod/web"), deployment("web-prod/web")
        old.start_in_console()
        token = old.token()
        old.card(button="Approve")
        new.start_in_console()
        old.ends("Superseded")
        old.entry("approval.superseded")
        old.card("superseded", no_button="Approve")
        assert old.puts(token) == [] and old.status() == "Superseded"
        fresh = new.token()
        new.approve()
        new.ends()
        assert [p["effective"] for p in new.puts(fresh)] == [True]

    def test_a_click_on_a_superseded_card_changes_nothing(self, deployment):
        old, new = deployment("web-prod/web"), deployment("web-prod/web")
        old.start_in_console()
        token, card = old.token(), old.card(button="Approve")
        with still_drawn(old):
            new.start_in_console()
            old.ends("Superseded")
            old.slack.click("hanako", old.channel, label="Approve", ts=card["ts"])
            old.told("hanako", r"Nothing was changed: this approval no longer waits \(a newer execution, a stop or a deletion ended it")
        old.entry("approval.superseded")
        assert old.puts(token) == [] and old.entries("approval.decided") == []
        old.card("superseded", no_button="Approve", timeout=25)

    def test_expired(self, deployment):
        one = deployment("web-prod/short")
        one.stack.aws_control("pipeline", **approval_only("short", mode="SUPERSEDED", timeout=6.0))
        one.start_in_console()
        token, card = one.token(), one.card(button="Approve")
        with still_drawn(one):
            one.ends("Failed")
            one.slack.click("hanako", one.channel, label="Approve", ts=card["ts"])
            one.told("hanako", r"no longer waits \(it expired|no longer waits")
        expired = one.entry("approval.expired")
        assert "actor" not in expired and "principal" not in expired
        one.card("expired", no_button="Approve", timeout=25)
        assert one.puts(token) == []

    def test_awss_refusal_is_said_and_recorded(self, deployment):
        one = deployment()
        one.start_in_console()
        one.token()
        one.stack.aws_control("fault", kind="denied", operation="PutApprovalResult", times=1)
        one.approve()
        decided = one.entry("approval.decided")
        failed = one.entry("approval.failed", of=decided["seq"])
        assert failed["phase"] == "failed" and failed["error"] == "AccessDeniedException"
        one.hears("hanako", "did not take effect: AWS did not accept it .*AccessDeniedException")

    def test_deleted_with_its_pipeline(self, deployment):
        """One 'not found' may be AWS catching up with itself: what stays unknown for 10 minutes has ended."""
        one = deployment("web-prod/deleted")
        one.stack.aws_control("pipeline", **approval_only("deleted"))
        one.start_in_console()
        token = one.token()
        one.card(button="Approve")
        one.stack.aws_control("forget", account=ACCOUNTS["web-prod"], pipeline="deleted")
        one.stack.stop_ringi()
        one.stack.start_ringi()  # the reconciler looks at once

        def missing_since():
            with sqlite3.connect(one.stack.directory / "ringi.db", timeout=10) as store:
                return store.execute("SELECT missing_since FROM executions WHERE execution = ?",
                                     [one.execution]).fetchone()[0]
        one.stack.wait("AWS to be asked", missing_since)
        assert one.entries("approval.superseded") == []
        one.card(button="Approve")
        one.stack.stop_ringi()
        with sqlite3.connect(one.stack.directory / "ringi.db", timeout=10) as store:
            store.execute("UPDATE executions SET missing_since = missing_since - 600000000 WHERE missing_since > 0")
        one.stack.start_ringi()
        ended = one.entry("approval.superseded")
        assert ended["error"] == "PipelineNotFoundException" and "actor" not in ended
        finished = one.entry("pipeline.finished")
        assert finished["details"]["status"] == "gone"
        one.card("AWS no longer knows this execution", no_button="Approve")
        one.told("hanako", r"deleted.* \*ended\*: AWS no longer knows this execution")
        assert one.puts(token) == [] and one.entries("approval.decided") == []


class TestForms:
    """What Approve and Reject ask, and "What changed": opened at once, filled when AWS has answered."""
    stack_arguments = AT_ONCE
    NAMED = (r"%s (\*ManualApproval\* of )?\*preview\* to \*PRODUCTION\*, web-prod \(2222-3333-4444\), "
             r"ap-northeast-1\?\\nRevision `[0-9a-f]{7}`")

    def opened(self, deployment, label, callback_id, text):
        card = deployment.card(button="Approve")
        deployment.slack.click("hanako", deployment.channel, label=label, ts=card["ts"])
        return deployment.slack.wait_view("hanako", callback_id, text=text)

    def test_the_reject_form_names_what_it_rejects_and_keeps_what_it_remembers(self, deployment):
        one = deployment()
        one.start_in_console()
        view = self.opened(one, "Reject", "approval.reject", self.NAMED % "Reject")
        assert '"value"' in view["private_metadata"]
        assert one.slack.submit("hanako", {"reason": "not today"}) == {}
        one.ends("Failed")
        assert one.entry("approval.decided")["via"]["message"] == one.card()["ts"]

    def test_the_approve_dialog_names_what_it_approves(self, deployment):
        one = deployment()
        one.start_in_console()
        [approve] = [b for block in buttons_of(one.card(button="Approve")) for b in block
                     if b["action_id"].startswith("approval.approve")]
        assert re.search(self.NAMED.replace(r"\\n", r"\n") % "Approve", approve["confirm"]["text"]["text"])

    def test_what_changed_is_a_form(self, deployment):
        one = deployment()
        one.start_in_console()
        view = self.opened(one, "What changed", "card.changes", r"What changes with \*preview\*")
        assert view["submit"] is None
        one.slack.close("hanako")

    def test_a_form_that_slack_does_not_open_is_told(self, deployment):
        one = deployment()
        one.start_in_console()
        one.token()
        card = one.card(button="Approve")
        one.slack.fault("unknown_error", target="views.open", calls=1)
        one.slack.click("hanako", one.channel, label="Reject", ts=card["ts"])
        one.hears("hanako", "Slack did not open the form .*Nothing was decided: press the button again")
        assert one.slack.views("hanako") == []


class TestModesAndPaths:
    stack_arguments = AT_ONCE

    def test_the_card_says_who_can_approve_and_until_when(self, deployment):
        one = deployment("web-prod/until")
        one.stack.aws_control("pipeline", **approval_only("until", timeout=7200.0))
        one.start_in_console()
        card = said(one.card(button="Approve"))
        since, expires = map(int, re.findall(r"<!date\^(\d+)\^", card)[-2:])
        assert "<!subteam^" in card and expires - since == 7200

    def test_the_card_says_nothing_of_what_it_may_not_read(self, deployment):
        one = deployment("web-prod/unread")
        one.stack.aws_control("pipeline", **approval_only("unread", timeout=7200.0))
        one.stack.aws_control("fault", kind="denied", operation="GetPipeline", times=1)
        one.start_in_console()
        assert "expires" not in said(one.card(button="Approve"))
        one.approve()
        one.ends()

    def test_queued_runs_are_decided_one_after_the_other(self, deployment):
        first, second = deployment("web-prod/batch"), deployment("web-prod/batch")
        first.start_in_console()
        first_token = first.token()
        second.start_in_console()
        first.card(button="Approve")
        assert second.facts()["token"] == ""
        first.approve()
        first.ends()
        second_token = second.token()
        second.approve()
        second.ends()
        for one, token in ((first, first_token), (second, second_token)):
            assert [p["effective"] for p in one.puts(token)] == [True]
            one.entry("approval.applied")

    def test_parallel_runs_wait_side_by_side_and_are_not_mixed_up(self, deployment):
        first, second = deployment("web-prod/preview"), deployment("web-prod/preview")
        first.start_in_console()
        second.start_in_console()
        tokens = [first.token(), second.token()]
        assert second.reject("not this one") == {}
        second.ends("Failed")
        first.card(button="Approve")
        assert first.status() == "InProgress"
        first.approve()
        first.ends()
        assert [[p["status"] for p in one.puts(t)] for one, t in zip((first, second), tokens)] == \
            [["Approved"], ["Rejected"]]

    def test_a_sequence_of_approvals_in_one_stage(self, deployment):
        two = approval_only("twice", mode="SUPERSEDED")
        two["stages"][1]["actions"].append({"name": "Again", "category": "Approval", "provider": "Manual"})
        one = deployment("web-prod/twice")
        one.stack.aws_control("pipeline", **two)
        one.start_in_console()
        first = one.token()
        one.approve()
        one.stack.wait("the second approval", lambda: one.facts()["token"] not in ("", first))
        second = one.facts()["token"]
        one.card(r"Again.*waiting", button="Approve", timeout=15)
        one.approve()
        one.ends()
        assert [len(one.puts(t)) for t in (first, second)] == [1, 1]
        one.stack.wait("both applied", lambda: len(one.entries("approval.applied")) == 2)


class TestHowItIsFound:
    @pytest.fixture
    def quiet(self, make_stack, slack_of):
        """No topic is subscribed: nobody tells ringi anything."""
        stack = make_stack(start=False, speed=1000.0)
        stack.start_sandbox()
        return stack

    @pytest.fixture
    def slack_of(self):
        return lambda stack: SlackSandbox(stack.slack)

    def test_by_the_reconciler_when_nobody_tells(self, quiet, slack_of, ledger_of):
        one = Deployment(quiet, slack_of(quiet), ledger_of(quiet), "web-prod/web")
        one.start_in_console()
        token = one.token()
        quiet.start_ringi()
        one.approve()
        one.ends()
        one.entry("approval.applied")
        assert quiet.aws_state()["delivered"] == 0 and [p["effective"] for p in one.puts(token)] == [True]
        one.ledger.holds()

    @pytest.mark.parametrize("topic", ["EVENTS_TOPIC", "APPROVALS_TOPIC"])
    def test_by_one_kind_of_message_alone(self, quiet, slack_of, ledger_of, topic):
        """EventBridge's event, or the approval action's own message, which names neither account nor execution."""
        quiet.start_ringi()
        quiet.aws_control("subscribe", topics=[getattr(world, topic)])
        quiet.wait("the topic", lambda: quiet.aws_state()["confirmed"])
        one = Deployment(quiet, slack_of(quiet), ledger_of(quiet), "pay-prod/pay")
        one.start_in_console()
        token = one.token()
        assert "Four eyes, please." in said(one.card(button="Approve"))
        one.approve()
        one.ends()
        one.entry("approval.applied")
        assert [p["effective"] for p in one.puts(token)] == [True]
        one.ledger.holds()
