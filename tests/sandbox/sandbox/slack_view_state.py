"""The state of a form: what was typed, checked as Slack's client checks before it sends."""

from .block_schema import length


class Unfilled(Exception):
    """Messages beside the inputs, by block_id; "" for the form as a whole."""

    def __init__(self, errors):
        super().__init__(", ".join(errors))
        self.errors = errors


def state_of(view, values):
    """`values` by block_id: a text, the value of an option, or a list of them."""
    state, errors = {}, {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element, typed = block["element"], values.get(block["block_id"])
        if typed in (None, "", []) and not block.get("optional"):
            errors[block["block_id"]] = "Please complete this required field."
        elif message := wrong_length(element, typed):
            errors[block["block_id"]] = message
        action_id = element.get("action_id", "value")
        state[block["block_id"]] = {action_id: entry(element, typed)}
    if errors:
        raise Unfilled(errors)
    return state


def wrong_length(element, typed):
    if element["type"] != "plain_text_input" or not typed:
        return ""
    if length(typed) > element.get("max_length", 3000):
        return f"Please use at most {element.get('max_length', 3000)} characters."
    if length(typed) < element.get("min_length", 0):
        return f"Please use at least {element['min_length']} characters."
    return ""


def entry(element, typed):
    kind = element["type"]
    if kind in ("static_select", "radio_buttons"):
        return {"type": kind, "selected_option": option(element, typed)}
    if kind in ("checkboxes", "multi_static_select"):
        return {"type": kind, "selected_options": [option(element, value) for value in typed or []]}
    if kind == "datepicker":
        return {"type": kind, "selected_date": typed or None}
    return {"type": kind, "value": typed or None}


def option(element, value):
    groups = element.get("option_groups") or [{"options": element.get("options", [])}]
    return next((o for g in groups for o in g["options"] if o["value"] == value), None)
