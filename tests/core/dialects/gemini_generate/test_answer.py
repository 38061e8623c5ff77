"""What generateContent can say that no recording happens to show, and what is none of it."""

import json

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.dialects import crossed
from tidegate.core.dialects import anthropic_messages, gemini_generate
from tidegate.core.dialects.crossing import cross_answer, cross_request
from tidegate.core.dialects.neutral import events as e
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.errors import UpstreamError
from tidegate.core.values.usage import Usage


def answer(*parts, reason="STOP", **candidate):
    return {"candidates": [{"content": {"parts": list(parts)}, "finishReason": reason, **candidate}]}


def read(tree):
    return list(gemini_generate.read_answer(json.dumps(tree).encode()))


def stream(*trees):
    return b"".join(b"data: " + json.dumps(tree).encode() + b"\r\n\r\n" for tree in trees)


REASONS = [
    ("STOP", "stop"),
    ("MAX_TOKENS", "length"),
    ("SAFETY", "content_filter"),
    ("RECITATION", "content_filter"),
    ("BLOCKLIST", "content_filter"),
    ("PROHIBITED_CONTENT", "content_filter"),
    ("SPII", "content_filter"),
    ("IMAGE_SAFETY", "content_filter"),
    (1, "stop"),
    (2, "length"),
    (3, "content_filter"),
    (99, "other"),
    ("MALFORMED_FUNCTION_CALL", "other"),
    ("OTHER", "other"),
    ("LANGUAGE", "other"),
]


@pytest.mark.parametrize(("said", "reason"), REASONS)
def test_why_it_ended(said, reason):
    events = read(answer({"text": "x"}, reason=said))
    assert e.Ended(reason) in events
    named = [event.what for event in events if isinstance(event, e.Lost)]
    assert named == ([f"answer.finishReason.{said}"] if reason == "other" and isinstance(said, str) else [])


def test_a_call_is_why_it_ended_although_it_is_not_said():
    events = read(answer({"functionCall": {"name": "f", "id": "c1", "args": {"a": 1}}}))
    assert events[1:4] == [e.Opened(0, "tool", id="c1", name="f"), e.Delta(0, '{"a":1}'), e.Closed(0)]
    assert events[4] == e.Ended("tool_calls")


def test_a_whole_answer_without_a_reason_is_complete():
    tree = answer({"text": "x"}, reason=None) | {"usageMetadata": {"promptTokenCount": 2}}
    events = read(tree)
    assert events[-2:] == [e.Ended("stop"), e.Used(Usage(input_tokens=2))]


@pytest.mark.parametrize(
    "tree", [{"promptFeedback": {"blockReason": "SAFETY"}}, {"promptFeedback": {"blockReason": 1}}]
)
def test_a_prompt_that_was_turned_away_is_an_answer_that_says_so(tree):
    assert read(tree) == [e.Began(), e.Ended("content_filter")]
    assert crossed.read_stream(gemini_generate, stream(tree, tree)) == [e.Began(), e.Ended("content_filter")]


def test_several_candidates_are_several_choices():
    tree = {"candidates": [
        {"content": {"parts": [{"text": "one"}]}, "index": 0, "finishReason": "STOP"},
        {"content": {"parts": [{"text": "two"}]}, "index": 1, "finishReason": "MAX_TOKENS"},
    ]}  # fmt: skip
    events = read(tree)
    crossed.check_order(events)
    assert [event for event in events if isinstance(event, e.Ended)] == [e.Ended("stop", 0), e.Ended("length", 1)]


def test_thoughts_and_text_take_turns_and_signatures_stay_with_what_they_stood_beside():
    events = crossed.read_stream(
        gemini_generate,
        stream(
            answer({"text": "hm", "thought": True}, reason=None),
            answer({"text": "m", "thought": True, "thoughtSignature": "s1"}, reason=None),
            answer({"text": "so"}, reason=None),
            answer({"text": "", "thoughtSignature": "s2"}),
        ),
    )
    crossed.check_order(events)
    assert events[1:] == [
        e.Opened(0, "thinking"),
        e.Delta(0, "hm"),
        e.Delta(0, "m"),
        e.Sealed(0, "gemini:s1"),
        e.Closed(0),
        e.Opened(1, "text"),
        e.Delta(1, "so"),
        e.Closed(1),
        e.Opened(2, "thinking"),
        e.Sealed(2, "gemini:s2"),
        e.Closed(2),
        e.Ended("stop"),
    ]


def test_a_calls_signature_seals_the_thought_before_it_or_one_without_words():
    call = {"functionCall": {"name": "f", "args": {}}, "thoughtSignature": "s"}
    events = read(answer({"text": "hm", "thought": True}, call, call))
    crossed.check_order(events)
    assert events[1:9] == [
        e.Opened(0, "thinking"), e.Delta(0, "hm"), e.Sealed(0, "gemini.call:s"), e.Closed(0),
        e.Opened(1, "tool", name="f"), e.Delta(1, "{}"), e.Closed(1), e.Opened(2, "thinking"),
    ]  # fmt: skip
    signed_itself = read(answer({"text": "hm", "thought": True, "thoughtSignature": "t"}, call))
    assert crossed.signatures(signed_itself) == ["gemini:t", "gemini.call:s"]


def test_a_calls_signature_survives_a_client_that_has_no_place_for_it_in_calls():
    parts = [{"text": "hm", "thought": True}, {"functionCall": {"name": "f", "args": {}}, "thoughtSignature": "s"}]
    out = cross_answer(
        json.dumps(answer(*parts)).encode(), gemini_generate, anthropic_messages, crossed.ASKED, AnswerNotes(), None
    )
    content = json.loads(out)["content"]
    talk = [{"role": "user", "content": "go"}, {"role": "assistant", "content": content}]
    body = json.dumps({"model": "m", "max_tokens": 9, "messages": talk}).encode()
    back = json.loads(cross_request(body, anthropic_messages, gemini_generate, "gemini-3-pro").body)
    call = back["contents"][1]["parts"][1]
    assert back["contents"][1]["parts"][0] == parts[0]
    assert call["thoughtSignature"] == "s"


@pytest.mark.parametrize("part", ["executableCode", "codeExecutionResult", "inlineData", "fileData", "toolCall"])
def test_what_is_no_text_is_named_and_nobody_has_looked_at_it(part):
    assert e.Lost(f"answer.{part}", unseen=True) in read(answer({part: {"code": "x"}}))


@pytest.mark.parametrize("beside", ["groundingMetadata", "citationMetadata", "urlContextMetadata", "logprobsResult"])
def test_what_is_told_beside_the_words_is_named(beside):
    assert e.Lost(f"answer.{beside}") in read(answer({"text": "x"}, **{beside: {"a": 1}}))


def test_usage_is_counted_as_everywhere():
    counts = {
        "promptTokenCount": 10, "toolUsePromptTokenCount": 2, "candidatesTokenCount": 5, "thoughtsTokenCount": 3,
        "cachedContentTokenCount": 4,
    }  # fmt: skip
    events = read(answer({"text": "x"}) | {"usageMetadata": counts})
    assert events[-1] == e.Used(Usage(12, 8, 4, -1, 3))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ({"code": 503, "message": "busy", "status": "UNAVAILABLE"}, ("overloaded", 503, "UNAVAILABLE", "busy")),
        ({"code": 429, "status": "RESOURCE_EXHAUSTED"}, ("rate_limit", 429, "RESOURCE_EXHAUSTED", None)),
        ("odd", ("server", 502, "upstream_server", "odd")),
        ({}, ("server", 502, "upstream_server", None)),
    ],
)
def test_an_error_in_a_stream_is_told_as_what_it_is(error, expected):
    (failed,) = crossed.read_stream(gemini_generate, stream({"error": error}))
    kind, status, code, message = expected
    assert (failed.problem.kind, failed.problem.status, failed.problem.code) == (kind, status, code)
    assert message is None or failed.problem.message == message


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"{}", b'{"candidate":[]}', b"[" * 5000])
def test_what_is_no_answer_is_refused(body):
    with pytest.raises(UpstreamError) as caught:
        gemini_generate.read_answer(body)
    assert caught.value.kind == "protocol"


def test_an_error_that_came_as_one_array_is_read():
    body = b'[{"error":{"code":400,"message":"no","status":"INVALID_ARGUMENT"}}]'
    assert gemini_generate.read_problem(400, body).message == "no"
    assert gemini_generate.read_problem(500, b"<html>").kind == "server"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
SHAPE = answer({"text": "x", "thought": True, "thoughtSignature": "s"}, {"functionCall": {"name": "f", "args": {}}}) | {
    "usageMetadata": {"promptTokenCount": 1}, "promptFeedback": {"blockReason": "X"}, "responseId": "r",
    "modelVersion": "m", "error": None,
}  # fmt: skip


def places(value, path=()):
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*path, index))


def put(value, path, new):
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = put(copy[path[0]], path[1:], new)
    return copy


@settings(max_examples=400, deadline=None)
@given(path=st.sampled_from(list(places(SHAPE))), new=JSON)
def test_a_wrong_type_anywhere_is_an_answer_or_none_and_nothing_else(path, new):
    body = orjson.dumps(put(SHAPE, path, new))
    try:
        crossed.check_order([event for event in gemini_generate.read_answer(body) if not isinstance(event, e.Failed)])
    except UpstreamError as error:
        assert error.kind == "protocol"
    except (AssertionError, IndexError):
        assert b'"error":' in body  # what failed has no order
    try:
        crossed.read_stream(gemini_generate, b"data: " + body + b"\n\n")
    except UpstreamError as error:
        assert error.kind == "protocol"
    gemini_generate.read_problem(500, body)
