"""One part: pieces are marked, merged and replaced, and it stays JSON where it was."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.transform.replacements import Standing
from tidegate.core.transform.rewriting import Piece, Rewriting
from tidegate.core.values.envelope import Part, Position

ALPHABET = "abcdefghij"


def rewriting(text, *marks, is_json=False, numeric=False):
    made = Rewriting(Part(Position.USER, ("x",), text, is_json=is_json), numeric=numeric)
    for start, end, label, rank in marks:
        made.mark(start, end, label, rank)
    made.merge()
    return made


def bracketed(_, piece, number):
    return Standing(f"<{piece.label}>", is_literal=False)


def test_what_is_not_marked_stays():
    assert rewriting(ALPHABET).replaced(bracketed) == ALPHABET
    assert rewriting(ALPHABET, (2, 4, "x", 1), (7, 8, "y", 1)).replaced(bracketed) == "ab<x>efg<y>ij"


@pytest.mark.parametrize(
    ("marks", "label"),
    [
        ([(0, 4, "low", 1), (2, 6, "high", 2)], "high"),
        ([(0, 4, "high", 2), (2, 6, "low", 1)], "high"),
        ([(0, 5, "long", 1), (3, 6, "short", 1)], "long"),
        ([(0, 6, "whole", 1), (1, 2, "inner", 1)], "whole"),
    ],
)
def test_what_overlaps_becomes_one_piece_with_the_higher_label_and_nothing_of_it_stays(marks, label):
    assert rewriting(ALPHABET, *marks).replaced(bracketed) == f"<{label}>ghij"


def test_pieces_that_touch_stay_two():
    assert rewriting(ALPHABET, (0, 2, "x", 1), (2, 4, "y", 1)).replaced(bracketed) == "<x><y>efghij"


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5), st.sampled_from("xyz"), st.integers(0, 3)), max_size=8))
def test_no_marked_character_stays_and_no_other_goes(drawn):
    marks = [(start, min(start + length, 10), label, rank) for start, length, label, rank in drawn]
    kept = "".join(ALPHABET[at] for at in range(10) if not any(start <= at < end for start, end, *_ in marks))
    assert rewriting(ALPHABET, *marks).replaced(lambda *_: Standing("")) == kept


def test_values_come_in_order_with_their_pieces():
    made = rewriting(ALPHABET, (7, 9, "y", 1), (2, 4, "x", 1))
    assert list(made.values()) == [("cd", Piece(2, 4, "x", 1)), ("hi", Piece(7, 9, "y", 1))]


def test_a_json_text_is_still_json():
    text = json.dumps({"to": "abc", "count": 3})
    start = text.index("abc")
    made = rewriting(text, (start, start + 3, "x", 1), is_json=True)
    assert json.loads(made.replaced(lambda *_: Standing("t"))) == {"to": "t", "count": 3}


def test_what_stands_in_a_json_string_is_escaped():
    text = json.dumps({"to": "abc"})
    made = rewriting(text, (text.index("abc"), text.index("abc") + 3, "x", 1), is_json=True)
    assert json.loads(made.replaced(lambda *_: Standing('"t"\n'))) == {"to": '"t"\n'}


@pytest.mark.parametrize(("standing", "written"), [(Standing("<x>"), '"<x>"'), (Standing("12", is_literal=True), "12")])
def test_a_number_goes_whole_and_is_asked_for_as_one(standing, written):
    asked = []
    made = rewriting("4111111111111111", (3, 7, "x", 1), numeric=True)
    assert made.replaced(lambda value, _, number: asked.append((value, number)) or standing) == written
    assert asked == [("4111111111111111", True)]
