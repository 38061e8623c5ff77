"""Numbers of tokens are numbers, or nobody said them."""

import pytest

from tidegate.core.values.usage import MOST, counted


@pytest.mark.parametrize(("value", "found"), [
    (0, 0), (7, 7), (MOST, MOST), (MOST + 1, -1), (2**64, -1), (-3, -1), (True, -1), (1.0, -1), ("7", -1), (None, -1),
    ([7], -1),
])  # fmt: skip
def test_what_cannot_be_a_number_of_tokens_was_not_said(value, found):
    assert counted(value) == found


def test_what_was_said_before_stays():
    assert counted(None, 5) == 5
    assert counted(3, 5) == 3
