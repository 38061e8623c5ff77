"""What the API refuses is not written, and what it demands is there: the rules that crossed requests fail on."""

import json
import re
from base64 import b64encode
from itertools import pairwise
from pathlib import Path

import pytest

from tests.fakes import anthropic as fake
from tidegate.core.dialects import anthropic_messages as dialect
from tidegate.core.dialects import openai_chat
from tidegate.core.dialects.anthropic_messages.request_writing import LEAST_THINKING, MAX_TOKENS, OPENING
from tidegate.core.dialects.crossing import cross_request
from tidegate.core.dialects.neutral.chat import Chat, Text, ToolCall, ToolResult, Turn
from tidegate.core.values.errors import BadRequest

USER = {"role": "user", "content": "hello"}
HELLO = Turn("user", (Text("hello"),))
CALL = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1.50}'}}


def crossed(*messages, **fields):
    """An OpenAI client's request as this dialect has it."""
    body = {"model": "gpt", "messages": [*messages] or [USER], **fields}
    return json.loads(cross_request(json.dumps(body).encode(), openai_chat, dialect, "claude").body)


def written(**fields):
    return json.loads(dialect.write_request(Chat(**{"turns": (HELLO,), **fields}), "claude"))


def messages(*given):
    return [(message["role"], message["content"]) for message in crossed(*given)["messages"]]


def test_the_least_request():
    assert crossed() == {"model": "claude", "max_tokens": MAX_TOKENS, "messages": [USER]}
    assert crossed(max_tokens=7)["max_tokens"] == 7
    assert crossed(max_completion_tokens=8)["max_tokens"] == 8


def test_system_messages_become_the_system_prompt_wherever_they_stand():
    found = crossed({"role": "system", "content": "a"}, USER, {"role": "developer", "content": "b"})
    assert found["system"] == [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    assert found["messages"] == [USER]
    assert crossed({"role": "system", "content": "a"}, USER)["system"] == "a"


def test_turns_of_one_role_become_one():
    one, two = {"type": "text", "text": "hello"}, {"type": "text", "text": "there"}
    assert messages(USER, {"role": "user", "content": "there"}) == [("user", [one, two])]


def test_the_first_turn_is_the_user_s():
    assert messages({"role": "assistant", "content": "Hi."}, USER) == [
        ("user", OPENING), ("assistant", "Hi."), ("user", "hello"),
    ]  # fmt: skip
    assert messages({"role": "system", "content": "alone"}) == [("user", OPENING)]


@pytest.mark.parametrize("empty", ["", " ", "\n\t", None, []])
def test_empty_texts_are_left_out(empty):
    assert messages(USER, {"role": "assistant", "content": empty}, USER) == [
        ("user", [{"type": "text", "text": "hello"}] * 2)
    ]


def test_what_the_model_is_to_go_on_with_ends_without_white_space():
    assert messages(USER, {"role": "assistant", "content": "It is \n"})[-1] == ("assistant", "It is")


def test_results_come_first_and_together_in_the_user_s_turn():
    calls = [CALL, {**CALL, "id": "call_2"}]
    found = crossed(
        USER,
        {"role": "assistant", "content": None, "tool_calls": calls},
        {"role": "tool", "tool_call_id": "call_1", "content": "one"},
        {"role": "user", "content": "Go on."},
        {"role": "tool", "tool_call_id": "call_2", "content": ""},
        tools=[{"type": "function", "function": {"name": "f"}}],
    )
    assert found["messages"][1:] == [
        {"role": "assistant", "content": [
            {"type": "tool_use", "id": "call_1", "name": "f", "input": {"a": 1.5}},
            {"type": "tool_use", "id": "call_2", "name": "f", "input": {"a": 1.5}},
        ]},
        {"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "call_1", "content": "one"},
            {"type": "tool_result", "tool_use_id": "call_2"},
            {"type": "text", "text": "Go on."},
        ]},
    ]  # fmt: skip


@pytest.mark.parametrize("given", ["functions.f:0", "call|1", "ü", "x" * 129, "a b"])
def test_ids_are_ones_that_the_api_takes_and_still_belong_together(given):
    call, result = ToolCall(given, "f", "{}"), ToolResult(given, "f", (Text("x"),))
    found = written(turns=(HELLO, Turn("assistant", (call,)), Turn("tool", (result,))))["messages"]
    named, answered = found[1]["content"][0]["id"], found[2]["content"][0]["tool_use_id"]
    assert named == answered
    assert re.fullmatch(r"[a-zA-Z0-9_-]{1,128}", named)


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        ('{"n": 12345678901234567890123, "x": 0.10}', b'"input":{"n": 12345678901234567890123, "x": 0.10}'),
        ("", b'"input":{}'),
        ("[1]", b'"input":{"input":"[1]"}'),
        ('{"cut": "of', b'"input":{"input":"{\\"cut\\": \\"of"}'),
    ],
)
def test_a_call_s_arguments_are_an_object_with_every_digit(arguments, given):
    turn = Turn("assistant", (ToolCall("t", "f", arguments),))
    assert given in dialect.write_request(Chat(turns=(HELLO, turn)), "m")


def test_tools_that_only_the_history_shows_are_declared_and_stay_uncalled():
    found = crossed(
        USER,
        {"role": "assistant", "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "call_1", "content": "x"},
    )
    assert found["tools"] == [{"name": "f", "input_schema": {"type": "object", "properties": {}}}]
    assert found["tool_choice"] == {"type": "none"}


@pytest.mark.parametrize(
    ("fields", "choice"),
    [
        ({}, None),
        ({"tool_choice": "auto"}, {"type": "auto"}),
        ({"tool_choice": "required"}, {"type": "any"}),
        ({"tool_choice": "none", "parallel_tool_calls": False}, {"type": "none"}),
        ({"tool_choice": {"type": "function", "function": {"name": "f"}}}, {"type": "tool", "name": "f"}),
        ({"parallel_tool_calls": False}, {"type": "auto", "disable_parallel_tool_use": True}),
    ],
)
def test_the_choice_of_tools(fields, choice):
    found = crossed(tools=[{"type": "function", "function": {"name": "f", "parameters": {}}}], **fields)
    assert found.get("tool_choice") == choice
    assert found["tools"] == [{"name": "f", "input_schema": {"type": "object", "properties": {}}}]
    assert "tool_choice" not in crossed(**{k: v for k, v in fields.items() if k == "parallel_tool_calls"})


@pytest.mark.parametrize(("given", "said"), [(1.7, 1), (1, 1), (0.3, 0.3), (0, 0)])
def test_temperature_ends_at_one(given, said):
    assert crossed(temperature=given)["temperature"] == said


def test_a_bound_that_bounds_nothing_is_not_said():
    assert "top_p" not in crossed(top_p=1)
    assert crossed(top_p=0.9)["top_p"] == 0.9


def test_a_schema_is_closed_all_through():
    schema = {
        "type": "object",
        "properties": {
            "a": {"type": "array", "items": {"type": "object", "properties": {}}},
            "b": {"anyOf": [{"type": "object", "properties": {"type": {"const": {"type": "object"}}}}]},
        },
    }
    found = crossed(response_format={"type": "json_schema", "json_schema": {"name": "n", "schema": schema}})
    format_ = found["output_config"]["format"]
    assert format_["type"] == "json_schema"
    assert format_["schema"]["additionalProperties"] is False
    assert format_["schema"]["properties"]["a"]["items"]["additionalProperties"] is False
    inner = format_["schema"]["properties"]["b"]["anyOf"][0]
    assert inner["additionalProperties"] is False
    assert inner["properties"]["type"] == {"const": {"type": "object"}}


THINKING = [
    ({"thinks": True, "thinking_tokens": 2048}, {"type": "enabled", "budget_tokens": 2048}, 2048 + MAX_TOKENS),
    ({"thinks": True, "thinking_tokens": 5}, {"type": "enabled", "budget_tokens": LEAST_THINKING}, 5 + MAX_TOKENS),
    ({"thinks": True, "thinking_tokens": 9000, "max_tokens": 4000}, {"type": "enabled", "budget_tokens": 3999}, 4000),
    ({"thinks": True, "thinking_tokens": 9000, "max_tokens": 100}, None, 100),
    ({"thinks": True}, {"type": "adaptive"}, MAX_TOKENS),
    ({"thinks": False}, {"type": "disabled"}, MAX_TOKENS),
    ({}, None, MAX_TOKENS),
]


@pytest.mark.parametrize(("fields", "thinking", "max_tokens"), THINKING)
def test_thinking_lies_within_what_an_answer_may_have(fields, thinking, max_tokens):
    found = written(**fields)
    assert found.get("thinking") == thinking
    assert found["max_tokens"] == max_tokens


def test_amid_calls_whose_thoughts_are_elsewhere_nothing_is_thought():
    """The API refuses to think on there, turn after turn: the conversation would be stuck (bifrost#6342)."""
    turns = (HELLO, Turn("assistant", (ToolCall("t", "f", "{}"),)), Turn("tool", (ToolResult("t", "f", ()),)))
    assert "thinking" not in written(turns=turns, thinks=True, thinking_tokens=2048)
    assert "thinking" in written(turns=(*turns, Turn("assistant", (Text("x"),)), HELLO), thinks=True)


def test_thoughts_of_other_models_do_not_go_along():
    body = {"role": "assistant", "content": "Yes.", "reasoning_content": "hm"}
    assert messages(USER, body, USER)[1] == ("assistant", "Yes.")


def test_effort_and_user_have_their_places():
    found = crossed(reasoning_effort="minimal", user="u", stop=["END"], stream=True)
    assert found["output_config"] == {"effort": "low"}
    assert found["metadata"] == {"user_id": "u"}
    assert found["stop_sequences"] == ["END"]
    assert found["stream"] is True


def test_media():
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,QQ=="}}
    link = {"type": "image_url", "image_url": {"url": "https://a.example/x.png"}}
    pdf = {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,QQ=="}}
    said = b64encode("grüße".encode()).decode()
    text = {"type": "file", "file": {"filename": "a.txt", "file_data": f"data:text/plain;base64,{said}"}}
    assert crossed({"role": "user", "content": [image, link, pdf, text]})["messages"][0]["content"] == [
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "QQ=="}},
        {"type": "image", "source": {"type": "url", "url": "https://a.example/x.png"}},
        {"type": "document", "title": "a.pdf",
         "source": {"type": "base64", "media_type": "application/pdf", "data": "QQ=="}},
        {"type": "document", "title": "a.txt", "source": {"type": "text", "media_type": "text/plain", "data": "grüße"}},
    ]  # fmt: skip


REFUSED = [
    {"n": 2},
    {"response_format": {"type": "json_object"}},
    {"stop": ["\n"]},
    {"messages": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {"format": "wav"}}]}]},
    {"messages": [{"role": "user", "content": [{"type": "file", "file": {"file_id": "file-1"}}]}]},
    {"messages": [{"role": "user", "content": [{"type": "file", "file": {"file_data": "data:a/zip;base64,QQ=="}}]}]},
    {"messages": [{"role": "user", "content": [{"type": "file", "file": {"file_data": "data:text/x;base64,/w=="}}]}]},
]


@pytest.mark.parametrize("fields", REFUSED, ids=lambda fields: json.dumps(fields)[:70])
def test_what_the_api_has_no_form_for_is_refused(fields):
    with pytest.raises(BadRequest) as refused:
        crossed(**fields) if "messages" not in fields else crossed(*fields["messages"])
    assert refused.value.code == "not_expressible"


def test_what_it_can_do_without_is_dropped_by_name():
    body = {"model": "gpt", "messages": [{**USER, "name": "jo"}], "seed": 1, "logit_bias": {}, "logprobs": True,
            "presence_penalty": 1, "frequency_penalty": 1, "metadata": {}, "verbosity": "low", "novel": 1}  # fmt: skip
    found = cross_request(json.dumps(body).encode(), openai_chat, dialect, "claude")
    assert sorted(found.dropped) == [
        "frequency_penalty", "logit_bias", "logprobs", "metadata", "novel", "participant_names", "presence_penalty",
        "seed", "verbosity",
    ]  # fmt: skip
    assert json.loads(found.body).keys() == {"model", "max_tokens", "messages"}


# -- recorded requests of OpenAI's clients ------------------------------------------------------------------------


GOLDEN = Path(__file__).parents[3] / "golden" / "openai_chat"
RECORDED = {path.stem: json.loads(path.read_text("utf-8"))["request"]["body"] for path in sorted(GOLDEN.glob("*.json"))}


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_chat_becomes_a_request_that_the_api_takes(name):
    try:
        found = cross_request(RECORDED[name].encode(), openai_chat, dialect, "claude")
    except BadRequest as refused:
        assert refused.code == "not_expressible"
        return
    body = json.loads(found.body)
    fake.check_request(body)
    roles = [message["role"] for message in body["messages"]]
    assert all(one != other for one, other in pairwise(roles))
    sent, theirs = json.dumps(body, ensure_ascii=False), json.loads(RECORDED[name])
    for text in said_in(theirs["messages"]):
        assert json.dumps(text, ensure_ascii=False)[1:-1] in sent
    names = [tool["function"]["name"] for tool in theirs.get("tools", ())]
    assert [tool["name"] for tool in body.get("tools", ())][: len(names)] == names
    dialect.parse_request(found.body)
    assert dialect.read_request(body).left == ()


def said_in(messages):
    """What people, models and tools said, of more than one word; the last one may end without its white space."""
    for message in messages:
        content = message.get("content")
        pieces = content if isinstance(content, list) else [{"text": content}]
        yield from (text.rstrip() for piece in pieces if " " in (text := piece.get("text") or "").strip())


def test_most_recorded_chats_can_be_said():
    refused = 0
    for body in RECORDED.values():
        try:
            cross_request(body.encode(), openai_chat, dialect, "claude")
        except BadRequest:
            refused += 1
    assert refused <= len(RECORDED) // 10
