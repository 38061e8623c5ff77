"""Tools, the choice among them and their calls, as they are read and written."""

import pytest

from tidegate.core.dialects.neutral.chat import Chat, Left, Tool, ToolCall, Turn
from tidegate.core.dialects.openai_chat.request_reading import read_request
from tidegate.core.dialects.openai_chat.tools import written_call, written_choice, written_tool
from tidegate.core.values.errors import BadRequest


def read(*messages, **fields):
    return read_request({"model": "auto", "messages": list(messages), **fields})


CALLS = [
    ({"role": "assistant", "content": None, "tool_calls": [
        {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}},
        {"id": "c2", "type": "custom", "custom": {"name": "g", "input": "any"}}]},
     Turn("assistant", (ToolCall("c1", "f", "{}"), ToolCall("c2", "g", "any", free=True)))),
    ({"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}},
     Turn("assistant", (ToolCall("", "f", "{}"),))),
]  # fmt: skip

FIELDS = [
    ({"tools": [{"type": "function", "function": {"name": "f", "description": "d", "parameters": {"type": "object"}}}]},
     {"tools": (Tool("f", "d", {"type": "object"}),)}),
    ({"tools": [{"type": "custom", "custom": {"name": "g"}}]}, {"tools": (Tool("g", free=True),)}),
    ({"functions": [{"name": "f"}], "function_call": "auto"}, {"tools": (Tool("f"),), "tool_choice": "auto"}),
    ({"tool_choice": "none"}, {"tool_choice": "none"}),
    ({"tool_choice": "required"}, {"tool_choice": "required"}),
    ({"tool_choice": "any"}, {"tool_choice": "required"}),
    ({"tool_choice": {"type": "function", "function": {"name": "f"}}}, {"tool_choice": "named", "tool_named": "f"}),
    ({"tools": [{"type": "web_search"}]}, {"left": (Left("tools.web_search"),)}),
]  # fmt: skip

TOOLS = [
    (Tool("f"), {"type": "function", "function": {"name": "f"}}),
    (Tool("f", "d", {"type": "object"}, strict=True),
     {"type": "function",
      "function": {"name": "f", "description": "d", "parameters": {"type": "object"}, "strict": True}}),
    (Tool("g", free=True), {"type": "custom", "custom": {"name": "g"}}),
    (Tool("g", "d", free=True, syntax="lark", grammar="start: X"),
     {"type": "custom", "custom": {"name": "g", "description": "d", "format": {
         "type": "grammar", "grammar": {"syntax": "lark", "definition": "start: X"}}}}),
]  # fmt: skip


@pytest.mark.parametrize(("message", "turn"), CALLS)
def test_calls_are_blocks(message, turn):
    assert read(message).turns == (turn,)


@pytest.mark.parametrize(("fields", "meaning"), FIELDS)
def test_a_field_has_a_meaning(fields, meaning):
    chat = read({"role": "user", "content": "x"}, **fields)
    assert {name: getattr(chat, name) for name in meaning} == meaning


@pytest.mark.parametrize("fields", [{"tools": {}}, {"tools": [1]}, {"tool_choice": 7}, {"functions": [{"name": 1}]}])
def test_a_field_of_another_type_is_refused_by_its_name(fields):
    with pytest.raises(BadRequest) as raised:
        read({"role": "user", "content": "x"}, **fields)
    assert raised.value.param.startswith(next(iter(fields)))


def test_a_call_of_nothing_is_refused():
    with pytest.raises(BadRequest) as raised:
        read({"role": "assistant", "tool_calls": [{"id": "c"}]})
    assert raised.value.param == "messages[0].tool_calls[0].function"


@pytest.mark.parametrize(("tool", "written"), TOOLS)
def test_a_tool_is_written_and_read_again(tool, written):
    assert written_tool(tool) == written
    assert read({"role": "user", "content": "x"}, tools=[written]).tools == (tool,)


@pytest.mark.parametrize("call", [ToolCall("c1", "f", '{"a":1}'), ToolCall("c2", "g", "any", free=True)])
def test_a_call_is_written_and_read_again(call):
    assert read({"role": "assistant", "tool_calls": [written_call(call)]}).turns[0].blocks == (call,)


def test_arguments_are_never_empty():
    assert written_call(ToolCall("c", "f", ""))["function"]["arguments"] == "{}"


def test_a_named_choice_tells_the_kind_of_its_tool():
    turns = (Turn("user", ()),)
    assert written_choice(Chat(turns=turns, tool_choice="auto")) == "auto"
    for tool, kind in ((Tool("f"), "function"), (Tool("f", free=True), "custom")):
        ask = Chat(turns=turns, tools=(tool,), tool_choice="named", tool_named="f")
        assert written_choice(ask) == {"type": kind, kind: {"name": "f"}}
