"""What ConverseStream can say that no recording happens to show, and what is none of it."""

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.dialects import crossed
from tests.core.dialects.gemini_generate.test_answer import JSON, places, put
from tests.fakes.eventstream import encode, event, exception
from tidegate.core.dialects.bedrock_converse.stream import open_reader
from tidegate.core.dialects.neutral import events as e
from tidegate.core.values.errors import UpstreamError


def stream(*messages):
    reader = open_reader()
    return [*(told for message in messages for told in reader.feed(message)), *reader.close()]


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


def test_a_call_without_arguments_is_one_of_an_empty_object():
    call = {"toolUse": {"toolUseId": "a", "name": "f"}}
    events = stream(
        event("messageStart", role="assistant"),
        event("contentBlockStart", contentBlockIndex=0, start=call),
        event("contentBlockDelta", contentBlockIndex=0, delta={"toolUse": {"input": ""}}),
        event("contentBlockStop", contentBlockIndex=0),
        event("messageStop", stopReason="tool_use"),
    )
    assert events[1:4] == [e.Opened(0, "tool", id="a", name="f"), e.Delta(0, "{}"), e.Closed(0)]


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


def test_other_messages_are_passed_over():
    assert stream(encode({":message-type": "event", ":event-type": "ping"}, b"{}"), encode({}, b"")) == []


DELTA = {
    "contentBlockIndex": 0, "start": {"toolUse": {"toolUseId": "a", "name": "f"}},
    "delta": {"toolUse": {"input": "{}"}, "text": "x", "reasoningContent": {"text": "x", "signature": "s"}},
    "stopReason": "end_turn", "usage": {"inputTokens": 1},
}  # fmt: skip
KINDS = ["messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata"]


@settings(max_examples=400, deadline=None)
@given(kinds=st.lists(st.sampled_from(KINDS), max_size=8), path=st.sampled_from(list(places(DELTA))), new=JSON)
def test_a_wrong_type_anywhere_in_a_stream_is_an_event_or_none_and_nothing_else(kinds, path, new):
    payload = orjson.dumps(put(DELTA, path, new))
    headers = [{":message-type": "event", ":event-type": kind} for kind in kinds]
    try:
        stream(*[encode(each, payload) for each in headers])
    except UpstreamError as error:
        assert error.kind == "protocol"
