"""Starting: once however often it is asked for, by its owner, in the right place, and never by guesswork."""

import json
import sqlite3
import time
from urllib.parse import quote, urlencode

import pytest
from deployment import Deployment, said


def on(pipeline):
    @pytest.fixture(scope="class")
    def deployment(stack, slack, ledger):
        return Deployment(stack, slack, ledger, pipeline)
    return deployment


web, staging, preview = on("web-prod/web"), on("web-stg/web"), on("web-prod/preview")


class Redelivery:
    """A slash command as Slack would send it, so that its exact bytes can be sent again."""

    def __init__(self, text, trigger="T1", response_url=""):
        self.body = ("token=deprecated&team_id=T0ACME0001&team_domain=acme&channel_id=C0WEBDEPL1"
                     "&channel_name=web-deploys&user_id=U0TARO0001&user_name=taro&command=%2Fdeploy"
                     f"&text={text}&api_app_id=A0RINGI001&is_enterprise_install=false&trigger_id={trigger}"
                     f"&response_url={quote(response_url, safe='')}")

    def send(self, slack):
        return slack.raw("/slack/commands", self.body, "application/x-www-form-urlencoded")


class TestOnce:
    stack_arguments = {"speed": 1000.0}

    def test_staging_starts_without_a_question(self, staging):
        staging.slack.type("taro", staging.channel, "/deploy start web-stg/web")
        staging.told("taro", r"Starting \*web\* in web-stg")
        [execution] = staging.executions()
        assert execution["trigger"]["triggerDetail"].endswith(":assumed-role/ringi/U0TARO0001")

    def test_the_same_command_delivered_again_starts_nothing(self, staging):
        staging.slack.settings(limits=False)
        before = len(staging.executions())
        command = Redelivery("start+web-stg%2Fweb", trigger="T-again")
        first = command.send(staging.slack)
        staging.stack.wait("the start", lambda: len(staging.executions()) == before + 1)
        # A second later the timestamp, and so the signature, is another: only the trigger_id is the same.
        later = [command.send(staging.slack) for _ in range(3)]
        assert {(a["status"], a["body"]) for a in later} == {(first["status"], first["body"])} and first["status"] == 200
        after_all(staging)
        assert len(staging.executions()) == before + 1

    def test_the_same_bytes_of_a_click_start_once(self, preview):
        question = preview.ask()
        preview.slack.click("taro", preview.channel, label="Start", ts=question["ts"], times=3)
        preview.stack.wait("the start", preview.executions)
        after_all(preview)
        assert len(preview.executions()) == 1
        started = preview.ledger.entries("pipeline.started")
        mine = [e for e in started if e["target"]["pipeline"] == "preview"]
        assert [e["phase"] for e in mine] == ["intended", "done"] and mine[1]["of"] == mine[0]["seq"]

    def test_a_second_press_of_the_button_is_told_that_it_was_used(self, preview):
        question = preview.ask()
        before = len(preview.executions())
        # Two presses while the button still stands: two deliveries, one confirmation.
        preview.stack.aws_control("fault", kind="slow", operation="StartPipelineExecution", times=1, delay=0.5)
        for _ in range(2):
            preview.slack.click("taro", preview.channel, label="Start", ts=question["ts"])
        preview.told("taro", "Nothing was started: this button was used before")
        preview.stack.wait("the start", lambda: len(preview.executions()) > before)
        after_all(preview)
        assert len(preview.executions()) == before + 1

    def test_a_lost_answer_is_asked_for_again_with_the_same_token(self, preview):
        before, calls = len(preview.executions()), start_calls(preview)
        preview.stack.aws_control("fault", kind="lost", operation="StartPipelineExecution", times=1)
        preview.start()
        preview.entry("pipeline.started", phase="done")
        assert start_calls(preview) == calls + 2, "sent again"
        assert len(preview.executions()) == before + 1, "and started once"


def start_calls(deployment):
    return deployment.stack.aws_state()["calls"]["codepipeline.StartPipelineExecution"]


def after_all(deployment):
    """Everything that was taken in before this answer has been carried out."""
    deployment.stack.wait("idle jobs", lambda: people_jobs(deployment.stack) == 0)


def people_jobs(stack):
    with sqlite3.connect(f"file:{stack.directory}/ringi.db?mode=ro", uri=True) as store:
        return store.execute("SELECT COUNT(*) FROM jobs WHERE class = 'people' AND state <> 'dead'").fetchone()[0]


class TestWhatIsAskedFor:
    stack_arguments = {"speed": 1000.0}

    @pytest.fixture(autouse=True)
    def unhurried(self, slack):
        slack.settings(limits=False)

    def test_variables_reach_aws_and_are_redacted_everywhere_else(self, web):
        execution = web.start(words="LOG_LEVEL=debug API_TOKEN=tok-5f9c27")
        assert web.facts()["variables"] == {"LOG_LEVEL": "debug", "API_TOKEN": "tok-5f9c27"}
        intended = web.ledger.entries("pipeline.started")[0]
        assert intended["details"] == {"variable LOG_LEVEL": "debug", "variable API_TOKEN": "[redacted]"}
        web.card()
        shown = json.dumps([web.slack.messages(u, web.channel) for u in ("taro", "hanako")])
        assert "tok-5f9c27" not in shown + json.dumps(web.ledger.entries()) + web.stack.log_tail(10_000)
        assert execution in json.dumps(web.ledger.entries())

    def test_variables_are_named_in_the_question(self, web):
        question = web.ask(words="LOG_LEVEL=debug API_TOKEN=tok-5f9c27")
        assert "Variables: `LOG_LEVEL=debug`, `API_TOKEN=(redacted)`" in said(question)

    def test_a_revision_is_named_in_the_question_and_started(self, web):
        question = web.ask(words="--revision Source=feedc0de")
        assert "Revision: Source `feedc0de`" in said(question)
        web.slack.click("taro", web.channel, label="Start", ts=question["ts"])
        web.stack.wait("two", lambda: len(web.executions()) == 2)
        web.execution = web.executions()[1]["id"]
        assert "feedc0d" in said(web.card("feedc0d"))

    def test_a_bare_pipeline_in_production_is_only_asked_about(self, preview):
        preview.slack.type("taro", preview.channel, "/deploy start preview")
        question = preview.slack.wait("taro", preview.channel, r"Start \*preview\*", button="Start")
        assert "web-prod (2222-3333-4444)" in said(question) and preview.executions() == []

    def test_an_ambiguous_name_offers_its_candidates(self, staging):
        staging.slack.type("taro", staging.channel, "/deploy start web")
        choice = staging.slack.wait("taro", staging.channel, "several pipelines `web`")
        labels = said(choice)
        assert "web-prod/web ap-northeast-1" in labels and "web-stg/web ap-northeast-1" in labels
        staging.slack.click("taro", staging.channel, label="web-stg/web ap-northeast-1", ts=choice["ts"])
        staging.told("taro", r"Starting \*web\* in web-stg")
        assert len(staging.executions()) == 1

    def test_a_candidate_in_production_is_still_asked_about(self, web):
        before = len(web.executions())
        web.slack.type("taro", web.channel, "/deploy start web")
        choice = web.slack.wait("taro", web.channel, "several pipelines `web`", button="web-prod/web ap-northeast-1")
        web.slack.click("taro", web.channel, label="web-prod/web ap-northeast-1", ts=choice["ts"])
        web.slack.wait("taro", web.channel, r"Start \*web\* in web-prod", button="Start", after=choice["ts"])
        assert len(web.executions()) == before

    @pytest.mark.parametrize("words, told", [
        ("web-prod/wbe", r"There is no pipeline `wbe`\. Did you mean `web-prod/web`\?"),
        ("web-prd/web", r"There is no account `web-prd`\. Did you mean `web-prod`\?"),
        ("nothing-like-it", r"There is no pipeline `nothing-like-it`"),
        ("web-prod/web LOG_LEVEL", "is not NAME=VALUE"),
        ("web-prod/web A=1 A=2", "given twice"),
        ("web-prod/web --branch=main", "There is no option"),
        ("", "Which pipeline|Usage"),
    ])
    def test_what_cannot_be_meant_is_told_with_a_hint(self, web, words, told):
        before = len(web.stack.aws_state()["executions"])
        web.slack.type("taro", web.channel, f"/deploy start {words}")
        assert web.told("taro", told)["only_for"] == "U0TARO0001"
        assert len(web.stack.aws_state()["executions"]) == before

    def test_a_variable_that_the_pipeline_does_not_have_is_told_with_awss_code(self, web):
        before = len(web.executions())
        question = web.ask(words="NO_SUCH=1")
        web.slack.click("taro", web.channel, label="Start", ts=question["ts"])
        web.told("taro", "Not done: .*ValidationException")
        failed = [e for e in web.ledger.entries("pipeline.started") if e.get("phase") == "failed"]
        assert len(failed) == 1 and failed[0]["error"] == "ValidationException"
        assert len(web.executions()) == before

    def test_a_revision_of_no_source_action_is_told_with_awss_code(self, web):
        before = len(web.executions())
        question = web.ask(words="--revision Sauce=feedc0de")
        web.slack.click("taro", web.channel, label="Start", ts=question["ts"])
        web.told("taro", "Not done: .*ValidationException")
        assert len(web.executions()) == before

    def test_who_may_not_start_is_told_the_rule_and_recorded(self, web):
        web.slack.type("ken", web.channel, "/deploy start web-prod/web")
        refusal = web.told("ken", "You cannot start web-prod/web")
        assert "<!subteam^S0WEBDEVS1>" in said(refusal) and "/ringi why web-prod/web start" in said(refusal)
        [denied] = [e for e in web.ledger.entries("access.denied") if e["actor"]["user"] == "U0KEN00001"]
        assert denied["details"]["wanted"] == "start" and denied["target"]["pipeline"] == "web"

    def test_a_guest_may_not_start(self, web):
        before = len(web.executions())
        web.slack.type("gus", web.channel, "/deploy start web-prod/web")
        web.told("gus", "full members")
        assert len(web.executions()) == before


class TestTheButton:
    stack_arguments = {"speed": 1000.0}

    def test_it_is_its_owners(self, preview):
        """Slack shows a private message to one person; who forges another's click is refused."""
        preview.slack.settings(limits=False)
        value = said_value(preview.ask())
        preview.slack.raw("/slack/interactions", forged_click("U0HANAKO01", value), FORM)
        assert preview.told("hanako", "this button belongs to somebody else")["only_for"] == "U0HANAKO01"
        assert preview.executions() == []

    def test_it_expires(self, preview):
        question = preview.ask()
        with sqlite3.connect(preview.stack.directory / "ringi.db", timeout=10) as store:
            store.execute("UPDATE confirmations SET expires = ? WHERE id = ?",
                          (int((time.time() - 1) * 1e6), said_value(question)))
        preview.slack.click("taro", preview.channel, label="Start", ts=question["ts"])
        preview.told("taro", "Nothing was started: this button was good for 15 minutes")
        assert preview.executions() == []

    def test_an_invented_one_starts_nothing(self, preview):
        preview.slack.raw("/slack/interactions", forged_click("U0TARO0001", "01M80TT5V9998E62Y11BMX30SF"), FORM)
        preview.told("taro", "belongs to nothing that ringi knows")
        assert preview.executions() == []


FORM = "application/x-www-form-urlencoded"


def said_value(question):
    return next(e["value"] for b in question["blocks"] if b["type"] == "actions" for e in b["elements"])


def forged_click(user, value):
    payload = {"type": "block_actions", "team": {"id": "T0ACME0001"}, "api_app_id": "A0RINGI001",
               "user": {"id": user, "username": "x", "name": "x", "team_id": "T0ACME0001"},
               "trigger_id": f"forged.{user}", "container": {"type": "message", "message_ts": "1.000001",
                                                              "channel_id": "C0WEBDEPL1", "is_ephemeral": True},
               "channel": {"id": "C0WEBDEPL1", "name": "web-deploys"},
               "actions": [{"type": "button", "action_id": "start.confirm", "block_id": "b", "value": value,
                            "action_ts": "1.000002"}]}
    return urlencode({"payload": json.dumps(payload)})


class TestObserving:
    stack_arguments = {"speed": 1000.0, "mode": "observe"}

    def test_nothing_is_written_to_aws(self, web):
        web.slack.type("taro", web.channel, "/deploy start web-prod/web")
        web.told("taro", "ringi only observes")
        assert web.executions() == []
        web.start_in_console()
        assert "Observing only" in said(web.card("waiting", button="Approve"))
        token = web.token()
        web.approve()
        web.told("hanako", "it would have been \\*approved\\*")
        observed = web.entry("approval.decided")
        assert observed["phase"] == "observed" and observed["actor"]["user"] == "U0HANAKO01"
        assert web.puts(token) == [] and web.status() == "InProgress"
        assert "Approve" in said(web.card(button="Approve")), "it keeps waiting for what is decided in AWS"
        calls = web.stack.aws_state()["calls"]
        assert not {c for c in calls if c.endswith((".StartPipelineExecution", ".PutApprovalResult"))}
