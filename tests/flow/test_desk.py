"""/ringi and the asking words of /deploy: what each person is told, and what the next one is not."""

import re

import pytest
from deployment import Deployment, said

HERE = {"taro": "#web-deploys", "hanako": "#web-deploys", "ken": "#deploys", "mika": "#ringi-ops",
        "gus": "#web-deploys", "sam": "#partners"}


@pytest.fixture(scope="class")
def ask(slack):
    """ask(user, text): what is answered to nobody but `user`."""
    def answer(user, text, channel=None, expect=""):
        channel = channel or HERE[user]
        newest = max((m["ts"] for m in slack.messages(user, channel)), default="0")
        ack = slack.type(user, channel, text)
        assert ack["status"] == 200
        message = slack.wait(user, channel, r"\A(?!On it)(?s:.*)" + expect, after=newest, private=True)
        return said(message).replace("\\n", "\n")
    return answer


class TestHelp:
    def test_a_developer_is_offered_what_a_developer_may(self, ask):
        text = ask("taro", "/ringi help")
        for word in ("/deploy start TARGET", "/deploy list", "Approve, Reject", "/ringi audit", "/ringi why"):
            assert word in text

    def test_an_auditor_is_not_offered_starts_and_approvals(self, ask):
        text = ask("mika", "/ringi help")
        assert "/ringi audit" in text and "/deploy start" not in text and "Approve" not in text

    def test_whoever_may_only_read_is_offered_neither(self, ask):
        text = ask("ken", "/ringi help")
        assert "/deploy status" in text
        assert not any(word in text for word in ("/ringi audit", "/deploy start", "Approve"))

    def test_a_guest_is_offered_nothing(self, ask):
        assert "full members" in ask("gus", "/ringi help") and "/deploy" not in ask("gus", "/ringi help")

    @pytest.mark.parametrize("text", ["/ringi", "/deploy help", "/ringi deploy help", "/ringi  Help  "])
    def test_other_ways_to_ask_for_it(self, ask, text):
        assert "/deploy list" in ask("taro", text)


class TestWho:
    def test_whoami(self, ask):
        text = ask("taro", "/ringi whoami")
        assert "U0TARO0001" in text and "a full member" in text
        assert re.search(r"web-prod .*PRODUCTION.*: start, approve, read", text)
        assert re.search(r"pay-prod .*: start, read", text)

    def test_whoami_of_a_guest(self, ask):
        text = ask("gus", "/ringi whoami")
        assert "not a full member" in text and "start" not in text

    WHY = {
        "may": ("taro", "web-stg/web start", "You may.*environments.staging.start"),
        "start is meant where no action is said": ("taro", "web-stg/web", "You may start"),
        "may not": ("ken", "web-prod/web start", "You cannot start.*@web-developers"),
        "no such account": ("taro", "web-prd/web start", "no account.*web-prod"),
        "no such action": ("taro", "web-prod/web strat", "start"),
        "usage": ("taro", "", "Usage: .*/ringi why TARGET"),
        "four eyes": ("hanako", "web-prod/web approve", "You may approve.*four_eyes.*nobody approves what they started"),
        "a bare pipeline": ("taro", "pay start", r"You may start \*pay\* in pay-prod"),
        "a bare pipeline that stands twice": ("taro", "web", "There are several: .*web-prod/web@.*web-stg/web@"),
    }

    @pytest.mark.parametrize("user, words, told", WHY.values(), ids=WHY)
    def test_why(self, ask, user, words, told):
        assert re.search(told, ask(user, f"/ringi why {words}"), re.S)

    def test_who_names_people_and_groups(self, ask):
        text = ask("taro", "/ringi who web-prod/web approve")
        assert all(who in text for who in ("U0HANAKO01", "U0TARO0001", "@web-leads", "@release-managers"))
        assert "U0KEN00001" not in text

    def test_who_needs_its_words(self, ask):
        assert "Usage: `/ringi who TARGET start|read|approve`" in ask("taro", "/ringi who web-prod/web")
        assert "/ringi who" in ask("taro", "/ringi who web-prod/web aprove")

    def test_who_takes_a_bare_pipeline(self, ask):
        assert re.search(r"\*start\* of \*pay\* in pay-prod", ask("ken", "/ringi who pay start"))

    def test_a_changed_group_is_seen_at_once(self, ask, slack):
        slack.group("web-leads", ["ken"])
        try:
            text = ask("taro", "/ringi who web-prod/web approve", expect="U0KEN00001")
            assert "U0TARO0001" not in text
        finally:
            slack.group("web-leads", ["taro"])


class TestUnknown:
    NEAREST = {"/ringi stauts": "/ringi status", "/ringi whoiam": "/ringi whoami", "/deploy pendin": "/deploy pending",
               "/deploy lst": "/deploy list", "/ringi deploy pendin": "pending", "/ringi audti": "/ringi audit"}

    @pytest.mark.parametrize("typed, meant", NEAREST.items(), ids=NEAREST)
    def test_the_nearest_known_word_and_a_usage_line(self, ask, typed, meant):
        text = ask("taro", typed)
        assert re.search(f"Did you mean .*{meant}", text) and "Usage: " in text

    LATER = ["/deploy stop web-stg/web no reason", "/deploy retry web-stg/web", "/deploy rollback web-stg/web",
             "/deploy freeze production 2h because", "/deploy freezes", "/deploy history web-stg/web", "/ringi mutes",
             "/ringi mute x 1h why", "/aws ec2 describe-instances", "/ringi aws accounts"]

    @pytest.mark.parametrize("typed", LATER)
    def test_what_comes_later_says_so(self, ask, typed):
        assert "not in this version" in ask("taro", typed)

    def test_hostile_words_come_back_as_text(self, ask, slack):
        text = ask("taro", "/ringi <!channel> *bold* `code` <https://evil.example|click>")
        assert "<!channel>" not in text and "<https://evil.example" not in text

    def test_keyboards_of_phones_are_understood(self, ask):
        assert "web-prod/web" in ask("taro", "/deploy\u3000list".replace("\u3000", " ") + "\u3000prod")


class TestExternalChannel:
    @pytest.mark.parametrize("user", ["taro", "sam"])
    @pytest.mark.parametrize("text", ["/ringi whoami", "/deploy start web-stg/web", "/deploy list"])
    def test_a_shared_channel_gets_a_private_no(self, ask, stack, user, text):
        assert "external_channels" in ask(user, text, "#partners")
        assert stack.aws_state()["executions"] == []

    def test_a_mention_there_is_not_answered_openly(self, slack):
        slack.type("taro", "#partners", "@ringi deploy start web-stg/web")
        slack.wait("taro", "#partners", "external_channels")
        assert not [m for m in slack.messages("sam", "#partners") if m.get("bot_id") and not m["only_for"]]


class TestWithADeployment:
    """One waiting approval; then it is decided."""

    @pytest.fixture(scope="class")
    def web(self, stack, slack, ledger):
        web = Deployment(stack, slack, ledger)
        web.start()
        web.card(button="Approve")
        return web

    def test_deploy_says_what_waits_for_me_and_what_i_can_start(self, ask, web):
        waits, starts = ask("hanako", "/deploy").split("What you can start")
        assert "*web* in web-prod" in waits and "web-prod" not in starts
        assert "Nothing waits for you" in ask("ken", "/deploy")
        assert "web-stg/web" in ask("taro", "/deploy").split("What you can start")[1]

    def test_why_names_what_four_eyes_would_refuse(self, ask, web):
        text = ask("taro", "/ringi why web-prod/web approve")
        assert f"you cannot approve `{web.execution[:8]}`" in text and "You may reject it" in text
        assert "you cannot approve" not in ask("hanako", "/ringi why web-prod/web approve")

    def test_pending(self, ask, web):
        text = ask("ken", "/deploy pending")
        assert "*web* in web-prod" in text and "pay-prod" not in text

    def test_list_takes_words(self, ask, web):
        assert all(name in ask("ken", "/deploy list") for name in ("web-prod/web", "web-stg/web", "pay-prod/pay"))
        text = ask("ken", "/deploy list pay")
        assert "pay-prod/pay" in text and "web-stg" not in text

    def test_status(self, ask, web):
        text = ask("ken", "/deploy status web-prod/web")
        assert web.execution[:8] in text and "Fix cart rounding" in text and "card" in text

    def test_a_bare_name_works_where_it_is_unique(self, ask, web):
        assert web.execution[:8] not in ask("ken", "/deploy status pay")
        text = ask("ken", "/deploy status web")
        assert "web-prod/web" in text and "web-stg/web" in text  # two: the choices are named

    def test_ringi_status_counts_it(self, ask, web):
        text = ask("mika", "/ringi status")
        assert "followed: 1" in text and "open: 1" in text and "0 failed for good" in text

    def test_audit_for_whoever_may(self, ask, web):
        text = ask("mika", "/ringi audit")
        assert "pipeline.started" in text and "approval.requested" in text and "U0TARO0001" in text

    def test_audit_for_nobody_else(self, ask, web, ledger):
        assert "You cannot read the ledger" in ask("ken", "/ringi audit")
        web.stack.wait("the refusal", lambda: ledger.entries("access.denied"))
        assert ledger.entries("access.denied")[-1]["actor"]["user"] == "U0KEN00001"

    FILTERS = {"a kind": ("approval", "approval.requested", "pipeline.started"),
               "a person by mention": ("@taro", "pipeline.started", "topic.confirmed"),
               "a person by name": ("taro", "pipeline.started", "topic.confirmed"),
               "an account": ("222233334444", "pipeline.started", "topic.confirmed"),
               "a pipeline's account by name": ("web-prod", "pipeline.started", "topic.confirmed"),
               "an hour": ("since:1h topic", "topic.confirmed", "pipeline.started")}

    @pytest.mark.parametrize("words, found, other", FILTERS.values(), ids=FILTERS)
    def test_audit_filters(self, ask, web, words, found, other):
        text = ask("mika", f"/ringi audit {words}")
        assert found in text and other not in text

    def test_when_it_is_decided_nothing_waits(self, ask, web):
        web.approve()
        web.ends()
        web.entry("pipeline.finished")
        assert "web-prod" not in ask("ken", "/deploy pending")
        assert "U0HANAKO01" in ask("mika", "/ringi audit approval")

    def test_the_button_in_the_list_decides_like_the_card_s(self, ask, slack, web):
        web.start()
        token = web.token()
        web.card(button="Approve")
        own = ask("taro", "/deploy")
        assert "you started it" in own and "Approve ManualApproval" not in own
        waits = ask("hanako", "/deploy")
        assert "Approve ManualApproval" in waits
        slack.click("hanako", web.channel, label="Approve ManualApproval", text="What you can start")
        web.ends()
        assert web.entry("approval.decided")["actor"]["user"] == "U0HANAKO01"
        web.entry("approval.applied")
        assert [p["effective"] for p in web.puts(token)] == [True]
        assert slack.counters()["calls"].get("chat.delete", 0) == 0, "an ephemeral message is no copy of the card"
