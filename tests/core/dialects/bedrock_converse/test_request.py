"""A meaning as a request to Converse: what no recording happens to show."""

import json

import pytest

from tidegate.core.dialects.bedrock_converse import CANNOT, unstored, write_request
from tidegate.core.dialects.bedrock_converse.request import is_claude, tool_id
from tidegate.core.dialects.neutral.chat import (
    Chat,
    Format,
    Refused,
    Text,
    Thinking,
    Tool,
    ToolCall,
    ToolResult,
    Turn,
)
from tidegate.core.dialects.neutral.features import fit
from tidegate.core.values.errors import BadRequest

HELLO = Turn("user", (Text("hello"),))
CLAUDE, NOVA = "eu.anthropic.claude-sonnet-4-5-v1:0", "amazon.nova-pro-v1:0"
CALL = Turn("assistant", (ToolCall("a", "f", '{"x": 1}'),))


def written(*turns, model=CLAUDE, **more):
    return json.loads(write_request(Chat(turns=turns or (HELLO,), **more), model))


def test_user_and_assistant_take_turns_whatever_is_left_out_between():
    found = written(HELLO, Turn("assistant", ()), Turn("user", (Text("again"),)), CALL)
    assert [message["role"] for message in found["messages"]] == ["user", "assistant"]
    assert found["messages"][0]["content"] == [{"text": "hello"}, {"text": "again"}]


def test_every_setting_has_its_name():
    found = written(max_tokens=5, temperature=0.5, top_p=0.9, stop=("a",))
    assert found["inferenceConfig"] == {"maxTokens": 5, "temperature": 0.5, "topP": 0.9, "stopSequences": ["a"]}
    assert set(written()) == {"messages"}


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        ({"top_k": 3}, {"top_k": 3}),
        ({"thinking_tokens": 2048}, {"thinking": {"type": "enabled", "budget_tokens": 2048}}),
        ({"thinks": True}, {"thinking": {"type": "adaptive"}}),
        ({"thinks": False, "thinking_tokens": 9}, {"thinking": {"type": "disabled"}}),
    ],
)
def test_claude_is_told_in_its_own_words_and_nobody_else_is(asked, fields):
    assert written(**asked)["additionalModelRequestFields"] == fields
    assert "additionalModelRequestFields" not in written(model=NOVA, **asked)


def test_claude_is_known_by_its_id_and_by_a_profile_of_it():
    assert is_claude("anthropic.claude-3-haiku-20240307-v1:0")
    assert is_claude(CLAUDE)
    assert not is_claude(NOVA)


def test_turns_alternate_and_results_come_first():
    found = written(
        Turn("system", (Text("be"),)),
        HELLO,
        HELLO,
        CALL,
        Turn("tool", (ToolResult("a", "f", (Text("one"),), failed=True),)),
        Turn("tool", (ToolResult("b", "f", ()),)),
        Turn("user", (Text("and"),)),
        Turn("system", (Text("brief"),)),
    )
    assert found["system"] == [{"text": "be"}, {"text": "brief"}]
    assert [message["role"] for message in found["messages"]] == ["user", "assistant", "user"]
    assert found["messages"][0]["content"] == [{"text": "hello"}, {"text": "hello"}]
    assert found["messages"][2]["content"] == [
        {"toolResult": {"toolUseId": "a", "content": [{"text": "one"}], "status": "error"}},
        {"toolResult": {"toolUseId": "b", "content": [{"text": "(empty)"}], "status": "success"}},
        {"text": "and"},
    ]


def test_empty_texts_are_left_out_and_refusals_are_text():
    found = written(HELLO, Turn("assistant", (Text(""), Refused("no"))))
    assert found["messages"][1]["content"] == [{"text": "no"}]


def test_hints_for_the_cache_become_points_and_stand_nowhere_in_results():
    found = written(
        Turn("system", (Text("be", "5m"),)),
        Turn("user", (Text("long", "1h"),)),
        CALL,
        Turn("tool", (ToolResult("a", "f", (Text("x", "5m"),)),)),
    )
    assert found["system"][1] == {"cachePoint": {"type": "default"}}
    assert found["messages"][0]["content"][1] == {"cachePoint": {"type": "default", "ttl": "1h"}}
    assert found["messages"][2]["content"][0]["toolResult"]["content"] == [{"text": "x"}]


# -- tools -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "told"),
    [("auto", {"auto": {}}), ("required", {"any": {}}), ("named", {"tool": {"name": "f"}}), (None, None)],
)
def test_who_chooses_a_tool(choice, told):
    found = written(tools=(Tool("f", "does", {"type": "object"}, strict=True),), tool_choice=choice, tool_named="f")
    spec = {"name": "f", "description": "does", "inputSchema": {"json": {"type": "object"}}, "strict": True}
    assert found["toolConfig"]["tools"] == [{"toolSpec": spec}]
    assert found["toolConfig"].get("toolChoice") == told


def test_no_tool_may_be_chosen_where_none_was_ever_called():
    assert "toolConfig" not in written(tools=(Tool("f"),), tool_choice="none")
    with pytest.raises(BadRequest) as caught:
        written(HELLO, CALL, tools=(Tool("f"),), tool_choice="none")
    assert (caught.value.code, caught.value.param) == ("not_expressible", "tool_choice")


def test_a_conversation_that_has_called_tools_names_them_although_none_is_offered():
    found = written(HELLO, CALL)
    assert found["toolConfig"] == {"tools": [{"toolSpec": {"name": "f", "inputSchema": {"json": {"type": "object"}}}}]}


def test_an_id_that_is_none_there_is_the_same_one_in_call_and_result():
    odd = "functions.f:0"
    found = written(HELLO, Turn("assistant", (ToolCall(odd, "f", ""),)), Turn("tool", (ToolResult(odd, "f", ()),)))
    called = found["messages"][1]["content"][0]["toolUse"]["toolUseId"]
    assert called == found["messages"][2]["content"][0]["toolResult"]["toolUseId"] == tool_id(odd)
    assert tool_id("tooluse_-a") == "tooluse_-a"
    assert len(tool_id("x" * 65)) == 32


# -- thoughts ----------------------------------------------------------------------------------------------------------


def test_thoughts_come_back_where_they_are_signed_for_this_provider():
    turn = Turn("assistant", (
        Thinking("hm", "EqkC"), Thinking("", sealed="c2VhbA=="), Thinking("hm"), Thinking("hm", "gemini:s"),
    ))  # fmt: skip
    assert written(HELLO, turn)["messages"][1]["content"] == [
        {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "EqkC"}}},
        {"reasoningContent": {"redactedContent": "c2VhbA=="}},
    ]
    assert "unsigned_thinking_history" in fit(Chat(turns=(HELLO, turn)), CANNOT, "bedrock.converse")


def test_what_prose_is_to_look_like_is_a_schema_as_text():
    found = written(format=Format("schema", "city", {"type": "object"}, description="a city"))["outputConfig"]
    described = found["textFormat"]["structure"]["jsonSchema"]
    assert described == {"name": "city", "schema": '{"type":"object"}', "description": "a city"}
    assert "outputConfig" not in written(format=Format("text"))


def test_nothing_is_said_about_storing():
    assert unstored(b"{}") == b"{}"
