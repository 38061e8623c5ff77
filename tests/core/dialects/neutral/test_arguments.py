"""Arguments of a tool call, as text and as an object."""

import orjson
import pytest

from tidegate.core.dialects.neutral.arguments import as_object, as_text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('{"a": 1.50}', b'{"a": 1.50}'),
        ("", b"{}"),
        ('{"n":123456789012345678901234567890}', b'{"n":123456789012345678901234567890}'),
        ("[1]", b'{"input":"[1]"}'),
        ("oops", b'{"input":"oops"}'),
    ],
)
def test_an_object_is_the_very_text_and_anything_else_stands_in_one(text, written):
    assert orjson.dumps(as_object(text)) == written


@pytest.mark.parametrize(
    ("arguments", "text"), [({"a": 1}, '{"a":1}'), ('{"a": 1}', '{"a": 1}'), ([], "[]"), ("", "{}")]
)
def test_an_object_is_text_again(arguments, text):
    assert as_text(arguments) == text
