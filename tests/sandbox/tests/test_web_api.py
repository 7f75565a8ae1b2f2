import json

import pytest

from web_api import send

WEB, RANDOM, ARCHIVED, PRIVATE = "C0WEBDEPL1", "C0RANDOM01", "C0ARCHIVED", "C0PRIVATE1"

REFUSED_POSTS = {
    "unknown channel": ({"channel": "C0NOWHERE1", "text": "x"}, "channel_not_found"),
    "private channel without the app": ({"channel": PRIVATE, "text": "x"}, "channel_not_found"),
    "channel without the app": ({"channel": RANDOM, "text": "x"}, "not_in_channel"),
    "archived channel": ({"channel": ARCHIVED, "text": "x"}, "is_archived"),
    "nothing to say": ({"channel": WEB, "text": ""}, "no_text"),
    "blocks that are no list": ({"channel": WEB, "blocks": {"type": "divider"}}, "invalid_blocks_format"),
    "blocks that are wrong": ({"channel": WEB, "blocks": [{"type": "section"}]}, "invalid_blocks"),
    "101 attachments": ({"channel": WEB, "attachments": [{}] * 101}, "too_many_attachments"),
    "markdown beside text": ({"channel": WEB, "text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
    "no channel": ({"text": "x"}, "invalid_arguments"),
    "numeric thread": ({"channel": WEB, "text": "x", "thread_ts": 1.5}, "invalid_arguments"),
    "unknown thread": ({"channel": WEB, "text": "x", "thread_ts": "1.000001"}, "cannot_reply_to_message"),
    "a person who left": ({"channel": "U0GONE0001", "text": "x"}, "channel_not_found"),
}


@pytest.mark.parametrize("name", REFUSED_POSTS)
def test_post_is_refused_with_slacks_own_error(stage, name):
    args, error = REFUSED_POSTS[name]
    answer = stage.api("chat.postMessage", **args)
    assert (answer["ok"], answer["error"]) == (False, error)


def test_the_token_is_judged_before_the_method_runs(stage):
    body = json.dumps({"channel": WEB, "text": "x", "token": "xoxb-test"})
    assert stage.api.call("chat.postMessage", body, "application/json", None)[1]["error"] == "not_authed"
    assert stage.api.call("chat.postMessage", body, "application/json", "no")[1]["error"] == "invalid_auth"
    assert stage.api.call("chat.postMessage", "token=xoxb-test&channel=" + WEB + "&text=x",
                          "application/x-www-form-urlencoded", None)[1]["ok"]
    assert stage.api.call("chat.postMessage?token=xoxb-test", body, "application/json",
                          None)[1]["error"] == "not_authed"


def test_bodies_are_read_strictly(stage):
    call = stage.api.call
    assert call("chat.postMessage", "{", "application/json")[1]["error"] == "invalid_json"
    assert call("chat.postMessage", "[]", "application/json")[1]["error"] == "json_not_object"
    assert call("chat.postMessage", "x", "application/xml")[1]["error"] == "invalid_post_type"
    assert call("chat.nothing", "{}", "application/json")[1]["error"] == "unknown_method"


def test_methods_that_read_take_forms_only(stage):
    assert stage.api("users.info", user="U0TARO0001")["error"] == "user_not_found"
    assert stage.api.form("users.info", user="U0TARO0001")["user"]["name"] == "taro"
    assert stage.api.form("users.info", user="U0GUEST001")["user"]["is_restricted"]
    assert stage.api.form("users.info", user="U0STRANGER")["user"]["is_stranger"]
    assert stage.api.form("users.info", user="U0GONE0001")["user"]["deleted"]


def test_missing_scope_says_which(stage):
    scopes = stage.slack.workspace.scopes
    stage.people.settings(scopes=["commands"])
    answer = stage.api("chat.postMessage", channel=WEB, text="x")
    stage.people.settings(scopes=scopes)
    assert answer == {"ok": False, "error": "missing_scope", "needed": "chat:write", "provided": "commands"}


def test_wrong_blocks_are_named_by_pointer_twice(stage):
    answer = stage.api("chat.postMessage", channel=WEB, blocks=[
        {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}])
    problem = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert answer["errors"] == [problem]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {problem}"]


def test_a_message_is_stored_with_block_ids_and_a_growing_ts(stage):
    first = stage.api("chat.postMessage", channel=WEB, text="x", blocks=[
        {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}])
    second = stage.api("chat.postMessage", channel=WEB, text="y")
    assert len(first["message"]["blocks"][0]["block_id"]) == 5
    assert first["ts"] < second["ts"] and len(first["ts"].split(".")[1]) == 6


def test_long_text_is_cut_on_posting_and_refused_on_updating(stage):
    posted = stage.api("chat.postMessage", channel=WEB, text="x" * 40_001)
    assert posted["warning"] == "message_truncated" and len(posted["message"]["text"]) == 40_000
    assert stage.api("chat.update", channel=WEB, ts=posted["ts"], text="x" * 4001)["error"] == "msg_too_long"


def test_update_follows_slacks_rules_for_absent_and_empty_fields(stage):
    block = {"type": "divider"}
    ts = stage.api("chat.postMessage", channel=WEB, text="x", blocks=[block],
                   attachments=[{"text": "a"}])["ts"]
    kept = stage.api("chat.update", channel=WEB, ts=ts, attachments=[{"text": "b"}])["message"]
    assert kept["blocks"] and kept["attachments"][0]["text"] == "b"
    bare = stage.api("chat.update", channel=WEB, ts=ts, text="only text")["message"]
    assert "blocks" not in bare and bare["attachments"]
    assert "attachments" not in stage.api("chat.update", channel=WEB, ts=ts, attachments=[])["message"]
    assert stage.api("chat.update", channel=WEB, ts=ts)["error"] == "no_text"


def test_only_the_apps_own_public_messages_can_be_changed(stage):
    stage.people.type("taro", "#web-deploys", "mine")
    theirs = stage.people.messages("taro", WEB)[-1]["ts"]
    private = stage.api("chat.postEphemeral", channel=WEB, user="U0TARO0001", text="x")["message_ts"]
    assert stage.api("chat.update", channel=WEB, ts=theirs, text="x")["error"] == "cant_update_message"
    assert stage.api("chat.delete", channel=WEB, ts=theirs)["error"] == "cant_delete_message"
    assert stage.api("chat.update", channel=WEB, ts=private, text="x")["error"] == "message_not_found"


def test_a_private_message_is_seen_by_one_member_alone(stage):
    stage.api("chat.postEphemeral", channel=WEB, user="U0TARO0001", text="psst")
    assert [m["text"] for m in stage.people.messages("taro", WEB)] == ["psst"]
    assert stage.people.messages("hanako", WEB) == []
    refused = stage.api("chat.postEphemeral", channel="C0DEPLOYS1", user="U0GUEST001", text="x")
    assert refused["error"] == "user_not_in_channel"


def test_a_person_as_channel_is_the_direct_messages(stage):
    posted = stage.api("chat.postMessage", channel="U0TARO0001", text="to you")
    opened = stage.api("conversations.open", users="U0TARO0001")
    assert posted["channel"] == opened["channel"]["id"] == "D0TARO0001"
    assert stage.people.messages("taro", "dm")[0]["text"] == "to you"


def test_an_administrator_deletes_a_message_archives_and_shares_a_channel(stage):
    ts = stage.api("chat.postMessage", channel=WEB, text="x")["ts"]
    stage.people.channel("#web-deploys", archived=True, shared=True)
    assert stage.api("chat.update", channel=WEB, ts=ts, text="y")["error"] == "is_inactive"
    assert stage.api("chat.postMessage", channel=WEB, text="y")["error"] == "is_archived"
    assert stage.api.form("conversations.info", channel=WEB)["channel"]["is_ext_shared"]
    stage.people.channel("#web-deploys", archived=False, shared=False)
    stage.people.channel("#web-deploys", without=ts)
    assert stage.api("chat.update", channel=WEB, ts=ts, text="y")["error"] == "message_not_found"


def test_permalinks_name_channel_and_thread(stage):
    parent = stage.api("chat.postMessage", channel=WEB, text="x")["ts"]
    reply = stage.api("chat.postMessage", channel=WEB, text="y", thread_ts=parent)["ts"]
    link = stage.api.form("chat.getPermalink", channel=WEB, message_ts=parent)["permalink"]
    assert link == f"https://acme.slack.com/archives/{WEB}/p{parent.replace('.', '')}"
    assert f"thread_ts={parent}" in stage.api.form("chat.getPermalink", channel=WEB, message_ts=reply)["permalink"]


def test_user_groups_and_channels_are_listed(stage):
    groups = stage.api.form("usergroups.list")["usergroups"]
    assert {g["handle"] for g in groups} == {"web-developers", "web-leads", "release-managers"}
    assert stage.api.form("usergroups.users.list", usergroup="S0RELMGRS1")["users"] == ["U0HANAKO01"]
    assert stage.api.form("usergroups.users.list", usergroup="S0NO")["error"] == "no_such_subteam"
    page = stage.api.form("conversations.list", limit=3, exclude_archived="true")
    rest = stage.api.form("conversations.list", limit=100, exclude_archived="true",
                          cursor=page["response_metadata"]["next_cursor"])
    names = [c["name"] for c in page["channels"] + rest["channels"]]
    assert len(page["channels"]) == 3 and "partners" in names
    assert "old-deploys" not in names and "release-room" not in names
    assert rest["response_metadata"]["next_cursor"] == ""
    assert stage.api.form("conversations.info", channel="C0PARTNERS")["channel"]["is_ext_shared"]


def test_more_than_the_burst_in_one_channel_is_429(stage):
    stage.people.settings(limits=True)
    url, headers = f"{stage.url}/api/chat.postMessage", {"Authorization": "Bearer xoxb-test",
                                                         "Content-Type": "application/json"}
    body = json.dumps({"channel": WEB, "text": "x"}).encode()
    answers = [send(url, body, headers) for _ in range(5)]
    assert [status for status, *_ in answers] == [200] * 4 + [429]
    assert answers[-1][1] == {"ok": False, "error": "ratelimited"}
    assert answers[-1][2]["Retry-After"] == "1"
    assert stage.api("chat.postMessage", channel="C0DEPLOYS1", text="x")["ok"]


def test_equal_posts_are_counted(stage):
    for _ in range(2):
        stage.api("chat.postMessage", channel=WEB, text="ringi #1")
    assert stage.people.counters()["duplicate_posts"] == [{"channel": WEB, "text": "ringi #1", "count": 2}]


def test_a_tier_is_counted_by_method_and_says_how_long_to_wait(stage):
    stage.people.settings(tiers=True)
    url, headers = f"{stage.url}/api/usergroups.list", {"Authorization": "Bearer xoxb-test"}
    answers = [send(url, b"", headers) for _ in range(21)]
    assert [status for status, *_ in answers].count(429) == 1 and answers[-1][0] == 429
    assert int(answers[-1][2]["Retry-After"]) >= 1
    assert stage.api.form("usergroups.users.list", usergroup="S0RELMGRS1")["ok"]


def test_a_list_may_give_fewer_than_were_asked_for(stage):
    whole = stage.api.form("conversations.list", limit=1000)["channels"]
    stage.people.settings(page=2)
    found, cursor = [], ""
    try:
        while True:
            page = stage.api.form("conversations.list", limit=1000, **({"cursor": cursor} if cursor else {}))
            assert 1 <= len(page["channels"]) <= 2
            found += page["channels"]
            if not (cursor := page["response_metadata"]["next_cursor"]):
                break
    finally:
        stage.people.settings(page=1000)
    assert found == whole and len(whole) > 4
