"""From one dialect to another and back, with a dialect of its own for the other side."""

import json

import pytest

from tidegate.core.dialects import anthropic_messages, gemini_generate, ollama_chat, openai_chat, openai_responses
from tidegate.core.dialects.crossing import CrossedStream, cross_answer, cross_request, refusal_of
from tidegate.core.dialects.dialect import Asked
from tidegate.core.dialects.document import parse
from tidegate.core.dialects.neutral import events as e
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.errors import BadRequest, UpstreamError

ASKED = Asked("0190-id", "auto", 7, {"stream_options": {"include_usage": True}})
CHUNKS = [
    {"id": "c", "model": "m", "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Hel"}}]},
    {"id": "c", "model": "m", "choices": [{"index": 0, "delta": {"content": "lo"}}]},
    {"id": "c", "model": "m", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    {"id": "c", "model": "m", "choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}},
]


def stream_of(chunks, *, done=True):
    body = b"".join(b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in chunks)
    return body + (b"data: [DONE]\n\n" if done else b"")


def crossed(body, notes, size=7, open_channel=None):
    stream = CrossedStream(openai_chat, openai_chat, ASKED, notes, open_channel)
    out = b"".join(stream.feed(body[at : at + size]) for at in range(0, len(body), size))
    return out + stream.close()


def test_what_is_dropped_is_named():
    body = json.dumps({"model": "a", "messages": [{"role": "user", "content": "x"}], "novel": 1}).encode()
    found = cross_request(body, openai_chat, openai_chat, "theirs")
    assert found.dropped == ("novel",)
    assert json.loads(found.body) == {"model": "theirs", "messages": [{"role": "user", "content": "x"}]}


@pytest.mark.parametrize("number", ["7", "1.5", "18446744073709551616", "-0", "1E5"])
@pytest.mark.parametrize("understood", [anthropic_messages, gemini_generate, ollama_chat, openai_responses])
def test_who_has_the_tree_of_a_body_gets_what_the_body_is_read_as(understood, number):
    schema = f'{{"type":"object","maximum":{number}}}'
    tool = f'{{"type":"function","function":{{"name":"f","parameters":{schema}}}}}'
    message = '{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{\\"a\\":1}"}}]}'
    body = f'{{"model":"a","messages":[{message}],"tools":[{tool}]}}'.encode()
    found = cross_request(body, openai_chat, understood, "theirs", document=parse(body))
    assert found == cross_request(body, openai_chat, understood, "theirs")
    assert b"maximum" in found.body


def test_what_cannot_be_dropped_is_refused():
    body = json.dumps({"model": "a", "messages": [{"role": "user", "content": "x"}], "web_search_options": {}}).encode()
    with pytest.raises(BadRequest, match="web_search_options"):
        cross_request(body, openai_chat, openai_chat, "theirs")


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_a_stream_says_the_same_in_other_words(size):
    notes = AnswerNotes()
    out = crossed(stream_of(CHUNKS), notes, size)
    events = [line[6:] for line in out.decode().split("\n\n") if line]
    assert events[-1] == "[DONE]"
    told = [json.loads(event) for event in events[:-1]]
    assert "".join(c["delta"].get("content", "") for t in told for c in t["choices"]) == "Hello"
    assert told[-1]["usage"]["total_tokens"] == 5
    assert (notes.complete, notes.response_model, notes.usage.input_tokens) == (True, "m", 3)


def test_a_stream_that_was_cut_does_not_look_complete():
    notes = AnswerNotes()
    out = crossed(stream_of(CHUNKS[:2], done=False), notes)
    assert b"Hel" in out
    assert b"[DONE]" not in out
    assert not notes.complete


def test_an_error_in_a_stream_is_told_once_and_ends_nothing():
    notes = AnswerNotes()
    out = crossed(stream_of([CHUNKS[0], {"error": {"message": "overloaded", "code": "busy"}}]), notes)
    assert out.count(b'"error"') == 1
    assert b"[DONE]" not in out
    assert notes.error == "upstream_error_event"


def test_a_whole_answer_says_the_same():
    answer = {
        "id": "c",
        "model": "m",
        "choices": [{"index": 0, "message": {"content": "Hello"}, "finish_reason": "stop"}],
    }
    notes = AnswerNotes()
    out = json.loads(cross_answer(json.dumps(answer).encode(), openai_chat, openai_chat, ASKED, notes, None))
    assert out["choices"][0]["message"]["content"] == "Hello"
    assert (out["id"], out["model"], out["created"], notes.complete) == ("chatcmpl-0190-id", "auto", 7, True)


def test_an_answer_that_is_none_is_no_answer():
    with pytest.raises(UpstreamError):
        cross_answer(b"[]", openai_chat, openai_chat, ASKED, AnswerNotes(), None)


def test_a_problem_keeps_its_words_and_its_status():
    refusal = refusal_of(e.Problem("rate_limit", 429, "slow", "Slow down.", "p"))
    assert (refusal.status, refusal.code, refusal.message, refusal.param) == (429, "slow", "Slow down.", "p")
