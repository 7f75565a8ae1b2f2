"""kill -9 at random moments while commands, clicks, forms and notifications arrive: nothing that was answered 200 is
lost, nothing is done twice. RINGI_KILLS says how often, RINGI_SEED repeats the choices of a run."""

import hashlib
import os
import random
import re
import threading
import time
from collections import Counter, defaultdict

import pytest
from sandbox import aws_world as world
from sandbox.client import SlackSandbox
from sandbox.stack import Stack

import company
from evidence import Evidence, cards_of, number_of, recorded_entry
from killer import Killer
from quiet import settle
from senders import FORM, Book, Signals, everybody

KILLS = int(os.environ.get("RINGI_KILLS", "20"))
SEED = int(os.environ.get("RINGI_SEED", random.randrange(10**6)))
QUIET_WITHIN = 60 + KILLS / 2  # seconds; Slack takes one message a second in a channel
CLOSING = {"approval.applied", "approval.overtaken", "approval.failed"}


@pytest.fixture(scope="module")
def after(request, tmp_path_factory):
    """The whole loop, once; each test below looks at what it left behind."""
    tell = teller(request.config)
    tell(f"\nsummary: {KILLS} kills, RINGI_SEED={SEED}")
    stack = Stack(tmp_path_factory.mktemp("kills"), store=os.environ.get("RINGI_KILLS_STORE"), speed=company.SPEED)
    company.configure(stack)
    try:
        stack.start()
        evidence = play(stack)
        tell("summary: " + summary(evidence))
        yield evidence
    finally:
        stack.stop()


def teller(config):
    """Prints past pytest's capture: the seed and the summary are wanted of a green run too."""
    capture = config.pluginmanager.getplugin("capturemanager")

    def tell(line):
        with capture.global_and_fixture_disabled():
            print(line, flush=True)
    return tell


def play(stack):
    slack, book, signals, stop = SlackSandbox(stack.slack), Book(), Signals(), threading.Event()
    company.furnish(stack, slack)
    killer = Killer(stack, slack, signals, SEED)
    checkpoint = early_checkpoint(stack, slack)
    senders = everybody(stack, slack, book, signals, stop, SEED)
    for sender in senders:
        sender.start()
    began = time.monotonic()
    while len(killer.kills) < KILLS or (unseen(slack, book) and len(killer.kills) < 3 * KILLS):
        killer.once()
    stop.set()
    for sender in senders:
        sender.join(20)
    killing = time.monotonic() - began
    left = settle(stack, slack, QUIET_WITHIN)
    evidence = Evidence(stack, slack, book, killer.kills)
    evidence.stack, evidence.checkpoint, evidence.left = stack, checkpoint, left
    evidence.killing, evidence.settling = killing, time.monotonic() - began - killing
    evidence.broken_senders = [f"{s.name}: {s.failure!r}" for s in senders if s.failure or s.is_alive()]
    return evidence


def unseen(slack, book):
    """What was not yet answered 200, of all that must survive."""
    seen = {a["kind"] for a in slack.counters()["acks"] if a["status"] == 200}
    seen |= {"form"} if any(form.accepted for form in list(book.forms.values())) else set()
    return {"command", "block_actions", "form"} - seen


def early_checkpoint(stack, slack):
    """What an auditor copied out of the channel before it all began."""
    message = slack.wait("taro", "#ringi-audit", "Ledger checkpoint", timeout=20)
    note = next(e["elements"][0]["text"] for b in message["blocks"] if b["type"] == "rich_text" for e in b["elements"])
    path = stack.directory / "early-checkpoint"
    path.write_text(note + "\n")
    return path


def summary(evidence):
    asked = [a for a in evidence.acks if a["kind"] != "url_verification"]
    accepted = [a for a in asked if a["status"] == 200]
    copies = sum(len(times) - 1 for times in posts(evidence).values())
    return (f"{len(evidence.kills)} kills in {evidence.killing:.0f} s, quiet after {evidence.settling:.0f} s; "
            f"{len(asked)} requests, {len(accepted)} accepted; {len(evidence.executions)} executions; "
            f"{sum(p['effective'] for p in evidence.puts)} decisions in {len(evidence.puts)} calls; "
            f"{copies} messages more than once; {len(evidence.entries)} ledger entries")


def posts(evidence):
    """When each message was said: a card by its number, everything else by place and words."""
    times = defaultdict(list)
    for message in evidence.messages:
        if message.get("only_for") or not message.get("bot_id"):
            continue
        number = number_of(message)
        if message["channel"].startswith("D"):
            continue  # the same sentence may rightly be told twice there
        what = f"card {number}" if number else (message.get("thread_ts"), message["text"])
        times[message["channel"], what].append(float(message["ts"]))
    for answer in evidence.answers:
        times[answer["response_url"], answer["text"]].append(answer["at"])
    return times


def run_of(execution):
    return execution["variables"].get("RUN", "none")


def test_there_was_something_to_lose(after):
    assert len(after.kills) >= KILLS
    assert len(after.accepted("command", "block_actions")) >= KILLS
    assert any(form.accepted for form in after.book.forms.values())
    assert any(put["effective"] for put in after.puts)


def test_the_senders_stood_it_through_and_all_became_quiet(after):
    assert after.broken_senders == []
    assert after.left == []


def test_every_accepted_start_became_one_execution(after):
    runs = Counter(run_of(e) for e in after.executions)
    accepted = {a["what"].rsplit("RUN=")[1] for a in after.accepted("command")
                if a["what"].startswith(f"/deploy start {company.STAGING} ")}
    pressed = {after.book.confirmed[a["response_url"]] for a in after.accepted("block_actions")
               if a["response_url"] in after.book.confirmed}
    assert accepted, "nothing was started: the loop tested nothing"
    assert {name: runs[name] for name in accepted | pressed if runs[name] != 1} == {}
    assert {name: n for name, n in runs.items() if n > 1 and name != "none"} == {}


def test_no_run_started_without_being_asked_for(after):
    asked = {re.search(r"RUN=(\w+)", a["what"])[1] for a in after.acks if "RUN=" in a["what"]}
    confirmed = set(after.book.confirmed.values())
    for execution in after.executions:
        name = run_of(execution)
        if name == "none":
            assert execution["id"] in after.book.console_starts
        elif name.startswith("p"):
            assert name in confirmed
        else:
            assert name in asked


def test_every_execution_has_its_entries(after):
    begun = Counter(e["target"]["execution"] for e in after.of_kind("pipeline.started")
                    if e.get("phase") in (None, "done"))
    ended = Counter(e["target"]["execution"] for e in after.of_kind("pipeline.finished"))
    ids = {e["id"] for e in after.executions}
    assert begun == Counter(ids)
    assert ended == Counter(ids)


def test_what_was_intended_was_closed_once(after):
    closed = Counter(e["of"] for e in after.entries if "of" in e)
    intended = [e["seq"] for e in after.entries if e.get("phase") == "intended"]
    assert {seq: closed[seq] for seq in intended if closed[seq] != 1} == {}
    assert set(closed) == set(intended)


def test_each_token_was_decided_once_and_by_the_ledger(after):
    by_token = defaultdict(list)
    for put in after.puts:
        by_token[put["token"]].append(put)
    for token, puts in by_token.items():
        assert sum(p["effective"] for p in puts) <= 1
        assert len({p["body"] for p in puts}) == 1, f"repeats differ: {puts}"
        entry = after.entry(int(re.search(r"\(ringi #(\d+)\)$", puts[0]["summary"])[1]))
        assert (entry["kind"], entry["phase"]) == ("approval.decided", "intended")
        assert entry["target"]["token"] == "sha256:" + hashlib.sha256(token.encode()).hexdigest()
        assert entry["decision"] == puts[0]["status"].lower()
        assert f"({entry['actor']['user']})" in puts[0]["summary"]
        assert puts[0]["caller"].endswith("/" + entry["actor"]["user"])


def test_each_decision_was_applied_or_overtaken(after):
    effective = {int(re.search(r"#(\d+)\)$", p["summary"])[1]) for p in after.puts if p["effective"]}
    decided = after.of_kind("approval.decided")
    assert max(Counter(e["target"]["token"] for e in decided).values(), default=0) <= 1
    ends = {e["of"]: e["kind"] for e in after.entries if e["kind"] in CLOSING and "of" in e}
    assert {e["seq"] for e in decided} == set(ends)
    assert {seq for seq, kind in ends.items() if kind == "approval.applied"} == effective


def asked(after):
    """{response_url: user} of everything that was answered 200 and must be answered in words: commands, clicks
    (a click on Reject opens a form instead) and forms, whose answer goes where their click's would."""
    urls = {a["response_url"]: a["user"] for a in after.accepted("command", "block_actions")
            if a["what"].split("#")[0] != FORM}
    return urls | {form.response_url: company.PEOPLE[form.user] for form in after.book.forms.values() if form.accepted}


def test_everything_accepted_was_answered(after):
    answered = {a["response_url"] for a in after.answers}
    silent = Counter(user for url, user in asked(after).items() if url not in answered)
    # What response_url could not carry (Slack's limits, a form whose URL went with a kill) came as a direct message.
    assert {user: f"{n} in silence, {len(after.direct_messages(user))} direct messages"
            for user, n in silent.items() if n > len(after.direct_messages(user))} == {}


def refused(text, user):
    """Too late, or by the rules: of the three who press, only taro is no approver of pay-prod."""
    by_the_rules = user not in company.APPROVERS and text.startswith(f"You cannot approve {company.PAY}")
    return text.startswith("Nothing was changed") or by_the_rules


def test_every_accepted_form_was_decided_or_told(after):
    recorded = Counter(e.get("reason") for e in after.of_kind("approval.decided"))
    told = defaultdict(list)
    for answer in after.answers:
        told[answer["response_url"]].append(answer["text"])
    lost = Counter()
    for reason, form in after.book.forms.items():
        assert recorded[reason] <= 1
        turned_away = any(refused(text, form.user) for text in told[form.response_url])
        if form.accepted and not recorded[reason] and not turned_away:
            lost[form.user] += 1
    assert {user: n for user, n in lost.items() if n > sum(
        refused(m["text"], user) for m in after.direct_messages(company.PEOPLE[user]))} == {}


def test_nobody_is_denied_what_the_rules_allow(after):
    """However a start came about: taro alone is ever denied, the approval of what he started or of pay-prod."""
    for entry in after.of_kind("access.denied"):
        assert entry["actor"]["user"] == company.PEOPLE["taro"], entry
        assert entry["target"]["account_name"] == "pay-prod" or entry["reason"].startswith("four eyes"), entry


def test_who_was_told_recorded_reads_the_truth(after):
    for answer in after.answers:
        seq = recorded_entry(answer["text"])
        if seq:
            entry = after.entry(seq)
            assert (entry["kind"], entry["actor"]["user"]) == ("approval.decided", answer["user"])
            assert entry["decision"] in answer["text"]


def test_a_kill_makes_at_most_one_more_copy_of_a_message(after):
    for what, times in posts(after).items():
        times = sorted(times)
        for copies, at in enumerate(times[1:], 1):
            kills = sum(times[0] - 1 < kill < at for kill in after.kills)
            assert copies <= kills, f"{what} stands {copies + 1} times after {kills} kills"


def test_copies_of_a_card_bear_the_same_number(after):
    for execution in after.executions:
        assert len({number_of(card) for card in cards_of(after.messages, execution)}) == 1


def test_the_ledger_holds(after):
    code, out, err = after.stack.cli("audit", "verify")
    assert code == 0, out + err
    code, out, err = after.stack.cli("audit", "verify", "--checkpoint", after.checkpoint)
    assert code == 0, out + err
    assert "no outside witness" not in out
    assert [e["seq"] for e in after.entries] == list(range(1, len(after.entries) + 1))


def test_no_secret_is_in_the_log(after):
    log = (after.stack.directory / "ringi.log").read_text(errors="replace")
    secrets = [(after.stack.directory / name).read_text().strip()
               for name in ("signing-secret", "bot-token", "external-id")]
    secrets += [world.BASE_SECRET, *(p["token"] for p in after.puts)]
    secrets += [a["response_url"].rsplit("/", 1)[1] for a in after.acks if a["response_url"]]
    secrets += (after.stack.directory / "ledger.pem").read_text().split("\n")[1:2]
    assert [s for s in secrets if s in log] == []
