"""Which cells tell something alone, which beside others, and which nothing."""

import pytest

from tidegate.core.classify.records import weighing
from tidegate.core.classify.records.cells import words_of
from tidegate.core.classify.records.weighing import (
    MAIL,
    MISSING,
    NUMBER,
    PHRASE,
    TOGETHER,
    WORD,
    Column,
    alone,
    anchor,
    is_pieces,
    is_telling,
    look,
    says_little,
)


@pytest.mark.parametrize(
    ("cell", "looks"),
    [
        ("", MISSING),
        ("n/a", MISSING),
        ("NULL", MISSING),
        ("x", MISSING),
        ("42", MISSING),
        ("active", MISSING),
        ("please call back", MISSING),
        ("info@house.com", MAIL),
        ("maria.lopez@mail.example", MAIL),
        ("1990-01-31", TOGETHER),
        ("31/01/1990", TOGETHER),
        ("2024-01-31T10:20:30Z", TOGETHER),
        ("1,234.56", TOGETHER),
        ("EUR 1234.56", NUMBER),
        ("90210", TOGETHER),
        ("1111111", TOGETHER),
        ("1234567", TOGETHER),
        ("40237719", NUMBER),
        ("+44 20 7946 0958", NUMBER),
        ("TCK-4471", NUMBER),
        ("K7", TOGETHER),
        ("12 Baker Street", NUMBER),
        ("Bo", TOGETHER),
        ("Lopez", WORD),
        ("Maria Lopez", PHRASE),
        ("Li Wu", TOGETHER),
        ("\u6771\u4eac \u592a\u90ce", PHRASE),
    ],
)
def test_how_a_cell_looks(cell, looks):
    assert look(cell, words_of(cell)) == looks


def filled(name="x", cells=(), forced=""):
    column = Column(name, forced)
    column.filled, column.distinct = len(cells), len(set(cells))
    for cell in cells:
        column.form(cell.encode())
    return column


def test_numbers_tell_alone_unless_the_table_is_full_of_them():
    sparse = filled(cells=[str(40_000_000 + 7919 * n) for n in range(100)])
    dense = filled(cells=[f"c{n:04}" for n in range(300)])
    assert sparse.crowded() == frozenset()
    assert dense.crowded() == {0}
    assert alone(NUMBER, 1, 0, sparse, sparse.crowded())
    assert not alone(NUMBER, 1, 0, dense, dense.crowded())


def test_forms_beyond_those_that_are_counted_are_no_crowd(monkeypatch):
    monkeypatch.setattr(weighing, "_MOST_FORMS", 2)
    column = Column("x")
    assert [column.form(form) for form in (b"a1", b"b1", b"c1", b"a2")] == [0, 1, 0xFFFF, 0]
    assert alone(NUMBER, 1, 0xFFFF, column, frozenset({0}))


@pytest.mark.parametrize("name", ["city", "Last Name", "lastname", "first_names", "status", "zip", "date_of_birth"])
def test_columns_that_many_people_share_never_tell_alone(name):
    assert not alone(PHRASE, 1, 0, filled(name, ["a", "b"]), frozenset())


@pytest.mark.parametrize("name", ["name", "manager", "message", "contact"])
def test_phrases_that_differ_from_row_to_row_tell_alone(name):
    assert alone(PHRASE, 1, 0, filled(name, ["a", "b"]), frozenset())
    assert not alone(PHRASE, 1, 0, filled(name, ["a", "a", "b"]), frozenset())


def test_what_many_rows_share_tells_nothing_alone():
    assert alone(MAIL, 3, 0, filled(), frozenset())
    assert not alone(MAIL, 4, 0, filled(), frozenset())


def test_single_words_and_dates_never_tell_alone():
    assert not alone(WORD, 1, 0, filled(cells=["a"]), frozenset())
    assert not alone(TOGETHER, 1, 0, filled(cells=["a"]), frozenset())


def test_the_user_knows_better():
    assert alone(WORD, 1, 0, filled("city", forced="alone"), frozenset())
    assert not alone(WORD, 4, 0, filled("city", forced="alone"), frozenset())
    assert not alone(TOGETHER, 1, 0, filled("city", forced="alone"), frozenset())
    assert not alone(MAIL, 1, 0, filled(forced="together"), frozenset())


@pytest.mark.parametrize(
    ("counts", "rows", "tells"),
    [
        ((1, 1), 10, True),
        ((5, 5), 10, False),
        ((300, 40), 100_000, False),
        ((300, 40, 50), 100_000, True),
        ((5000, 800), 1_000_000, False),
    ],
)
def test_a_combination_tells_where_chance_does_not_explain_it(counts, rows, tells):
    assert is_telling(counts, rows) is tells


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("Maria Lopez", 0),
        ("The Baxter Inn", 1),
        ("12 Baxter Street", 1),
        ("a@b.example", -1),
        ("Lopez", -1),
        ("+44 20 7946 0958", -1),
        ("GB82 WEST 1234 5698", -1),
        ("The 12th of 99", -1),
        ("AC-7209-5681-some", -1),
        ("AC-7209-there", 2),
    ],
)
def test_where_a_reader_takes_notice(cell, at):
    words = words_of(cell)
    assert anchor(look(cell, words), words) == at


def test_pieces_are_numbers_and_codes():
    assert is_pieces([b"ab", b"123"])
    assert not is_pieces([b"baker", b"12"])
    assert is_pieces([b"12", b"ab"])
    assert not is_pieces([b"12", b"baker"])
    assert not is_pieces([b"12", b"ab", b"cd"])
    assert says_little(b"the")
    assert not says_little(b"lopez")
