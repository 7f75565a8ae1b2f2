"""The main job from end to end: a command starts a deployment, a button approves it, the ledger says who."""

import json
import re

import pytest
from deployment import Deployment, said
from sandbox.install_page import blocks


@pytest.fixture(scope="class")
def web(stack, slack, ledger):
    return Deployment(stack, slack, ledger)


def actions_in(policy):
    """Of a session policy that allows actions and says nothing else."""
    [statement] = json.loads(policy)["Statement"]
    assert statement == {"Effect": "Allow", "Action": sorted(set(statement["Action"])), "Resource": "*"}
    return statement["Action"]


class TestApprovedInSlack:
    """One story, told in the order of its tests."""

    def test_a_production_start_is_confirmed_by_a_button(self, web):
        question = web.ask()
        assert "web-prod (2222-3333-4444)" in said(question) and "*PRODUCTION*" in said(question)
        assert question["only_for"] == "U0TARO0001" and web.executions() == []
        web.slack.click("taro", web.channel, label="Start")
        web.stack.wait("the execution", web.executions)
        web.execution = web.executions()[0]["id"]

    def test_the_person_is_told_where_to_look(self, web):
        answer = web.slack.wait("taro", web.channel, "Starting .*Progress", no_button="Start")
        assert web.cards()[0]["ts"].replace(".", "") in said(answer)

    def test_the_card_moves_until_it_waits(self, web):
        card = web.card("Approve.*waiting", button="Approve")
        assert re.search(r"\*Source\*.*\*done\*", said(card)) and "Fix cart rounding" in said(card)
        assert "<@U0TARO0001>" in said(card) and "Check the basket page on staging first." in said(card)
        assert "https://git.example.com/acme/web/compare/live...main" in said(card)

    def test_the_approvers_are_called_in_the_thread(self, web):
        line = web.slack.wait("hanako", web.channel, "waits for approval", thread_ts=web.card()["ts"])
        assert "<!subteam^S0RELMGRS1>" in said(line)

    def test_four_eyes_refuses_the_starter(self, web):
        web.approve(by="taro")
        refusal = web.told("taro", "you started it, and four eyes")
        assert refusal["only_for"] == "U0TARO0001" and "/ringi why web-prod/web approve" in said(refusal)
        denied = web.entry("access.denied")
        assert denied["actor"]["user"] == "U0TARO0001" and "four eyes" in denied["reason"]
        assert denied["because"] == ["environments.production.approval.four_eyes"]

    def test_a_guest_is_refused(self, web):
        web.approve(by="gus")
        refusal = web.told("gus", "You cannot approve|full members")
        assert refusal["only_for"] == "U0GUEST001"
        web.stack.wait("the entry", lambda: len(web.entries("access.denied")) == 2)
        assert web.entries("access.denied")[1]["actor"]["user"] == "U0GUEST001"
        assert web.puts(web.token()) == []

    def test_the_release_manager_approves_and_it_goes_live(self, web):
        token = web.token()
        web.approve()
        web.ends()
        [put] = web.puts(token)
        decided, applied = web.entry("approval.decided"), web.entry("approval.applied")
        assert put["effective"] and put["status"] == "Approved" and put["caller"].endswith("ringi/U0HANAKO01")
        assert "hanako (U0HANAKO01)" in put["summary"] and f"ringi #{decided['seq']}" in put["summary"]
        assert decided["phase"] == "intended" and decided["because"] == ["environments.production.approve"]
        assert (applied["phase"], applied["of"]) == ("done", decided["seq"])

    def test_the_card_says_by_whom_and_loses_its_buttons(self, web):
        card = web.card("approved.*by <@U0HANAKO01>.*Deploy.*done", timeout=15, no_button="Approve")
        assert len(web.cards()) == 1 and f"ringi #{web.ledger.entries('pipeline.started')[0]['seq']}" in said(card)

    def test_the_thread_tells_the_end(self, web):
        end = web.slack.wait("taro", web.channel, "is live in web-prod", thread_ts=web.card()["ts"])
        assert "Approved by <@U0HANAKO01>" in said(end)
        assert any(re.search(r"pproved\*? by <@U0HANAKO01>.*ManualApproval", line) for line in web.lines())

    def test_the_chain_stands_in_the_ledger_and_in_ringi_audit(self, web):
        web.entry("pipeline.finished")
        assert web.ledger.kinds_of(web.execution) == [
            "pipeline.started", "approval.requested", "access.denied", "access.denied", "approval.decided",
            "approval.applied", "pipeline.finished"]
        web.slack.type("mika", web.channel, "/ringi audit")
        told = said(web.told("mika", "Ledger, newest first"))
        for kind in ("pipeline.started", "approval.requested", "approval.decided", "approval.applied"):
            assert kind in told
        assert "U0HANAKO01" in told and "web-prod/web" in told

    def test_each_session_might_do_what_install_md_says_and_no_more(self, web):
        """All reads of an account share one session; a write has one of its person, for itself alone."""
        start, put = "codepipeline:StartPipelineExecution", "codepipeline:PutApprovalResult"
        statements = [s for block in blocks() for s in block.get("Statement", [])]
        [role] = [set(s["Action"]) for s in statements if start in s["Action"]]
        assert role > {start, put}
        sessions = {(a["session"], *actions_in(a["policy"])) for a in web.stack.aws_state()["assumed"]
                    if a["role"].endswith(":role/ringi")}
        assert sessions == {("ringi", *sorted(role - {start, put})), ("U0TARO0001", start), ("U0HANAKO01", put)}

    def test_slack_never_had_to_say_slow_down(self, web):
        """Its tiers are on: no method but those that post was called too often."""
        errors = web.slack.counters()["errors"]
        posting = ("chat.postMessage", "chat.postEphemeral")
        assert not [e for e in errors if e.endswith(" ratelimited") and not e.startswith(posting)]


class TestRejectedByTheForm:
    stack_arguments = {"speed": 1000.0}

    def test_the_reason_is_asked_for_kept_and_shown(self, web):
        web.start()
        token = web.token()
        assert web.reject("  ") != {}, "a reason of blanks is none"
        assert web.slack.submit("hanako", {"reason": "the basket is empty & <broken>"}) == {}
        web.ends("Failed")
        [put] = web.puts(token)
        assert put["status"] == "Rejected" and "the basket is empty & <broken>" in put["summary"]
        assert web.entry("approval.decided")["reason"] == "the basket is empty & <broken>"
        card = web.card("rejected.*by <@U0HANAKO01>", no_button="Approve")
        assert "the basket is empty &amp; &lt;broken&gt;" in said(card)
        end = web.slack.wait("taro", web.channel, r"\*failed\*", thread_ts=card["ts"])
        assert "<@U0TARO0001>" in said(end), "the starter is called"

    def test_the_starter_may_reject_his_own(self, web):
        web.start()
        web.reject("wrong branch", by="taro")
        web.ends("Failed")
        assert web.entry("approval.decided")["actor"]["user"] == "U0TARO0001"


class TestEventsInDisorder:
    """EventBridge delivers at least once and in any order: each event comes twice, and others overtake it."""

    def test_the_story_is_told_once_and_in_its_order(self, web):
        web.stack.aws_control("settings", disorder=1.5)
        web.start()
        web.approve()
        web.ends()
        web.entry("pipeline.finished")
        web.card(r"Deploy[^\n]*done", no_button="Approve")
        web.stack.wait("the end of the thread", lambda: any("is live in web-prod" in line for line in web.lines()))
        web.stack.wait("the late ones", lambda: web.stack.aws_state()["delivering"] == 0)
        web.stack.wait("the end of all jobs", lambda: web.stack.open_jobs() == [])
        told = ["waits for approval", "*Approved* by", "is live in web-prod"]
        assert [[words in line for words in told] for line in web.lines()] == \
            [[True, False, False], [False, True, False], [False, False, True]]
        assert len(web.cards()) == 1
        assert web.ledger.kinds_of(web.execution) == [
            "pipeline.started", "approval.requested", "approval.decided", "approval.applied", "pipeline.finished"]
