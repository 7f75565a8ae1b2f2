"""Accounts that AWS Organizations lists: they appear, change and go while ringi runs, and no wall falls by a tag alone."""

import json
import signal

from deployment import said
from sandbox.aws_world import HUB
from sandbox.client import SlackSandbox

SHOP = "555566667777"


def look(stack):
    """ringi asks at once: it does so after each reload."""
    asked = stack.aws_state()["calls"].get("organizations.ListAccounts", 0)
    stack.ringi.send_signal(signal.SIGHUP)
    stack.wait("another listing", lambda: stack.aws_state()["calls"].get("organizations.ListAccounts", 0) > asked)


def operators_hear(slack, text, timeout=20, **more):
    return slack.wait("hanako", "#ringi-ops", text, timeout=timeout, **more)


def may(stack, account, action="start", user="U0TARO0001"):
    code, out, err = stack.cli("policy", "explain", "--user", user, "--action", action, "--target", f"{account}/shop")
    return code, out + err


def add_shop(stack, environment="stg", realm="nonproduction", **more):
    stack.aws_control("account", id=SHOP, name="shop", tags={"Team": "web", "Environment": environment}, realm=realm,
                      pipelines=["shop"], **more)


class TestNewAccount:
    stack_arguments = {"refresh": "10s"}

    def test_it_can_be_used_within_the_refresh_time_with_no_other_step(self, stack, slack, ledger):
        add_shop(stack)
        operators_hear(slack, r"New accounts: .*shop \(5555-6666-7777\), staging")
        slack.type("taro", "#web-deploys", "/deploy start shop/shop")
        slack.wait("taro", "#web-deploys", r"Starting \*shop\* in shop \(5555-6666-7777\)")
        stack.wait("an execution", lambda: [e for e in stack.aws_state()["executions"] if e["account"] == SHOP])
        card = slack.wait("taro", "#web-deploys", r"\*shop\*.*5555-6666-7777.*Deploy", timeout=15)
        assert "PRODUCTION" not in said(card), "its team's channel, and no production"
        [entry] = [e for e in ledger.entries("account.added") if e["target"]["account"] == SHOP]
        assert entry["target"]["account_name"] == "shop" and entry["target"]["environment"] == "staging"
        assert "actor" not in entry and "phase" not in entry

    def test_its_pages_are_read_to_the_end(self, stack, slack):
        for number in range(25):
            stack.aws_control("account", id=str(600000000000 + number), name=f"many-{number}",
                              tags={"a": "1", "b": "2", "Environment": "dev", "Team": "web"})
        stack.wait("all of them", lambda: 'ringi_accounts{state="unclassified"} 25' in stack.metrics(), 60)
        operators_hear(slack, r"ringi knows no environment of many-0 \(600000000000\), .*many-1[0-9]")
        slack.type("taro", "#web-deploys", "/ringi status")
        slack.wait("taro", "#web-deploys", r"Accounts: 29, 25 of them without an environment; AWS Organizations answered")

    def test_what_was_listed_once_is_known_to_the_command_line(self, stack):
        assert may(stack, "shop")[0] == 0
        assert may(stack, SHOP)[0] == 0


class TestMove:
    stack_arguments = {"refresh": "24h"}

    def test_out_of_production_it_waits_for_an_operator(self, stack, slack, ledger):
        add_shop(stack, "prod", "production")
        look(stack)
        operators_hear(slack, r"New accounts: .*shop")
        add_shop(stack, "stg", "production")
        look(stack)
        card = operators_hear(slack, r"move shop \(5555-6666-7777\) from \*PRODUCTION\* to staging", button="Move to staging")
        slack.type("taro", "#web-deploys", "/ringi why shop/shop start")
        slack.wait("taro", "#web-deploys", r"You may start .*shop \(5555-6666-7777\), \*PRODUCTION\*")

        slack.click("ken", "#ringi-ops", label="Move to staging", ts=card["ts"])
        refused = slack.wait("ken", "#ringi-ops", "You cannot move accounts", private=True)
        assert "no rule allows it" in said(refused) and "@release-managers" in said(refused)
        assert may(stack, "shop", "approve")[0] == 1, "still production: taro does not approve"

        slack.click("hanako", "#ringi-ops", label="Move to staging", ts=card["ts"])
        operators_hear(slack, r"shop \(5555-6666-7777\) was moved from \*PRODUCTION\* to staging by <@U0HANAKO01>",
                       no_button="Move to staging")
        stack.wait("it to be staging", lambda: may(stack, "shop", "approve")[0] == 0)
        [entry] = ledger.entries("account.changed")
        assert entry["actor"]["user"] == "U0HANAKO01" and entry["because"] == ["operators agree to moves of accounts"]
        assert entry["details"]["environment_before"] == "production" and entry["target"]["environment"] == "staging"
        [denied] = ledger.entries("access.denied")
        assert denied["details"]["wanted"] == "operate"

    def test_one_that_the_file_wants_waits_too_and_is_void_when_it_is_taken_back(self, stack, slack):
        text = stack.config.read_text()
        stack.config.write_text(text.replace('environment = "staging"\nrole', 'environment = "production"\nrole', 1))
        operators_hear(slack, r"move web-stg \(3333-4444-5555\) from staging to production", button="Move to production")
        assert may(stack, "web-stg", "approve")[0] == 0, "still staging"
        stack.config.write_text(text)
        operators_hear(slack, r"The move of web-stg \(3333-4444-5555\) to production waits no more",
                       no_button="Move to production")


def test_an_account_that_is_closed_or_excluded_is_gone(make_stack):
    stack = make_stack(refresh="24h")
    slack = SlackSandbox(stack.slack)
    for state in ("CLOSED", "SUSPENDED", "PENDING_ACTIVATION"):
        add_shop(stack, state=state)
        stack.aws_control("account", id="777777777777", name=f"beside-{state}".lower(), tags={"Environment": "stg"})
        look(stack)
        operators_hear(slack, f"beside-{state}".lower())
    assert not [m for m in slack.messages("hanako", "#ringi-ops") if "shop" in said(m)]
    add_shop(stack)
    look(stack)
    operators_hear(slack, r"New accounts: .*shop \(")
    for paths in (True, False):
        stack.aws_control("settings", paths=paths)
        add_shop(stack, units=["ou-acme-workloads1", "ou-acme-graveyard"])
        text = stack.config.read_text()
        stack.config.write_text(text.replace(f'exclude = ["{HUB}"]', f'exclude = ["{HUB}", "ou-acme-workloads1"]'))
        look(stack)
        seen = slack.wait("hanako", "#ringi-ops", r"Accounts that are gone: shop \(", timeout=20)
        slack.type("taro", "#web-deploys", "/deploy start shop/shop")
        slack.wait("taro", "#web-deploys", "There is no account `shop`")
        stack.config.write_text(text)
        look(stack)
        operators_hear(slack, r"New accounts: .*shop \(", after=seen["ts"])
        slack.reset()


def test_the_last_good_copy_counts_while_organizations_is_away(make_stack):
    stack = make_stack(refresh="24h")
    slack = SlackSandbox(stack.slack)
    add_shop(stack)
    look(stack)
    operators_hear(slack, "New accounts: .*shop")
    assert stack.stop_ringi() == 0
    stack.aws_control("fault", kind="denied", operation="ListAccounts")
    stack.start_ringi()
    operators_hear(slack, r"AWS Organizations could not be read: `AccessDeniedException`.*The accounts as of <!date")
    slack.type("taro", "#web-deploys", "/deploy start shop/shop")
    slack.wait("taro", "#web-deploys", r"Starting \*shop\* in shop")
    stack.aws_control("fault", clear=True)
    look(stack)
    operators_hear(slack, "AWS Organizations can be read again")


def test_a_name_that_two_accounts_bear_is_addressed_by_id(make_stack):
    stack = make_stack(refresh="24h")
    slack = SlackSandbox(stack.slack)
    add_shop(stack)
    stack.aws_control("account", id="666677778888", name="shop", tags={"Team": "web", "Environment": "stg"})
    look(stack)
    operators_hear(slack, "New accounts: .*shop .* shop")
    slack.type("taro", "#web-deploys", "/deploy start shop/shop")
    slack.wait("taro", "#web-deploys", "Several accounts are named `shop`: .*`555566667777` or `666677778888`")
    slack.type("taro", "#web-deploys", f"/deploy start {SHOP}/shop")
    slack.wait("taro", "#web-deploys", r"Starting \*shop\* in shop \(5555-6666-7777\)")


def test_what_tags_hold_formats_nothing(make_stack):
    stack = make_stack(refresh="24h")
    slack = SlackSandbox(stack.slack)
    stack.aws_control("account", id=SHOP, name="<!channel> *shop*",
                      tags={"Team": "<@U0TARO0001>", "Environment": "`x` <!here>", "SlackChannel": "<#C1>"})
    look(stack)
    heard = operators_hear(slack, "New accounts")
    assert "<!channel>" not in json.dumps(heard) and "<!here>" not in json.dumps(heard)
