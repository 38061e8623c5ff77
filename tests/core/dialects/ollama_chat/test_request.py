"""Chat requests: where each text stands."""

import json

import pytest

from tidegate.core.dialects import ollama_chat as dialect
from tidegate.core.values import capabilities as may
from tidegate.core.values.envelope import Position
from tidegate.core.values.errors import BadRequest
from tidegate.core.values.facts import ODD_NAME

PIXEL = "iVBORw0KGgoAAAANSUhEUg=="
CALL = {"function": {"index": 0, "name": "Note", "arguments": {"text": "a", "deep": {"key": ["b"]}}}}


def parsed(*messages, **more):
    return dialect.parse_request(json.dumps({"model": "m", "messages": messages, **more}).encode())


def parts(envelope):
    return [(part.position, part.text) for part in envelope.parts if part.text != "function"]


STANDING = [
    ({"role": "system", "content": "a"}, [(Position.SYSTEM, "a")]),
    ({"role": "user", "content": "a"}, [(Position.USER, "a")]),
    ({"role": "assistant", "content": "a", "thinking": "b"}, [(Position.ASSISTANT, "a"), (Position.ASSISTANT, "b")]),
    ({"role": "tool", "content": "a", "tool_name": "f", "tool_call_id": "c"},
     [(Position.TOOL_RESULT, "a"), (Position.TOOL_RESULT, "c")]),
    ({"role": "assistant", "content": "", "tool_calls": [CALL]},
     [(Position.TOOL_CALL, text) for text in ("text", "a", "deep", "key", "b")]),
    ({"role": "user", "content": None}, []),
]  # fmt: skip


@pytest.mark.parametrize(("message", "found"), STANDING)
def test_each_text_has_its_position(message, found):
    assert parts(parsed(message)) == found


def test_paths_lead_to_the_texts():
    envelope = parsed({"role": "assistant", "content": "", "tool_calls": [CALL]}, {"role": "user", "content": "a"})
    for part in envelope.parts:
        node = envelope.document
        for step in part.path[:-1]:
            node = node[step]
        assert part.path[-1] == part.text if part.is_key else node[part.path[-1]] == part.text


def test_images_are_what_nobody_has_looked_at():
    envelope = parsed({"role": "user", "content": "look", "images": [PIXEL, "https://example.com/a.png"]})
    assert envelope.unscannable == (("messages", 0, "images", 0), ("messages", 0, "images", 1))
    assert envelope.capabilities == {may.FETCHED_URLS}


def test_tools_are_known_by_their_names():
    tool = {"type": "function", "function": {"name": "Note", "description": "Keeps a note.", "parameters": {}}}
    envelope = parsed({"role": "assistant", "content": "", "tool_calls": [CALL, {}, "odd"]}, tools=[tool])
    assert envelope.tools == {"note"}
    assert envelope.tools_called == {"note", ODD_NAME}
    assert envelope.tools_offered
    assert (Position.TOOL_DEFINITION, "Keeps a note.") in parts(envelope)


def test_a_providers_own_tool_is_a_capability():
    assert parsed({"role": "user", "content": "x"}, tools=[{"type": "web_search"}]).capabilities == {may.WEB_SEARCH}


@pytest.mark.parametrize(
    ("wanted", "structured"), [("json", True), ({"type": "object"}, True), ("", False), (None, False)]
)
def test_a_format_makes_prose_json(wanted, structured):
    assert parsed({"role": "user", "content": "x"}, format=wanted).structured is structured


def test_a_schema_is_looked_at():
    schema = {"type": "object", "properties": {"who": {"type": "string", "description": "text"}}}
    assert (Position.SCHEMA, "text") in parts(parsed({"role": "user", "content": "x"}, format=schema))


def test_an_unknown_field_of_a_message_is_named():
    envelope = parsed({"role": "user", "content": "x", "novel": "y"})
    assert envelope.rest == {"messages.novel"}
    assert (Position.USER, "y") in parts(envelope)


def test_assistant_turns_are_history():
    assert not parsed({"role": "user", "content": "x"}).has_history
    assert parsed({"role": "assistant", "content": "x"}).has_history


WRONG = [
    ({"messages": "x"}, "messages"),
    ({"messages": ["x"]}, "messages[0]"),
    ({"messages": [{"content": "x"}]}, "messages[0].role"),
    ({"messages": [{"role": "wizard", "content": "x"}]}, "messages[0].role"),
    ({"messages": [{"role": ["user"], "content": "x"}]}, "messages[0].role"),
    ({"messages": [{"role": "user", "content": ["x"]}]}, "messages[0].content"),
    ({"messages": [{"role": "assistant", "content": "", "thinking": 1}]}, "messages[0].thinking"),
]


@pytest.mark.parametrize(("fields", "where"), WRONG)
def test_a_wrong_type_is_named_by_its_path(fields, where):
    with pytest.raises(BadRequest) as refused:
        dialect.parse_request(json.dumps({"model": "m", **fields}).encode())
    assert refused.value.param == where


def test_more_tools_called_than_anybody_has_are_refused():
    calls = [{"function": {"name": f"f{n}", "arguments": {}}} for n in range(300)]
    with pytest.raises(BadRequest) as refused:
        parsed({"role": "assistant", "content": "", "tool_calls": calls})
    assert refused.value.code == "too_many_tools"
