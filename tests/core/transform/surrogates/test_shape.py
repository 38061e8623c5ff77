"""Codes and numbers that look like the ones they stand for."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.transform.surrogates.drawing import draws
from tidegate.core.transform.surrogates import shape


@pytest.mark.parametrize("value", ["AB-123456-x", "4575554620", "C01X00T47", "99/12/345678", "MRN 00123456"])
def test_a_code_keeps_its_shape(value):
    drawn = shape.code(value, draws())
    assert drawn != value
    assert re.sub("[0-9]", "0", re.sub("[A-Z]", "A", re.sub("[a-z]", "a", drawn))) == re.sub(
        "[0-9]", "0", re.sub("[A-Z]", "A", re.sub("[a-z]", "a", value))
    )


@pytest.mark.parametrize(
    "value",
    [
        "12345",
        "Elm Street 12345678",
        "12 Elm St, Springfield, IL 62704",
        "12 Elm St",
        "abcdefghijk",
        "é12345678",
        "-12345678",
        "1" * 81,
    ],
)
def test_what_is_words_or_short_has_no_shape(value):
    assert shape.code(value, draws()) is None


@given(st.one_of(st.integers(-(2**53), 2**53), st.floats(-1e12, 1e12).map(lambda n: round(n, 3))), st.integers())
def test_a_number_is_a_number_of_its_type_and_size(number, seed):
    text = repr(number)
    drawn = shape.number(text, draws(seed))
    if drawn is None:
        assert "e" in text
        return
    read = json.loads(drawn)
    assert type(read) is type(number)
    assert (read < 0) == text.startswith("-")
    assert abs(read) < max(10 ** len(text), 10**10)
    assert sum(char.isdecimal() for char in drawn) >= 7


def test_a_long_integer_never_outgrows_sixty_four_bits():
    assert all(int(shape.number(str(2**64 - 1), draws(n)) or "") < 2**64 for n in range(300))


@pytest.mark.parametrize("text", ["1e5", "1E-7", "x", "", "1.2.3", "--1", "٣٤٥"])
def test_what_is_not_written_in_digits_alone_has_none(text):
    assert shape.number(text, draws()) is None


def test_digits_fill_a_shape_in_order():
    assert shape.filled("+1 (23) 4", "9876") == "+9 (87) 6"
    assert shape.digits_of("+1 (23) 4") == "1234"
