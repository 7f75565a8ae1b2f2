"""response_url, events, faults and the page."""

import http.client
import json
import urllib.request

import pytest

from sandbox.client import SandboxError
from sandbox.slack_listener import ApiListener
from ports import free_port
from web_api import WebApi, send

WEB = "#web-deploys"
JSON = {"Content-Type": "application/json"}
BUTTON = {"type": "actions", "elements": [{"type": "button", "action_id": "go", "text": {
    "type": "plain_text", "text": "Go"}}]}


def say(url, **body):
    return send(url, json.dumps(body).encode(), JSON)[:2]


def command_url(stage):
    stage.people.type("taro", WEB, "/deploy")
    return stage.ringi.fields()["response_url"]


def test_response_url_works_five_times(stage):
    url = command_url(stage)
    assert [say(url, text=f"{n}")[0] for n in range(6)] == [200] * 5 + [404]
    assert [m["text"] for m in stage.people.messages("taro", WEB)] == ["0", "1", "2", "3", "4"]
    assert stage.people.messages("hanako", WEB) == []


def test_response_url_works_for_thirty_minutes(stage):
    url = command_url(stage)
    stage.people.settings(age_response_urls=30 * 60 + 1)
    assert say(url, text="late") == (404, {"ok": False, "error": "expired_url"})
    assert say(url + "x", text="nobody's")[0] == 404


def test_response_url_in_channel_is_seen_by_all(stage):
    assert say(command_url(stage), text="all", response_type="in_channel") == (200, "ok")
    assert stage.people.messages("hanako", WEB)[0]["text"] == "all"


def test_response_url_refuses_without_detail(stage):
    url = command_url(stage)
    assert say(url, blocks=[{"type": "no"}]) == (400, "invalid_blocks")
    assert say(url) == (400, "no_text")
    assert send(url, b"{", JSON)[:2] == (400, "invalid_payload")


def test_response_url_of_a_click_replaces_and_deletes_its_message(stage):
    stage.api("chat.postEphemeral", channel="C0WEBDEPL1", user="U0TARO0001", text="sure?", blocks=[BUTTON])
    stage.people.click("taro", WEB, action_id="go")
    url = stage.ringi.payload()["response_url"]
    assert stage.ringi.payload()["container"]["is_ephemeral"]
    say(url, replace_original=True, text="started")
    message = stage.people.messages("taro", WEB)[0]
    assert message["text"] == "started" and "blocks" not in message
    say(url, delete_original=True)
    assert stage.people.messages("taro", WEB) == []


def wait_for_requests(stage, count):
    return stage.run(stage.slack.feed.until(lambda: len(stage.slack.outgoing.acks) >= count, 5))


def test_a_mention_is_an_event(stage):
    stage.people.type("taro", WEB, "@ringi deploy list")
    assert wait_for_requests(stage, 1)
    body = json.loads(stage.ringi.got[0]["raw"])
    assert body["event"]["type"] == "app_mention" and body["event"]["text"] == "<@U0RINGIBOT> deploy list"
    assert (body["team_id"], body["api_app_id"]) == ("T0ACME0001", "A0RINGI001")
    assert "X-Slack-Retry-Num" not in stage.ringi.got[0]["headers"]


def test_a_failed_event_comes_three_times_more_with_the_same_id(stage):
    stage.people.settings(retry_compression=10_000)
    for _ in range(4):
        stage.ringi.answer(status=503)
    stage.people.type("taro", WEB, "@ringi help")
    assert wait_for_requests(stage, 4)
    assert [r["headers"].get("X-Slack-Retry-Num") for r in stage.ringi.got] == [None, "1", "2", "3"]
    assert len({json.loads(r["raw"])["event_id"] for r in stage.ringi.got}) == 1


def test_no_retry_is_honoured(stage):
    stage.people.settings(retry_compression=10_000)
    stage.ringi.answer(status=400, headers={"X-Slack-No-Retry": "1"})
    stage.people.type("taro", WEB, "@ringi help")
    stage.people.type("taro", WEB, "@ringi again")
    assert wait_for_requests(stage, 2)
    assert [r["headers"].get("X-Slack-Retry-Num") for r in stage.ringi.got] == [None, None]


def test_the_request_url_is_verified(stage):
    stage.ringi.answer(b"no echo")
    assert not stage.people.verify_url()
    stage.ringi.echo_challenge = True
    assert stage.people.verify_url()


def test_a_changed_group_is_told(stage):
    stage.people.group("@web-leads", ["taro", "ken"])
    assert wait_for_requests(stage, 1)
    event = json.loads(stage.ringi.got[0]["raw"])["event"]
    stage.people.group("@web-leads", ["taro"], quiet=True)
    assert event["type"] == "subteam_members_changed" and event["added_users"] == ["U0KEN00001"]


FAULTS = {"500": (500, None), "503": (503, None), "not_json": (200, None),
          "429": (429, "ratelimited"), "unknown_error": (200, "a_new_kind_of_trouble")}


@pytest.mark.parametrize("kind", FAULTS)
def test_slack_can_be_in_trouble_for_a_number_of_calls(stage, kind):
    status, error = FAULTS[kind]
    stage.people.fault(kind, target="chat.postMessage", calls=1)
    got, answer = stage.api.call("chat.postMessage", '{"channel":"C0WEBDEPL1","text":"x"}', "application/json")
    assert got == status and (error is None or answer["error"] == error)
    assert stage.api("chat.postMessage", channel="C0WEBDEPL1", text="x")["ok"]
    assert len(stage.people.messages("taro", WEB)) == 1


def test_an_api_of_its_own_address_can_refuse_connections_and_come_back(stage):
    port = free_port()
    listener = ApiListener(stage.slack.api_app, "127.0.0.1", port)
    api = WebApi(f"http://127.0.0.1:{port}", "xoxb-test")
    stage.run(listener.start())
    assert api("auth.test")["team_id"] == "T0ACME0001"
    stage.run(listener.refuse(60))
    with pytest.raises(OSError, match="refused"):
        api("auth.test")
    stage.run(away_and_back(listener))
    assert api("auth.test")["ok"]
    stage.run(listener.stop())


async def away_and_back(listener):
    await (await listener.refuse(0))


@pytest.mark.parametrize("kind, posted", [("reset", 0), ("lost", 1)])
def test_a_connection_can_break_before_or_after_the_work(stage, kind, posted):
    stage.people.fault(kind, target="chat.postMessage", calls=1)
    with pytest.raises(OSError):
        stage.api("chat.postMessage", channel="C0WEBDEPL1", text="x")
    assert len(stage.people.messages("taro", WEB)) == posted


def test_wait_returns_what_is_there_and_says_what_is_missing(stage):
    stage.api("chat.postMessage", channel="C0WEBDEPL1", text="card", blocks=[BUTTON])
    assert stage.people.wait("taro", WEB, "card", button="Go")["text"] == "card"
    with pytest.raises(SandboxError, match="no message like"):
        stage.people.wait("taro", WEB, "nothing such", timeout=0.05)


def test_the_page_loads_nothing_from_outside(stage):
    page = urllib.request.urlopen(stage.url + "/").read().decode()
    assert "http" not in page
    state = json.loads(urllib.request.urlopen(stage.url + "/page/state?as=U0STRANGER").read())
    assert [c["name"] for c in state["channels"]] == ["partners"]


def test_the_page_is_told_at_once_and_only_what_its_person_may_see(stage):
    with urllib.request.urlopen(stage.url + "/page/stream?as=U0TARO0001", timeout=5) as stream:
        assert stream.readline() == b": open\n"
        stage.api("chat.postEphemeral", channel="C0WEBDEPL1", user="U0HANAKO01", text="hers")
        stage.api("chat.postMessage", channel="C0PARTNERS", text="everyone's")
        lines = iter(stream.readline, b"")
        told = json.loads(next(line for line in lines if line.startswith(b"data: "))[6:])
    assert told["message"]["text"] == "everyone's"


def test_commands_work_in_the_direct_messages(stage):
    stage.ringi.answer({"text": "on it"})
    stage.people.type("mika", "dm", "/ringi whoami")
    assert stage.ringi.fields()["channel_name"] == "directmessage"
    assert stage.ringi.fields()["channel_id"] == "D0MIKA0001"
    assert stage.people.messages("mika", "dm")[0]["text"] == "on it"


def test_as_a_proxy_it_lets_nobody_out_and_notes_who_tried(stage):
    port = int(stage.url.rsplit(":", 1)[1])
    tunnel = http.client.HTTPSConnection("127.0.0.1", port, timeout=10)  # nothing is resolved: the proxy is asked
    tunnel.set_tunnel("slack.test", 443)
    with pytest.raises(OSError, match="403"):
        tunnel.request("GET", "/")
    assert stage.people.counters()["outside"] == ["slack.test:443"]
