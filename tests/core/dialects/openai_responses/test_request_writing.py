"""A chat of any dialect as a request for a response."""

import json

import pytest

from tidegate.core.dialects import openai_chat
from tidegate.core.dialects import openai_responses as dialect
from tidegate.core.dialects.crossing import cross_request
from tidegate.core.dialects.neutral.chat import Chat, Format, Media, Refused, Text, Tool, ToolCall, ToolResult, Turn
from tidegate.core.values.errors import BadRequest


def written(*turns, **more):
    return json.loads(dialect.write_request(Chat(turns=turns, **more), "m"))


TURNS = [
    (Turn("user", (Text("a"),)), [{"role": "user", "content": "a"}]),
    (Turn("user", (Text("a"), Media("image", url="https://x/y", detail="low"))),
     [{"type": "message", "role": "user", "content": [
         {"type": "input_text", "text": "a"}, {"type": "input_image", "image_url": "https://x/y", "detail": "low"}]}]),
    (Turn("user", (Media("image", "image/png", data="AA"),)),
     [{"type": "message", "role": "user", "content": [
         {"type": "input_image", "image_url": "data:image/png;base64,AA", "detail": "auto"}]}]),
    (Turn("user", (Media("file", "application/pdf", data="AA", name="a.pdf"), Media("file", url="https://x"),
                   Media("file", file_id="f"), Media("audio", "audio/wav", data="AA"))),
     [{"type": "message", "role": "user", "content": [
         {"type": "input_file", "file_data": "data:application/pdf;base64,AA", "filename": "a.pdf"},
         {"type": "input_file", "file_url": "https://x"}, {"type": "input_file", "file_id": "f"},
         {"type": "input_audio", "input_audio": {"data": "AA", "format": "wav"}}]}]),
    (Turn("assistant", (Text("a"), ToolCall("1", "f", ""), Refused("no"))),
     [{"role": "assistant", "content": "a"},
      {"type": "function_call", "call_id": "1", "name": "f", "arguments": "{}"},
      {"type": "message", "id": "msg_2", "status": "completed", "role": "assistant",
       "content": [{"type": "refusal", "refusal": "no"}]}]),
    (Turn("assistant", (ToolCall("1", "p", "x", free=True),)),
     [{"type": "custom_tool_call", "call_id": "1", "name": "p", "input": "x"}]),
    (Turn("tool", (ToolResult("1", "p", (Text("x"),), free=True),)),
     [{"type": "custom_tool_call_output", "call_id": "1", "output": "x"}]),
    (Turn("tool", (ToolResult("1", "f", (Text("x"), Media("image", url="https://x"))),)),
     [{"type": "function_call_output", "call_id": "1", "output": [
         {"type": "input_text", "text": "x"}, {"type": "input_image", "image_url": "https://x", "detail": "auto"}]}]),
]  # fmt: skip


@pytest.mark.parametrize(("turn", "items"), TURNS)
def test_each_turn_is_its_items(turn, items):
    assert written(turn)["input"] == items


def test_the_first_words_of_the_system_are_instructions_and_later_ones_stand_where_they_were():
    system = Turn("system", (Text("Be kind."),))
    body = written(system, Turn("user", (Text("a"),)), system)
    assert body["instructions"] == "Be kind."
    assert body["input"] == [{"role": "user", "content": "a"}, {"role": "system", "content": "Be kind."}]


def test_a_tool_is_strict_only_where_somebody_said_so():
    """Left out, it would be."""
    tools = [
        Tool("f", "d", {"type": "object"}),
        Tool("g", strict=True),
        Tool("p", free=True, syntax="lark", grammar="s"),
    ]
    assert written(tools=tools)["tools"] == [
        {"type": "function", "name": "f", "description": "d", "parameters": {"type": "object"}, "strict": False},
        {"type": "function", "name": "g", "parameters": None, "strict": True},
        {"type": "custom", "name": "p", "format": {"type": "grammar", "syntax": "lark", "definition": "s"}},
    ]


@pytest.mark.parametrize(("named", "kind"), [("f", "function"), ("p", "custom")])
def test_a_tool_that_must_be_called_is_named(named, kind):
    tools = (Tool("f"), Tool("p", free=True))
    assert written(tools=tools, tool_choice="named", tool_named=named)["tool_choice"] == {"type": kind, "name": named}


def test_settings_have_their_names():
    body = written(
        max_tokens=5, temperature=0.1, top_p=0.2, effort="low", verbosity="high", user="u", metadata={"a": "b"},
        parallel_tools=False, stream=True, format=Format("schema", "n", {"type": "object"}, strict=True),
    )  # fmt: skip
    assert body == {
        "model": "m", "input": [], "max_output_tokens": 5, "temperature": 0.1, "top_p": 0.2,
        "parallel_tool_calls": False, "reasoning": {"effort": "low"}, "user": "u", "metadata": {"a": "b"},
        "stream": True,
        "text": {"verbosity": "high", "format": {
            "type": "json_schema", "name": "n", "schema": {"type": "object"}, "strict": True}},
    }  # fmt: skip


@pytest.mark.parametrize("more", [{"stop": ["x"]}, {"n": 2}])
def test_what_it_has_no_word_for_is_refused(more):
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": "a"}], **more}).encode()
    with pytest.raises(BadRequest) as caught:
        cross_request(body, openai_chat, dialect, "m")
    assert caught.value.code == "not_expressible"


def test_calls_of_tools_of_free_text_keep_their_results():
    call = {"id": "1", "type": "custom", "custom": {"name": "p", "input": "x"}}
    messages = [{"role": "assistant", "tool_calls": [call]}, {"role": "tool", "tool_call_id": "1", "content": "y"}]
    body = json.dumps({"model": "m", "messages": messages}).encode()
    items = json.loads(cross_request(body, openai_chat, dialect, "m").body)["input"]
    assert [item["type"] for item in items] == ["custom_tool_call", "custom_tool_call_output"]
