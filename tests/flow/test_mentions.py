"""@ringi as an equal of the commands, for threads, where Slack has none."""

import pytest
from deployment import Deployment


@pytest.fixture(scope="class")
def preview(stack, slack, ledger):
    return Deployment(stack, slack, ledger, "web-prod/preview")


def newest(slack, user, channel):
    return slack.messages(user, channel)[-1]


class TestMention:
    stack_arguments = {"speed": 1000.0}

    def test_a_production_start_in_a_thread(self, preview):
        slack = preview.slack
        slack.settings(limits=False)  # many answers in one channel
        slack.type("taro", preview.channel, "shall we ship the preview?")
        thread = newest(slack, "taro", preview.channel)["ts"]
        slack.type("taro", preview.channel, "@ringi deploy start web-prod/preview", thread_ts=thread)
        question = slack.wait("taro", preview.channel, r"Start \*preview\*", button="Start", thread_ts=thread)
        assert question["only_for"] == "U0TARO0001" and preview.executions() == []
        slack.click("taro", preview.channel, label="Start", ts=question["ts"])
        preview.stack.wait("the execution", preview.executions)
        preview.execution = preview.executions()[0]["id"]
        preview.approve()
        preview.ends()
        preview.entry("pipeline.finished")
        assert preview.ledger.kinds_of(preview.execution) == [
            "pipeline.started", "approval.requested", "approval.decided", "approval.applied", "pipeline.finished"]

    def test_answers_stand_in_the_thread_and_are_private(self, preview):
        slack = preview.slack
        slack.type("ken", preview.channel, "who may?")
        thread = newest(slack, "ken", preview.channel)["ts"]
        slack.type("ken", preview.channel, "@ringi deploy start web-prod/preview", thread_ts=thread)
        refusal = slack.wait("ken", preview.channel, "You cannot start web-prod/preview", thread_ts=thread)
        assert refusal["only_for"] == "U0KEN00001"
        [denied] = preview.ledger.entries("access.denied")
        assert denied["actor"]["user"] == "U0KEN00001"

    @pytest.mark.parametrize("words, told", [
        ("whoami", "You are <@U0TARO0001>"),
        ("deploy strat web-prod/preview", "There is no `strat`.*Did you mean `/deploy start`"),
        ("deploy start web-prod/previw", "Did you mean `web-prod/preview`"),
        ("help", "What you can do here"),
        ("", "What you can do here|Usage|/ringi help"),
    ])
    def test_every_word_works_as_in_the_command(self, preview, words, told):
        slack = preview.slack
        slack.type("taro", preview.channel, f"@ringi {words}".strip())
        assert slack.wait("taro", preview.channel, told)["only_for"] == "U0TARO0001"

    def test_the_same_event_delivered_again_starts_nothing(self, preview, stack):
        event = {"type": "app_mention", "user": "U0TARO0001", "text": "<@U0RINGIBOT> deploy start web-stg/web",
                 "ts": "1795000000.000100", "channel": "C0WEBDEPL1", "event_ts": "1795000000.000100",
                 "team": "T0ACME0001"}
        staging = Deployment(stack, preview.slack, preview.ledger, "web-stg/web")
        first = preview.slack.event(event)
        stack.wait("the start", staging.executions)
        for event_id in (first, ""):  # the same delivery; then another event about the same message
            preview.slack.event(event, event_id=event_id)
        stack.wait("the acks", lambda: len([a for a in preview.slack.counters()["acks"]
                                            if a["what"] == "app_mention"]) >= 3)
        preview.slack.type("taro", preview.channel, "@ringi deploy status web-stg/web")
        preview.slack.wait("taro", preview.channel, r"\*web\* in web-stg.*staging, ap-northeast-1")
        assert len(staging.executions()) == 1
