"""What is asked for when texts are to be embedded."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.dialects import openai_embeddings as dialect
from tidegate.core.dialects.neutral.embedding import Embedding
from tidegate.core.values.envelope import Position
from tidegate.core.values.errors import BadRequest

GOLDEN = Path(__file__).parents[3] / "golden" / "openai_embeddings"
REQUESTS = {p.stem: json.loads(p.read_text("utf-8"))["request"]["body"] for p in sorted(GOLDEN.glob("*.json"))}


def parsed(**fields):
    return dialect.parse_request(json.dumps({"model": "m", **fields}).encode())


def test_there_are_recordings():
    assert len(REQUESTS) == 14


@pytest.mark.parametrize("name", REQUESTS)
def test_a_recorded_request_is_read_and_only_its_model_changes(name):
    body = REQUESTS[name].encode()
    envelope = dialect.parse_request(body)
    forwarded = dialect.with_model(body, "another")
    assert forwarded.replace(b'"another"', b"", 1) == body.replace(json.dumps(envelope.original_model).encode(), b"", 1)
    assert envelope.rest == frozenset()
    assert (envelope.operation, envelope.stream) == ("embeddings", False)


@pytest.mark.parametrize("name", [name for name in REQUESTS if "error" not in name])
def test_what_a_recorded_request_means_is_written_and_read_again(name):
    ask = dialect.read_request(json.loads(REQUESTS[name]))
    assert ask.left == ()
    again = dialect.read_request(json.loads(dialect.write_request(ask, "m")))
    assert (again.inputs, again.single, again.dimensions, again.user) == (
        ask.inputs,
        ask.single,
        ask.dimensions,
        ask.user,
    )


INPUTS = [
    ("a", ("a",), True, [(("input",), "a")], ()),
    (["a", "", "b"], ("a", "", "b"), False, [(("input", 0), "a"), (("input", 2), "b")], ()),
    ([1, 2, 3], ((1, 2, 3),), True, [], (("input",),)),
    ([[1, 2], [3]], ((1, 2), (3,)), False, [], (("input",),)),
]


@pytest.mark.parametrize(("value", "inputs", "single", "parts", "unscannable"), INPUTS)
def test_texts_are_looked_at_and_tokens_are_what_nobody_can_read(value, inputs, single, parts, unscannable):
    envelope = parsed(input=value)
    assert [(part.path, part.text) for part in envelope.parts] == parts
    assert all(part.position is Position.USER for part in envelope.parts)
    assert envelope.unscannable == unscannable
    ask = dialect.read_request({"model": "m", "input": value})
    assert (ask.inputs, ask.single) == (inputs, single)
    assert json.loads(dialect.write_request(ask, "m")) == {"model": "m", "input": value}


WRONG = [
    ({}, "input"),
    ({"input": None}, "input"),
    ({"input": 1}, "input"),
    ({"input": []}, "input"),
    ({"input": {}}, "input"),
    ({"input": [None]}, "input"),
    ({"input": ["a", 1]}, "input"),
    ({"input": [[]]}, "input"),
    ({"input": [["a"]]}, "input"),
    ({"input": [True]}, "input"),
    ({"input": [1.5]}, "input"),
]


@pytest.mark.parametrize(("fields", "where"), WRONG)
def test_a_wrong_type_is_named_by_its_path(fields, where):
    with pytest.raises(BadRequest) as refused:
        parsed(**fields)
    assert refused.value.param == where


@pytest.mark.parametrize("fields", [{"encoding_format": "int8"}, {"dimensions": "many"}, {"user": 1}])
def test_settings_of_the_wrong_type_mean_nothing(fields):
    with pytest.raises(BadRequest) as refused:
        dialect.read_request({"model": "m", "input": "a", **fields})
    assert refused.value.param == next(iter(fields))


def test_what_nobody_knows_is_named_and_looked_at():
    envelope = parsed(input="a", novel=["text"], user="somebody")
    assert envelope.rest == {"novel"}
    assert [(part.position, part.text) for part in envelope.parts][1:] == [
        (Position.REST, "novel"),
        (Position.REST, "text"),
        (Position.METADATA, "somebody"),
    ]


def test_each_text_is_a_session_of_its_own():
    """What one of them held must not make the next one stricter."""
    assert parsed(input=["a", "b"]).conversation == "a"
    assert parsed(input=[1, 2]).conversation == ""


def test_vectors_are_asked_for_as_numbers_in_another_dialect():
    assert b"encoding_format" not in dialect.write_request(Embedding(inputs=("a",), base64=True), "m")


def test_a_deep_document_is_refused():
    with pytest.raises(BadRequest) as refused:
        dialect.parse_request(b'{"model":"m","input":"a","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}")
    assert refused.value.code == "too_deep"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["input", "encoding_format", "dimensions", "user", "novel"]), VALUES))
def test_a_field_of_the_wrong_type_is_the_clients_mistake_and_nothing_else(fields):
    body = json.dumps({"model": "m", "input": "a", **fields}).encode()
    try:
        dialect.parse_request(body)
        dialect.read_request(json.loads(body))
    except BadRequest as refused:
        assert refused.message
