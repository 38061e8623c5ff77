"""What Converse and ConverseStream can say that no recording happens to show, and what is none of it."""

import json

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.dialects import crossed
from tests.core.dialects.gemini_generate.test_answer import JSON, places, put
from tests.fakes.eventstream import encode, event, exception
from tidegate.core.dialects import bedrock_converse
from tidegate.core.dialects.neutral import events as e
from tidegate.core.values.errors import UpstreamError
from tidegate.core.values.usage import Usage


def answer(*content, reason="end_turn", **more):
    return {"output": {"message": {"role": "assistant", "content": list(content)}}, "stopReason": reason, **more}


def read(tree):
    return list(bedrock_converse.read_answer(json.dumps(tree).encode()))


def stream(*messages):
    return crossed.read_stream(bedrock_converse, b"".join(messages))


REASONS = [
    ("end_turn", "stop"),
    ("stop_sequence", "stop"),
    ("max_tokens", "length"),
    ("model_context_window_exceeded", "length"),
    ("tool_use", "tool_calls"),
    ("guardrail_intervened", "content_filter"),
    ("content_filtered", "content_filter"),
    ("malformed_tool_use", "other"),
    ("new_thing", "other"),
]


@pytest.mark.parametrize(("said", "reason"), REASONS)
def test_why_it_ended(said, reason):
    for events in (read(answer({"text": "x"}, reason=said)), stream(event("messageStop", stopReason=said))):
        assert e.Ended(reason) in events
        assert (e.Lost(f"answer.stopReason.{said}") in events) == (reason == "other")


def test_the_sequence_that_ended_it_is_told_where_the_model_tells_it():
    tree = answer({"text": "x"}, reason="stop_sequence", additionalModelResponseFields={"stop_sequence": "END"})
    assert e.Ended("stop", sequence="END") in read(tree)


def test_usage_is_counted_as_everywhere():
    usage = {"inputTokens": 3, "outputTokens": 5, "cacheReadInputTokens": 10, "cacheWriteInputTokens": 20}
    assert read(answer(usage=usage))[-1] == e.Used(Usage(33, 5, 10, 20))
    assert read(answer(usage={"inputTokens": 3, "outputTokens": 5}))[-1] == e.Used(Usage(3, 5))


def test_sealed_thoughts_and_citations():
    events = read(answer(
        {"reasoningContent": {"redactedContent": "c2VhbA=="}},
        {"citationsContent": {"content": [{"text": "so "}, {"text": "it is"}], "citations": [{}]}},
    ))  # fmt: skip
    assert events[1:8] == [
        e.Opened(0, "thinking"), e.Sealed(0, sealed="c2VhbA=="), e.Closed(0),
        e.Opened(1, "text"), e.Delta(1, "so it is"), e.Closed(1), e.Lost("answer.citations"),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["image", "audio", "video", "searchResult", "toolResult"])
def test_what_is_no_text_is_named_and_nobody_has_looked_at_it(kind):
    lost = e.Lost(f"answer.{kind}", unseen=True)
    assert lost in read(answer({kind: {"x": 1}}))
    assert lost in stream(event("contentBlockStart", contentBlockIndex=0, start={kind: {"x": 1}}))
    assert lost in stream(event("contentBlockDelta", contentBlockIndex=0, delta={kind: {"x": 1}}))


def test_thoughts_are_sealed_as_they_close():
    events = stream(
        event("messageStart", role="assistant"),
        event("contentBlockDelta", contentBlockIndex=0, delta={"reasoningContent": {"text": "hm"}}),
        event("contentBlockDelta", contentBlockIndex=0, delta={"reasoningContent": {"signature": "s"}}),
        event("contentBlockStop", contentBlockIndex=0),
        event("contentBlockDelta", contentBlockIndex=1, delta={"reasoningContent": {"redactedContent": "eA=="}}),
        event("contentBlockStop", contentBlockIndex=1),
        event("messageStop", stopReason="end_turn"),
    )
    crossed.check_order(events)
    assert events[1:] == [
        e.Opened(0, "thinking"), e.Delta(0, "hm"), e.Sealed(0, "s"), e.Closed(0),
        e.Opened(1, "thinking"), e.Sealed(1, sealed="eA=="), e.Closed(1), e.Ended("stop"),
    ]  # fmt: skip


def test_blocks_that_nobody_closed_are_closed_by_the_end():
    events = stream(
        event("messageStart", role="assistant"),
        event("contentBlockDelta", contentBlockIndex=0, delta={"text": "x"}),
        event("messageStop", stopReason="end_turn"),
    )
    crossed.check_order(events)


def test_a_block_does_not_change_its_kind():
    with pytest.raises(UpstreamError, match="kind"):
        stream(
            event("contentBlockDelta", contentBlockIndex=0, delta={"text": "x"}),
            event("contentBlockDelta", contentBlockIndex=0, delta={"toolUse": {"input": "{}"}}),
        )


UNMODELLED = {":message-type": "error", ":error-code": "InternalFailure", ":error-message": "oh"}


@pytest.mark.parametrize(
    ("message", "kind", "status"),
    [
        (exception("throttlingException", "slow"), "rate_limit", 429),
        (exception("validationException", "no"), "invalid", 400),
        (exception("internalServerException", "oh"), "server", 500),
        (exception("serviceUnavailableException", "oh"), "overloaded", 503),
        (exception("modelStreamErrorException", "oh"), "server", 502),
        (exception("neverHeardException", "oh"), "server", 502),
        (encode(UNMODELLED, b""), "server", 502),
    ],
)  # fmt: skip
def test_an_exception_in_a_stream_is_an_error(message, kind, status):
    (failed,) = stream(message)
    assert (failed.problem.kind, failed.problem.status) == (kind, status)
    assert failed.problem.message in ("slow", "no", "oh")
    assert failed.problem.code[0].isupper()


def test_a_model_that_failed_says_with_which_status():
    told = json.dumps({"message": "oh", "originalStatusCode": 503, "originalMessage": "x"}).encode()
    headers = {":message-type": "exception", ":exception-type": "modelStreamErrorException"}
    assert stream(encode(headers, told))[0].problem.status == 503


def test_other_messages_are_passed_over():
    assert stream(encode({":message-type": "event", ":event-type": "ping"}, b"{}"), encode({}, b"")) == []


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"{}", b'{"output":{}}', b"[" * 5000])
def test_what_is_no_answer_is_refused(body):
    with pytest.raises(UpstreamError) as caught:
        bedrock_converse.read_answer(body)
    assert caught.value.kind == "protocol"


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (400, b'{"__type":"com.amazon.coral#ValidationException","message":"x"}', "invalid", "ValidationException"),
        (403, b'{"Message":"x"}', "permission", "upstream_permission"),
        (424, b'{"message":"x"}', "server", "upstream_invalid"),
        (500, b"<html>", "server", "upstream_server"),
    ],
)  # fmt: skip
def test_an_errors_kind_is_in_its_body_or_its_status(status, body, kind, code):
    found = bedrock_converse.read_problem(status, body)
    assert (found.kind, found.code) == (kind, code)


SHAPE = answer(
    {"text": "x"},
    {"reasoningContent": {"reasoningText": {"text": "x", "signature": "s"}}},
    {"toolUse": {"toolUseId": "a", "name": "f", "input": {}, "type": "tool_use"}},
    {"citationsContent": {"content": [{"text": "x"}]}},
    usage={"inputTokens": 1, "outputTokens": 1},
    additionalModelResponseFields={"stop_sequence": "x"},
)
DELTA = {
    "contentBlockIndex": 0, "start": {"toolUse": {"toolUseId": "a", "name": "f"}},
    "delta": {"toolUse": {"input": "{}"}, "text": "x", "reasoningContent": {"text": "x", "signature": "s"}},
    "stopReason": "end_turn", "usage": {"inputTokens": 1},
}  # fmt: skip
KINDS = ["messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata"]


@settings(max_examples=300, deadline=None)
@given(path=st.sampled_from(list(places(SHAPE))), new=JSON)
def test_a_wrong_type_anywhere_is_an_answer_or_none_and_nothing_else(path, new):
    body = orjson.dumps(put(SHAPE, path, new))
    try:
        crossed.check_order(list(bedrock_converse.read_answer(body)))
    except UpstreamError as error:
        assert error.kind == "protocol"
    bedrock_converse.read_problem(500, body)


@settings(max_examples=400, deadline=None)
@given(kinds=st.lists(st.sampled_from(KINDS), max_size=8), path=st.sampled_from(list(places(DELTA))), new=JSON)
def test_a_wrong_type_anywhere_in_a_stream_is_an_event_or_none_and_nothing_else(kinds, path, new):
    payload = orjson.dumps(put(DELTA, path, new))
    headers = [{":message-type": "event", ":event-type": kind} for kind in kinds]
    try:
        stream(*[encode(each, payload) for each in headers])
    except UpstreamError as error:
        assert error.kind == "protocol"
