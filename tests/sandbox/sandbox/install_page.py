"""docs/install.md as people follow it: the sandbox's AWS is set up by the JSON that stands there."""

import json
import re
from pathlib import Path

INSTALL = Path(__file__).resolve().parents[3] / "docs/install.md"
JSON_BLOCK = re.compile(r"^```json\n(.*?)^```", re.M | re.S)


def blocks(text=None):
    """Every block of JSON on the page, in its order."""
    return [json.loads(block) for block in JSON_BLOCK.findall(text or INSTALL.read_text())]


def event_pattern(text=None):
    """The EventBridge rule's."""
    found = [block for block in blocks(text) if "detail-type" in block]
    if len(found) != 1:
        raise ValueError(f"expected: one event pattern in docs/install.md; found: {len(found)}")
    return found[0]


def matches(pattern, event):
    """As EventBridge does, for patterns that list values: each name must be there with one of its values."""
    return all(event.get(name) in values for name, values in pattern.items())
