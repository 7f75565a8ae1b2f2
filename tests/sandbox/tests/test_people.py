"""Commands, clicks and forms on the way to ringi, and what a person sees of the answer."""

import pytest

from sandbox.client import SandboxError
from scripted_ringi import SECRETS

WEB = "#web-deploys"
BUTTON = {"type": "actions", "block_id": "b1", "elements": [
    {"type": "button", "action_id": "approve", "value": "opaque",
     "text": {"type": "plain_text", "text": "Approve"}}]}
REASON = {"type": "input", "block_id": "why", "label": {"type": "plain_text", "text": "Why"},
          "element": {"type": "plain_text_input", "action_id": "why_in", "max_length": 10}}


def view(**more):
    return {"type": "modal", "callback_id": "reject", "title": {"type": "plain_text", "text": "Reject"},
            "submit": {"type": "plain_text", "text": "Reject"}, "blocks": [REASON], **more}


def post_card(stage, **more):
    return stage.api("chat.postMessage", channel="C0WEBDEPL1", text="card", blocks=[BUTTON], **more)["ts"]


def open_form(stage, **more):
    """Taro presses the button, the app opens a form with the click's trigger."""
    post_card(stage)
    stage.people.click("taro", WEB, action_id="approve")
    trigger = stage.ringi.payload()["trigger_id"]
    return trigger, stage.api("views.open", trigger_id=trigger, view=view(**more))


def test_a_command_is_a_signed_form_with_what_was_typed_escaped(stage):
    ack = stage.people.type("taro", WEB, "/deploy start @hanako #deploys @web-leads <b> & https://x.example/a")
    fields = stage.ringi.fields()
    assert ack["status"] == 200 and ack["error"] == "" and ack["ms"] > 0
    assert stage.ringi.got[0]["path"] == "/slack/commands"
    assert stage.ringi.got[0]["signed_with"] == SECRETS[0]
    assert fields["command"] == "/deploy"
    assert fields["text"] == ("start <@U0HANAKO01> <#C0DEPLOYS1|deploys> <!subteam^S0WEBLEADS|@web-leads> "
                              "&lt;b&gt; &amp; <https://x.example/a>")
    assert (fields["team_id"], fields["api_app_id"]) == ("T0ACME0001", "A0RINGI001")
    assert (fields["user_id"], fields["channel_id"]) == ("U0TARO0001", "C0WEBDEPL1")
    assert fields["is_enterprise_install"] == "false"


def test_a_private_channel_that_the_app_cannot_see_has_no_name(stage):
    stage.people.type("taro", "#release-room", "/deploy list #release-room")
    assert stage.ringi.fields()["text"] == "list <#C0PRIVATE1|>"
    assert stage.ringi.fields()["channel_name"] == "privategroup"


@pytest.mark.parametrize("kind, signed_with", [
    ("good", SECRETS[0]), ("second_secret", SECRETS[1]), ("wrong_secret", None), ("changed_body", None)])
def test_the_signature_can_be_bad(stage, kind, signed_with):
    stage.people.type("taro", WEB, "/deploy", signature=kind)
    assert stage.ringi.got[0]["signed_with"] == signed_with


SHOWN = {
    "an empty answer": ((b"",), []),
    "plain text": ((b"on it", 200, "text/plain"), ["on it"]),
    "a message": (({"text": "on it"},), ["on it"]),
    "a bare response_type": (({"response_type": "in_channel"},), []),
    "a failure": ((b"", 500), ['/deploy failed with the error "dispatch_failed"']),
    "wrong blocks": (({"text": "x", "blocks": [{"type": "no"}]},), ["/deploy list failed: invalid_blocks"]),
}


@pytest.mark.parametrize("name", SHOWN)
def test_the_ack_of_a_command_is_shown_to_the_person_alone(stage, name):
    answer, texts = SHOWN[name]
    stage.ringi.answer(*answer)
    stage.people.type("taro", WEB, "/deploy list")
    assert [m["text"] for m in stage.people.messages("taro", WEB)] == texts
    assert stage.people.messages("hanako", WEB) == []


def test_no_answer_within_three_seconds_is_operation_timeout(stage, monkeypatch):
    monkeypatch.setattr("sandbox.slack_outgoing.ACK_SECONDS", 0.05)
    stage.ringi.answer(delay=0.2)
    assert stage.people.type("taro", WEB, "/deploy")["error"] == "operation_timeout"
    assert "operation_timeout" in stage.people.messages("taro", WEB)[0]["text"]


def test_a_command_is_refused_in_a_thread_and_outside_of_ones_channels(stage):
    ts = post_card(stage)
    with pytest.raises(SandboxError, match="threads"):
        stage.people.type("taro", WEB, "/deploy", thread_ts=ts)
    with pytest.raises(SandboxError, match="not in this channel"):
        stage.people.type("gus", "#deploys", "/deploy")
    assert stage.ringi.got == []


def test_a_click_carries_the_message_and_a_response_url(stage):
    ts = post_card(stage)
    stage.people.click("hanako", WEB, label="Approve")
    payload = stage.ringi.payload()
    assert payload["container"] == {"type": "message", "message_ts": ts, "channel_id": "C0WEBDEPL1",
                                    "is_ephemeral": False}
    assert payload["actions"][0]["value"] == "opaque" and payload["actions"][0]["block_id"] == "b1"
    assert payload["user"]["id"] == "U0HANAKO01" and payload["message"]["ts"] == ts
    assert payload["response_url"].startswith(stage.url + "/actions/T0ACME0001/")


def test_a_click_in_an_attachment_names_it(stage):
    stage.api("chat.postMessage", channel="C0WEBDEPL1", text="x",
              attachments=[{"color": "#b00020", "blocks": [BUTTON]}])
    stage.people.click("taro", WEB, action_id="approve")
    container = stage.ringi.payload()["container"]
    assert (container["type"], container["attachment_id"]) == ("message_attachment", 1)


def test_the_same_click_can_arrive_twice_byte_for_byte(stage):
    post_card(stage)
    stage.people.click("taro", WEB, action_id="approve", times=2)
    assert stage.ringi.got[0]["raw"] == stage.ringi.got[1]["raw"]


def test_a_trigger_opens_one_form(stage):
    trigger, opened = open_form(stage)
    assert opened["ok"] and stage.people.views("taro")[0]["id"] == opened["view"]["id"]
    assert stage.people.views("hanako") == []
    again = stage.api("views.open", trigger_id=trigger, view=view())
    assert again["error"] == "exchanged_trigger_id"
    assert stage.api("views.open", trigger_id="1.2.abc", view=view())["error"] == "invalid_trigger_id"


def test_a_trigger_lives_three_seconds(stage, monkeypatch):
    post_card(stage)
    stage.people.click("taro", WEB, action_id="approve")
    monkeypatch.setattr("sandbox.slack_views.TRIGGER_SECONDS", -1)
    answer = stage.api("views.open", trigger_id=stage.ringi.payload()["trigger_id"], view=view())
    assert answer["error"] == "expired_trigger_id"


def test_a_wrong_form_is_refused_and_leaves_the_trigger_unused(stage):
    post_card(stage)
    stage.people.click("taro", WEB, action_id="approve")
    trigger, wrong = stage.ringi.payload()["trigger_id"], view()
    del wrong["submit"]
    answer = stage.api("views.open", trigger_id=trigger, view=wrong)
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] missing required field: submit [json-pointer:/view]"]
    assert stage.api("views.open", trigger_id=trigger, view=view())["ok"]


def test_update_wants_the_hash_that_is_shown(stage):
    _, opened = open_form(stage)
    stale = stage.api("views.update", view_id=opened["view"]["id"], hash="0.0", view=view())
    fresh = stage.api("views.update", view_id=opened["view"]["id"], hash=opened["view"]["hash"], view=view())
    assert stale["error"] == "hash_conflict" and fresh["view"]["id"] == opened["view"]["id"]
    assert stage.api("views.update", view_id="V0", view=view())["error"] == "not_found"


def test_a_form_is_checked_before_it_is_sent(stage):
    open_form(stage)
    sent = len(stage.ringi.got)
    assert "why" in stage.people.submit("taro", {})
    assert "why" in stage.people.submit("taro", {"why": "x" * 11})
    assert len(stage.ringi.got) == sent


def test_a_submission_carries_the_state_and_closes_the_form(stage):
    open_form(stage, private_metadata="m")
    assert stage.people.submit("taro", {"why": "too risky"[:10]}) == {}
    sent = stage.ringi.payload()
    assert sent["type"] == "view_submission" and sent["view"]["private_metadata"] == "m"
    assert sent["view"]["state"]["values"] == {"why": {"why_in": {
        "type": "plain_text_input", "value": "too risky"}}}
    assert stage.people.views("taro") == []


def test_errors_stay_beside_their_inputs(stage):
    open_form(stage)
    stage.ringi.answer({"response_action": "errors", "errors": {"why": "Give a reason"}})
    assert stage.people.submit("taro", {"why": "x"}) == {"why": "Give a reason"}
    stage.ringi.answer({"response_action": "errors", "errors": {"other": "no"}})
    assert "" in stage.people.submit("taro", {"why": "x"})
    assert len(stage.people.views("taro")) == 1


def test_update_push_and_clear_change_the_stack(stage):
    open_form(stage)
    stage.ringi.answer({"response_action": "push", "view": view(callback_id="second")})
    stage.people.submit("taro", {"why": "x"})
    assert [v["callback_id"] for v in stage.people.views("taro")] == ["reject", "second"]
    stage.ringi.answer({"response_action": "update", "view": view(callback_id="third")})
    stage.people.submit("taro", {"why": "x"})
    assert [v["callback_id"] for v in stage.people.views("taro")] == ["reject", "third"]
    stage.ringi.answer({"response_action": "clear"})
    stage.people.submit("taro", {"why": "x"})
    assert stage.people.views("taro") == []


def test_a_button_in_a_form_is_sent_with_the_view(stage):
    _, opened = open_form(stage, blocks=[REASON, BUTTON])
    stage.people.click("taro", WEB, action_id="approve", view_id=opened["view"]["id"])
    payload = stage.ringi.payload()
    assert payload["container"] == {"type": "view", "view_id": opened["view"]["id"]}
    assert "response_url" not in payload and payload["view"]["callback_id"] == "reject"


def test_closing_is_told_only_where_the_form_asks(stage):
    open_form(stage)
    sent = len(stage.ringi.got)
    stage.people.close("taro")
    assert len(stage.ringi.got) == sent
    open_form(stage, notify_on_close=True)
    stage.people.close("taro", everything=True)
    assert stage.ringi.payload()["type"] == "view_closed" and stage.ringi.payload()["is_cleared"]
