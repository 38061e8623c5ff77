"""A target's own size of context, for requests that say none."""

import json

import pytest

from tidegate.core.dialects.ollama.context import with_context

BODIES = [
    (b'{"model":"m"}', b'{"options":{"num_ctx":8192},"model":"m"}'),
    (b' {\n "model": "m"}', b' {"options":{"num_ctx":8192},\n "model": "m"}'),
    (b'{"model":"m","options":{"num_ctx":1}}', b'{"model":"m","options":{"num_ctx":1}}'),
    (b'{"model":"m","options":[]}', b'{"model":"m","options":[]}'),
    (b'{"model":"m","options":{}}', b'{"model":"m","options":{"num_ctx":8192}}'),
    (b'{"model":"m","options":null}', b'{"model":"m","options":{"num_ctx":8192}}'),
    (b'{"model":"m","options":{"num_ctx":null,"seed":1}}', b'{"model":"m","options":{"num_ctx":8192,"seed":1}}'),
]


@pytest.mark.parametrize(("body", "sent"), BODIES)
def test_it_joins_what_does_not_say_it(body, sent):
    assert with_context(body, 8192) == sent


def test_everything_else_stays_what_it_was():
    body = json.dumps({"model": "é", "n": 2**80, "options": {"seed": 1}, "messages": [{"content": "ü\u2028"}]}).encode()
    assert json.loads(with_context(body, 4096)) == {**json.loads(body), "options": {"seed": 1, "num_ctx": 4096}}
