"""What is seen of a word: its neighbours, its looks, and nothing far away."""

import pytest

from tidegate.core.classify.names.features import COUNT, ROWS, Context, Looks, rows
from tidegate.core.classify.names.gazetteer import COMMON, FIRST, LAST, Gazetteer, pack
from tidegate.core.classify.names.words import Words

GAZETTEER = Gazetteer(pack({b"anna": FIRST, b"berg": LAST, b"will": FIRST | COMMON, b"table": COMMON, b"the": COMMON}))


def context_of(text: str, looks: Looks | None = None) -> Context:
    data = text.encode()
    return Context(Words(data, 0, len(data)), looks or Looks(GAZETTEER), {})


def around(text: str, word: str) -> str:
    context = context_of(text)
    n = next(n for n in range(len(context.words)) if context.words.raw[n].strip() == word.encode())
    first, last = context.neighbours(n)
    return " ".join(context.words.raw[one].strip().decode() for one in range(first, last + 1))


@pytest.mark.parametrize(
    ("text", "word", "name"),
    [
        ("met Anna Berg today", "Anna", "Anna Berg"),
        ("met Anna van der Berg today", "Berg", "Anna van der Berg"),
        ("Anna, Berg", "Anna", "Anna"),
        ("Anna\nBerg", "Berg", "Berg"),
        ("the Anna of the", "Anna", "Anna"),
        ("ask Mr. J. Berg.", "Berg", "Mr. J. Berg"),
        (
            "One Two Three Four Five Six Seven Eight Nine Ten Eleven",
            "Six",
            "Two Three Four Five Six Seven Eight Nine Ten",
        ),
    ],
)
def test_words_of_one_name_stand_side_by_side(text, word, name):
    assert around(text, word) == name


def test_there_are_as_many_rows_as_promised_and_all_exist():
    context = context_of("Dear Anna Berg,\nwill you sit at the Table?")
    for n in range(len(context.words)):
        found = rows(context, n)
        assert len(found) == COUNT
        assert all(0 <= row < ROWS for row in found)


def test_only_words_near_by_matter():
    near = "a b c d Anna e f g h"
    one, other = context_of(f"one two {near} three"), context_of(f"uno dos {near} tres")
    at = near.split().index("Anna") + 2
    assert rows(one, at) == rows(other, at)


def test_numbers_look_alike():
    assert context_of("4711").plain[0] == context_of("1234").plain[0]


def test_only_common_words_are_remembered():
    """A finder outlives its texts, so nothing that may name somebody stays in it."""
    looks = Looks(GAZETTEER)
    context_of("the table of Anna Berg, anna berg, secretive 4711 szymborska", looks)
    assert {raw.strip() for raw in looks._common} == {b"the", b"table", b"of", b","}


def test_the_memory_of_common_words_is_bounded(monkeypatch):
    monkeypatch.setattr("tidegate.core.classify.names.features._VOCABULARY", 3)
    looks = Looks(GAZETTEER)
    context_of("the table , . ; the of and", looks)
    assert len(looks._common) == 3
