import pytest

from sandbox.block_kit import check_attachments, check_blocks, check_view


def plain(text):
    return {"type": "plain_text", "text": text}


def mrkdwn(text):
    return {"type": "mrkdwn", "text": text}


def section(text="x", **more):
    return {"type": "section", "text": mrkdwn(text), **more}


def button(**more):
    return {"type": "button", "action_id": "go", "text": plain("Go"), **more}


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def confirm(**changed):
    return {"title": plain("t"), "text": mrkdwn("x"), "confirm": plain("y"), "deny": plain("n")} | changed


def entry(**more):
    return {"type": "input", "block_id": "why", "label": plain("Why"),
            "element": {"type": "plain_text_input", "action_id": "why"}, **more}


def view(**changed):
    return {"type": "modal", "title": plain("Reject"), "submit": plain("Reject"), "blocks": [entry()]} | changed


AT_THE_LIMIT = {
    "50 blocks": [section()] * 50,
    "section of 3000": [section("x" * 3000)],
    "header of 150": [{"type": "header", "text": plain("x" * 150)}],
    "10 context elements": [{"type": "context", "elements": [mrkdwn("x")] * 10}],
    "25 buttons": [actions(*[button(action_id=str(n)) for n in range(25)])],
    "label of 75, value of 2000": [actions(button(text=plain("x" * 75), value="v" * 2000))],
    "confirm": [actions(button(confirm=confirm(title=plain("t" * 100), text=mrkdwn("x" * 300),
                                               confirm=plain("y" * 30), deny=plain("n" * 30))))],
    "preformatted": [{"type": "rich_text", "elements": [
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a  b"}]}]}],
    "fields": [{"type": "section", "fields": [mrkdwn("x" * 2000)] * 10}],
}

BEYOND = {
    "51 blocks": ([section()] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    "section of 3001": ([{"type": "divider"}, section("x" * 3001)],
                        "must be less than 3001 characters [json-pointer:/blocks/1/text/text]"),
    "astral letters count twice": ([section("😀" * 1501)],
                                   "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    "empty text": ([section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    "header in mrkdwn": ([{"type": "header", "text": mrkdwn("x")}],
                         "must be a valid enum value: plain_text [json-pointer:/blocks/0/text/type]"),
    "no text": ([{"type": "section"}], "missing required field: text or fields [json-pointer:/blocks/0]"),
    "26 buttons": ([actions(*[button(action_id=str(n)) for n in range(26)])],
                   "no more than 25 items allowed [json-pointer:/blocks/0/elements]"),
    "no buttons": ([actions()], "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
    "label of 76": ([actions(button(text=plain("x" * 76)))],
                    "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"),
    "value of 2001": ([actions(button(value="v" * 2001))],
                      "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]"),
    "unknown style": ([actions(button(style="green"))], "must be a valid enum value: primary, danger "
                      "[json-pointer:/blocks/0/elements/0/style]"),
    "same action twice": ([actions(button(), button())], "`action_id` must be unique inside its block "
                          "[json-pointer:/blocks/0/elements]"),
    "same block_id twice": ([section(block_id="a"), section(block_id="a")],
                            "block_id already exists [json-pointer:/blocks/1/block_id]"),
    "confirm text of 301": ([actions(button(confirm=confirm(text=mrkdwn("x" * 301))))],
                            "must be less than 301 characters "
                            "[json-pointer:/blocks/0/elements/0/confirm/text/text]"),
    "unknown block": ([{"type": "banner"}], "unsupported type: banner [json-pointer:/blocks/0/type]"),
    "unknown field": ([section(colour="red")], "invalid additional property: colour [json-pointer:/blocks/0]"),
    "not a url": ([actions(button(url="javascript:alert(1)"))],
                  "failed to match pattern: ^(https?|mailto|slack)://?\\S+$ "
                  "[json-pointer:/blocks/0/elements/0/url]"),
    "11 context elements": ([{"type": "context", "elements": [mrkdwn("x")] * 11}],
                            "no more than 10 items allowed [json-pointer:/blocks/0/elements]"),
}


@pytest.mark.parametrize("name", AT_THE_LIMIT)
def test_accepts_what_is_at_the_limit(name):
    assert check_blocks(AT_THE_LIMIT[name]) == []


@pytest.mark.parametrize("name", BEYOND)
def test_refuses_what_is_beyond_and_points_at_it(name):
    blocks, problem = BEYOND[name]
    assert check_blocks(blocks) == [problem]


WRONG_VIEWS = {
    "title of 25": (view(title=plain("x" * 25)),
                    "must be less than 25 characters [json-pointer:/view/title/text]"),
    "submit of 25": (view(submit=plain("x" * 25)),
                     "must be less than 25 characters [json-pointer:/view/submit/text]"),
    "private_metadata of 3001": (view(private_metadata="x" * 3001),
                                 "must be less than 3001 characters [json-pointer:/view/private_metadata]"),
    "101 blocks": (view(blocks=[section()] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
    "input label of 2001": (view(blocks=[entry(label=plain("x" * 2001))]),
                            "must be less than 2001 characters [json-pointer:/view/blocks/0/label/text]"),
    "a button as input": (view(blocks=[entry(element=button())]),
                          "unsupported type: button [json-pointer:/view/blocks/0/element/type]"),
    "max_length of 3001": (view(blocks=[entry(element={"type": "plain_text_input", "max_length": 3001})]),
                           "must be between 1 and 3000 [json-pointer:/view/blocks/0/element/max_length]"),
}


@pytest.mark.parametrize("name", WRONG_VIEWS)
def test_refuses_a_wrong_view(name):
    wrong, problem = WRONG_VIEWS[name]
    assert check_view(wrong) == [problem]


def test_an_input_needs_submit():
    wrong = view()
    del wrong["submit"]
    assert check_view(wrong) == ["missing required field: submit [json-pointer:/view]"]
    assert check_view({"type": "modal", "title": plain("x"), "blocks": [section()]}) == []


def test_attachments_are_checked_inside():
    assert check_attachments([{"color": "#b00020", "fallback": "x", "blocks": [section()]}]) == []
    assert check_attachments([{"color": "#b00020", "blocks": [section("x" * 3001)]}]) == [
        "must be less than 3001 characters [json-pointer:/attachments/0/blocks/0/text/text]"]
    assert check_attachments([{"color": "red"}]) != []
