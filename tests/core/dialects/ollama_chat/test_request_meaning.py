"""What chat requests mean, and meanings as chat requests."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ollama._types import ChatRequest

from tidegate.core.dialects import ollama_chat as dialect
from tidegate.core.dialects import openai_chat
from tidegate.core.dialects.crossing import cross_request
from tidegate.core.dialects.neutral.chat import (
    Chat,
    Format,
    Media,
    Refused,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolResult,
    Turn,
)
from tidegate.core.dialects.neutral.features import fit
from tidegate.core.dialects.neutral.linking import with_links
from tidegate.core.values.errors import BadRequest

PIXEL = "iVBORw0KGgoAAAANSUhEUg=="
CALL = {"id": "c", "function": {"name": "f", "arguments": {"x": 1}}}
NO_SCHEMA = {"type": "object", "properties": {}}
MEANT = [
    ({"role": "system", "content": "a"}, Turn("system", (Text("a"),))),
    ({"role": "user", "content": "a", "images": [PIXEL]},
     Turn("user", (Text("a"), Media("image", "image/png", data=PIXEL)))),
    ({"role": "assistant", "content": "b", "thinking": "a"}, Turn("assistant", (Thinking("a"), Text("b")))),
    ({"role": "assistant", "content": "", "tool_calls": [CALL]},
     Turn("assistant", (ToolCall("c", "f", '{"x":1}'),))),
    ({"role": "tool", "content": "a", "tool_name": "f"}, Turn("tool", (ToolResult("", "f", (Text("a"),)),))),
    ({"role": "tool", "content": "a", "tool_name": "f", "tool_call_id": "c"},
     Turn("tool", (ToolResult("c", "f", (Text("a"),)),))),
]  # fmt: skip


def read(*messages, **more):
    return dialect.read_request({"model": "m", "messages": list(messages), **more})


def written(ask):
    body = dialect.write_request(ask, "m")
    ChatRequest.model_validate_json(body)
    return json.loads(body)


@pytest.mark.parametrize(("message", "turn"), MEANT)
def test_a_message_is_a_turn_and_a_turn_a_message(message, turn):
    ask = read(message)
    assert ask.turns == (turn,)
    assert written(ask)["messages"] == [message]


def test_a_request_says_whether_it_streams_because_silence_means_yes():
    assert written(read({"role": "user", "content": "x"}))["stream"] is True
    assert written(read({"role": "user", "content": "x"}, stream=False))["stream"] is False


def test_tools_keep_their_schema():
    schema = {"type": "object", "properties": {"x": {"type": "string"}}}
    tool = {"type": "function", "function": {"name": "f", "description": "d", "parameters": schema}}
    ask = read({"role": "user", "content": "x"}, tools=[tool])
    assert ask.tools == (Tool("f", "d", schema),)
    assert written(ask)["tools"] == [tool]


def test_calls_without_ids_are_linked_by_their_order():
    """Parallel calls come without ids here, and every other dialect tells results by them."""
    calls = [{"function": {"name": "f", "arguments": {"n": n}}} for n in (1, 2)]
    ask = with_links(
        read(
            {"role": "assistant", "content": "", "tool_calls": calls},
            {"role": "tool", "content": "one", "tool_name": "f"},
            {"role": "tool", "content": "two", "tool_name": "f"},
        )
    )
    body = json.loads(openai_chat.write_request(ask, "m"))
    assert [call["id"] for call in body["messages"][0]["tool_calls"]] == ["call_1", "call_2"]
    assert [(message["tool_call_id"], message["content"]) for message in body["messages"][1:]] == [
        ("call_1", "one"),
        ("call_2", "two"),
    ]


def test_what_a_client_of_another_dialect_says_of_the_context_and_the_memory_has_no_word_there():
    body = orjson.dumps({"model": "a", "messages": [{"role": "user", "content": "x"}], "keep_alive": "1h",
                         "options": {"num_ctx": 8192, "min_p": 0.1}})  # fmt: skip
    assert cross_request(body, dialect, openai_chat, "m").dropped == ("options.min_p", "context_tokens", "keep_alive")


WRITTEN = [
    (Chat(turns=(Turn("user", (Text("a"), Text("b"))),)), "messages", [{"role": "user", "content": "a\nb"}]),
    (Chat(turns=(Turn("assistant", (Refused("no"),)),)), "messages", [{"role": "assistant", "content": "no"}]),
    (Chat(turns=(Turn("user", (ToolResult("c", "f", (Text("r"),)), Text("and"))),)), "messages",
     [{"role": "tool", "content": "r", "tool_name": "f", "tool_call_id": "c"}, {"role": "user", "content": "and"}]),
    (Chat(turns=(), tools=(Tool("f"),)), "tools",
     [{"type": "function", "function": {"name": "f", "description": "", "parameters": NO_SCHEMA}}]),
    (Chat(turns=(), tools=(Tool("f"),), tool_choice="none"), "tools", None),
    (Chat(turns=(), format=Format("schema", schema={"type": "object"})), "format", {"type": "object"}),
    (Chat(turns=(), format=Format("json")), "format", "json"),
    (Chat(turns=(), format=Format("text")), "format", None),
    (Chat(turns=(), max_tokens=5), "options", {"num_predict": 5}),
    (Chat(turns=(), effort="high"), "think", "high"),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "field", "value"), WRITTEN)
def test_a_meaning_in_ollamas_words(ask, field, value):
    assert written(ask).get(field) == value


CANNOT = [
    (Chat(turns=(), choices=2), "choices"),
    (Chat(turns=(), tool_choice="required"), "tool_choice_required"),
    (Chat(turns=(), tool_choice="named", tool_named="f"), "tool_choice_named"),
    (Chat(turns=(Turn("user", (Media("image", url="https://x/y.png"),)),)), "image_url"),
    (Chat(turns=(Turn("user", (Media("file", data="AA"),)),)), "file_data"),
]


@pytest.mark.parametrize(("ask", "feature"), CANNOT)
def test_what_would_mean_something_else_is_refused_by_name(ask, feature):
    with pytest.raises(BadRequest, match=feature):
        fit(ask, dialect.CANNOT, dialect.NAME)


@pytest.mark.parametrize(
    "more",
    [
        {"logit_bias": {"1": 2}},
        {"user": "u"},
        {"metadata": {"a": "b"}},
        {"verbosity": "low"},
        {"parallel_tools": False},
    ],
)
def test_what_it_has_no_word_for_is_left_out_and_named(more):
    ask = Chat(turns=(), **more)
    assert fit(ask, dialect.CANNOT, dialect.NAME) == (
        next(iter({"parallel_tools": "parallel_tools"} if "parallel_tools" in more else more)),
    )
    assert set(written(ask)) == {"model", "messages", "stream"}


WRONG = [
    ({"role": "user", "content": "x", "images": "AA"}, "messages[0].images"),
    ({"role": "user", "content": "x", "images": [1]}, "messages[0].images"),
    ({"role": "assistant", "tool_calls": [{}]}, "messages[0].tool_calls[0].function"),
    ({"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]},
     "messages[0].tool_calls[0].function.arguments"),
    ({"role": "wizard"}, "messages[0].role"),
]  # fmt: skip


@pytest.mark.parametrize(("message", "where"), WRONG)
def test_a_wrong_type_is_named_by_its_path(message, where):
    with pytest.raises(BadRequest) as refused:
        read(message)
    assert refused.value.param == where


def test_a_tool_that_is_none_of_the_clients_cannot_be_left_out():
    ask = read({"role": "user", "content": "x"}, tools=[{"type": "web_search"}])
    assert [(left.name, left.essential) for left in ask.left] == [("tools.web_search", False)]


TEXTS = st.text(min_size=1, max_size=8)
BLOCKS = {
    "system": st.tuples(st.builds(Text, TEXTS, st.just(""))),
    "user": st.tuples(st.builds(Text, TEXTS, st.just(""))),
    "assistant": st.tuples(
        st.builds(Thinking, TEXTS, st.just(""), st.just("")),
        st.builds(Text, TEXTS, st.just("")),
        st.builds(ToolCall, TEXTS, TEXTS, st.just('{"x":1}'), st.just(False), st.just("")),
    ),
    "tool": st.tuples(
        st.builds(
            ToolResult, TEXTS, TEXTS, st.tuples(st.builds(Text, TEXTS, st.just(""))), st.just(False), st.just(False)
        )
    ),
}


@given(
    st.lists(
        st.one_of(*[st.builds(Turn, st.just(role), blocks, st.just("")) for role, blocks in BLOCKS.items()]),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_written_is_read_again(turns):
    assert dialect.read_request(written(Chat(turns=tuple(turns)))).turns == tuple(turns)
