"""Block Kit's composition objects and elements. Limits: docs.slack.dev/reference/block-kit."""

import re

from .block_schema import (anything, array, boolean, by_type, integer, one_of, record, string)

URL = re.compile(r"^(https?|mailto|slack)://?\S+$")
ACTION_ID = string(255)


def text(kinds, most, least=1):
    def check(value, at, problems):
        if isinstance(value, dict) and value.get("type") not in kinds:
            problems.add(f"must be a valid enum value: {', '.join(kinds)}", f"{at}/type")
            return
        extra = "emoji" if isinstance(value, dict) and value.get("type") == "plain_text" else "verbatim"
        record({"type": one_of(*kinds), "text": string(most, least)}, {extra: boolean})(
            value, at, problems)
    return check


def plain(most, least=1):
    return text(("plain_text",), most, least)


def either(most, least=1):
    return text(("plain_text", "mrkdwn"), most, least)


CONFIRM = record(
    {"title": plain(100), "text": either(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")})


def option(label):
    return record({"text": label, "value": string(75, 0)}, {"description": either(75)})


OPTION = option(plain(75))
RICH_OPTION = option(either(75))
OVERFLOW_OPTION = record({"text": plain(75), "value": string(75, 0)},
                         {"description": plain(75), "url": string(3000, 1, URL)})
OPTION_GROUP = record({"label": plain(75), "options": array(OPTION, 100)})


def element(kind, required=None, optional=None, also=None):
    return record({"type": one_of(kind)} | (required or {}),
                  {"action_id": ACTION_ID} | (optional or {}), also)


def has_options(value, at, problems):
    if ("options" in value) == ("option_groups" in value):
        problems.add("must provide exactly one of options, option_groups", at)


def initial_is_offered(value, at, problems):
    has_options(value, at, problems)
    groups = value.get("option_groups") or [{"options": value.get("options")}]
    offered = [o for g in groups if isinstance(g, dict) for o in g.get("options") or []]
    if "initial_option" in value and value["initial_option"] not in offered:
        problems.add("must be one of the options", f"{at}/initial_option")


SELECT = {"placeholder": plain(150), "confirm": CONFIRM, "focus_on_load": boolean}
MANY = {"max_selected_items": integer(1, 1000)}
OPTIONS = {"options": array(OPTION, 100), "option_groups": array(OPTION_GROUP, 100)}
DISPATCH = record(optional={"trigger_actions_on": array(
    one_of("on_enter_pressed", "on_character_entered"), 2)})
INPUT = {"placeholder": plain(150), "initial_value": string(3000, 0),
         "dispatch_action_config": DISPATCH, "focus_on_load": boolean}

ELEMENTS = {
    "button": element("button", {"text": plain(75)}, {
        "value": string(2000, 0), "url": string(3000, 1, URL), "confirm": CONFIRM,
        "style": one_of("primary", "danger"), "accessibility_label": string(75)}),
    "static_select": element("static_select", {}, SELECT | OPTIONS | {"initial_option": anything},
                             initial_is_offered),
    "multi_static_select": element("multi_static_select", {}, SELECT | MANY | OPTIONS | {
        "initial_options": array(anything, 100)}, has_options),
    "external_select": element("external_select", {}, SELECT | {
        "min_query_length": integer(0, 100), "initial_option": OPTION}),
    "users_select": element("users_select", {}, SELECT | {"initial_user": string(30)}),
    "multi_users_select": element("multi_users_select", {}, SELECT | MANY | {
        "initial_users": array(string(30), 100)}),
    "channels_select": element("channels_select", {}, SELECT | {
        "initial_channel": string(30), "response_url_enabled": boolean}),
    "conversations_select": element("conversations_select", {}, SELECT | {
        "initial_conversation": string(30), "default_to_current_conversation": boolean,
        "response_url_enabled": boolean, "filter": anything}),
    "overflow": element("overflow", {"options": array(OVERFLOW_OPTION, 5)}, {"confirm": CONFIRM}),
    "checkboxes": element("checkboxes", {"options": array(RICH_OPTION, 10)}, {
        "initial_options": array(anything, 10), "confirm": CONFIRM, "focus_on_load": boolean}),
    "radio_buttons": element("radio_buttons", {"options": array(RICH_OPTION, 10)}, {
        "initial_option": anything, "confirm": CONFIRM, "focus_on_load": boolean}),
    "datepicker": element("datepicker", {}, SELECT | {
        "initial_date": string(10, 10, re.compile(r"^\d{4}-\d{2}-\d{2}$"))}),
    "timepicker": element("timepicker", {}, SELECT | {
        "initial_time": string(5, 5, re.compile(r"^\d{2}:\d{2}$")), "timezone": string(100)}),
    "plain_text_input": element("plain_text_input", {}, INPUT | {
        "multiline": boolean, "min_length": integer(0, 3000), "max_length": integer(1, 3000)}),
    "number_input": element("number_input", {"is_decimal_allowed": boolean}, INPUT | {
        "min_value": string(30), "max_value": string(30)}),
    "email_text_input": element("email_text_input", {}, INPUT),
    "url_text_input": element("url_text_input", {}, INPUT),
}

IMAGE = {"alt_text": string(2000), "image_url": string(3000, 1, URL)}
IMAGE_ELEMENT = record({"type": one_of("image")} | IMAGE)

IN_ACTIONS = by_type({kind: check for kind, check in ELEMENTS.items()
                      if not kind.endswith("_input")})
IN_SECTION = by_type({"image": IMAGE_ELEMENT} | {
    kind: check for kind, check in ELEMENTS.items() if not kind.endswith("_input")})
IN_INPUT = by_type({kind: check for kind, check in ELEMENTS.items()
                    if kind not in ("button", "overflow")})
IN_CONTEXT = by_type({"image": IMAGE_ELEMENT, "plain_text": either(3000), "mrkdwn": either(3000)})
