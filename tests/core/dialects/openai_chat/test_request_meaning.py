"""What chat requests mean, and the same meaning written again."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.core.dialects.neutral.chat import (
    Chat,
    Format,
    Left,
    Media,
    Refused,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolResult,
    Turn,
)
from tidegate.core.dialects.openai_chat.request_meaning import read_request, write_request
from tidegate.core.values.errors import BadRequest

GOLDEN = Path(__file__).parents[3] / "golden" / "openai_chat"
REQUESTS = {
    path.stem: found
    for path in sorted(GOLDEN.glob("*.json"))
    if isinstance(found := json.loads(json.loads(path.read_text("utf-8"))["request"]["body"] or "null"), dict)
}


def read(*messages, **fields):
    return read_request({"model": "auto", "messages": list(messages), **fields})


def block(message):
    return read(message).turns[0].blocks


MESSAGES = [
    ({"role": "system", "content": "be brief"}, Turn("system", (Text("be brief"),))),
    ({"role": "developer", "content": "be brief"}, Turn("system", (Text("be brief"),))),
    ({"role": "user", "content": "hi", "name": "ann"}, Turn("user", (Text("hi"),), "ann")),
    ({"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
     Turn("user", (Text("a"), Text("b")))),
    ({"role": "user", "content": [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA", "detail": "low"}}]},
     Turn("user", (Media("image", "image/png", data="AA", detail="low"),))),
    ({"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": "AA", "format": "wav"}}]},
     Turn("user", (Media("audio", "audio/wav", data="AA"),))),
    ({"role": "user", "content": [{"type": "file", "file": {"file_id": "f1"}}]},
     Turn("user", (Media("file", file_id="f1"),))),
    ({"role": "user", "content": [
        {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,AA"}}]},
     Turn("user", (Media("file", "application/pdf", data="AA", name="a.pdf"),))),
    ({"role": "assistant", "content": None, "tool_calls": [
        {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}},
        {"id": "c2", "type": "custom", "custom": {"name": "g", "input": "any"}}]},
     Turn("assistant", (ToolCall("c1", "f", "{}"), ToolCall("c2", "g", "any", free=True)))),
    ({"role": "assistant", "content": "hm", "reasoning_content": "why"},
     Turn("assistant", (Thinking("why"), Text("hm")))),
    ({"role": "assistant", "refusal": "no"}, Turn("assistant", (Refused("no"),))),
    ({"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}},
     Turn("assistant", (ToolCall("", "f", "{}"),))),
    ({"role": "tool", "tool_call_id": "c1", "content": "42"}, Turn("tool", (ToolResult("c1", "", (Text("42"),)),))),
    ({"role": "function", "name": "f", "content": "42"}, Turn("tool", (ToolResult("", "f", (Text("42"),)),))),
]  # fmt: skip

FIELDS = [
    ({"temperature": 0.5, "top_p": 1, "seed": 7}, {"temperature": 0.5, "top_p": 1, "seed": 7}),
    ({"max_tokens": 5}, {"max_tokens": 5}),
    ({"max_completion_tokens": 9, "max_tokens": 5}, {"max_tokens": 9}),
    ({"stop": "x"}, {"stop": ("x",)}),
    ({"stop": ["x", "y"]}, {"stop": ("x", "y")}),
    ({"n": 2, "logprobs": True, "top_logprobs": 3}, {"choices": 2, "logprobs": True, "top_logprobs": 3}),
    ({"stream": True, "stream_options": {"include_usage": True}}, {"stream": True, "stream_usage": True}),
    ({"response_format": {"type": "json_object"}}, {"format": Format("json")}),
    ({"response_format": {"type": "json_schema", "json_schema": {"name": "s", "schema": {}, "strict": True}}},
     {"format": Format("schema", "s", {}, strict=True)}),
    ({"tools": [{"type": "function", "function": {"name": "f", "description": "d", "parameters": {"type": "object"}}}]},
     {"tools": (Tool("f", "d", {"type": "object"}),)}),
    ({"tools": [{"type": "custom", "custom": {"name": "g"}}]}, {"tools": (Tool("g", free=True),)}),
    ({"functions": [{"name": "f"}], "function_call": "auto"}, {"tools": (Tool("f"),), "tool_choice": "auto"}),
    ({"tool_choice": "none"}, {"tool_choice": "none"}),
    ({"tool_choice": "required"}, {"tool_choice": "required"}),
    ({"tool_choice": "any"}, {"tool_choice": "required"}),
    ({"tool_choice": {"type": "function", "function": {"name": "f"}}}, {"tool_choice": "named", "tool_named": "f"}),
    ({"parallel_tool_calls": False, "reasoning_effort": "low"}, {"parallel_tools": False, "effort": "low"}),
    ({"user": "u", "metadata": {"a": "b"}, "verbosity": "low"},
     {"user": "u", "metadata": {"a": "b"}, "verbosity": "low"}),
    ({"store": True, "novel": 1}, {"left": (Left("novel"),)}),
    ({"web_search_options": {}}, {"left": (Left("web_search_options", essential=True),)}),
    ({"tools": [{"type": "web_search"}]}, {"left": (Left("tools.web_search"),)}),
]  # fmt: skip

WRONG = [
    {"temperature": "warm"},
    {"max_tokens": 1.5},
    {"stop": [1]},
    {"tools": {}},
    {"tools": [1]},
    {"tool_choice": 7},
    {"response_format": {"type": "xml"}},
    {"stream_options": True},
    {"metadata": []},
]


@pytest.mark.parametrize(("message", "turn"), MESSAGES)
def test_a_message_is_a_turn(message, turn):
    assert read(message).turns == (turn,)


@pytest.mark.parametrize(("fields", "meaning"), FIELDS)
def test_a_field_has_a_meaning(fields, meaning):
    chat = read({"role": "user", "content": "x"}, **fields)
    assert {name: getattr(chat, name) for name in meaning} == meaning


@pytest.mark.parametrize("fields", WRONG)
def test_a_field_of_another_type_is_refused_by_its_name(fields):
    with pytest.raises(BadRequest) as raised:
        read({"role": "user", "content": "x"}, **fields)
    assert raised.value.param.startswith(next(iter(fields)))


def test_what_a_result_holds_beside_text_is_read():
    content = [{"type": "text", "text": "a"}, {"type": "image_url", "image_url": {"url": "https://x"}}]
    found = block({"role": "tool", "tool_call_id": "c", "content": content})
    assert found == (ToolResult("c", "", (Text("a"), Media("image", url="https://x"))),)


def test_a_legacy_call_that_came_without_an_id_is_written_with_the_one_that_it_was_given():
    chat = Chat(
        turns=(Turn("assistant", (ToolCall("call_1", "f", ""),)), Turn("tool", (ToolResult("call_1", "f", ()),)))
    )
    told = json.loads(write_request(chat, "m"))["messages"]
    assert told[0]["tool_calls"][0] == {
        "id": "call_1",
        "type": "function",
        "function": {"name": "f", "arguments": "{}"},
    }
    assert told[1] == {"role": "tool", "tool_call_id": "call_1", "content": ""}


def test_a_stream_is_asked_for_with_its_usage():
    told = json.loads(write_request(Chat(turns=(Turn("user", (Text("x"),)),), stream=True), "m"))
    assert (told["stream"], told["stream_options"]) == (True, {"include_usage": True})


@pytest.mark.parametrize("name", REQUESTS)
def test_a_recorded_request_means_the_same_when_it_is_written_again(name):
    chat = read_request(REQUESTS[name])
    again = read_request(json.loads(write_request(chat, "m")))
    assert plain(again) == plain(chat)


def plain(chat):
    """Without what the table drops, and what a written request always asks."""
    said = [
        turn._replace(blocks=tuple([block for block in turn.blocks if not isinstance(block, Thinking)]))
        for turn in chat.turns
    ]
    return {**{name: getattr(chat, name) for name in Chat.__slots__}, "turns": said, "left": (), "stream_usage": False}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = ["messages", "tools", "functions", "tool_choice", "function_call", "response_format", "stop", "stream_options",
         "max_tokens", "n", "logit_bias", "metadata", "user", "reasoning_effort"]  # fmt: skip
MESSAGE = st.fixed_dictionaries(
    {"role": st.sampled_from(["user", "assistant", "tool", "function", "system"])},
    optional=dict.fromkeys(("content", "name", "tool_calls", "tool_call_id", "function_call", "refusal"), JSON),
)


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4), st.lists(MESSAGE, min_size=1, max_size=3))
def test_whatever_stands_in_a_field_it_is_read_or_refused(fields, messages):
    try:
        chat = read_request({"model": "m", "messages": messages, **fields})
    except BadRequest:
        return
    assert json.loads(write_request(chat, "m"))["model"] == "m"
