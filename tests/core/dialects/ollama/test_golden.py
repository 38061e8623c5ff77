"""Every recorded exchange passes as it came, and says the same in other words."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ollama import ChatResponse, GenerateResponse
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from tests.core.dialects.crossed import check_order, check_stream, check_whole, pieces, read_stream
from tests.core.dialects.ollama.recorded import (
    ASKED,
    EXCHANGES,
    STREAMED,
    WHOLE,
    Stutter,
    dialect,
    request,
    response,
    said,
)
from tidegate.core.dialects import ollama_chat, ollama_generate, openai_chat
from tidegate.core.dialects.crossing import CrossedStream, cross_answer, cross_request
from tidegate.core.dialects.neutral.features import fit
from tidegate.core.values.answer import AnswerNotes

TYPES = {"ollama.chat": ChatResponse, "ollama.generate": GenerateResponse}


def test_there_are_recordings():
    assert len(EXCHANGES) == 8
    assert len(STREAMED) == 2


@pytest.mark.parametrize("name", EXCHANGES)
def test_a_recorded_request_is_read_and_only_its_model_changes(name):
    body = request(name)
    envelope = dialect(name).parse_request(body)
    forwarded = dialect(name).with_model(body, "another-model")
    assert envelope.original_model == json.loads(body)["model"]
    assert forwarded.replace(b'"another-model"', b"", 1) == body.replace(
        json.dumps(envelope.original_model).encode(), b"", 1
    )
    assert envelope.rest == frozenset()
    assert envelope.stream == (name in STREAMED)


@pytest.mark.parametrize("name", EXCHANGES)
def test_what_a_recorded_request_means_is_written_and_read_again(name):
    ask = dialect(name).read_request(json.loads(request(name)))
    assert fit(ask, dialect(name).CANNOT, dialect(name).NAME) == ()
    assert dialect(name).read_request(json.loads(dialect(name).write_request(ask, "m"))) == ask


@pytest.mark.parametrize("name", EXCHANGES)
def test_a_recorded_request_means_the_same_as_a_chat_completion(name):
    crossed = cross_request(request(name), dialect(name), openai_chat, "m")
    again, meant = (
        openai_chat.read_request(json.loads(crossed.body)),
        dialect(name).read_request(json.loads(request(name))),
    )
    assert crossed.dropped == ()
    assert [turn.role for turn in again.turns] == [turn.role for turn in meant.turns]
    assert (again.temperature, again.seed, again.stream) == (meant.temperature, meant.seed, meant.stream)
    assert [tool.name for tool in again.tools] == [tool.name for tool in meant.tools]


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_answer_passes_byte_for_byte_and_is_noted(name):
    body, notes = response(name), AnswerNotes()
    assert dialect(name).pass_answer(body, notes, None) == body
    tree = json.loads(body)
    assert notes.complete
    assert notes.response_model == tree["model"]
    assert notes.usage.output_tokens == tree["eval_count"]
    assert notes.finish_reasons == ["stop"]


@pytest.mark.parametrize("name", STREAMED)
@pytest.mark.parametrize("size", [1, 7, 64, 1 << 20])
def test_a_stream_passes_byte_for_byte_however_it_is_cut(name, size):
    body, notes = response(name), AnswerNotes()
    stream = dialect(name).open_stream(notes, None)
    assert b"".join([stream.feed(piece) for piece in pieces(body, (size,))]) + stream.close() == body
    assert notes.complete
    assert notes.usage.output_tokens == json.loads(body.splitlines()[-1])["eval_count"]


@settings(max_examples=30, deadline=None)
@given(cuts=st.lists(st.integers(1, 400), min_size=1, max_size=20))
def test_what_channels_hold_back_still_arrives_before_the_end(cuts):
    for name in STREAMED:
        stream = dialect(name).open_stream(AnswerNotes(), lambda tool: Stutter())
        out = b"".join([stream.feed(piece) for piece in pieces(response(name), tuple(cuts))]) + stream.close()
        assert said(out) == said(response(name))
        assert json.loads(out.splitlines()[-1])["done"] is True


@pytest.mark.parametrize("name", STREAMED)
def test_a_stream_that_was_cut_is_not_complete(name):
    notes = AnswerNotes()
    stream = dialect(name).open_stream(notes, None)
    stream.feed(b"\n".join(response(name).splitlines()[:-1]) + b"\n")
    stream.close()
    assert not notes.complete


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_answer_crosses_to_a_chat_completion_and_back(name):
    check_order(dialect(name).read_answer(response(name)))
    check_whole(dialect(name), openai_chat, response(name))
    notes = AnswerNotes()
    out = cross_answer(response(name), dialect(name), openai_chat, ASKED, notes, None)
    ChatCompletion.model_validate_json(out, strict=True)
    back = cross_answer(out, openai_chat, dialect(name), ASKED, AnswerNotes(), None)
    told = TYPES[dialect(name).NAME].model_validate_json(back)
    before = json.loads(response(name))
    assert told.done
    assert told.eval_count == before["eval_count"]
    assert said(back) == said(response(name))


@pytest.mark.parametrize("name", STREAMED)
def test_a_stream_crosses_to_chunks_and_back(name):
    check_order(read_stream(dialect(name), response(name), (11,)))
    check_stream(dialect(name), openai_chat, response(name))
    asked = ASKED._replace(document={"stream_options": {"include_usage": True}})
    there = CrossedStream(dialect(name), openai_chat, asked, AnswerNotes(), None)
    chunks = there.feed(response(name)) + there.close()
    for line in chunks.decode().split("\n\n")[:-2]:
        ChatCompletionChunk.model_validate_json(line.removeprefix("data: "), strict=True)
    notes = AnswerNotes()
    back = CrossedStream(openai_chat, dialect(name), ASKED, notes, None)
    lines = back.feed(chunks) + back.close()
    for line in lines.splitlines():
        TYPES[dialect(name).NAME].model_validate_json(line)
    assert said(lines) == said(response(name))
    assert notes.complete
    assert json.loads(lines.splitlines()[-1])["done"] is True


@pytest.mark.parametrize("name", EXCHANGES)
def test_chat_and_generate_say_each_others_answers(name):
    other = ollama_generate if dialect(name) is ollama_chat else ollama_chat
    if name in STREAMED:
        check_stream(dialect(name), other, response(name))
    else:
        check_whole(dialect(name), other, response(name))


def test_a_request_of_generate_is_a_turn_for_chat():
    name = next(name for name in EXCHANGES if dialect(name) is ollama_generate)
    ask = ollama_generate.read_request(json.loads(request(name)))
    assert ollama_chat.read_request(json.loads(ollama_chat.write_request(ask, "m"))) == ask
