"""What requests of all of Ollama's endpoints have in common."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegate.core.dialects import known
from tidegate.core.dialects.ollama import parsing
from tidegate.core.dialects.walk import SCHEMA_KEYS
from tidegate.core.values import capabilities as may
from tidegate.core.values.envelope import Position
from tidegate.core.values.errors import BadRequest

DIALECTS = {name: dialect for name, dialect in known.SPOKEN.items() if name.startswith("ollama.")}
ASKING = {
    "ollama.chat": {"messages": [{"role": "user", "content": "hello"}]},
    "ollama.generate": {"prompt": "hello"},
    "ollama.embed": {"input": "hello"},
    "ollama.embeddings": {"prompt": "hello"},
}
LOADING = {
    "ollama.chat": [{}, {"messages": []}, {"messages": None, "keep_alive": 0}],
    "ollama.generate": [{}, {"prompt": ""}, {"prompt": "", "keep_alive": 0, "images": []}],
    "ollama.embed": [{}, {"input": ""}, {"input": []}],
    "ollama.embeddings": [{}, {"prompt": ""}],
}
CASES = list(DIALECTS.items())


def parsed(dialect, **fields):
    return dialect.parse_request(json.dumps({"model": "m", **fields}).encode())


def test_all_of_them_are_here():
    assert set(DIALECTS) == set(ASKING)


@pytest.mark.parametrize(("name", "dialect"), CASES)
def test_a_plain_request_asks_for_nothing_odd(name, dialect):
    envelope = parsed(dialect, **ASKING[name], keep_alive="5m", options={"num_ctx": 4096, "stop": ["END"]})
    assert envelope.rest == envelope.capabilities == frozenset()
    assert [(part.position, part.text) for part in envelope.parts] == [
        (Position.USER, "hello"),
        (Position.REST, "5m"),
        (Position.REST, "END"),
    ]
    assert envelope.conversation == "hello"
    assert envelope.unscannable == ()


@pytest.mark.parametrize(("name", "dialect"), CASES)
def test_they_stream_unless_they_say_no_and_embeddings_never(name, dialect):
    streams = not name.startswith("ollama.embed")
    assert parsed(dialect, **ASKING[name]).stream is streams
    assert parsed(dialect, **ASKING[name], stream=False).stream is False


@pytest.mark.parametrize(("name", "dialect"), CASES)
def test_whoever_only_loads_a_model_is_marked_so_that_no_cloud_is_told(name, dialect):
    for fields in LOADING[name]:
        assert parsing.LOADING in parsed(dialect, **fields).rest
        with pytest.raises(BadRequest) as refused:
            dialect.read_request({"model": "m", **fields})
        assert refused.value.code == "not_expressible"
    assert parsing.LOADING not in parsed(dialect, **ASKING[name]).rest


@pytest.mark.parametrize(("name", "dialect"), CASES)
def test_what_nobody_knows_is_named_and_looked_at(name, dialect):
    envelope = parsed(dialect, **ASKING[name], novel={"x": "text"}, options={"odd": "text"}, session_id="s")
    assert envelope.rest == {"novel", "options.odd", "session_id"}
    assert envelope.capabilities == {may.CONVERSATIONS}
    assert {part.text for part in envelope.parts} >= {"novel", "x", "text", "odd", "session_id", "s"}


@pytest.mark.parametrize(("name", "dialect"), CASES)
@pytest.mark.parametrize("model", [None, "", 1, [], {}])
def test_a_model_has_a_name(name, dialect, model):
    with pytest.raises(BadRequest) as refused:
        dialect.parse_request(json.dumps({**ASKING[name], "model": model}).encode())
    assert refused.value.param == "model"


@pytest.mark.parametrize(("name", "dialect"), [case for case in CASES if not case[0].startswith("ollama.embed")])
@pytest.mark.parametrize("stream", ["true", 1, [], {}])
def test_stream_is_true_or_false(name, dialect, stream):
    with pytest.raises(BadRequest) as refused:
        parsed(dialect, **ASKING[name], stream=stream)
    assert refused.value.param == "stream"


@pytest.mark.parametrize(("name", "dialect"), CASES)
def test_a_deep_document_is_refused(name, dialect):
    deep = b'{"model":"m","novel":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    with pytest.raises(BadRequest) as refused:
        dialect.parse_request(deep)
    assert refused.value.code == "too_deep"


FIELDS = ["messages", "prompt", "input", "system", "template", "suffix", "context", "images", "tools", "format",
          "options", "keep_alive", "think", "stream", "raw", "truncate", "logprobs", "dimensions"]  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["role", "content", "tool_calls", "function", "name", "arguments", "images", "type", "x"])
        | st.text(max_size=3), inner, max_size=4),
    max_leaves=10,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(DIALECTS)), st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=4))
def test_a_field_of_the_wrong_type_is_the_clients_mistake_and_nothing_else(name, fields):
    dialect = DIALECTS[name]
    body = json.dumps({"model": "m", **ASKING[name], **fields}).encode()
    try:
        envelope = dialect.parse_request(body)
    except BadRequest:
        return
    assert envelope.original_model == "m"
    try:
        dialect.read_request(json.loads(body))
    except BadRequest as refused:
        assert refused.message


def strings(value):
    if isinstance(value, str) and value:
        yield value
    elif isinstance(value, dict):
        yield from (key for key in value if key)
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


WORDS = SCHEMA_KEYS | {"role", "user", "content", "messages", "model", "m", "tool_calls", "function", "name",
                       "arguments", "images", "type", "prompt", "input", "hello", *FIELDS}  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(DIALECTS)), st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=3))
def test_every_string_is_a_part_a_word_of_the_api_or_nobody_has_looked(name, fields):
    dialect = DIALECTS[name]
    document = {"model": "m", **ASKING[name], **fields}
    try:
        envelope = dialect.parse_request(json.dumps(document).encode())
    except BadRequest:
        return
    seen = {part.text for part in envelope.parts}
    assert {text for text in strings(document) if text not in WORDS} <= seen
