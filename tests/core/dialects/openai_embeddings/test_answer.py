"""Embeddings as OpenAI, Azure and Mistral say them."""

import json
from pathlib import Path

import pytest
from openai.types import CreateEmbeddingResponse

from tests.core.dialects.ollama.recorded import ASKED
from tidegate.core.dialects import ollama_embed
from tidegate.core.dialects import openai_embeddings as dialect
from tidegate.core.dialects.crossing import cross_answer
from tidegate.core.dialects.neutral import events as e
from tidegate.core.dialects.neutral import vectors
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.errors import UpstreamError
from tidegate.core.values.usage import NOT_SAID

GOLDEN = Path(__file__).parents[3] / "golden" / "openai_embeddings"
EXCHANGES = {path.stem: json.loads(path.read_text("utf-8"))["response"] for path in sorted(GOLDEN.glob("*.json"))}
ANSWERS = [name for name, each in EXCHANGES.items() if each["status"] == 200]
ERRORS = [name for name, each in EXCHANGES.items() if each["status"] != 200]


def body(name):
    return EXCHANGES[name]["body"].encode()


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_passes_byte_for_byte_and_is_noted(name):
    notes, tree = AnswerNotes(), json.loads(body(name))
    assert dialect.pass_answer(body(name), notes, None) == body(name)
    assert notes.complete
    assert (notes.response_model, notes.usage.input_tokens) == (tree["model"], tree["usage"]["prompt_tokens"])


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("form", ["float", "base64"])
def test_vectors_are_the_same_in_whichever_form_they_were_asked_for(name, form):
    asked = ASKED._replace(document={"encoding_format": form})
    read = dialect.read_answer(body(name))
    out = dialect.write_answer(read, asked)
    if form == "float":  # the SDK turns the other form into numbers by itself
        CreateEmbeddingResponse.model_validate_json(out)
    found = next(event for event in dialect.read_answer(out) if isinstance(event, e.Vectors))
    before = next(event for event in read if isinstance(event, e.Vectors))
    assert [vectors.as_base64(one) for one in found.vectors] == [vectors.as_base64(one) for one in before.vectors]
    assert json.loads(out)["usage"]["prompt_tokens"] == json.loads(body(name))["usage"]["prompt_tokens"]


@pytest.mark.parametrize("name", ANSWERS)
def test_it_crosses_to_ollama_and_back(name):
    there = cross_answer(body(name), dialect, ollama_embed, ASKED, AnswerNotes(), None)
    back = cross_answer(there, ollama_embed, dialect, ASKED, AnswerNotes(), None)
    assert dialect.read_answer(back)[1] == dialect.read_answer(body(name))[1]


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_keeps_its_words_and_its_status(name):
    problem = dialect.read_problem(EXCHANGES[name]["status"], body(name))
    assert problem.status == EXCHANGES[name]["status"]
    assert problem.message == json.loads(body(name))["error"]["message"]


def test_vectors_stand_in_the_order_of_their_inputs():
    data = [{"index": 1, "embedding": [2]}, {"index": 0, "embedding": [1]}]
    assert dialect.read_answer(json.dumps({"data": data}).encode())[1] == e.Vectors(((1,), (2,)))
    assert dialect.read_answer(b'{"data":[{"embedding":[1]},{"embedding":[2]}]}')[1] == e.Vectors(((1,), (2,)))


@pytest.mark.parametrize("raw", [b"no", b"[]", b"{}", b'{"data":1}', b'{"data":[1]}', b'{"data":[{"embedding":"?"}]}'])
def test_what_is_no_answer_is_refused(raw):
    with pytest.raises(UpstreamError):
        dialect.read_answer(raw)
    notes = AnswerNotes()
    assert dialect.pass_answer(raw, notes, None) == raw
    assert notes.error or b'"data":[' in raw


@pytest.mark.parametrize("usage", [None, 1, {}, {"prompt_tokens": "2"}, {"prompt_tokens": -1}])
def test_what_nobody_counted_is_not_made_up(usage):
    raw = json.dumps({"data": [], "usage": usage}).encode()
    assert dialect.read_answer(raw)[-1] == e.Used(NOT_SAID)
