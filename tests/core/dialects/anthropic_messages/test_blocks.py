"""Hints to a cache, block by block."""

import pytest

from tidegate.core.dialects.anthropic_messages.blocks import Blocks
from tidegate.core.values.capabilities import LONG_CACHES
from tidegate.core.values.envelope import Position

HINTS = [
    (None, set(), set()),
    ({"type": "ephemeral"}, set(), set()),
    ({"type": "ephemeral", "ttl": "5m"}, set(), set()),
    ({"type": "ephemeral", "ttl": "1h"}, {LONG_CACHES}, set()),
    ({"ttl": "1h"}, {LONG_CACHES}, {"cache_control.type"}),
    ({"type": "ephemeral", "ttl": ["1h"]}, set(), {"cache_control.ttl"}),
    ({"type": "persistent"}, set(), {"cache_control.type"}),
    ({"type": "ephemeral", "scope": "global", "ttl": "1h"}, {LONG_CACHES}, {"cache_control.scope"}),
    ("ephemeral", set(), {"cache_control.ttl"}),
]


@pytest.mark.parametrize(("hint", "asked", "rest"), HINTS)
def test_a_hint_is_the_usual_a_capability_or_unknown(hint, asked, rest):
    blocks = Blocks()
    blocks.block(("x",), Position.USER, {"type": "text", "text": "t", "cache_control": hint})
    assert blocks.capabilities == asked
    assert blocks.rest == rest


def test_only_the_first_text_of_a_user_s_is_the_conversation():
    blocks = Blocks()
    blocks.content(("system",), Position.SYSTEM, "s", "system")
    blocks.content(("a",), Position.USER, [{"type": "text", "text": ""}, {"type": "text", "text": "one"}], "a")
    blocks.content(("b",), Position.USER, "two", "b")
    assert blocks.conversation == "one"
