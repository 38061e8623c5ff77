"""What chat requests mean."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.core.dialects.neutral.chat import Format, Left, Refused, Text, Thinking, ToolResult, Turn
from tidegate.core.dialects.openai_chat.request_reading import read_request
from tidegate.core.dialects.openai_chat.request_writing import write_request
from tidegate.core.values.errors import BadRequest


def read(*messages, **fields):
    return read_request({"model": "auto", "messages": list(messages), **fields})


MESSAGES = [
    ({"role": "system", "content": "be brief"}, Turn("system", (Text("be brief"),))),
    ({"role": "developer", "content": "be brief"}, Turn("system", (Text("be brief"),))),
    ({"role": "user", "content": "hi", "name": "ann"}, Turn("user", (Text("hi"),), "ann")),
    ({"role": "assistant", "content": "hm", "reasoning_content": "why"},
     Turn("assistant", (Thinking("why"), Text("hm")))),
    ({"role": "assistant", "refusal": "no"}, Turn("assistant", (Refused("no"),))),
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
    ({"parallel_tool_calls": False, "reasoning_effort": "low"}, {"parallel_tools": False, "effort": "low"}),
    ({"user": "u", "metadata": {"a": "b"}, "verbosity": "low"},
     {"user": "u", "metadata": {"a": "b"}, "verbosity": "low"}),
    ({"store": True, "novel": 1}, {"left": (Left("novel"),)}),
    ({"web_search_options": {}}, {"left": (Left("web_search_options", essential=True),)}),
]  # fmt: skip

WRONG = [
    {"temperature": "warm"},
    {"max_tokens": 1.5},
    {"stop": [1]},
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


@pytest.mark.parametrize("role", [None, "", "narrator", 7])
def test_a_message_of_nobody_is_refused(role):
    with pytest.raises(BadRequest) as raised:
        read({"role": "user", "content": "x"}, {"role": role, "content": "x"})
    assert raised.value.param == "messages[1].role"


def test_what_a_message_holds_beyond_its_words_is_left_by_its_path():
    chat = read(
        {"role": "user", "content": "x", "novel": 1, "empty": None}, {"role": "assistant", "audio": {"id": "a"}}
    )
    assert chat.left == (Left("messages[0].novel"), Left("messages[1].audio", essential=True))


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
