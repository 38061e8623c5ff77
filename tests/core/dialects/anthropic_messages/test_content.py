"""Blocks as the words that all dialects share."""

import pytest

from tidegate.core.dialects.anthropic_messages.content import read_content, usual_blocks
from tidegate.core.dialects.neutral.chat import Left, Media, Text, Thinking, ToolCall, ToolResult
from tidegate.core.dialects.neutral.fields import Fields
from tidegate.core.values.errors import BadRequest

BLOCKS = [
    ({"type": "text", "text": "a"}, Text("a")),
    ({"type": "text", "text": "a", "cache_control": {"type": "ephemeral", "ttl": "1h"}}, Text("a", "1h")),
    ({"type": "tool_use", "id": "c", "name": "f", "input": {"a": 1}}, ToolCall("c", "f", '{"a":1}')),
    ({"type": "tool_use", "id": "c", "name": "f", "input": {"a": 2**70}}, ToolCall("c", "f", f'{{"a":{2**70}}}')),
    ({"type": "tool_use", "id": "c", "name": "f"}, ToolCall("c", "f", "{}")),
    ({"type": "tool_result", "tool_use_id": "c", "content": "42"}, ToolResult("c", "", (Text("42"),))),
    ({"type": "tool_result", "tool_use_id": "c", "content": "", "is_error": True},
     ToolResult("c", "", (), failed=True)),
    ({"type": "tool_result", "tool_use_id": "c", "content": [{"type": "text", "text": "42"}]},
     ToolResult("c", "", (Text("42"),))),
    ({"type": "thinking", "thinking": "hm", "signature": "s"}, Thinking("hm", "s")),
    ({"type": "image", "source": {"type": "url", "url": "https://x"}}, Media("image", url="https://x")),
]  # fmt: skip


def read(content, lost=None):
    return read_content(Fields({"content": content}), "content", [] if lost is None else lost)


@pytest.mark.parametrize(("block", "meaning"), BLOCKS)
def test_a_block_has_a_meaning_whether_it_is_looked_at_once_or_field_by_field(block, meaning):
    assert read([block]) == [meaning]
    assert read([{**block, "novel": None}]) == [meaning]
    assert [*usual_blocks([block])] in ([], [meaning])


@pytest.mark.parametrize("content", [None, "a", {}, [7], [{"type": "image"}], [{"type": "text", "text": "a"}, None]])
def test_only_arrays_of_usual_blocks_alone_are_usual(content):
    assert usual_blocks(content) == ()
    assert len(usual_blocks([{"type": "text", "text": "a"}])) == 1


@pytest.mark.parametrize("block", [7, {"type": "text", "text": 1}, {"type": "tool_result", "is_error": "no"}])
def test_what_is_no_block_is_refused_by_its_path(block):
    with pytest.raises(BadRequest) as raised:
        read([{"type": "text", "text": "a"}, block])
    assert raised.value.param.startswith("content[1]")


def test_a_block_that_nobody_knows_may_not_be_missing():
    lost = []
    assert read([{"type": "hologram"}], lost) == []
    assert lost == [Left("messages.content.hologram", essential=True)]
