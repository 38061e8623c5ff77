"""Answers as they are read before their texts are looked for."""

import json

import pytest

from tidegate.core.dialects.anthropic_messages.texts import dump, load

NUMBERS = [
    "7",
    "1.5",
    "1234567890123456",
    "18446744073709551616",
    "-" + "9" * 40,
    "0.1234567890123456789",
]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("around", ['{{"a":{0}}}', '{{"a":[{0},"{0}"],"b":"x{0}"}}'])
def test_numbers_of_any_length_are_read_as_they_stand(number, around):
    body = around.format(number).encode()
    assert load(body) == json.loads(body)
    assert json.loads(dump(load(body))) == json.loads(body)


@pytest.mark.parametrize("body", [b"", b"{", b'{"a":' + b"9" * 20, b"\xff"])
def test_what_is_no_json_is_refused(body):
    with pytest.raises((json.JSONDecodeError, UnicodeDecodeError)):
        load(body)
