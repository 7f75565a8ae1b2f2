"""Slack and AWS answer in pages of two: everything is found although it stands on a later page."""

import re

import pytest
from deployment import ACCOUNTS, Deployment, said
from sandbox.client import SlackSandbox

PAGE = 2


@pytest.fixture(scope="class")
def stack(make_stack):
    stack = make_stack(start=False, speed=1000.0)
    stack.start_sandbox()
    SlackSandbox(stack.slack).settings(page=PAGE, limits=False)
    stack.aws_control("settings", page=PAGE)
    stack.start_ringi()
    stack.subscribe()
    return stack


class TestPages:
    @pytest.fixture(scope="class")
    def web(self, stack, slack, ledger):
        return Deployment(stack, slack, ledger)

    def test_channels_of_every_page_are_known(self, stack, slack):
        """Their names are looked up at the first start: an unknown one would be told."""
        assert slack.counters()["calls"]["conversations.list"] > 1
        assert "cannot be resolved" not in stack.log_tail(10_000)

    def test_pipelines_of_every_page_are_listed(self, stack, slack):
        for name in ("aaa", "zzz"):
            source = {"name": "Source", "category": "Source", "provider": "CodeCommit"}
            stack.aws_control("pipeline", name=name, account=ACCOUNTS["web-prod"],
                              stages=[{"name": "Source", "actions": [source]}])
        slack.type("taro", "#web-deploys", "/deploy list web-prod")
        listed = said(slack.wait("taro", "#web-deploys", "web-prod/aaa"))
        assert re.findall(r"web-prod/(\w+)", listed) == ["aaa", "batch", "preview", "web", "zzz"]

    def test_a_card_shows_the_actions_of_every_page(self, web):
        """Four actions on two pages, the source and what it brought on the last one."""
        web.start_in_console()
        shown = said(web.card(button="Approve"))
        assert "Fix cart rounding" in shown
        assert [line for line in ("Source", "Build", "Approve", "Deploy") if f"*{line}*" in shown] == \
            ["Source", "Build", "Approve", "Deploy"]
        web.approve()
        web.ends()
        web.entry("pipeline.finished")
        assert "done" in next(line for line in said(web.card("Deploy")).splitlines() if "*Deploy*" in line)

    def test_what_was_deployed_last_is_found_behind_executions_that_failed(self, web):
        for _ in range(3):
            web.start_in_console()
            web.card(button="Approve")
            web.reject("not this one")
            web.ends("Failed")
        web.start_in_console()
        web.slack.click("hanako", web.channel, label="What changed", ts=web.card(button="Approve")["ts"])
        assert web.slack.wait_view("hanako", "card.changes", text="Fix cart rounding.*last")
