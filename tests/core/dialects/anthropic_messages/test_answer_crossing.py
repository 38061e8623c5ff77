"""Answers of other dialects as this one's clients read them, and this one's as others do."""

import json
import re

import pytest
from anthropic.types import Message
from anthropic.types.raw_message_stream_event import RawMessageStreamEvent
from hypothesis import given
from hypothesis import strategies as st
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from pydantic import TypeAdapter

from tests.core.dialects.anthropic_messages.test_golden import ASKED, BODIES, ERRORS, STREAMS, streamed_message
from tidegate.core.dialects import anthropic_messages as dialect
from tidegate.core.dialects import openai_chat
from tidegate.core.dialects.anthropic_messages.answer_meaning import open_reader, read_answer, read_problem
from tidegate.core.dialects.anthropic_messages.answer_writing import open_writer, write_answer
from tidegate.core.dialects.crossing import CrossedStream, cross_answer
from tidegate.core.dialects.neutral import events as e
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.errors import Refusal, UpstreamError
from tidegate.core.values.usage import Usage

EVENTS = TypeAdapter(RawMessageStreamEvent)
NAMES = "abc"


def chunk(delta, reason=None, **more):
    choices = [{"index": 0, "delta": delta, "finish_reason": reason}]
    return b"data: " + json.dumps({"id": "x", "model": "m", "choices": choices, **more}).encode() + b"\n\n"


def call(index, arguments, name=None, call_id=None):
    function = {"arguments": arguments} | ({"name": name} if name else {})
    return chunk({"tool_calls": [{"index": index, "function": function} | ({"id": call_id} if call_id else {})]})


def crossed_stream(body, *, size=20, understood=openai_chat, spoken=dialect, notes=None):
    stream = CrossedStream(understood, spoken, ASKED, notes or AnswerNotes(), None)
    return b"".join(stream.feed(body[i : i + size]) for i in range(0, len(body), size)) + stream.close()


def events_of(out):
    """Each has its name twice, and is one of the official client's."""
    found = []
    for raw in out.decode().strip().split("\n\n"):
        name, data = raw.split("\n")
        event = json.loads(data.removeprefix("data: "))
        assert name == f"event: {event['type']}"
        if event["type"] != "error":
            EVENTS.validate_python(event)
        found.append(event)
    return found


def test_a_stream_begins_and_ends_as_the_dialect_s_do():
    out = crossed_stream(chunk({"content": "Hi"}) + chunk({}, "stop") + b"data: [DONE]\n\n")
    assert [event["type"] for event in events_of(out)] == [
        "message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta",
        "message_stop",
    ]  # fmt: skip


def test_text_never_arrives_as_a_tool_s_input_nor_the_other_way():
    """It did elsewhere, as empty pieces of input (litellm#29286), and tools lost theirs (litellm#25605, #25836)."""
    body = (
        chunk({"reasoning_content": "hm"})
        + chunk({"content": "I look."})
        + call(0, "", "f", "call_a")
        + call(0, '{"a":')
        + call(1, '{"b":', "g", "call_b")
        + call(0, "1}")
        + call(1, "2}")
        + chunk({}, "tool_calls")
    )
    for size in (1, 13, len(body)):
        out = crossed_stream(body, size=size)
        deltas = [event for event in events_of(out) if event["type"] == "content_block_delta"]
        assert all(event["delta"].get("partial_json", "x") for event in deltas)
        message = streamed_message(out)
        assert message["content"] == [
            {"type": "thinking", "thinking": "hm", "signature": ""},
            {"type": "text", "text": "I look."},
            {"type": "tool_use", "id": "call_a", "name": "f", "input": {"a": 1}},
            {"type": "tool_use", "id": "call_b", "name": "g", "input": {"b": 2}},
        ]
        assert message["stop_reason"] == "tool_use"


def test_blocks_come_one_after_another_with_indexes_from_zero():
    body = call(0, "{", "f", "a") + call(1, "{", "g", "b") + call(0, "}") + call(1, "}") + chunk({}, "tool_calls")
    told = [(event["type"], event["index"]) for event in events_of(crossed_stream(body)) if "index" in event]
    assert [index for _, index in told] == sorted(index for _, index in told)
    assert [kind for kind, _ in told if kind != "content_block_delta"] == [
        "content_block_start",
        "content_block_stop",
    ] * 2


REASONS = [("stop", "end_turn"), ("length", "max_tokens"), ("tool_calls", "tool_use"), ("content_filter", "refusal")]


@pytest.mark.parametrize(("reason", "told"), REASONS)
def test_reasons_for_the_end(reason, told):
    out = crossed_stream(chunk({"content": "x"}) + chunk({}, reason))
    assert streamed_message(out)["stop_reason"] == told
    choice = {"index": 0, "message": {"role": "assistant", "content": "x"}, "finish_reason": reason}
    whole = cross_answer(json.dumps({"choices": [choice]}).encode(), openai_chat, dialect, ASKED, AnswerNotes(), None)
    assert json.loads(whole)["stop_reason"] == told
    Message.model_validate_json(whole)


def test_calls_that_end_as_if_nothing_were_to_be_done_are_still_to_be_done():
    out = crossed_stream(call(0, "{}", "f", "a") + chunk({}, "stop"))
    assert streamed_message(out)["stop_reason"] == "tool_use"


def test_usage_tells_what_came_out_of_a_cache_apart():
    usage = {"prompt_tokens": 10, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 6}}
    out = crossed_stream(chunk({"content": "x"}) + chunk({}, "stop") + chunk({}, usage=usage))
    assert streamed_message(out)["usage"] == {
        "input_tokens": 4, "cache_read_input_tokens": 6, "cache_creation_input_tokens": 0, "output_tokens": 4,
    }  # fmt: skip


def test_an_answer_that_says_nothing_has_no_blocks():
    assert streamed_message(crossed_stream(chunk({"content": ""}) + chunk({}, "stop")))["content"] == []


def test_ids_that_the_api_would_not_take_back_are_made_new():
    message = streamed_message(crossed_stream(call(0, "{}", "f", "functions.f:0") + chunk({}, "tool_calls")))
    assert re.fullmatch("[0-9a-f]{24}", message["content"][0]["id"])


def test_a_cut_stream_has_no_end():
    notes = AnswerNotes()
    out = crossed_stream(chunk({"content": "x"}), notes=notes)
    assert b"message_stop" not in out
    assert not notes.complete


def test_an_error_in_a_stream_is_its_last_event():
    out = crossed_stream(chunk({"content": "x"}) + b'data: {"error": {"message": "no", "code": 503}}\n\n')
    assert events_of(out)[-1] == {
        "type": "error", "error": {"type": "overloaded_error", "message": "no", "code": "upstream_overloaded"},
        "request_id": ASKED.request_id,
    }  # fmt: skip
    assert b"message_stop" not in out


@given(
    st.lists(st.tuples(st.sampled_from(["text", "thinking", "tool"]), st.text("xy {", max_size=4)), max_size=6),
    st.randoms(),
)
def test_whatever_the_order_of_events_a_stream_and_a_whole_answer_say_the_same(blocks, draw):  # fmt: skip
    """Calls interleave; prose does not."""
    events, waiting = [e.Began("x", "m")], []
    for number, (kind, text) in enumerate(blocks):
        said = json.dumps({"a": text}) if kind == "tool" else text
        mine = [
            e.Opened(number, kind, id=f"c{number}", name="f"),
            *[e.Delta(number, c) for c in said],
            e.Closed(number),
        ]
        if kind == "tool":
            events.append(mine[0])
            waiting.append(mine[1:])
        else:
            events += mine
        while waiting and draw.random() < 0.5:
            one = draw.choice(waiting)
            events.append(one.pop(0))
            waiting = [each for each in waiting if each]
    events += [event for each in waiting for event in each]
    events += [e.Ended("tool_calls" if "tool" in dict(blocks) else "stop"), e.Used(Usage(3, 2))]
    whole = json.loads(write_answer(events, ASKED))
    writer = open_writer(ASKED)
    out = b"".join(writer.feed(event) for event in events) + writer.close()
    events_of(out)
    message = streamed_message(out)
    for each in (whole, message):
        each["content"].sort(key=json.dumps)
    assert message == whole
    Message.model_validate(whole)
    assert sum(block["type"] == "tool_use" for block in whole["content"]) == sum(kind == "tool" for kind, _ in blocks)


# -- to others ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in BODIES if name not in ERRORS])
def test_a_recorded_answer_reaches_an_openai_client_whole(name):
    body, notes = BODIES[name], AnswerNotes()
    if name in STREAMS:
        out = crossed_stream(body, understood=dialect, spoken=openai_chat, notes=notes, size=50)
        chunks = [json.loads(line[6:]) for line in out.decode().splitlines() if line.startswith("data: {")]
        for each in chunks:
            ChatCompletionChunk.model_validate(each)
        deltas = [each["choices"][0]["delta"] for each in chunks]
        text = "".join(delta.get("content") or "" for delta in deltas)
        arguments = "".join(c["function"].get("arguments", "") for d in deltas for c in d.get("tool_calls", ()))
    else:
        out = cross_answer(body, dialect, openai_chat, ASKED, notes, None)
        message = ChatCompletion.model_validate_json(out).choices[0].message
        text = message.content or ""
        arguments = "".join(call.function.arguments for call in message.tool_calls or ())
    told = streamed_message(body) if name in STREAMS else json.loads(body)
    assert text == "".join(block["text"] for block in told["content"] if block["type"] == "text")
    inputs = [block["input"] for block in told["content"] if block["type"] == "tool_use"]
    decoder, found = json.JSONDecoder(), []
    while arguments:
        one, end = decoder.raw_decode(arguments)
        found.append(one)
        arguments = arguments[end:].lstrip()
    assert found == inputs
    assert notes.complete
    assert notes.usage.output_tokens > 0
    assert notes.lost == {
        f"answer.{block['type']}"
        for block in told["content"]
        if "server" in block["type"] or "_result" in block["type"]
    }


def test_a_call_without_arguments_is_called_with_an_object():
    """An empty text is none, and every client that reads it fails."""
    body = (
        b'data: {"type":"message_start","message":{"id":"m","model":"c","usage":{"input_tokens":1}}}\n\n'
        b'data: {"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f"}}\n\n'
        b'data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}}\n\n'
        b'data: {"type":"content_block_stop","index":0}\n\n'
        b'data: {"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":1}}\n\n'
        b'data: {"type":"message_stop"}\n\n'
    )
    reader = open_reader()
    deltas = [event.text for event in reader.feed(body) if isinstance(event, e.Delta)]
    assert deltas == ["{}"]


def test_a_server_that_begins_no_blocks_is_still_understood():
    body = (
        b'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}}\n\n'
        b'data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{}"}}\n\n'
        b'data: {"type":"message_stop"}\n\n'
    )
    out = crossed_stream(body, understood=dialect, spoken=dialect)
    assert [block["type"] for block in streamed_message(out)["content"]] == ["text", "tool_use"]


@pytest.mark.parametrize(
    ("kind", "status"),
    [("overloaded_error", 529), ("api_error", 500), ("rate_limit_error", 429), ("invalid_request_error", 400),
     ("authentication_error", 401), ("permission_error", 403), ("not_found_error", 404), ("request_too_large", 413),
     ("timeout_error", 504), ("novel_error", 502)],
)  # fmt: skip
def test_an_error_event_has_the_status_of_its_kind(kind, status):
    error = {"type": "error", "error": {"type": kind, "message": "m"}}
    found = list(open_reader().feed(b"data: " + json.dumps(error).encode() + b"\n\n"))
    assert [(f.problem.status, f.problem.code, f.problem.message) for f in found] == [(status, kind, "m")]
    assert read_answer(json.dumps(error).encode()) == found


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"content":3}', b'{"error":"x"}', b"\xff"])
def test_what_is_no_answer_is_an_upstream_error_and_no_problem_is_beyond_words(body):
    with pytest.raises(UpstreamError):
        read_answer(body)
    found = read_problem(418, body)
    assert found.status == 418
    assert found.message
    dialect.render_error(Refusal(found.code, found.message, status=found.status))


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("ab", max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "index", "delta", "content_block", "message", "text", "input", "usage", "content"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
KINDS = ["message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "error",
         "message_stop"]  # fmt: skip


@given(
    st.lists(st.tuples(st.sampled_from(KINDS), TREES, TREES, st.sampled_from(["text", "tool_use", "x"])), max_size=5)
)
def test_events_of_any_shape_never_break_the_reader(events):
    body = b""
    for kind, one, two, block in events:
        fields = {
            "content_block": {"type": block, "input": one},
            "delta": one,
            "message": two,
            "usage": two,
            "error": one,
        }
        body += b"data: " + json.dumps({"index": two, **fields, "type": kind}).encode() + b"\n\n"
    for spoken in (openai_chat, dialect):
        stream = CrossedStream(dialect, spoken, ASKED, AnswerNotes(), None)
        told = stream.feed(body) + stream.close()
        lines = [line for line in told.split(b"\n") if line.startswith(b"data: ")]
        assert all(json.loads(line[6:]) for line in lines if line != b"data: [DONE]")


@given(TREES)
def test_whole_answers_of_any_shape_never_break_the_reader(tree):
    for body in ({"content": tree}, {"content": [tree], "usage": tree, "stop_reason": tree}):
        try:
            read_answer(json.dumps(body).encode())
        except UpstreamError as error:
            assert error.kind == "protocol"
