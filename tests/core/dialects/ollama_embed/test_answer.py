"""Embeddings in Ollama's words."""

import json

import pytest
from ollama import EmbedResponse

from tests.core.dialects.ollama.recorded import ASKED
from tidegate.core.dialects import ollama_embed as dialect
from tidegate.core.dialects import openai_embeddings
from tidegate.core.dialects.crossing import cross_answer
from tidegate.core.dialects.neutral import events as e
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.errors import Refusal, UpstreamError
from tidegate.core.values.usage import Usage

# The shape of docs/api.md, "Generate Embeddings".
ANSWER = {"model": "all-minilm", "embeddings": [[0.1, -2.5], [1e-9, 3]], "total_duration": 14143917,
          "load_duration": 1019500, "prompt_eval_count": 8}  # fmt: skip


def test_it_passes_as_the_bytes_that_came():
    body, notes = json.dumps(ANSWER).encode(), AnswerNotes()
    assert dialect.pass_answer(body, notes, None) == body
    assert (notes.response_model, notes.usage, notes.complete) == ("all-minilm", Usage(input_tokens=8), True)


@pytest.mark.parametrize(("body", "error"), [(b"no", "not_json"), (b"[]", "not_json"), (b"{}", "not_an_answer"),
                                             (b'{"embeddings":1}', "not_an_answer")])  # fmt: skip
def test_what_is_none_leaves_a_note(body, error):
    notes = AnswerNotes()
    assert dialect.pass_answer(body, notes, None) == body
    assert notes.error == error


def test_vectors_are_read_in_order():
    found = dialect.read_answer(json.dumps(ANSWER).encode())
    assert found == [e.Began("", "all-minilm"), e.Vectors(((0.1, -2.5), (1e-9, 3))), e.Used(Usage(input_tokens=8))]


def test_the_older_endpoint_says_one():
    assert dialect.read_answer(b'{"embedding":[1,2]}')[1] == e.Vectors(((1, 2),))


def test_one_that_was_made_elsewhere_says_so():
    notes = AnswerNotes()
    body = json.dumps({**ANSWER, "remote_host": "https://ollama.com:443"}).encode()
    dialect.pass_answer(body, notes, None)
    assert notes.relayed == "https://ollama.com:443"
    assert e.Relayed("https://ollama.com:443") in dialect.read_answer(body)


@pytest.mark.parametrize("body", [b"no", b"[]", b"{}", b'{"embeddings":[["x"]]}', b'{"embeddings":[1]}'])
def test_what_is_none_is_refused(body):
    with pytest.raises(UpstreamError):
        dialect.read_answer(body)


def test_clients_of_openai_get_their_own_words_and_back():
    notes = AnswerNotes()
    theirs = cross_answer(json.dumps(ANSWER).encode(), dialect, openai_embeddings, ASKED, notes, None)
    assert notes.complete
    back = json.loads(cross_answer(theirs, openai_embeddings, dialect, ASKED, AnswerNotes(), None))
    EmbedResponse.model_validate(back)
    assert back["embeddings"] == ANSWER["embeddings"]
    assert (back["prompt_eval_count"], back["model"]) == (8, "auto")


def test_an_error_that_came_as_an_answer_is_none():
    with pytest.raises((UpstreamError, Refusal)):
        cross_answer(b'{"error":"no"}', dialect, openai_embeddings, ASKED, AnswerNotes(), None)
