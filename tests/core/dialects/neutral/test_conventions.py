"""Tools that take free text, as functions and back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.neutral.chat import Chat, Text, Tool, ToolCall, ToolResult, Turn
from tidegate.core.dialects.neutral.conventions import FreeInputs, as_functions, free_names

PATCH = '*** Begin Patch\n+a "b" \\ c\n*** End Patch'


def through(arguments, cuts=(1,), name="patch", free=False):
    found = [e.Opened(0, "tool", id="c", name=name, free=free)]
    at, turn = 0, 0
    while at < len(arguments):
        found.append(e.Delta(0, arguments[at : at + cuts[turn % len(cuts)]]))
        at, turn = at + cuts[turn % len(cuts)], turn + 1
    out = list(FreeInputs(frozenset(("patch",))).feed([*found, e.Closed(0)]))
    return out[0], "".join(event.text for event in out if isinstance(event, e.Delta))


@given(text=st.text(max_size=40), cuts=st.lists(st.integers(1, 7), min_size=1, max_size=8), ascii_=st.booleans())
def test_the_text_comes_as_it_was_however_it_is_cut(text, cuts, ascii_):
    opened, got = through(json.dumps({"input": text}, ensure_ascii=ascii_), cuts)
    assert opened.free
    assert got == text


def test_text_comes_before_its_end():
    decoding = FreeInputs(frozenset(("patch",)))
    list(decoding.feed([e.Opened(0, "tool", name="patch")]))
    assert list(decoding.feed([e.Delta(0, '{"input":"abc')])) == [e.Delta(0, "abc")]


OTHERWISE = [
    (json.dumps({"patch": PATCH}), PATCH),
    (json.dumps({"why": 1, "input": PATCH}), PATCH),
    (PATCH, PATCH),
    ('{"a": "b", "c": "d"}', '{"a": "b", "c": "d"}'),
    ("[1]", "[1]"),
    ('{"input":"a\nb"}', "a\nb"),
    ('{"input":"cut off', "cut off"),
    ('{"input":"half \\ud83d"}', "half \\ud83d"),
]


@pytest.mark.parametrize(("arguments", "text"), OTHERWISE)
def test_what_a_model_writes_otherwise_is_read_as_well_as_it_can_be(arguments, text):
    for cuts in ((1,), (1000,)):
        assert through(arguments, cuts)[1] == text


def test_other_tools_and_tools_that_are_free_already_pass():
    assert through('{"input":"a"}', name="other") == (e.Opened(0, "tool", id="c", name="other"), '{"input":"a"}')
    assert through("plain", free=True)[1] == "plain"


def test_a_request_without_them_says_the_same():
    turns = (
        Turn("user", (Text("Hi."),)),
        Turn("assistant", (ToolCall("1", "patch", PATCH, free=True),)),
        Turn("tool", (ToolResult("1", "patch", (Text("done"),), free=True),)),
    )
    chat = as_functions(
        Chat(turns=turns, tools=(Tool("patch", "Patches.", free=True, syntax="lark", grammar="start: A"),))
    )
    assert json.loads(chat.turns[1].blocks[0].arguments) == {"input": PATCH}
    assert not any(block.free for turn in chat.turns[1:] for block in turn.blocks)
    (tool,) = chat.tools
    assert tool.description.startswith("Patches.")
    assert "start: A" in tool.description
    assert tool.schema["required"] == ["input"]


def test_they_are_known_by_how_either_dialect_writes_them():
    tools = [{"type": "custom", "name": "a"}, {"type": "custom", "custom": {"name": "b"}},
             {"type": "function", "name": "c"}, {"type": "custom", "name": "d", "input_schema": {}}, 5]  # fmt: skip
    assert free_names({"tools": tools}) == {"a", "b"}
    assert free_names({}) == frozenset()
