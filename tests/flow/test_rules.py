"""What the configuration changes about a deployment: comments, cards, exceptions, channels shared with others."""

import pytest
from deployment import ACCOUNTS, Deployment, said
from wire import FORM, click

AT_ONCE = {"speed": 1000.0}
PRODUCTION = 'approval = { quorum = 1, four_eyes = ["starter"], comment = "reject" }\ncards = "all"'


@pytest.fixture(scope="class")
def stack(make_stack, request):
    """A class says `changes`: what stands in the usual configuration, and what instead."""
    stack = make_stack(start=False, **AT_ONCE)
    text = stack.config.read_text()
    for old, new in request.cls.changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    stack.config.write_text(text)
    return stack.start()


@pytest.fixture
def deployment(stack, slack, ledger):
    slack.settings(limits=False)

    def of(target="web-prod/preview"):
        return Deployment(stack, slack, ledger, target)
    return of


class TestCommentAlways:
    changes = [('comment = "reject"', 'comment = "always"')]

    def test_an_approval_needs_its_reason_too_and_shows_it(self, deployment):
        one = deployment()
        one.start_in_console()
        token, card = one.token(), one.card(button="Approve")
        one.slack.click("hanako", one.channel, label="Approve", ts=card["ts"])
        one.slack.wait_view("hanako", "approval.approve", text=r"Approve .*\*preview\* to \*PRODUCTION\*, web-prod")
        assert "reason" in one.slack.submit("hanako", {"reason": ""})
        assert "reason" in one.slack.submit("hanako", {"reason": "   "})
        assert one.puts(token) == [] and one.entries("approval.decided") == []
        assert one.slack.submit("hanako", {"reason": "checked on staging"}) == {}
        one.ends()
        decided = one.entry("approval.decided")
        assert (decided["decision"], decided["reason"]) == ("approved", "checked on staging")
        one.card(r"approved.*<@U0HANAKO01>.*checked on staging", no_button="Approve")
        [put] = one.puts(token)
        assert put["effective"] and "checked on staging" in put["summary"]


class TestDeny:
    changes = [("[[policy]]", """\
[[policy]]
id = "taro is away"
effect = "deny"
actions = ["start"]
who = ["U0TARO0001"]
[[policy]]
id = "no approvals by hanako for web"
effect = "deny"
actions = ["approve"]
who = ["U0HANAKO01"]
[[policy]]""")]

    def test_a_command_is_refused_although_another_rule_allows_it(self, deployment):
        one = deployment()
        one.slack.type("taro", one.channel, "/deploy start web-prod/preview")
        refusal = one.told("taro", "You cannot start web-prod/preview")
        assert refusal["only_for"] == "U0TARO0001" and "taro is away" in said(refusal)
        [denied] = one.ledger.entries("access.denied")
        assert denied["because"] == ["taro is away"] and denied["details"]["wanted"] == "start"
        assert one.executions() == []

    def test_a_click_is_refused_as_well(self, deployment):
        one = deployment()
        one.start_in_console()
        token = one.token()
        one.approve(by="hanako")
        refusal = one.told("hanako", "You cannot approve web-prod/preview")
        assert refusal["only_for"] == "U0HANAKO01" and "no approvals by hanako for web" in said(refusal)
        assert one.entry("access.denied")["because"] == ["no approvals by hanako for web"]
        assert one.puts(token) == [] and one.entries("approval.decided") == []
        one.approve(by="taro")
        one.ends()
        assert [put["effective"] for put in one.puts(token)] == [True]


def stage(name, **action):
    return {"name": name, "actions": [{"name": name, **action}]}


class Cards:
    """What runs is known to ringi by its events; which of it gets a card is a rule of its environment."""

    @pytest.fixture(scope="class", autouse=True)
    def pipelines(self, stack):
        source = stage("Source", category="Source", provider="CodeCommit")
        for name, fails in (("fine", False), ("broken", True)):
            stack.aws_control("pipeline", name=name, account=ACCOUNTS["web-prod"], mode="PARALLEL",
                              stages=[source, stage("Build", fails=fails)])

    def runs_in_console(self, deployment, name, status):
        one = deployment(f"web-prod/{name}")
        one.start_in_console()
        one.ends(status)
        return one

    def has_none(self, one):
        """Once ringi has looked at all that it was told."""
        one.stack.wait("the events", lambda: one.stack.aws_state()["delivering"] == 0)
        one.stack.wait("the end of all jobs", lambda: one.stack.open_jobs() == [])
        assert one.cards() == [] and one.entries() == []

    def test_an_approval_that_waits_has_one(self, deployment):
        one = deployment()
        one.start_in_console()
        one.approve()
        one.ends()
        one.entry("pipeline.finished")

    def test_what_is_started_in_ringi_has_one(self, deployment):
        one = deployment("web-prod/fine")
        one.start()
        one.ends()
        one.card("done")
        one.entry("pipeline.finished")

    def test_what_went_well_elsewhere_has_none(self, deployment):
        self.has_none(self.runs_in_console(deployment, "fine", "Succeeded"))


class TestCardsForFailures(Cards):
    changes = [(PRODUCTION, PRODUCTION.replace('"all"', '"failures"'))]

    def test_a_failure_has_one(self, deployment):
        one = self.runs_in_console(deployment, "broken", "Failed")
        one.card("failed")
        one.entry("pipeline.finished")


class TestCardsForApprovals(Cards):
    changes = [(PRODUCTION, PRODUCTION.replace('"all"', '"approvals"'))]

    def test_a_failure_has_none(self, deployment):
        self.has_none(self.runs_in_console(deployment, "broken", "Failed"))


PAY = 'channel = "#deploys"\nrole = "ringi"'


class TestSharedChannel:
    """#partners is shared with another company."""

    changes = [(PAY, PAY.replace("#deploys", "#partners"))]

    def test_nothing_is_posted_there_and_operators_see_the_card(self, deployment):
        one = deployment("pay-prod/pay")
        one.start_in_console()
        card = one.slack.wait("mika", "#ringi-ops", rf"execution `{one.execution[:8]}`", button="Approve")
        one.slack.click("hanako", "#ringi-ops", label="Approve", ts=card["ts"])
        one.ends()
        one.entry("pipeline.finished")
        one.stack.wait("the end of all jobs", lambda: one.stack.open_jobs() == [])
        assert one.slack.messages("sam", "#partners") == []

    def test_a_click_from_there_is_answered_privately_and_does_nothing(self, deployment):
        one = deployment("pay-prod/pay")
        one.start_in_console()
        token = one.token()
        card = one.slack.wait("mika", "#ringi-ops", rf"execution `{one.execution[:8]}`", button="Approve")
        blocks = [b for part in [card, *card.get("attachments", [])] for b in part.get("blocks", [])]
        value = next(e["value"] for b in blocks if b["type"] == "actions" for e in b["elements"]
                     if e["action_id"].startswith("approval.approve"))
        forged = click(user={"id": "U0HANAKO01", "username": "hanako", "team_id": "T0ACME0001"},
                       channel={"id": "C0PARTNERS"},
                       actions=[{"action_id": "approval.approve", "type": "button", "value": value}])
        assert one.slack.raw("/slack/interactions", forged.decode(), FORM)["status"] == 200
        answer = one.slack.wait("hanako", "dm", "external_channels")
        assert "nothing was done" in said(answer) and one.puts(token) == []
        assert one.entries("approval.decided") == [] and one.slack.messages("sam", "#partners") == []


class TestSharedChannelThatIsNamed:
    changes = [(PAY, PAY.replace("#deploys", "#partners")),
               ('channel = "#deploys"\n\n[people]', 'channel = "#deploys"\nexternal_channels = ["C0PARTNERS"]\n\n[people]')]

    def test_the_card_stands_there(self, deployment):
        one = deployment("pay-prod/pay")
        one.start_in_console()
        card = one.slack.wait("hanako", "#partners", rf"execution `{one.execution[:8]}`", button="Approve")
        one.slack.click("hanako", "#partners", label="Approve", ts=card["ts"])
        one.ends()
