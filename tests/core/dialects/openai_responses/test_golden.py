"""Every recorded exchange passes as it came, means the same after a crossing, and is what the official SDK expects."""

import json

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import TypeAdapter

from tests.core.dialects.openai_responses.recorded import (
    ANSWERS,
    EXCHANGES,
    REQUESTS,
    STREAMS,
    Shout,
    events,
    identity,
    spoken,
    stutter,
)
from tidegate.core.dialects import openai_responses as dialect
from tidegate.core.dialects.dialect import Asked
from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.neutral.features import Cannot, Feature, fit
from tidegate.core.dialects.neutral.linking import with_links
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.errors import BadRequest

EVENT = TypeAdapter(ResponseStreamEvent)
ASKED = Asked("0190a6c2-0000-7000-8000-abcdefabcdef", "auto", 1790000000, {})


def test_there_are_recordings():
    assert len(EXCHANGES) == 44
    assert len(STREAMS) > 20
    assert len(ANSWERS) > 10


@pytest.mark.parametrize("name", REQUESTS)
def test_a_recorded_request_is_read_and_only_its_model_changes(name):
    body = REQUESTS[name]
    envelope = dialect.parse_request(body)
    forwarded = dialect.with_model(body, "another-model")
    assert json.loads(forwarded) == {**json.loads(body), "model": "another-model"}
    model = json.dumps(envelope.original_model).encode()
    assert forwarded.replace(b'"another-model"', b"", 1) == body.replace(model, b"", 1)
    assert not envelope.rest


@pytest.mark.parametrize("name", REQUESTS)
def test_every_string_of_a_recorded_request_is_a_part_or_a_word_of_the_api(name):
    envelope = dialect.parse_request(REQUESTS[name])
    seen = {part.text for part in envelope.parts}
    for text in long_strings(json.loads(REQUESTS[name])):
        assert text in seen


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
    assert dialect.pass_answer(body, notes, identity) == body
    assert dialect.pass_answer(body, AnswerNotes(), None) == body
    tree = json.loads(body)
    assert notes.complete
    assert (notes.response_id, notes.response_model) == (tree["id"], tree["model"])
    assert notes.usage.input_tokens == tree["usage"]["input_tokens"]
    assert notes.finish_reasons == ["completed"]


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_passes_byte_for_byte_however_it_is_cut(name):
    body = STREAMS[name]
    for channels in (None, identity):
        for size in (1, 7, 64, 1000, len(body)):
            notes = AnswerNotes()
            stream = dialect.open_stream(notes, channels)
            out = b"".join(stream.feed(body[i : i + size]) for i in range(0, len(body), size)) + stream.close()
            assert out == body
            assert notes.complete
            assert notes.finish_reasons == ["completed"]
            assert notes.usage.input_tokens > 0


@pytest.mark.parametrize("name", STREAMS)
def test_what_channels_hold_back_comes_as_deltas_and_every_number_follows_the_last(name):
    body = STREAMS[name]
    stream = dialect.open_stream(AnswerNotes(), stutter)
    out = b"".join(stream.feed(body[i : i + 100]) for i in range(0, len(body), 100)) + stream.close()
    assert {at: text for at, text in spoken(out).items() if text} == spoken(body)
    numbers = [event["sequence_number"] for event in events(out) if "sequence_number" in event]
    came = [event["sequence_number"] for event in events(body) if "sequence_number" in event]
    if came == list(range(came[0], came[0] + len(came))):
        assert numbers == list(range(came[0], came[0] + len(numbers)))
    # Whatever is no delta is as it was, but for its number.
    assert [unnumbered(event) for event in events(out) if "delta" not in event] == [
        unnumbered(event) for event in events(body) if "delta" not in event
    ]


def unnumbered(event):
    return {key: value for key, value in event.items() if key != "sequence_number"}


@pytest.mark.parametrize("name", STREAMS)
def test_what_a_channel_makes_of_the_deltas_stands_in_every_event_that_repeats_them(name):
    body = STREAMS[name]
    stream = dialect.open_stream(AnswerNotes(), lambda tool, **_: Shout())
    out = events(stream.feed(body) + stream.close())
    deltas = spoken(STREAMS[name])
    for event in out:
        for key in ("text", "refusal", "arguments"):
            if isinstance(event.get(key), str) and event["type"].endswith(".done"):
                assert event[key] == event[key].upper()
    final = out[-1]["response"]["output"]
    said = "".join(piece.get("text", piece.get("refusal", "")) for item in final for piece in item.get("content") or [])
    assert said == said.upper()
    assert sum(len(text) for text in deltas.values()) > 0


@settings(max_examples=30, deadline=None)
@given(cuts=st.lists(st.integers(1, 400), min_size=1, max_size=40))
def test_any_cut_of_a_stream_gives_the_same_bytes(cuts):
    body = STREAMS["xai-01-S-200-ruby_llm"]
    stream, out, at, turn = dialect.open_stream(AnswerNotes(), identity), b"", 0, 0
    while at < len(body):
        size = cuts[turn % len(cuts)]
        out += stream.feed(body[at : at + size])
        at, turn = at + size, turn + 1
    assert out + stream.close() == body


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_that_was_cut_is_not_complete(name):
    cut = STREAMS[name].split(b"\n\n")[:5]
    notes = AnswerNotes()
    stream = dialect.open_stream(notes, None)
    stream.feed(b"\n\n".join(cut) + b"\n\n")
    stream.close()
    assert not notes.complete


# -- meaning -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REQUESTS)
def test_a_meaning_that_is_written_is_read_as_the_same(name):
    ask = dialect.read_request(json.loads(REQUESTS[name]))
    try:
        fit(ask, dialect.CANNOT, dialect.NAME)
    except BadRequest as refused:
        assert refused.code == "not_expressible"
        return
    written = dialect.write_request(with_links(ask), "m")
    again = dialect.read_request(json.loads(written))
    assert simple(again) == simple(ask)


def simple(ask):
    """What the table lets go is gone on both sides, and what is left over too; order of items inside a turn counts."""
    kept = [
        (turn.role, [block for block in turn.blocks if type(block).__name__ != "Thinking"])
        for turn in with_links(ask).turns
    ]
    kept = [(role, blocks) for role, blocks in kept if blocks]
    tools = [(tool.name, tool.description, tool.schema, bool(tool.strict), tool.grammar) for tool in ask.tools]
    rest = (ask.tool_choice, ask.tool_named, ask.format, ask.stream, ask.max_tokens, ask.temperature, ask.effort)
    return kept, tools, rest


@pytest.mark.parametrize("name", ANSWERS)
def test_a_whole_answer_means_what_is_written_of_it(name):
    found = [*dialect.read_answer(ANSWERS[name])]
    assert meaning([*dialect.read_answer(dialect.write_answer(found, ASKED))]) == meaning(found)


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_means_what_its_last_event_says(name):
    reader = dialect.open_reader()
    streamed = [*reader.feed(STREAMS[name]), *reader.close()]
    whole = [*dialect.read_answer(orjson.dumps(events(STREAMS[name])[-1]["response"]))]
    assert meaning(streamed) == meaning(whole)
    assert isinstance(streamed[-1], e.Used)


@pytest.mark.parametrize("name", STREAMS)
def test_what_is_written_as_a_stream_is_what_the_sdk_expects(name):
    reader, writer = dialect.open_reader(), dialect.open_writer(ASKED)
    came = [*reader.feed(STREAMS[name]), *reader.close()]
    out = b"".join(writer.feed(event) for event in came) + writer.close()
    told = events(out)
    for event in told:
        EVENT.validate_python(event, strict=False)
    assert [event["sequence_number"] for event in told] == list(range(len(told)))
    assert told[0]["type"] == "response.created"
    assert told[-1]["type"] == "response.completed"
    again = dialect.open_reader()
    assert meaning([*again.feed(out), *again.close()]) == meaning(came)
    Response.model_validate(told[-1]["response"])


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_written_whole_is_what_the_sdk_expects(name):
    written = json.loads(dialect.write_answer([*dialect.read_answer(ANSWERS[name])], ASKED))
    Response.model_validate(written)
    theirs = json.loads(ANSWERS[name])
    assert {"id", "object", "output", "status", "usage", "tools", "text"} <= set(written)
    assert written["usage"]["input_tokens"] == theirs["usage"]["input_tokens"]


def meaning(found):
    """Blocks with their whole text, how the answer ended, and what it consumed; what other dialects lack is left."""
    blocks, rest = {}, []
    for event in found:
        if isinstance(event, e.Opened):
            blocks[event.block] = [event.kind, event.id, event.name, event.free, ""]
        elif isinstance(event, e.Delta):
            blocks[event.block][4] += event.text
        elif isinstance(event, e.Ended):
            rest.append(event.reason)
        elif isinstance(event, e.Used):
            rest.append([max(each, 0) for each in event.usage])
    return [block for block in blocks.values() if block[4] or block[0] == "tool"], rest


@pytest.mark.parametrize("name", [name for name, e in EXCHANGES.items() if e["response"]["status"] >= 400])
def test_a_recorded_error_is_told_in_its_own_words(name):
    answer = EXCHANGES[name]["response"]
    told = json.loads(answer["body"])["error"]
    problem = dialect.read_problem(answer["status"], answer["body"].encode())
    assert (problem.status, problem.message) == (answer["status"], told["message"])


def test_the_table_names_only_what_it_has_no_word_for():
    assert set(dialect.CANNOT.values()) <= {Cannot.DROPPED, Cannot.REFUSED}
    assert not {Feature.TOOLS, Feature.FREE_TOOLS, Feature.EFFORT, Feature.JSON_SCHEMA} & set(dialect.CANNOT)
