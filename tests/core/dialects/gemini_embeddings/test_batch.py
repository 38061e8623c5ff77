"""Gemini's embeddings (ai.google.dev/api/embeddings), for clients of the other dialects."""

import json

import pytest

from tests.core.dialects.ollama.recorded import ASKED
from tidegate.core.dialects import gemini_embeddings as dialect
from tidegate.core.dialects import openai_embeddings
from tidegate.core.dialects.crossing import cross_answer, cross_request
from tidegate.core.dialects.neutral import events as e
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.errors import BadRequest, UpstreamError
from tidegate.core.values.usage import Usage


def crossed(**fields):
    return cross_request(
        json.dumps({"model": "a", **fields}).encode(), openai_embeddings, dialect, "gemini-embedding-001"
    )


def test_each_text_is_a_request_of_a_batch():
    sent = json.loads(crossed(input=["a", "b"], dimensions=256).body)
    one = {"model": "models/gemini-embedding-001", "outputDimensionality": 256}
    assert sent == {"requests": [{**one, "content": {"parts": [{"text": text}]}} for text in "ab"]}


def test_a_model_may_be_named_with_its_folder():
    sent = json.loads(cross_request(b'{"model":"a","input":"x"}', openai_embeddings, dialect, "tunedModels/x").body)
    assert sent["requests"][0]["model"] == "tunedModels/x"


def test_what_it_has_no_word_for_is_named_or_refused():
    assert crossed(input="a", user="u").dropped == ("user",)
    with pytest.raises(BadRequest, match="token_input"):
        crossed(input=[1, 2])


def test_clients_get_vectors_in_their_own_words():
    body = json.dumps(
        {"embeddings": [{"values": [0.5, 1]}, {"values": [2, 3]}], "usageMetadata": {"promptTokenCount": 4}}
    )
    notes = AnswerNotes()
    out = json.loads(cross_answer(body.encode(), dialect, openai_embeddings, ASKED, notes, None))
    assert [each["embedding"] for each in out["data"]] == [[0.5, 1], [2, 3]]
    assert notes.usage == Usage(input_tokens=4)


def test_a_single_one_is_understood_too():
    assert dialect.read_answer(b'{"embedding":{"values":[1]}}')[1] == e.Vectors(((1,),))


@pytest.mark.parametrize("body", [b"no", b"[]", b"{}", b'{"embeddings":[1]}', b'{"embeddings":[{"values":["x"]}]}'])
def test_what_is_no_answer_is_refused(body):
    with pytest.raises(UpstreamError):
        dialect.read_answer(body)


def test_an_error_keeps_its_words():
    body = b'{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT"}}'
    problem = dialect.read_problem(400, body)
    assert (problem.code, problem.message) == ("INVALID_ARGUMENT", "API key not valid.")
    assert dialect.read_problem(500, b"<html>").status == 500
