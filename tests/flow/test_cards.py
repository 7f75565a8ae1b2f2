"""A card whose place in Slack vanishes comes again, with its thread; the operators read what they can type."""

import pytest
from deployment import Deployment, said

CONSOLE = "arn:aws:sts::222233334444:assumed-role/Admin/kate"


@pytest.fixture
def waiting(stack, slack, ledger):
    slack.settings(limits=False)
    preview = Deployment(stack, slack, ledger, "web-prod/preview")
    preview.start_in_console()
    preview.card(button="Approve")
    yield preview
    slack.channel(preview.channel, archived=False)


class TestWhatVanished:
    stack_arguments = {"speed": 1000.0}

    def decide(self, waiting):
        waiting.stack.aws_control("decide", token=waiting.token(), status="Rejected", by=CONSOLE)

    def test_a_card_that_was_deleted_comes_again_and_its_thread_goes_on(self, waiting, slack):
        gone = waiting.card()["ts"]
        slack.channel(waiting.channel, without=gone)
        self.decide(waiting)
        card = waiting.card("rejected", timeout=20)
        assert card["ts"] != gone
        waiting.entry("pipeline.finished")
        waiting.stack.wait("the end in its thread", waiting.lines)
        assert len(waiting.cards()) == 1

    def test_a_card_whose_channel_was_archived_goes_on_before_the_operators(self, waiting, slack):
        slack.channel(waiting.channel, archived=True)
        self.decide(waiting)
        card = slack.wait("mika", "#ringi-ops", rf"execution `{waiting.execution[:8]}`.*rejected", timeout=20)
        assert "This belongs in" in said(card) and "is_archived" in said(card)
        slack.wait("mika", "#ringi-ops", "", thread_ts=card["ts"], timeout=20)

    def test_the_operators_are_told_what_was_given_up_in_words_that_can_be_copied(self, waiting, slack):
        waiting.stack.aws_control("fault", kind="denied", operation="GetPipelineExecution", times=1)
        self.decide(waiting)
        slack.wait("mika", "#ringi-ops", "Given up: .*`ringi jobs list` shows", timeout=20)
