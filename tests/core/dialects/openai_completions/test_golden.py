"""Every recorded completion passes as it came, and means the same as a chat of one turn."""

import json
from pathlib import Path

import pytest
from openai.types import Completion

from tidegate.core.dialects import openai_chat
from tidegate.core.dialects import openai_completions as dialect
from tidegate.core.dialects.crossing import cross_request
from tidegate.core.dialects.dialect import Asked
from tidegate.core.dialects.neutral import events as e
from tidegate.core.values.answer import AnswerNotes

GOLDEN = Path(__file__).parents[3] / "golden" / "openai_completions"
EXCHANGES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(GOLDEN.glob("*.json"))}
OK = {name: e["response"]["body"].encode() for name, e in EXCHANGES.items() if e["response"]["status"] == 200}
STREAMS = {name: body for name, body in OK.items() if "-S-" in name}
ANSWERS = {name: body for name, body in OK.items() if name not in STREAMS}
ASKED = Asked("0190-abcd", "auto", 1790000000, {"stream_options": {"include_usage": True}})


class Stutter:
    """Holds back the last two characters."""

    def __init__(self):
        self.held = ""

    def feed(self, text):
        text = self.held + text
        self.held = text[-2:]
        return text[:-2]

    def close(self):
        return self.held


def events(body):
    return [json.loads(line[6:]) for line in body.decode().splitlines() if line.startswith("data: {")]


def said(body):
    told = {}
    for event in events(body):
        for choice in event["choices"]:
            told[choice["index"]] = told.get(choice["index"], "") + choice["text"]
    return told


def test_there_are_recordings():
    assert (len(EXCHANGES), len(STREAMS), len(ANSWERS)) == (8, 4, 2)


def prompts(body):
    given = json.loads(body)["prompt"]
    return given if isinstance(given, list) else [given]


@pytest.mark.parametrize("name", EXCHANGES)
def test_a_recorded_request_is_read_and_only_its_model_changes(name):
    body = EXCHANGES[name]["request"]["body"].encode()
    envelope = dialect.parse_request(body)
    assert json.loads(dialect.with_model(body, "m")) == {**json.loads(body), "model": "m"}
    assert {text for text in prompts(body) if text} <= {part.text for part in envelope.parts}
    assert not envelope.rest


@pytest.mark.parametrize("name", EXCHANGES)
def test_a_recorded_prompt_is_one_turn_of_a_chat(name):
    body = EXCHANGES[name]["request"]["body"].encode()
    sent = json.loads(cross_request(body, dialect, openai_chat, "m").body)
    assert sent["messages"] == [{"role": "user", "content": prompts(body)[0]}]


@pytest.mark.parametrize("name", EXCHANGES)
def test_a_meaning_that_is_written_is_read_as_the_same(name):
    ask = dialect.read_request(json.loads(EXCHANGES[name]["request"]["body"]))
    again = dialect.read_request(json.loads(dialect.write_request(ask, "m")))
    assert (again.turns, again.max_tokens, again.temperature) == (ask.turns, ask.max_tokens, ask.temperature)


@pytest.mark.parametrize("name", ANSWERS)
def test_a_whole_answer_passes_byte_for_byte_and_is_noted(name):
    notes = AnswerNotes()
    assert dialect.pass_answer(ANSWERS[name], notes, None) == ANSWERS[name]
    assert notes.complete
    assert notes.usage.input_tokens == json.loads(ANSWERS[name])["usage"]["prompt_tokens"]
    held = json.loads(dialect.pass_answer(ANSWERS[name], AnswerNotes(), lambda tool: Stutter()))
    assert held["choices"][0]["text"] == json.loads(ANSWERS[name])["choices"][0]["text"]


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_passes_byte_for_byte_however_it_is_cut(name):
    body = STREAMS[name]
    for size in (1, 7, 1000, len(body)):
        notes = AnswerNotes()
        stream = dialect.open_stream(notes, None)
        assert b"".join(stream.feed(body[i : i + size]) for i in range(0, len(body), size)) + stream.close() == body
        assert notes.complete


@pytest.mark.parametrize("name", STREAMS)
def test_what_channels_hold_back_still_arrives_before_the_end(name):
    stream = dialect.open_stream(AnswerNotes(), lambda tool: Stutter())
    out = stream.feed(STREAMS[name]) + stream.close()
    assert said(out) == said(STREAMS[name])
    assert out.rstrip().endswith(b"data: [DONE]")


@pytest.mark.parametrize("name", OK)
def test_what_is_written_is_what_the_sdk_expects(name):
    if name in STREAMS:
        reader, writer = dialect.open_reader(), dialect.open_writer(ASKED)
        found = [*reader.feed(STREAMS[name]), *reader.close()]
        out = b"".join(writer.feed(event) for event in found) + writer.close()
        for event in events(out):
            assert {"id", "object", "created", "model", "choices"} <= set(event)
        assert said(out) == said(STREAMS[name])
        assert events(out)[-1]["usage"]["total_tokens"] >= 0
    else:
        found = dialect.read_answer(ANSWERS[name])
        written = json.loads(dialect.write_answer(found, ASKED))
        Completion.model_validate(written)
        assert written["choices"][0]["text"] == json.loads(ANSWERS[name])["choices"][0]["text"]
    assert any(isinstance(event, e.Ended) for event in found)
