"""Numbers that are set aside for fiction, grouped like the original."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.transform.surrogates.drawing import draws
from tidegate.core.transform.surrogates.phones import phone

PHONES = [
    ("+1 (415) 867-5309", r"\+1 \([2-9]\d\d\) 555-01\d\d"),
    ("1-415-867-5309", r"1-[2-9]\d\d-555-01\d\d"),
    ("415.867.5309", r"[2-9]\d\d\.555\.01\d\d"),
    ("4158675309", r"[2-9]\d\d55501\d\d"),
    ("867-5309", r"555-01\d\d"),
    ("+44 20 8123 4567", r"\+44 20 7946 0\d\d\d"),
    ("+44 (0)7911 123456", r"\+44 \(0\)7700 900\d\d\d"),
    ("020 8123 4567", r"020 7946 0\d\d\d"),
    ("07911 123456", r"07700 900\d\d\d"),
    ("+33 6 12 34 56 78", r"\+33 6 39 98 \d\d \d\d"),
    ("01 42 34 56 78", r"01 99 00 \d\d \d\d"),
    ("+49 30 1234567" + "8", r"\+49 30 23125\d\d\d"),
    ("0049 30 12345678", r"0049 30 23125\d\d\d"),
    ("+61 2 9876 5432", r"\+61 2 5550 \d\d\d\d"),
]


@pytest.mark.parametrize(("value", "expected"), PHONES)
@given(seed=st.integers())
def test_a_number_for_fiction_in_the_grouping_of_the_original(value, expected, seed):
    assert re.fullmatch(expected, phone(value, draws(seed)))


@pytest.mark.parametrize(
    "value",
    ["", "12", "+7 495 123 45 67", "+49 151 12345678901", "030 123456", "+1 415 8675309 ext 5", "1 800 FLOWERS"],
)
def test_where_every_number_may_be_somebody_s_there_is_no_surrogate(value):
    assert phone(value, draws()) is None
