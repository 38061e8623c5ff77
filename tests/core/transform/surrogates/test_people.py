"""Names word by word."""

import pytest

from tests.core.transform.surrogates.drawing import draws
from tidegate.core.transform.surrogates.names import FAMILY, GIVEN
from tidegate.core.transform.surrogates.people import drawn_name, person

MADE = {"jane": "Hedda", "doe": "Fenwick", "ann": "Saskia", "marie": "Ilona", "иван": "Аким", "петров": "Трубачек"}


def named(word, given, cyrillic):
    return MADE.get(word)


PEOPLE = [
    ("Jane Doe", "Hedda Fenwick", {"Hedda": "Jane", "Fenwick": "Doe"}),
    ("Jane", "Hedda", {"Hedda": "Jane"}),
    ("JANE DOE", "HEDDA FENWICK", {"HEDDA": "JANE", "FENWICK": "DOE"}),
    ("jane doe", "hedda fenwick", {"hedda": "jane", "fenwick": "doe"}),
    ("Dr. Jane Q. Doe, PhD", "Dr. Hedda Q. Fenwick, PhD", {"Hedda": "Jane", "Fenwick": "Doe"}),
    ("Doe, Jane", "Fenwick, Hedda", {"Hedda": "Jane", "Fenwick": "Doe"}),
    ("Ann-Marie van der Doe", "Saskia-Ilona van der Fenwick", {"Saskia": "Ann", "Ilona": "Marie", "Fenwick": "Doe"}),
    ("Иван Петров", "Аким Трубачек", {"Аким": "Иван", "Трубачек": "Петров"}),
]


@pytest.mark.parametrize(("value", "text", "words"), PEOPLE)
def test_each_word_of_a_name_is_the_same_other_word_wherever_it_stands(value, text, words):
    made = person(value, named)
    assert made is not None
    assert (made.text, made.words) == (text, words)


@pytest.mark.parametrize("value", ["", "Dr.", "J.", "Jane Unheardof", "山田太郎", "Jane Петров", "42"])
def test_what_has_no_name_in_it_or_none_that_is_free_has_no_surrogate(value):
    assert person(value, named) is None


def test_a_drawn_name_is_of_its_list():
    assert drawn_name(draws(), given=True, cyrillic=False) in GIVEN
    assert drawn_name(draws(), given=False, cyrillic=False) in FAMILY
