"""Every field of every dialect with another type than it has, too long, said twice, or nested without end: the client
gets an answer or its dialect's own error object, which repeats nothing, and never is the gateway at fault.
"""

import asyncio
import json

import orjson
import pytest

from tests.fuzz.properties import CANARY
from tests.fuzz.shapes import is_error
from tests.pipeline.script import HERE, Scripted, ScriptedDownstream, Story
from tests.pipeline.test_faults import ASKED, PATHS
from tidegate.core.dialects import known
from tidegate.core.values.target import Target
from tools.openapi import REQUESTS

WRONG = {
    "a text": CANARY, "a number": -7, "a large number": 2**64 + 1, "a fraction": 0.5, "a flag": True, "nothing": None,
    "a list": [CANARY], "an object": {"type": CANARY, CANARY: 1},
    "objects": [{"type": [CANARY]}, {"role": {}}, 0],
    "deep": json.loads("[" * 200 + "]" * 200), "long": CANARY * 4000, "many": [[CANARY]] * 3000,
}  # fmt: skip
FIELDS = [(name, field) for name, shape in REQUESTS.items() for field in shape["properties"]]
ANSWERS = {
    "chat": {"id": "c", "choices": [{"index": 0, "message": {"content": "hi"}, "finish_reason": "stop"}]},
    "embeddings": {"object": "list", "data": [{"index": 0, "embedding": [0.5]}]},
    "count_tokens": {"input_tokens": 3},
}
PROVIDERS = {"chat": "groq", "embeddings": "mistral", "count_tokens": "anthropic"}


def send(name, body):
    operation = known.SPOKEN[name].OPERATION
    told = Target(name="local", provider=PROVIDERS[operation], url="http://local", model="small", boundary=HERE)
    story = Story(local=[Scripted(200, orjson.dumps(ANSWERS[operation]))], models={"auto": (told,)})
    downstream = ScriptedDownstream(body, {}, story)
    downstream.path = PATHS[name]
    asyncio.run(story._serve(downstream))
    return downstream


def is_refused(name, downstream, *statuses):
    assert downstream.status in statuses, downstream.out[:200]
    is_error(name, downstream.out)
    assert CANARY.encode() not in downstream.out


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_a_field_of_another_type_is_read_or_refused(name, field):
    for value in WRONG.values():
        body = {"model": "auto", **ASKED[name], "stream": False, field: value}
        downstream = send(name, json.dumps(body).encode())
        if downstream.status != 200:  # 502: a list of texts wants as many vectors as this target never gives
            is_refused(name, downstream, 400, 404, 502)
        assert not any("\n" in each or "\r" in each for each in downstream.told.values())


BODIES = {
    "nothing": b"", "no JSON": b"{", "a list": b"[]", "a text": b'"' + CANARY.encode() + b'"', "no text": b"\xff\xfe",
    "a key twice": b'{"model":"auto","model":"auto"}', "half a character": b'{"model":"\\ud800"}',
    "no number": b'{"model":"auto","n":NaN}', "an infinite number": b'{"model":"auto","n":1e999}',
    "too many digits": b'{"model":"auto","n":' + b"9" * 5000 + b"}",
    "nested": b'{"model":"auto","x":' + b"[" * 300 + b"]" * 300 + b"}",
    "nested without end": b'{"model":"auto","x":' + b'{"a":' * 100_000,
    "another model": json.dumps({"model": CANARY, **ASKED["openai.chat"], "input": "x", "prompt": "x"}).encode(),
}  # fmt: skip


@pytest.mark.parametrize("fault", BODIES)
@pytest.mark.parametrize("name", REQUESTS)
def test_a_body_that_is_none_is_refused(name, fault):
    is_refused(name, send(name, BODIES[fault]), 400, 404)


@pytest.mark.parametrize("key", ["jane@example.com", "a\r\nx-evil: 1", "n\u00e4he", "x" * 5000])
@pytest.mark.parametrize("name", REQUESTS)
def test_a_key_that_is_a_text_is_told_nowhere(name, key):
    downstream = send(name, json.dumps({"model": "auto", **ASKED[name], "stream": False, key: 1}).encode())
    assert downstream.status == 200
    assert key not in str(downstream.told)
    written = b"".join(downstream._story.ledger.entries).decode()
    assert key not in written
    assert json.dumps(key)[1:-1] not in written
