"""Ids of calls where not every one is taken."""

import re

from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.dialects.neutral.identifiers import fitting

NINE = re.compile(r"[a-zA-Z0-9]{9}", re.ASCII)


@given(st.text(max_size=40))
def test_every_id_becomes_one_of_the_form_and_always_the_same(given_id):
    found = fitting(given_id, NINE, 9)
    assert NINE.fullmatch(found)
    assert found == fitting(given_id, NINE, 9) == fitting(found, NINE, 9)


def test_one_that_fits_stays():
    assert fitting("7nmzvoAlW", NINE, 9) == "7nmzvoAlW"


def test_a_half_of_a_surrogate_is_an_id_too():
    assert NINE.fullmatch(fitting("\ud800", NINE, 9))
