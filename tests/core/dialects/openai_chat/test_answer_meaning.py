"""What chat completions say, whole and streamed."""

import json
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from tidegate.core.dialects.dialect import Asked
from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.openai_chat.answer_meaning import open_reader, read_answer, read_problem
from tidegate.core.dialects.openai_chat.answer_writing import open_writer, write_answer
from tidegate.core.values.errors import UpstreamError
from tidegate.core.values.usage import Usage

GOLDEN = Path(__file__).parents[3] / "golden" / "openai_chat"
EXCHANGES = {path.stem: json.loads(path.read_text("utf-8"))["response"] for path in sorted(GOLDEN.glob("*.json"))}
STREAMS = {n: r for n, r in EXCHANGES.items() if r["status"] == 200 and r["content_type"].startswith("text/event")}
WHOLE = {n: r for n, r in EXCHANGES.items() if r["status"] == 200 and r["content_type"].startswith("application/json")}
ERRORS = {n: r for n, r in EXCHANGES.items() if r["status"] >= 400}
ASKED = Asked("0190-id", "auto", 7, {"stream_options": {"include_usage": True}})


def events_of(body, sizes=(10_000,)):
    reader, found, at, turn = open_reader(), [], 0, 0
    while at < len(body):
        size = sizes[turn % len(sizes)]
        found += reader.feed(body[at : at + size])
        at, turn = at + size, turn + 1
    return [*found, *reader.close()]


def told(events):
    """What an answer says, whatever it was cut into: per choice the blocks in order, and how it ended."""
    blocks, ends, usage = {}, {}, None
    for event in events:
        if isinstance(event, e.Opened):
            blocks[event.choice, event.block] = [event.kind, event.id, event.name, event.free, ""]
        elif isinstance(event, e.Delta):
            blocks[event.choice, event.block][4] += event.text
        elif isinstance(event, e.Ended):
            ends[event.choice] = event.reason
        elif isinstance(event, e.Used):
            usage = event.usage
    return sorted(blocks.items()), ends, usage


def answer(message, reason="stop", **more):
    return orjson.dumps(
        {"id": "i", "model": "m", "choices": [{"index": 0, "message": message, "finish_reason": reason}], **more}
    )


ANSWERS = [
    ({"content": "Hi"}, [e.Opened(0, "text"), e.Delta(0, "Hi"), e.Closed(0)]),
    ({"content": None, "refusal": "No"}, [e.Opened(0, "refusal"), e.Delta(0, "No"), e.Closed(0)]),
    ({"reasoning_content": "Hm", "content": "Hi"},
     [e.Opened(0, "thinking"), e.Delta(0, "Hm"), e.Closed(0), e.Opened(1, "text"), e.Delta(1, "Hi"), e.Closed(1)]),
    ({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]}, {"type": "text", "text": "Hi"}]},
     [e.Opened(0, "thinking"), e.Delta(0, "Hm"), e.Closed(0), e.Opened(1, "text"), e.Delta(1, "Hi"), e.Closed(1)]),
    ({"tool_calls": [{"id": "a", "type": "function", "function": {"name": "f", "arguments": '{"x":1}'}}]},
     [e.Opened(0, "tool", id="a", name="f"), e.Delta(0, '{"x":1}'), e.Closed(0)]),
    ({"tool_calls": [{"id": "a", "function": {"name": "f", "arguments": {"x": 1}}}]},
     [e.Opened(0, "tool", id="a", name="f"), e.Delta(0, '{"x":1}'), e.Closed(0)]),
    ({"function_call": {"name": "f", "arguments": "{}"}},
     [e.Opened(0, "tool", name="f"), e.Delta(0, "{}"), e.Closed(0)]),
    ({"content": "Hi", "audio": {"data": "AA"}},
     [e.Opened(0, "text"), e.Delta(0, "Hi"), e.Lost("answer.audio", unseen=True), e.Closed(0)]),
    ({"content": "Hi", "annotations": [{}]},
     [e.Opened(0, "text"), e.Delta(0, "Hi"), e.Lost("answer.annotations"), e.Closed(0)]),
]  # fmt: skip
REASONS = [("stop", "stop"), ("length", "length"), ("tool_calls", "tool_calls"), ("function_call", "tool_calls"),
           ("content_filter", "content_filter"), ("novel", "other")]  # fmt: skip


@pytest.mark.parametrize(("message", "events"), ANSWERS)
def test_a_message_is_a_row_of_blocks(message, events):
    found = list(read_answer(answer(message)))
    assert found == [e.Began("i", "m"), *events, e.Ended("stop"), e.Used(Usage())]


@pytest.mark.parametrize(("reason", "meaning"), REASONS)
def test_reasons_have_meanings(reason, meaning):
    assert e.Ended(meaning) in read_answer(answer({"content": "x"}, reason))


def test_usage_is_told_with_caches_and_thoughts():
    usage = {"prompt_tokens": 9, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 4},
             "completion_tokens_details": {"reasoning_tokens": 3}}  # fmt: skip
    assert read_answer(answer({"content": "x"}, usage=usage))[-1] == e.Used(Usage(9, 5, 4, -1, 3))


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"choices":{}}', b"null"])
def test_what_is_no_completion_is_no_answer(body):
    with pytest.raises(UpstreamError):
        read_answer(body)


def test_calls_may_interleave_and_stay_two():
    def chunk(*calls):
        return {"choices": [{"index": 0, "delta": {"tool_calls": list(calls)}}]}

    chunks = [chunk({"index": 0, "id": "a", "function": {"name": "f", "arguments": ""}}),
              chunk({"index": 1, "id": "b", "function": {"name": "g", "arguments": "{"}}),
              chunk({"index": 0, "function": {"arguments": "{}"}}, {"index": 1, "function": {"arguments": "}"}}),
              {"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]}]  # fmt: skip
    body = b"".join(b"data: " + orjson.dumps(each) + b"\n\n" for each in chunks)
    blocks, ends, _ = told(events_of(body))
    assert [block[1:] for _, block in blocks] == [["a", "f", False, "{}"], ["b", "g", False, "{}"]]
    assert ends == {0: "tool_calls"}


def test_whole_calls_without_an_index_are_calls_of_their_own():
    calls = [{"id": each, "function": {"name": "f", "arguments": "{}"}} for each in "ab"]
    chunks = [{"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]} for call in calls]
    body = b"".join(b"data: " + orjson.dumps(each) + b"\n\n" for each in chunks)
    assert [block[1] for _, block in told(events_of(body))[0]] == ["a", "b"]


def test_nothing_is_said_after_the_end_and_what_is_is_named():
    chunks = [
        {"delta": {"tool_calls": [{"index": 0, "id": "c", "function": {"name": "f", "arguments": "{}"}}]}},
        {"delta": {}, "finish_reason": "tool_calls"},
        {"delta": {"tool_calls": [{"index": 0, "function": {"arguments": "x"}}]}},
        {"delta": {"role": "assistant", "content": ""}},
    ]
    events = events_of(b"".join(b"data: " + orjson.dumps({"choices": [chunk]}) + b"\n\n" for chunk in chunks))
    assert events[-2:] == [e.Ended("tool_calls"), e.Lost("answer.after_its_end")]


def test_a_reason_that_is_no_word_is_another_one():
    body = orjson.dumps({"choices": [{"message": {"content": "a"}, "finish_reason": ["stop"]}]})
    assert e.Ended("other") in read_answer(body)


@pytest.mark.parametrize("name", ERRORS)
def test_a_recorded_error_is_a_problem_with_the_providers_words(name):
    found = read_problem(ERRORS[name]["status"], ERRORS[name]["body"].encode())
    assert found.status == ERRORS[name]["status"]
    assert found.message
    assert found.code


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"error":"no"}', b'{"error":{"code":7}}', b'{"error":null}'])
def test_any_body_of_an_error_is_a_problem(body):
    assert read_problem(500, body).kind == "server"


@pytest.mark.parametrize("name", WHOLE)
def test_a_recorded_answer_says_the_same_when_it_is_written_again(name):
    events = read_answer(WHOLE[name]["body"].encode())
    written = write_answer(events, ASKED)
    ChatCompletion.model_validate(json.loads(written))
    assert told(read_answer(written))[:2] == told(events)[:2]


@pytest.mark.parametrize("name", STREAMS)
def test_a_recorded_stream_says_the_same_when_it_is_written_again(name):
    events = events_of(STREAMS[name]["body"].encode())
    writer = open_writer(ASKED)
    written = b"".join(map(writer.feed, events)) + writer.close()
    for line in written.decode().split("\n\n")[:-2]:
        ChatCompletionChunk.model_validate(json.loads(line.removeprefix("data: ")))
    blocks, ends, usage = told(events_of(written))
    assert (blocks, ends) == told(events)[:2]
    assert usage is not None


@given(st.sampled_from(sorted(STREAMS)), st.lists(st.integers(1, 300), min_size=1, max_size=5))
def test_however_a_stream_is_split_it_says_the_same(name, sizes):
    body = STREAMS[name]["body"].encode()
    assert events_of(body, sizes) == events_of(body)


def test_a_filter_of_contents_is_told_apart_from_an_invalid_request():
    """Azure's own (learn.microsoft.com, "Content filtering"): the status alone would say that the request was wrong."""
    body = b'{"error":{"code":"content_filter","message":"filtered","status":400,"param":"prompt"}}'
    found = read_problem(400, body)
    assert (found.kind, found.status, found.code) == ("content_filter", 400, "content_filter")
