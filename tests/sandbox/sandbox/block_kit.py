"""Block Kit of messages and modals, checked with Slack's limits. Unknown means refused."""

import json
import re

from .block_elements import IMAGE, IN_ACTIONS, IN_CONTEXT, IN_INPUT, IN_SECTION, either, plain
from .block_rich_text import RICH_TEXT_ELEMENTS
from .block_schema import (Problems, anything, array, boolean, by_type, length, one_of, record,
                           string)

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
COLOUR = re.compile(r"^(good|warning|danger|#?[0-9a-fA-F]{6})$")


def block(kind, required=None, optional=None, also=None):
    return record({"type": one_of(kind)} | (required or {}),
                  {"block_id": string(255)} | (optional or {}), also)


def text_or_fields(value, at, problems):
    if "text" not in value and "fields" not in value:
        problems.add("missing required field: text or fields", at)


def distinct_actions(value, at, problems):
    elements = value.get("elements")
    ids = [e["action_id"] for e in elements or [] if isinstance(e, dict) and "action_id" in e]
    if len(ids) != len(set(ids)):
        problems.add("`action_id` must be unique inside its block", f"{at}/elements")


BLOCKS = {
    "section": block("section", {}, {
        "text": either(3000), "fields": array(either(2000), 10), "accessory": IN_SECTION,
        "expand": boolean}, text_or_fields),
    "header": block("header", {"text": plain(150)}),
    "context": block("context", {"elements": array(IN_CONTEXT, 10)}),
    "actions": block("actions", {"elements": array(IN_ACTIONS, 25)}, {}, distinct_actions),
    "divider": block("divider"),
    "image": block("image", IMAGE, {"title": plain(2000)}),
    "input": block("input", {"label": plain(2000), "element": IN_INPUT}, {
        "hint": plain(2000), "optional": boolean, "dispatch_action": boolean}),
    "rich_text": block("rich_text", {"elements": RICH_TEXT_ELEMENTS}),
}
ANY_BLOCK = by_type(BLOCKS)

ATTACHMENT = record(optional={
    "color": string(10, 1, COLOUR), "fallback": string(40000, 0), "blocks": array(ANY_BLOCK, 50, 0),
    "footer": string(300, 0), "mrkdwn_in": array(one_of("pretext", "text", "fields"), 3, 0),
} | {name: anything for name in ("pretext", "author_name", "author_link", "author_icon", "title",
                                 "title_link", "text", "fields", "image_url", "thumb_url",
                                 "footer_icon", "ts", "id")})

VIEW = record(
    {"type": one_of("modal"), "title": plain(24), "blocks": array(ANY_BLOCK, VIEW_BLOCKS, 0)},
    {"submit": plain(24), "close": plain(24), "private_metadata": string(3000, 0),
     "callback_id": string(255, 0), "external_id": string(255, 0), "clear_on_close": boolean,
     "notify_on_close": boolean, "submit_disabled": boolean})


def distinct_ids(blocks, at, problems):
    seen = set()
    for index, one in enumerate(blocks):
        block_id = one.get("block_id") if isinstance(one, dict) else None
        if block_id in seen:
            problems.add("block_id already exists", f"{at}/{index}/block_id")
        if block_id is not None:
            seen.add(block_id)


def check_blocks(blocks, at="/blocks", most=MESSAGE_BLOCKS):
    problems = Problems()
    array(ANY_BLOCK, most, 0)(blocks, at, problems)
    if isinstance(blocks, list):
        distinct_ids(blocks, at, problems)
    return problems


def check_attachments(attachments):
    problems = Problems()
    array(ATTACHMENT, 100, 0)(attachments, "/attachments", problems)
    for index, attachment in enumerate(attachments if isinstance(attachments, list) else []):
        blocks = attachment.get("blocks") if isinstance(attachment, dict) else None
        if isinstance(blocks, list):
            distinct_ids(blocks, f"/attachments/{index}/blocks", problems)
    return problems


def check_view(view):
    problems = Problems()
    VIEW(view, "/view", problems)
    blocks = view.get("blocks") if isinstance(view, dict) else None
    if isinstance(blocks, list):
        distinct_ids(blocks, "/view/blocks", problems)
        has_input = any(isinstance(b, dict) and b.get("type") == "input" for b in blocks)
        if has_input and "submit" not in view:
            problems.add("missing required field: submit", "/view")
    return problems


def view_too_large(view):
    return len(json.dumps(view).encode()) > VIEW_BYTES


def too_long(text, most):
    return length(text) > most
