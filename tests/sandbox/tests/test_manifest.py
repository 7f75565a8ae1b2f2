"""The app manifest that people install is the app that the sandbox plays."""

import json
from pathlib import Path

from sandbox.slack_workspace import BOT_SCOPES

MANIFEST = json.loads((Path(__file__).resolve().parents[3] / "deploy/slack/manifest.json").read_text())


def test_the_manifest_asks_for_the_scopes_that_every_test_runs_with_and_no_more():
    assert MANIFEST["oauth_config"]["scopes"]["bot"] == sorted(BOT_SCOPES)


def test_the_manifest_keeps_slacks_limits():
    assert len(MANIFEST["display_information"]["name"]) <= 35
    assert len(MANIFEST["display_information"]["description"]) <= 140
    for command in MANIFEST["features"]["slash_commands"]:
        assert 2 <= len(command["command"]) <= 32 and command["command"].startswith("/")
        assert len(command["description"]) <= 2000 and len(command["usage_hint"]) <= 1000


def test_every_address_of_the_manifest_is_one_that_ringi_answers():
    settings = MANIFEST["settings"]
    urls = {command["url"] for command in MANIFEST["features"]["slash_commands"]}
    urls |= {settings["event_subscriptions"]["request_url"], settings["interactivity"]["request_url"]}
    assert urls == {f"https://chatops.example.com/slack/{path}" for path in ("commands", "events", "interactions")}


def test_commands_arrive_escaped_as_the_sandbox_sends_them():
    """Without it `@taro` is a word that anybody may mean; with it Slack says who that is."""
    assert all(command["should_escape"] for command in MANIFEST["features"]["slash_commands"])


def test_people_can_be_written_to_and_use_commands_there():
    """Otherwise Slack refuses direct messages with messages_tab_disabled."""
    home = MANIFEST["features"]["app_home"]
    assert home["messages_tab_enabled"] and not home["messages_tab_read_only_enabled"]


def test_every_event_that_the_sandbox_sends_is_subscribed():
    assert {"app_mention", "subteam_members_changed"} <= set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])
