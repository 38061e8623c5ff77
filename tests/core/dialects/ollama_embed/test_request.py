"""What is asked for when texts are to be embedded."""

import json

import pytest
from ollama._types import EmbedRequest

from tidegate.core.dialects import ollama_embed as dialect
from tidegate.core.dialects import openai_embeddings
from tidegate.core.dialects.crossing import cross_request
from tidegate.core.dialects.neutral.embedding import Embedding
from tidegate.core.values.envelope import Position
from tidegate.core.values.errors import BadRequest


def parsed(**fields):
    return dialect.parse_request(json.dumps({"model": "m", **fields}).encode())


def test_every_input_is_looked_at():
    envelope = parsed(input=["a", "", "b"])
    assert [(part.position, part.path, part.text) for part in envelope.parts] == [
        (Position.USER, ("input", 0), "a"),
        (Position.USER, ("input", 2), "b"),
    ]
    assert parsed(input="a").parts[0].path == ("input",)
    assert (envelope.operation, envelope.stream, envelope.conversation) == ("embeddings", False, "a")


@pytest.mark.parametrize("value", [1, [1], [["a"]], {}, [None]])
def test_inputs_are_texts(value):
    with pytest.raises(BadRequest) as refused:
        parsed(input=value)
    assert refused.value.param == "input"


MEANT = [
    ({"input": "a"}, Embedding(inputs=("a",), single=True)),
    ({"input": ["a", "b"]}, Embedding(inputs=("a", "b"))),
    ({"input": ["a"], "dimensions": 256}, Embedding(inputs=("a",), dimensions=256)),
    (
        {"input": ["a"], "truncate": False, "keep_alive": "1h"},
        Embedding(inputs=("a",), truncate=False, keep_alive='"1h"'),
    ),
]


@pytest.mark.parametrize(("document", "meant"), MEANT)
def test_what_it_means_is_written_and_read_again(document, meant):
    assert dialect.read_request({"model": "m", **document}) == meant
    body = dialect.write_request(meant, "m")
    EmbedRequest.model_validate_json(body)
    assert json.loads(body) == {"model": "m", **document}


def test_what_openai_has_no_word_for_is_named():
    body = json.dumps(
        {"model": "a", "input": "x", "truncate": True, "keep_alive": 0, "options": {"num_ctx": 1}}
    ).encode()
    crossed = cross_request(body, dialect, openai_embeddings, "m")
    assert json.loads(crossed.body) == {"model": "m", "input": "x"}
    assert crossed.dropped == ("options.num_ctx", "keep_alive", "truncate")


def test_tokens_of_another_model_cannot_be_said():
    body = json.dumps({"model": "a", "input": [[1, 2]]}).encode()
    with pytest.raises(BadRequest, match="token_input"):
        cross_request(body, openai_embeddings, dialect, "m")
