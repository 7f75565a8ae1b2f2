"""What stands at the end: in the stand-in's AWS, in its Slack, in the ledger."""

import json
import re

import company


class Evidence:
    """A reading of everything; taken once ringi is quiet."""

    def __init__(self, stack, slack, book, kills):
        self.book, self.kills = book, [at for at, _ in kills]
        state = stack.aws_state()
        self.executions, self.puts = state["executions"], state["puts"]
        counters = slack.counters()
        self.acks, self.answers = counters["acks"], counters["answers"]
        self.messages = read_messages(slack)
        self.entries = read_ledger(stack)

    def of_kind(self, kind, phase=None):
        return [e for e in self.entries if e["kind"] == kind and phase in (None, e.get("phase"))]

    def entry(self, seq):
        return self.entries[seq - 1]

    def accepted(self, *kinds):
        return [a for a in self.acks if a["status"] == 200 and a["kind"] in kinds]

    def direct_messages(self, user):
        """Those that ringi posted; an answer to what was typed there is for this person only, and no message."""
        return [m for m in self.messages if m["channel"] == "D" + user[1:] and m.get("bot_id")
                and not m.get("only_for")]


def read_messages(slack):
    found = {}
    for user in company.PEOPLE:
        for channel in (*company.CHANNELS.values(), company.TYPED_IN, "#ringi-audit", "#ringi-ops", "dm"):
            for message in slack.messages(user, channel):
                found[message["channel"], message["ts"]] = message
    return [found[key] for key in sorted(found)]


def read_ledger(stack):
    code, out, err = stack.cli("audit", "list", "--json")
    assert code == 0, err
    return sorted((json.loads(line) for line in out.splitlines()), key=lambda e: e["seq"])


def said(message):
    return json.dumps(message, ensure_ascii=False)


def number_of(message):
    """N of the card's `ringi #N`; None for what is no card."""
    if message.get("thread_ts") or message.get("only_for"):
        return None
    found = re.search(r'"ringi #(\d+)"', said(message))
    return int(found[1]) if found else None


def cards_of(messages, execution):
    mark = f"`{execution['id'][:8]}`"
    return [m for m in messages if number_of(m) and mark in said(m)]


def lines_under(messages, card):
    return [m for m in messages if m.get("thread_ts") == card["ts"] and m["channel"] == card["channel"]]


def recorded_entry(text):
    found = re.search(r"Recorded as ringi #(\d+)", text)
    return int(found[1]) if found else None
