"""After the last kill: what is still open is decided, and everything comes to its end."""

import re
import time

from sandbox.client import SandboxError

import company
from evidence import cards_of, lines_under, said
from senders import cards_with_buttons

ENDS = {"Succeeded": ("is live", r"is live in"), "Failed": ("failed", r"\*failed\*"),
        "Superseded": ("was superseded", r"\*superseded\*")}


def is_true(card, messages, execution):
    """The card says how its execution ended, offers no decision, and its thread tells the end."""
    word, line = ENDS[execution["status"]]
    return (card["text"].endswith(word) and '"Approve"' not in said(card)
            and any(re.search(line, said(m)) for m in lines_under(messages, card)))


def channel_messages(slack):
    return {account: slack.messages("taro", channel) for account, channel in company.CHANNELS.items()}


def unsettled(stack, slack):
    """Sentences about what is not at its end yet."""
    executions = stack.aws_state()["executions"]
    open_ends = [f"execution {e['id']} is {e['status']}" for e in executions if e["status"] not in ENDS]
    if open_ends:
        return open_ends
    messages = channel_messages(slack)
    untrue = []
    for execution in executions:
        there = messages[execution["account"]]
        cards = cards_of(there, execution)
        if not any(is_true(card, there, execution) for card in cards):
            untrue.append(f"{execution['pipeline']} {execution['id']} {execution['variables']} ended as "
                          f"{execution['status']}, but its {len(cards)} cards say {[c['text'] for c in cards]}")
    return untrue or stack.open_jobs()


def press(slack, card):
    try:
        slack.click("hanako", card[0], label="Approve", ts=card[1])
    except SandboxError:
        return  # the card lost its buttons since it was looked at


def settle(stack, slack, limit):
    """Presses Approve where it is still offered; returns what did not come to its end within `limit` seconds."""
    end, pressed = time.monotonic() + limit, {}
    left = unsettled(stack, slack)
    while left and time.monotonic() < end:
        for card in list(cards_with_buttons(slack, "hanako")):
            if time.monotonic() - pressed.get(card, -10) > 6:
                pressed[card] = time.monotonic()
                press(slack, card)
        time.sleep(0.5)
        left = unsettled(stack, slack)
    return left
