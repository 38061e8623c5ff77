"""What servers say in ways of their own means the same."""

import json

import pytest

from tests.core.dialects.openai_responses.test_stream import call, message, response, told
from tidegate.core.dialects import openai_responses as dialect
from tidegate.core.dialects.neutral import events as e
from tidegate.core.values.errors import UpstreamError


def read(*given, size=None):
    body = told(*given)
    reader = dialect.open_reader()
    size = size or len(body)
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return [*(event for piece in pieces for event in reader.feed(piece)), *reader.close()]


HI = [e.Began("resp_1", "m"), e.Opened(0, "text"), e.Delta(0, "Hi."), e.Closed(0), e.Ended("stop")]


def without_usage(found):
    return [event for event in found if not isinstance(event, e.Used)]


@pytest.mark.parametrize("size", [1, 13, None])
def test_a_message_is_a_text(size):
    assert without_usage(read(*message("Hi."), size=size)) == HI


def test_a_server_that_sends_no_deltas_is_understood():
    given = [event for event in message("Hi.") if "delta" not in event["type"]]
    assert without_usage(read(*given)) == HI


def test_a_server_that_shows_the_last_event_alone_is_understood():
    assert without_usage(read(message("Hi.")[-1])) == HI


def test_calls_say_their_arguments_once():
    found = without_usage(read(*call("f", '{"a":1}')))
    assert "".join(event.text for event in found if isinstance(event, e.Delta)) == '{"a":1}'
    assert [event for event in found if isinstance(event, e.Opened)] == [e.Opened(0, "tool", id="call_1", name="f")]
    assert found[-1] == e.Ended("tool_calls")


def test_a_call_that_comes_whole_is_one():
    given = call("f", "{}")
    found = without_usage(read(given[-2], given[-1]))
    assert found == [e.Opened(0, "tool", id="call_1", name="f"), e.Delta(0, "{}"), e.Closed(0),
                     e.Began("resp_1", "m"), e.Ended("tool_calls")]  # fmt: skip


def test_a_tool_of_free_text_stays_one():
    found = read(*call("p", "some text", "custom_tool_call"))
    assert e.Opened(0, "tool", id="call_1", name="p", free=True) in found


def test_thoughts_and_their_summary_are_said_once_and_sealed():
    item = {"type": "reasoning", "id": "rs", "summary": [{"type": "summary_text", "text": t} for t in "ab"],
            "encrypted_content": "AA"}  # fmt: skip
    whole = without_usage(dialect.read_answer(json.dumps(response("completed", item)).encode()))
    assert whole[1:5] == [e.Opened(0, "thinking"), e.Delta(0, "a\n\nb"), e.Sealed(0, sealed="AA"), e.Closed(0)]
    at = {"item_id": "rs", "output_index": 0}
    streamed = read(
        {"type": "response.reasoning_summary_text.delta", **at, "summary_index": 0, "delta": "a"},
        {"type": "response.reasoning_summary_text.delta", **at, "summary_index": 1, "delta": "b"},
        {"type": "response.reasoning_text.delta", **at, "content_index": 0, "delta": "a long thought"},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
    )
    assert "".join(event.text for event in streamed if isinstance(event, e.Delta)) == "a\n\nb"
    assert e.Sealed(0, sealed="AA") in streamed


def test_what_no_other_dialect_has_is_lost_by_name():
    items = [{"type": "web_search_call", "id": "w"}, {"type": "image_generation_call", "id": "i", "result": "AA"}]
    found = dialect.read_answer(json.dumps(response("completed", *items)).encode())
    assert [event for event in found if isinstance(event, e.Lost)] == [
        e.Lost("answer.web_search_call"),
        e.Lost("answer.image_generation_call", unseen=True),
    ]


ENDS = [
    ({"incomplete_details": {"reason": "max_output_tokens"}, "status": "incomplete"}, "length"),
    ({"incomplete_details": {"reason": "content_filter"}, "status": "incomplete"}, "content_filter"),
    ({"incomplete_details": None, "status": "incomplete"}, "other"),
    ({"status": "cancelled"}, "other"),
    ({}, "stop"),
]


@pytest.mark.parametrize(("more", "reason"), ENDS)
def test_how_it_ended(more, reason):
    found = dialect.read_answer(json.dumps({**response("completed"), **more}).encode())
    assert e.Ended(reason) in found


FAILED = [
    ({"type": "error", "code": "rate_limit_exceeded", "message": "slow", "param": None}, 429, "slow"),
    ({"type": "error", "error": {"code": "x", "message": "y"}}, 502, "y"),
    (
        {"type": "response.failed", "response": response("failed", error={"code": "server_error", "message": "z"})},
        502,
        "z",
    ),
]


@pytest.mark.parametrize(("event", "status", "words"), FAILED)
def test_an_error_in_a_stream_is_one(event, status, words):
    failed = read(event)[-1]
    assert (failed.problem.status, failed.problem.message) == (status, words)


def test_a_stream_that_was_cut_has_no_end():
    assert not [event for event in read(*message("Hi.")[:4]) if isinstance(event, e.Ended)]


@pytest.mark.parametrize("body", [b"nonsense", b"[]", b'{"choices":[]}'])
def test_what_is_no_response_is_the_upstreams_error(body):
    with pytest.raises(UpstreamError):
        dialect.read_answer(body)
