"""The rich_text block: its containers and their leaves."""

from .block_schema import anything, array, boolean, by_type, integer, one_of, record, string

STYLE = record(optional={name: boolean for name in ("bold", "italic", "strike", "code", "underline")})


def leaf(kind, required=None, optional=None):
    return record({"type": one_of(kind)} | (required or {}), {"style": STYLE} | (optional or {}))


LEAVES = by_type({
    "text": leaf("text", {"text": string(40000)}),
    "link": leaf("link", {"url": string(3000)}, {"text": string(3000), "unsafe": boolean}),
    "user": leaf("user", {"user_id": string(30)}),
    "usergroup": leaf("usergroup", {"usergroup_id": string(30)}),
    "channel": leaf("channel", {"channel_id": string(30)}),
    "broadcast": leaf("broadcast", {"range": one_of("here", "channel", "everyone")}),
    "emoji": leaf("emoji", {"name": string(100)}, {"unicode": string(100), "skin_tone": anything}),
    "date": leaf("date", {"timestamp": integer(0, 1 << 40), "format": string(300)},
                 {"url": string(3000), "fallback": string(300)}),
    "color": leaf("color", {"value": string(30)}),
})


def container(kind, item=LEAVES, optional=None):
    return record({"type": one_of(kind), "elements": array(item, 1000, 0)},
                  {"border": integer(0, 1)} | (optional or {}))


SECTION = container("rich_text_section")
LIST = container("rich_text_list", SECTION, {"indent": integer(0, 8), "offset": integer(0, 100000),
                                             "style": one_of("bullet", "ordered")})

RICH_TEXT_ELEMENTS = array(by_type({
    "rich_text_section": SECTION,
    "rich_text_list": LIST,
    "rich_text_quote": container("rich_text_quote"),
    "rich_text_preformatted": container("rich_text_preformatted", optional={"language": string(50)}),
}), 1000)
