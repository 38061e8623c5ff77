"""Arguments of a call are an object, whatever a model wrote."""

import pytest

from tidegate.core.dialects.ollama.arguments import as_object

WRITTEN = [
    ("", {}),
    ("{}", {}),
    ('{"a": [1, "b"]}', {"a": [1, "b"]}),
    ("[1]", {"input": [1]}),
    ('"text"', {"input": "text"}),
    ('{"a": ', {"input": '{"a": '}),
]


@pytest.mark.parametrize(("text", "found"), WRITTEN)
def test_what_is_no_object_becomes_one(text, found):
    assert as_object(text) == found
