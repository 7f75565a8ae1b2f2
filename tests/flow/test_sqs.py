"""What AWS says through a queue: stored before it is deleted, done once whichever way it came, and never lost."""

import json
import signal
import sqlite3
import time
from contextlib import closing

import pytest
from deployment import Deployment
from sandbox import aws_world as world
from sandbox.client import SlackSandbox
from sns import envelope, post

QUEUE = world.EVENTS_QUEUE


def with_queue(make_stack, start=True, queues=(QUEUE,), **given):
    stack = make_stack(start=False, **given)
    listed = ", ".join(f'"{arn}"' for arn in queues)
    text = stack.config.read_text()
    stack.config.write_text(text.replace("[realms.production]", f"[aws.sqs]\nqueues = [{listed}]\n\n[realms.production]", 1))
    stack.start_sandbox()
    stack.aws_control("queue", arn=QUEUE)
    if start:
        stack.start_ringi()
    return stack


@pytest.fixture(scope="class")
def stack(make_stack):
    return with_queue(make_stack)


def send(stack, *bodies, **more):
    return stack.aws_control("queue", arn=QUEUE, send=[b if isinstance(b, str) else json.dumps(b) for b in bodies], **more)["ids"]


def queue(stack, arn=QUEUE):
    return stack.aws_state()["queues"][arn]


def empty(stack, limit=15):
    stack.wait("an empty queue", lambda: queue(stack)["received"] == [], limit)


def event(number=1, **more):
    return {"version": "0", "id": f"00000000-0000-4000-8000-{number:012}", "source": "aws.codepipeline",
            "detail-type": "CodePipeline Pipeline Execution State Change", "account": world.WEB_PROD,
            "region": world.REGION, "detail": {"pipeline": "web"}, **more}


def counted(stack, outcome):
    wanted = f'ringi_sqs_messages_total{{outcome="{outcome}",queue="ringi"}} '
    return next((int(line.split()[-1]) for line in stack.metrics().splitlines() if line.startswith(wanted)), 0)


class TestQueue:
    def test_events_come_through_it_and_no_other_way(self, stack, slack, ledger):
        stack.aws_control("queue", arn=QUEUE, events=True)
        web = Deployment(stack, slack, ledger)
        web.start_in_console()
        web.card(button="Approve", timeout=20)
        web.approve()
        web.ends()
        empty(stack)
        assert stack.aws_state()["delivered"] == 0, "nothing over HTTPS"

    def test_an_envelope_of_sns_counts_like_one_over_https(self, stack):
        sent = envelope(stack, json.dumps(event(7)))
        send(stack, sent)
        empty(stack)
        before = counted(stack, "stored")
        assert post(stack, sent).status == 200, "the same message again, by the other way"
        send(stack, sent)
        empty(stack)
        assert counted(stack, "repeat") == 1 and counted(stack, "stored") == before

    def test_an_old_envelope_is_taken_for_a_queue_keeps_them(self, stack):
        send(stack, envelope(stack, json.dumps(event(8)), at=time.time() - 3 * 86400))
        before = counted(stack, "stored")
        stack.wait("it to be stored", lambda: counted(stack, "stored") > before)
        empty(stack)

    def test_an_event_that_comes_twice_is_done_once(self, stack):
        before = counted(stack, "repeat")
        send(stack, event(9), event(9))
        empty(stack)
        assert counted(stack, "repeat") == before + 1

    BAD = {
        "no JSON": ("ringi", "its body is no JSON object"),
        "some other JSON": ({"a": 1}, "neither an event of EventBridge nor an envelope of SNS"),
        "an event without its account": ({"source": "a", "detail-type": "b", "id": "c"}, "no id, account and region"),
        "a topic that is not ours": ({"topic": "arn:aws:sns:ap-northeast-1:999999999999:evil"}, "none of [aws.sns] topics"),
        "a changed message": ({"tamper": {"Message": "{}"}}, "its signature does not hold"),
        "a confirmation": ({"type": "SubscriptionConfirmation", "extra": {"Token": "ab", "SubscribeURL": "https://x/"}},
                           "it is no notification"),
    }

    @pytest.mark.parametrize("bad, reason", BAD.values(), ids=BAD)
    def test_what_nobody_can_carry_out_is_set_aside_with_its_reason(self, stack, bad, reason):
        made = isinstance(bad, dict) and {"topic", "tamper", "type"} & set(bad)
        body = envelope(stack, **bad) if made else bad
        [message] = send(stack, body)
        empty(stack)
        stack.wait("the dead letter", lambda: [line for line in stack.open_jobs() if message in line])
        [line] = [line for line in stack.open_jobs() if message in line]
        assert line.split()[1:3] == ["dead", "sqs.poison"] and reason in line

    def test_the_operators_hear_of_the_first_of_them(self, slack):
        slack.wait("hanako", "#ringi-ops", r"Given up: sqs.poison.*its body is no JSON object.*ringi jobs retry")

    def test_one_whose_reason_is_mended_is_done_when_it_is_tried_again(self, stack, ledger):
        topic = "arn:aws:sns:ap-northeast-1:555566667777:later"
        [message] = send(stack, envelope(stack, json.dumps(event(10)), topic=topic))
        stack.wait("the dead letter", lambda: [line for line in stack.open_jobs() if message in line])
        [job] = [line.split()[0] for line in stack.open_jobs() if message in line]
        text = stack.config.read_text()
        stack.config.write_text(text.replace("topics = [", f'topics = ["{topic}", ', 1))
        loaded = len(ledger.entries("config.loaded"))
        stack.ringi.send_signal(signal.SIGHUP)
        stack.wait("the reload", lambda: len(ledger.entries("config.loaded")) > loaded)
        assert stack.cli("jobs", "retry", job)[0] == 0
        stack.wait("it to be gone", lambda: not [line for line in stack.open_jobs() if message in line])

    def test_a_damaged_message_is_left_there(self, stack):
        before = counted(stack, "left")
        send(stack, event(11), damaged=True)
        stack.wait("it to be seen", lambda: counted(stack, "left") > before)
        assert queue(stack)["in_flight"] == 1, "nobody deletes what may be good when it comes again"


def test_it_is_not_read_before_it_is_known_whose_topics_are_ours(make_stack):
    """At a first start: what a discovered account sends would be a stranger's, and set aside."""
    stack = with_queue(make_stack, start=False, refresh="24h")
    shop = "555566667777"
    stack.aws_control("account", id=shop, name="shop", tags={"Team": "web", "Environment": "staging"}, realm="nonproduction")
    stack.aws_control("fault", kind="denied", operation="ListAccounts")
    send(stack, envelope(stack, "{}", topic=f"arn:aws:sns:{world.REGION}:{shop}:ringi-approvals"))
    stack.start_ringi()
    stack.wait("a listing that fails", lambda: "organization not read" in stack.log_tail(200))
    assert "sqs.GetQueueUrl" not in stack.aws_state()["calls"]
    stack.aws_control("fault", clear=True)
    stack.ringi.send_signal(signal.SIGHUP)
    empty(stack, 30)
    assert (counted(stack, "stored"), counted(stack, "poison")) == (1, 0)


def test_a_stop_does_not_wait_for_the_long_poll(make_stack):
    stack = with_queue(make_stack)
    stack.wait("a poll", lambda: stack.aws_state()["calls"].get("sqs.ReceiveMessage"))
    begun = time.monotonic()
    assert stack.stop_ringi() == 0
    assert time.monotonic() - begun < 5


def test_what_is_stored_and_not_deleted_comes_again_and_is_done_once(make_stack, ledger_of):
    stack = with_queue(make_stack)
    stack.aws_control("fault", kind="denied", operation="DeleteMessageBatch", times=2)
    send(stack, event())
    stack.wait("it to be stored", lambda: counted(stack, "stored") == 1)
    stack.wait("the last try to delete it", lambda: stack.aws_state()["faults_taken"].get("DeleteMessageBatch") == 2)
    stack.kill_ringi()
    stack.aws_control("queue", arn=QUEUE, visible=True)  # as when its time has passed
    stack.start_ringi()
    empty(stack)
    assert counted(stack, "repeat") == 1
    with closing(sqlite3.connect(stack.directory / "ringi.db")) as store:
        [kept] = store.execute("SELECT count(*) FROM delivery_keys WHERE key LIKE 'event:%'").fetchone()
    assert kept == 1


def test_it_waits_in_the_queue_while_the_store_is_away(make_stack):
    stack = with_queue(make_stack)
    with closing(sqlite3.connect(stack.directory / "ringi.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        send(stack, event())
        stack.wait("it to wait", lambda: "messages wait to be stored" in stack.log_tail(200))
        assert queue(stack)["in_flight"] == 1
        other.execute("ROLLBACK")
    empty(stack, 30)


def test_a_reload_adds_and_removes_a_queue(make_stack):
    other = QUEUE + "-2"
    stack = with_queue(make_stack)
    stack.aws_control("queue", arn=other, send=[json.dumps(event())])
    text = stack.config.read_text()
    stack.config.write_text(text.replace(f'queues = ["{QUEUE}"]', f'queues = ["{other}"]'))
    stack.ringi.send_signal(signal.SIGHUP)
    # The documented policy is for one queue; the other is refused, and says so.
    stack.wait("the other to be asked", lambda: f"queue={other}" in stack.log_tail(200))
    asked = stack.aws_state()["calls"]["sqs.ReceiveMessage"]
    send(stack, event(2))
    time.sleep(0.3)
    assert queue(stack)["received"] == [0] and stack.aws_state()["calls"]["sqs.ReceiveMessage"] == asked
