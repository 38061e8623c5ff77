"""Vectors of numbers and of bytes."""

import base64
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.dialects.neutral import vectors
from tidegate.core.values.errors import UpstreamError

NONE = [None, 1, {}, [None], ["1"], [True], [[1.0]], "A", "AAA=", "!!!!", "AAAAAAA="]


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False)))
def test_base64_is_little_endian_float32_and_loses_nothing_of_them(numbers):
    written = vectors.as_base64(tuple(numbers))
    assert base64.b64decode(written) == struct.pack(f"<{len(numbers)}f", *numbers)
    assert vectors.read(written) == tuple(numbers)


def test_numbers_stay_as_they_are():
    assert vectors.read([0.1, -2, 3e-9]) == (0.1, -2, 3e-9)


@pytest.mark.parametrize("found", NONE)
def test_what_is_no_vector_is_no_answer(found):
    with pytest.raises(UpstreamError):
        vectors.read(found)


@pytest.mark.parametrize("found", [None, {}, "x", 1])
def test_what_is_no_list_of_vectors_is_no_answer(found):
    with pytest.raises(UpstreamError):
        vectors.read_all(found)
