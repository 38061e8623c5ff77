"""Every recorded exchange passes as it came: the gateway that changes nothing must not be noticed."""

import json
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.core.dialects import openai_chat
from tidegate.core.values.answer import AnswerNotes

GOLDEN = Path(__file__).parents[3] / "golden" / "openai_chat"
EXCHANGES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(GOLDEN.glob("*.json"))}
STREAMS = {
    name: e["response"]["body"].encode()
    for name, e in EXCHANGES.items()
    if e["response"]["content_type"].startswith("text/event-stream") and e["response"]["status"] == 200
}
ANSWERS = {
    name: e["response"]["body"].encode()
    for name, e in EXCHANGES.items()
    if e["response"]["content_type"].startswith("application/json") and e["response"]["status"] == 200
}


class Identity:
    """A channel that holds back nothing and changes nothing."""

    def feed(self, text):
        return text

    def close(self):
        return ""


class Stutter:
    """A channel that always holds back the last two characters: what it is fed comes out later, whole."""

    def __init__(self):
        self.held = ""

    def feed(self, text):
        text = self.held + text
        self.held = text[-2:]
        return text[:-2]

    def close(self):
        held, self.held = self.held, ""
        return held


def test_there_are_recordings():
    assert len(EXCHANGES) > 50
    assert len(STREAMS) > 20
    assert len(ANSWERS) > 20


@pytest.mark.parametrize("name", EXCHANGES)
def test_a_recorded_request_is_read_and_only_its_model_changes(name):
    body = EXCHANGES[name]["request"]["body"].encode()
    envelope = openai_chat.parse_request(body)
    forwarded = openai_chat.with_model(body, "another-model")
    assert envelope.original_model == json.loads(body)["model"]
    assert json.loads(forwarded) == {**json.loads(body), "model": "another-model"}
    # Every byte but the model's name is the client's own.
    assert forwarded.replace(b'"another-model"', b"", 1) == body.replace(
        json.dumps(envelope.original_model).encode(), b"", 1
    )


@pytest.mark.parametrize("name", EXCHANGES)
def test_every_string_of_a_recorded_request_is_a_part_or_a_word_of_the_api(name):
    body = EXCHANGES[name]["request"]["body"].encode()
    envelope = openai_chat.parse_request(body)
    seen = {part.text for part in envelope.parts}
    for text in long_strings(json.loads(body)):
        assert text in seen or text == envelope.original_model


def long_strings(value):
    """Strings of more than one word are never words of the API."""
    if isinstance(value, str) and " " in value:
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from long_strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from long_strings(inner)


@pytest.mark.parametrize("name", ANSWERS)
def test_a_whole_answer_passes_byte_for_byte_and_is_noted(name):
    body, notes = ANSWERS[name], AnswerNotes()
    assert openai_chat.pass_answer(body, notes, lambda tool: Identity()) == body
    assert openai_chat.pass_answer(body, AnswerNotes(), None) == body
    tree = json.loads(body)
    assert notes.complete
    assert notes.response_model == tree["model"]
    assert notes.usage.input_tokens == tree["usage"]["prompt_tokens"]
    assert notes.finish_reasons == [choice["finish_reason"] for choice in tree["choices"]]


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_passes_byte_for_byte_however_it_is_cut(name):
    body = STREAMS[name]
    for size in (1, 7, 64, 1000, len(body)):
        notes = AnswerNotes()
        stream = openai_chat.AnswerStream(notes, None)
        out = b"".join(stream.feed(body[i : i + size]) for i in range(0, len(body), size)) + stream.close()
        assert out == body
        assert notes.complete
        assert notes.finish_reasons


def text_of(stream_bytes):
    """What a client reads: text and tool arguments by choice and call."""
    told = {}
    for line in stream_bytes.decode().splitlines():
        if not line.startswith("data: {"):
            continue
        for choice in json.loads(line[6:]).get("choices", []):
            delta = choice.get("delta", {})
            for key, value in delta.items():
                if isinstance(value, str) and key not in ("role", "id", "type", "name"):
                    told[choice["index"], key] = told.get((choice["index"], key), "") + value
            for call in delta.get("tool_calls") or []:
                where = choice["index"], "call", call.get("index", 0)
                told[where] = told.get(where, "") + (call["function"].get("arguments") or "")
    return told


@pytest.mark.parametrize("name", STREAMS)
def test_what_channels_hold_back_still_arrives_before_the_end(name):
    body = STREAMS[name]
    stream = openai_chat.AnswerStream(AnswerNotes(), lambda tool: Stutter())
    out = b"".join(stream.feed(body[i : i + 100]) for i in range(0, len(body), 100)) + stream.close()
    mine = {where: text for where, text in text_of(out).items() if text}
    assert mine == {where: text for where, text in text_of(body).items() if text}
    if b"[DONE]" in body:
        assert out.rstrip().endswith(b"data: [DONE]")


@settings(max_examples=30, deadline=None)
@given(cuts=st.lists(st.integers(1, 400), min_size=1, max_size=40))
def test_any_cut_of_a_stream_gives_the_same_bytes(cuts):
    body = STREAMS[next(iter(STREAMS))]
    stream, out, at, turn = openai_chat.AnswerStream(AnswerNotes(), None), b"", 0, 0
    while at < len(body):
        size = cuts[turn % len(cuts)]
        out += stream.feed(body[at : at + size])
        at, turn = at + size, turn + 1
    assert out + stream.close() == body


def test_a_stream_that_was_cut_is_not_complete():
    body = STREAMS[next(iter(STREAMS))]
    events = body.split(b"\n\n")
    notes = AnswerNotes()
    stream = openai_chat.AnswerStream(notes, None)
    stream.feed(b"\n\n".join(events[:3]) + b"\n\n")
    stream.close()
    assert not notes.complete


def test_an_answer_that_is_changed_is_the_same_tree_but_for_its_texts():
    class Shout(Identity):
        def feed(self, text):
            return text.upper()

    name, body = next((n, b) for n, b in ANSWERS.items() if json.loads(b)["choices"][0]["message"]["content"])
    out = orjson.loads(openai_chat.pass_answer(body, AnswerNotes(), lambda tool: Shout()))
    before = orjson.loads(body)
    text = before["choices"][0]["message"]["content"]
    assert out["choices"][0]["message"]["content"] == text.upper(), name
    out["choices"][0]["message"]["content"] = text
    assert out["choices"][0]["finish_reason"] == before["choices"][0]["finish_reason"]
    assert out["id"] == before["id"]
