"""One prompt, one vector."""

import json

import pytest
from ollama import EmbeddingsResponse

from tests.core.dialects.ollama.recorded import ASKED
from tidegate.core.dialects import ollama_embed, openai_embeddings
from tidegate.core.dialects import ollama_embeddings as dialect
from tidegate.core.dialects.crossing import cross_answer, cross_request
from tidegate.core.dialects.neutral.embedding import Embedding
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.errors import BadRequest


def test_a_prompt_is_a_single_input():
    ask = dialect.read_request({"model": "m", "prompt": "a", "keep_alive": 5})
    assert ask == Embedding(inputs=("a",), single=True, keep_alive="5")
    assert json.loads(dialect.write_request(ask, "m")) == {"model": "m", "prompt": "a", "keep_alive": 5}


def test_it_means_the_same_as_the_newer_one():
    body = json.dumps({"model": "a", "prompt": "x"}).encode()
    assert json.loads(cross_request(body, dialect, ollama_embed, "m").body) == {"model": "m", "input": "x"}
    assert json.loads(cross_request(body, dialect, openai_embeddings, "m").body) == {"model": "m", "input": "x"}


def test_several_texts_are_not_one():
    with pytest.raises(BadRequest) as refused:
        dialect.write_request(Embedding(inputs=("a", "b")), "m")
    assert refused.value.code == "not_expressible"


def test_a_vector_passes_and_crosses():
    body, notes = b'{"embedding": [0.5, 0.25]}', AnswerNotes()
    assert dialect.pass_answer(body, notes, None) == body
    assert notes.complete
    theirs = cross_answer(body, dialect, openai_embeddings, ASKED, AnswerNotes(), None)
    assert json.loads(theirs)["data"][0]["embedding"] == [0.5, 0.25]
    back = cross_answer(theirs, openai_embeddings, dialect, ASKED, AnswerNotes(), None)
    EmbeddingsResponse.model_validate_json(back)
    assert json.loads(back) == {"embedding": [0.5, 0.25]}


def test_an_answer_without_a_vector_has_none():
    assert dialect.write_answer([], ASKED) == b'{"embedding":[]}'


@pytest.mark.parametrize("prompt", [1, [], {}, True])
def test_a_prompt_is_a_text(prompt):
    with pytest.raises(BadRequest) as refused:
        dialect.parse_request(json.dumps({"model": "m", "prompt": prompt}).encode())
    assert refused.value.param == "prompt"
