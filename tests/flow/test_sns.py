"""POST /aws/sns: forged, foreign, old and tampered messages; what is confirmed, and by whom."""

import base64
import json
import sqlite3
import time
import uuid
from contextlib import closing

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from sandbox import aws_world as world
from sns import TOPIC, envelope, post
from wire import CANARY, request

REGION = TOPIC.split(":")[3]
FOREIGN = {
    "another account": "arn:aws:sns:ap-northeast-1:999999999999:ringi-events",
    "another name": "arn:aws:sns:ap-northeast-1:111122223333:other-events",
    "approvals of a stranger": "arn:aws:sns:ap-northeast-1:999999999999:ringi-approvals",
    "a longer name": TOPIC + "-2", "another partition": "arn:aws-cn:sns:cn-north-1:111122223333:ringi-events",
    "another region": TOPIC.replace(REGION, "eu-central-1"),
    "a region that is invented": world.APPROVALS_TOPIC.replace(REGION, "us-invented-1"),
}


def confirmation(stack, topic=TOPIC, token="2336412f37" * 20, kind="SubscriptionConfirmation", **more):
    """Truly signed as well."""
    extra = {"Token": token, "SubscribeURL": f"https://sns.{REGION}.amazonaws.com/?Action=ConfirmSubscription"}
    return envelope(stack, "You have chosen to subscribe.", topic, type=kind, extra=extra, **more)


def confirmations(stack):
    return stack.aws_state()["calls"].get("sns.ConfirmSubscription", 0)


def deliveries(stack):
    with closing(sqlite3.connect(f"file:{stack.directory}/ringi.db?mode=ro", uri=True)) as database:
        return database.execute("SELECT count(*) FROM deliveries").fetchone()[0]


def iso(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() + seconds))


class Forger:
    """Signs as moto and other stand-ins do, or with a key of its own."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def sign(self, given, names, version="2"):
        text = "".join(f"{name}\n{given[name]}\n" for name in names if name in given)
        digest = hashes.SHA256() if version == "2" else hashes.SHA1()
        return {**given, "Signature": base64.b64encode(self.key.sign(text.encode(), padding.PKCS1v15(),
                                                                     digest)).decode()}


ALL = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")

HOST = f"sns.{REGION}.amazonaws.com"
NAME = "SimpleNotificationService-" + "0123456789abcdef" * 2
GENUINE = f"https://{HOST}/{NAME}.pem"
CERTIFICATES = {  # each is GENUINE but for one thing
    "another host": GENUINE.replace(HOST, "evil.example"),
    "a host that goes on": GENUINE.replace(HOST, HOST + ".evil.example"),
    "a host that begins as SNS's": GENUINE.replace(HOST, "evil-" + HOST),
    "a host in capitals": GENUINE.replace("sns.", "SNS."),
    "a host with a dot at its end": GENUINE.replace(HOST, HOST + "."),
    "an escape in the host": GENUINE.replace("sns.", "sns%2e"), "plain http": GENUINE.replace("https:", "http:"),
    "another region's": GENUINE.replace(REGION, "us-east-1"),
    "another partition's": GENUINE.replace(".amazonaws.com", ".amazonaws.com.cn"),
    "a bucket": GENUINE.replace(HOST, "s3.amazonaws.com"),
    "a bucket named sns": GENUINE.replace(HOST, "sns.s3-us-west-2.amazonaws.com"),
    "a user in it": GENUINE.replace(HOST, HOST + "@evil.example"),
    "SNS as the user": GENUINE.replace(HOST, "evil.example@" + HOST), "a port": GENUINE.replace(HOST, HOST + ":8443"),
    "the usual port": GENUINE.replace(HOST, HOST + ":443"), "another path": GENUINE.replace("/Simple", "/x/Simple"),
    "a path that goes up": GENUINE.replace("/Simple", "/../Simple"), "a query": GENUINE + "?x=1",
    "a fragment": GENUINE + "#x", "another ending": GENUINE.replace(".pem", ".txt"),
    "a shorter name": GENUINE.replace("0123", "123"), "a name in capitals": GENUINE.replace("abcdef", "ABCDEF"),
    "another name": GENUINE.replace("SimpleNotificationService", "AnotherService"),
    "a file": "file:///etc/ssl/certs/ca-certificates.crt", "nothing of a URL": "certificate",
}
TAMPERED = {
    "the message": {"Message": "changed"}, "the id": {"MessageId": str(uuid.uuid4())},
    "the time, a second earlier": {"Timestamp": iso(-1)},
    "another allowed topic": {"TopicArn": world.APPROVALS_TOPIC}, "the version": {"SignatureVersion": "1"},
    "the signature": {"Signature": base64.b64encode(b"x" * 256).decode()},
    "a short signature": {"Signature": base64.b64encode(b"x").decode()},
    "a signature that is no base64": {"Signature": "%%%"}, "version 3": {"SignatureVersion": "3"},
    "version 2.0": {"SignatureVersion": "2.0"},
}
ADDED = {"a subject": {"Subject": "Deploy"}}
CHANGED_CONFIRMATION = {
    "the token": {"Token": "3" * 200}, "a letter of the token": {"Token": "2336412f37" * 19 + "2336412f38"},
    "the address": {"SubscribeURL": "https://evil.example/?Action=ConfirmSubscription"},
    "the kind": {"Type": "UnsubscribeConfirmation"},
}
MALFORMED = {
    "no type": {"Type": None}, "another type": {"Type": "Invitation"}, "no id": {"MessageId": ""},
    "no message": {"Message": None}, "a message that is an object": {"Message": {"a": 1}},
    "no topic": {"TopicArn": ""}, "a topic that is none": {"TopicArn": "ringi-events"},
    "no time": {"Timestamp": None}, "a time that is none": {"Timestamp": "yesterday"},
    "no signature": {"Signature": ""}, "no version": {"SignatureVersion": None}, "a number for a version":
    {"SignatureVersion": 2}, "no certificate": {"SigningCertURL": None}, "an empty subject": {"Subject": ""},
    "a subject that is a list": {"Subject": ["x"]}, "a subject of two lines": {"Subject": "a\nb"},
}


class TestForged:
    @pytest.fixture(scope="class")
    def before(self, stack):
        return deliveries(stack), sum(n for call, n in stack.aws_state()["calls"].items() if "sns" in call)

    @pytest.mark.parametrize("topic", FOREIGN.values(), ids=FOREIGN)
    def test_a_foreign_topic_is_refused_however_well_signed(self, stack, before, topic):
        assert post(stack, envelope(stack, topic=topic)).status == 403

    @pytest.mark.parametrize("changes", (TAMPERED | ADDED).values(), ids=TAMPERED | ADDED)
    def test_a_change_after_signing_is_refused(self, stack, before, changes):
        assert post(stack, envelope(stack, tamper=changes)).status == 403

    @pytest.mark.parametrize("version", ["1", "2"])
    @pytest.mark.parametrize("changes", (TAMPERED | CHANGED_CONFIRMATION).values(), ids=TAMPERED | CHANGED_CONFIRMATION)
    def test_a_change_in_a_confirmation_is_refused(self, stack, before, version, changes):
        if changes == {"SignatureVersion": version}:
            changes = {"SignatureVersion": "2"}
        assert post(stack, confirmation(stack, version=version, tamper=changes)).status == 403

    def test_a_notification_is_no_confirmation(self, stack, before):
        """What SNS signs of the two is not the same: a publisher cannot write what looks like a confirmation."""
        given = envelope(stack)
        more = {"Type": "SubscriptionConfirmation", "Token": "t" * 200, "SubscribeURL": "https://sns.amazonaws.com/"}
        assert post(stack, {**given, **more}).status == 403

    @pytest.mark.parametrize("changes", MALFORMED.values(), ids=MALFORMED)
    def test_a_malformed_envelope(self, stack, before, changes):
        given = {**envelope(stack), **changes}
        assert post(stack, {name: value for name, value in given.items() if value is not None}).status == 400

    def test_a_name_said_twice(self, stack, before):
        text = json.dumps(envelope(stack))
        assert post(stack, (text[:-1] + ', "Message": "changed"}').encode()).status == 400

    @pytest.mark.parametrize("url", CERTIFICATES.values(), ids=CERTIFICATES)
    def test_a_certificate_from_elsewhere_is_never_fetched(self, stack, slack, before, url):
        assert post(stack, {**envelope(stack), "SigningCertURL": url}).status == 403
        assert slack.counters()["outside"] == []

    def test_a_certificate_of_sns_is_fetched(self, stack, slack, before):
        """So each of the addresses above is refused for the one thing in which it differs."""
        stack.outside = {f"{HOST}:443"}
        answer = post(stack, {**envelope(stack), "SigningCertURL": GENUINE})
        assert (answer.status, slack.counters()["outside"]) == (503, [f"{HOST}:443"])
        assert f'host="{HOST}"' not in stack.metrics() and 'host="sns"' in stack.metrics()

    @pytest.mark.parametrize("region", ["us-invented-1", "ap-northeast-77", "xx-west-1"])
    def test_no_host_of_an_invented_region_is_looked_up(self, stack, slack, before, region):
        asked = slack.counters()["outside"]
        given = envelope(stack, topic=world.APPROVALS_TOPIC.replace(REGION, region))
        assert post(stack, {**given, "SigningCertURL": GENUINE.replace(REGION, region)}).status == 403
        assert slack.counters()["outside"] == asked and region not in stack.metrics()

    @pytest.mark.parametrize("version", ["1", "2"])
    def test_a_key_of_somebody_else(self, stack, before, version):
        given = envelope(stack, version=version, subject="Deploy")
        assert post(stack, Forger().sign(given, ALL, version)).status == 403

    @pytest.mark.parametrize("version", ["1", "2"])
    def test_a_subject_that_was_not_signed(self, stack, before, version):
        """moto leaves Subject out of what it signs: then anybody could write it."""
        given = envelope(stack, version=version)
        assert post(stack, {**given, "Subject": "APPROVAL NEEDED"}).status == 403
        signed_with_it = envelope(stack, version=version, subject="APPROVAL NEEDED")
        del signed_with_it["Subject"]
        assert post(stack, signed_with_it).status == 403

    @pytest.mark.parametrize("seconds, status", [(-71 * 60, 403), (-86400, 403)])
    def test_what_is_too_old_is_refused_for_good(self, stack, before, seconds, status):
        assert post(stack, envelope(stack, at=time.time() + seconds)).status == status

    def test_what_comes_from_the_future_may_come_again(self, stack, before):
        answer = post(stack, envelope(stack, at=time.time() + 360))
        assert answer.status == 503 and int(answer.headers["retry-after"]) > 0

    def test_raw_delivery_has_no_signature(self, stack, before):
        assert post(stack, b'{"detail-type":"x"}', [("x-amz-sns-rawdelivery", "true")]).status == 403
        assert post(stack, envelope(stack), [("x-amz-sns-rawdelivery", "true")]).status == 403

    HEADERS = {"another type": ("x-amz-sns-message-type", "SubscriptionConfirmation"),
               "another topic": ("x-amz-sns-topic-arn", world.APPROVALS_TOPIC),
               "another id": ("x-amz-sns-message-id", str(uuid.uuid4()))}

    @pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
    def test_headers_that_say_something_else(self, stack, before, header):
        assert post(stack, envelope(stack), [header]).status == 400

    def test_over_2_mib(self, stack, before):
        assert post(stack, envelope(stack, message="a" * (2 << 20))).status == 413

    def test_none_was_stored_and_nothing_called(self, stack, before):
        assert (deliveries(stack),
                sum(n for call, n in stack.aws_state()["calls"].items() if "sns" in call)) == before

    def test_no_message_is_in_the_log(self, stack, before):
        log = (stack.directory / "ringi.log").read_text(errors="replace")
        assert CANARY not in log and "a" * 100 not in log


class TestAccepted:
    ACCEPTED = {"version 1": {"version": "1"}, "version 2": {"version": "2"}, "with a subject": {"subject": "Deploy"},
                "a subject in version 1": {"subject": "Deploy", "version": "1"}, "an hour old": {"at": -3600},
                "four minutes ahead": {"at": 240}, "Japanese": {"message": "承認待ち"}, "empty": {"message": ""},
                "just under 2 MiB": {"message": "a" * ((2 << 20) - 4096)}}

    @pytest.mark.parametrize("more", ACCEPTED.values(), ids=ACCEPTED)
    def test_what_is_truly_signed(self, stack, more):
        if "at" in more:
            more = {"at": time.time() + more["at"]}
        before = deliveries(stack)
        assert post(stack, envelope(stack, **more)).status == 200
        assert deliveries(stack) == before + 1

    def test_whatever_the_content_type(self, stack):
        for kind in ("text/plain; charset=UTF-8", "application/json", "image/png"):
            assert post(stack, envelope(stack), [("Content-Type", kind)]).status == 200

    def test_a_repeat_is_200_and_once(self, stack):
        given, before = envelope(stack), deliveries(stack)
        first = post(stack, given)
        assert all((again := post(stack, given)).status == 200 and again.body == first.body for _ in range(3))
        assert deliveries(stack) == before + 1

    def test_a_repeat_after_kill_9_as_well(self, stack):
        given, before = envelope(stack), deliveries(stack)
        assert post(stack, given).status == 200
        stack.kill_ringi()
        stack.start_ringi()
        assert post(stack, given).status == 200
        assert deliveries(stack) == before + 1

    def test_a_certificate_is_kept_in_the_store(self, stack):
        """After a restart no fetch is needed: the sandbox's AWS may be slow or away."""
        stack.stop_ringi()
        stack.start_ringi()
        stack.sandbox.send_signal(19)  # SIGSTOP: it hangs, as a network does
        try:
            before = time.monotonic()
            assert post(stack, self.made_before).status == 200
            assert time.monotonic() - before < 3
        finally:
            stack.sandbox.send_signal(18)

    @pytest.fixture(autouse=True)
    def a_message_made_before(self, stack):
        self.made_before = envelope(stack)


class TestSubscription:
    def test_only_our_own_call_confirms(self, stack, ledger):
        """The signed SubscribeURL leads to a host of AWS that this machine cannot reach: it was not followed."""
        state = stack.aws_state()
        assert sorted(state["confirmed"]) == sorted([world.EVENTS_TOPIC, world.APPROVALS_TOPIC])
        assert state["calls"]["sns.ConfirmSubscription"] == 2

    def test_it_is_written_down_before_and_after(self, stack, ledger):
        def done():
            return [e for e in ledger.entries("topic.confirmed") if e["phase"] == "done"]

        stack.wait("both entries", lambda: len(done()) == 2)
        assert {e["details"]["topic"] for e in done()} == set(stack.aws_state()["confirmed"])
        by_seq = {e["seq"]: e for e in ledger.entries("topic.confirmed")}
        for entry in done():
            first = by_seq[entry["of"]]
            assert (first["phase"], first["request"]) == ("intended", entry["request"]) and first["seq"] < entry["seq"]

    def test_a_foreign_topic_is_not_confirmed(self, stack):
        topic = FOREIGN["another account"]
        stack.aws_control("subscribe", topics=[topic])
        stack.wait("SNS giving up", lambda: stack.aws_state()["failed"])
        state = stack.aws_state()
        assert state["failed"][0][2] == 403 and topic not in state["confirmed"]
        assert state["calls"]["sns.ConfirmSubscription"] == 2

    def test_a_confirmation_needs_its_token(self, stack):
        assert post(stack, confirmation(stack, token="")).status == 400

    def test_a_token_that_sns_does_not_know_is_written_down_as_failed(self, stack, ledger):
        calls = confirmations(stack)
        assert post(stack, confirmation(stack)).status == 200
        failed = lambda: [e for e in ledger.entries("topic.confirmed") if e["phase"] == "failed"]
        stack.wait("the entry", failed)
        assert failed()[0]["error"] == "InvalidParameter" and confirmations(stack) == calls + 1

    def test_the_end_of_a_subscription_is_told_and_not_undone(self, stack, slack):
        calls = confirmations(stack)
        assert post(stack, confirmation(stack, kind="UnsubscribeConfirmation")).status == 200
        slack.wait("mika", "#ringi-ops", "SNS ended our subscription")
        assert confirmations(stack) == calls
