"""Which text stands where in a request, and which requests are none."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.dialects import openai_chat
from tidegate.core.dialects.walk import MAX_NUMBERS_IN_A_ROW
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.envelope import Position
from tidegate.core.values.errors import BadRequest, Refusal, UpstreamError

USER = {"role": "user", "content": "hello"}
MARK = "the mark"


def parse(**fields):
    return openai_chat.parse_request(json.dumps({"model": "auto", "messages": [USER], **fields}).encode())


CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"x": "the mark"}'}}
PLACES = [
    ("a system message", {"messages": [{"role": "system", "content": MARK}]}, Position.SYSTEM),
    ("a developer message", {"messages": [{"role": "developer", "content": MARK}]}, Position.SYSTEM),
    ("a user message", {"messages": [{"role": "user", "content": MARK}]}, Position.USER),
    ("a content part", {"messages": [{"role": "user", "content": [{"type": "text", "text": MARK}]}]}, Position.USER),
    ("a user's name", {"messages": [{"role": "user", "name": MARK, "content": "x"}]}, Position.USER),
    ("an assistant message", {"messages": [{"role": "assistant", "content": MARK}]}, Position.ASSISTANT),
    ("a refusal", {"messages": [{"role": "assistant", "refusal": MARK}]}, Position.ASSISTANT),
    ("a tool's result", {"messages": [{"role": "tool", "tool_call_id": "c", "content": MARK}]}, Position.TOOL_RESULT),
    ("a tool call's arguments", {"messages": [{"role": "assistant", "tool_calls": [CALL]}]}, Position.TOOL_CALL),
    (
        "a tool's description",
        {"tools": [{"type": "function", "function": {"description": MARK}}]},
        Position.TOOL_DEFINITION,
    ),
    (
        "a schema's description",
        {"response_format": {"json_schema": {"schema": {"description": MARK}}}},
        Position.SCHEMA,
    ),
    ("metadata", {"metadata": {"note": MARK}}, Position.METADATA),
    ("the user's id", {"user": MARK}, Position.METADATA),
    ("a stop sequence", {"stop": [MARK]}, Position.REST),
    ("a field that nobody knows", {"novel": {"deep": [MARK]}}, Position.REST),
    ("a field of a message that nobody knows", {"messages": [{**USER, "novel": MARK}]}, Position.USER),
]


@pytest.mark.parametrize(("fields", "position"), [p[1:] for p in PLACES], ids=[p[0] for p in PLACES])
def test_text_is_found_wherever_it_stands(fields, position):
    found = [part for part in parse(**fields).parts if MARK in part.text]
    assert [part.position for part in found] == [position]


@pytest.mark.parametrize(("fields", "position"), [p[1:] for p in PLACES], ids=[p[0] for p in PLACES])
def test_a_part_s_path_leads_to_its_text(fields, position):
    envelope = parse(**fields)
    for part in envelope.parts:
        if part.is_key:
            continue
        value = envelope.document
        for step in part.path:
            value = value[step]
        assert value == part.text


@pytest.mark.parametrize(
    "fields",
    [
        {"messages": [{**USER, "novel": 1}]},
        {"metadata": {MARK: "x"}},
        {"tools": [{"type": "function", "function": {"parameters": {"properties": {MARK: {}}}}}]},
    ],
)
def test_keys_that_a_person_chose_are_parts(fields):
    assert any(part.is_key and part.text in (MARK, "novel") for part in parse(**fields).parts)


def test_arguments_are_marked_as_json():
    envelope = parse(messages=[USER, {"role": "assistant", "tool_calls": [CALL]}])
    assert [p.is_json for p in envelope.parts if p.position is Position.TOOL_CALL and "mark" in p.text] == [True]


@pytest.mark.parametrize(
    "piece",
    [
        {"type": "image_url", "image_url": {"url": "https://example.com/x.png"}},
        {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}},
        {"type": "file", "file": {"file_id": "f-1"}},
        {"type": "novel"},
        {"text": "no type"},
        "a bare string",
        7,
    ],
)
def test_what_nobody_can_look_into_is_unscannable(piece):
    envelope = parse(messages=[{"role": "user", "content": [piece]}])
    assert envelope.unscannable == (("messages", 0, "content", 0),)


def test_long_rows_of_numbers_are_unscannable_and_long_numbers_are_text():
    envelope = parse(novel=list(range(MAX_NUMBERS_IN_A_ROW + 1)), other=457555462, short=3)
    assert ("novel",) in envelope.unscannable
    assert "457555462" in {part.text for part in envelope.parts}
    assert "3" not in {part.text for part in envelope.parts}


def texts(envelope):
    return [part.text for part in envelope.parts if not part.is_key]


@pytest.mark.parametrize(
    ("row", "unscannable"),
    [
        ([52, 53, 55, 45, 53, 53, 45, 53, 52, 54, 50], True),  # a number's characters
        ([52, 53, 55, 53, 53, 53, 52], True),
        ([15496, 995, 220, 2548, 12, 2816, 12, 4051, 5237, 1, 2, 3, 4, 5, 6, 7, 8], True),  # token ids
        ([0.1, 0.2] * 9, True),
        ([[104], [105], [106], [107], [108], [109], [110]], True),
        ([[1, 2], [3, 4]] * 5, True),
        ([None, "a", *range(17)], True),
        ([True] * 40, False),
        ([1, 2, 3, 5, 8], False),
        ([200, 201, 202, 203, 204, 205, 206, 207], False),
        ([], False),
    ],
)
def test_rows_of_numbers_that_may_be_text_are_unscannable(row, unscannable):
    envelope = parse(metadata={"row": row})
    assert (("metadata", "row") in envelope.unscannable) is unscannable


def test_a_row_with_as_many_digits_as_an_id_is_text_number_by_number():
    envelope = parse(metadata={"row": [4111, 1111, 1111, 1111]})
    assert texts(envelope)[-4:] == ["4111", "1111", "1111", "1111"]
    assert [part.path for part in envelope.parts][-4:] == [("metadata", "row", n) for n in range(4)]
    assert texts(parse(metadata={"row": [1, 2, 3, True]})) == ["hello"]


PIECE = {"type": "text", "text": "x"}
KEYED = [
    {"messages": [{**USER, MARK: 1}]},
    {"messages": [{"role": "user", "content": [{**PIECE, MARK: 1}]}]},
    {"messages": [{"role": "user", "content": [{**PIECE, "novel": {MARK: None}}]}]},
    {"messages": [{"role": "user", "content": [{"type": "novel", MARK: True}]}]},
    {"messages": [{"role": "assistant", "tool_calls": [{**CALL, MARK: 1}]}]},
    {"messages": [{"role": "assistant", "tool_calls": [{**CALL, "function": {"name": "f", MARK: ""}}]}]},
    {"messages": [{"role": "assistant", "tool_calls": {MARK: 1}}]},
    {"messages": [{"role": "assistant", "function_call": {"name": "f", "arguments": {MARK: 1}}}]},
    {"messages": [{"role": "assistant", "audio": {"id": {MARK: 1}}}]},
    {"tools": [{"type": "function", "function": {"parameters": {"properties": {"a": {MARK: False}}}}}]},
    {"tool_choice": {MARK: 1}},
    {"response_format": {MARK: 1}},
    {"metadata": {MARK: 1}},
    {"logit_bias": {MARK: 1}},
    {"stream_options": {MARK: 1}},
    {MARK: 1},
]


@pytest.mark.parametrize("fields", KEYED, ids=lambda fields: json.dumps(fields)[:60])
def test_a_key_is_a_part_wherever_it_stands(fields):
    assert [part.text for part in parse(**fields).parts if part.is_key].count(MARK) == 1


LEAVES = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text("ab", max_size=3)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("cd", max_size=2), inner, max_size=3)
)


@given(TREES, st.sampled_from(["metadata", "tools", "novel", "user", "stop", "response_format", "messages"]))
def test_no_string_of_a_request_is_left_out(tree, field):
    fields = {"messages": [{**USER, "novel": tree}]} if field == "messages" else {field: tree}
    envelope = parse(**fields)
    values = sorted(text for text in _strings(tree) if text)
    assert (
        sorted(part.text for part in envelope.parts if not part.is_key and part.text in {*values})[: len(values)]
        == values
    )


def _strings(tree):
    if isinstance(tree, str):
        yield tree
    for inner in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _strings(inner)


@pytest.mark.parametrize("depth", [50, 200, 400, 600, 800, 900, 960, 980, 1000, 5000])
def test_a_body_of_any_depth_is_read_or_refused(depth):
    body = (
        b'{"model": "m", "messages": [{"role": "user", "content": "x"}], "novel": ' + b"[" * depth + b"]" * depth + b"}"
    )
    try:
        openai_chat.parse_request(body)
    except BadRequest as refused:
        assert refused.code == "too_deep"
        assert depth > 200


REST = [
    ({}, set()),
    ({"temperature": 0.2, "tools": [], "stream_options": {}}, set()),
    ({"store": False}, set()),
    ({"store": True}, {"store"}),
    ({"web_search_options": {}}, {"web_search_options"}),
    ({"novel": 1}, {"novel"}),
    ({"messages": [{**USER, "cache_control": {}}]}, {"messages.cache_control"}),
    (
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "x", "novel": 1}]}]},
        {"messages.content.novel"},
    ),
]


@pytest.mark.parametrize(("fields", "rest"), REST)
def test_fields_that_the_dialect_does_not_model_are_named(fields, rest):
    assert parse(**fields).rest == rest


def test_a_conversation_is_known_by_its_first_user_text():
    history = [
        {"role": "system", "content": "s"},
        USER,
        {"role": "assistant", "content": "a"},
        {"role": "user", "content": "b"},
    ]
    envelope = parse(messages=history)
    assert envelope.conversation == "hello"
    assert envelope.has_history
    assert not parse().has_history


BAD = [
    ({"model": 7}, "missing_model"),
    ({"model": ""}, "missing_model"),
    ({"messages": []}, "invalid_type"),
    ({"messages": "hello"}, "invalid_type"),
    ({"messages": [7]}, "invalid_type"),
    ({"messages": [{"content": "x"}]}, "invalid_value"),
    ({"messages": [{"role": "wizard", "content": "x"}]}, "invalid_value"),
    ({"messages": [{"role": ["user"], "content": "x"}]}, "invalid_value"),
    ({"messages": [{"role": "user", "content": {"text": "x"}}]}, "invalid_type"),
    ({"stream": "yes"}, "invalid_type"),
]


@pytest.mark.parametrize(("fields", "code"), BAD)
def test_what_is_no_chat_request_is_refused_by_the_field_s_name(fields, code):
    with pytest.raises(BadRequest) as refused:
        parse(**fields)
    assert refused.value.code == code
    assert refused.value.param


def test_errors_are_the_dialect_s_own_objects():
    error = json.loads(openai_chat.render_error(Refusal("c", "m", status=403, rule="r", param="p")))["error"]
    assert error == {"message": "m", "type": "policy_refusal", "param": "p", "code": "c", "rule": "r"}
    assert openai_chat.render_stream_error(Refusal("c", "m")).startswith(b'data: {"error":')


def test_garbage_in_a_stream_is_an_upstream_error():
    stream = openai_chat.AnswerStream(AnswerNotes(), None)
    with pytest.raises(UpstreamError):
        stream.feed(b"data: <html>\n\n")


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"choices": 3}', b""])
def test_an_answer_that_is_none_leaves_an_error_note(body):
    notes = AnswerNotes()
    assert openai_chat.pass_answer(body, notes, None) == body
    assert notes.error
    assert not notes.complete
