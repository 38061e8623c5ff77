"""From rows to what may be kept of them."""

import pytest

from tests.core.classify.records.tables import HEADER, KEY, ROWS, packed, table
from tidegate.core.classify.records import Builder
from tidegate.core.classify.records.build import ColumnReport
from tidegate.core.classify.records.table import ALONE, BEGINS, PART, TOGETHER


def reported(rows, header, forced=None):
    builder = Builder(KEY, header, forced)
    for row in rows:
        builder.add(row)
    assert list(builder.pack(name="x", label="customer.record", registered_at=""))
    return builder.report()


def test_a_report_says_what_each_column_is_good_for():
    assert reported(ROWS, HEADER) == [
        ColumnReport("first", alone=0, together=3, unused=0),
        ColumnReport("last", alone=0, together=3, unused=0),
        ColumnReport("city", alone=0, together=3, unused=0),
        ColumnReport("email", alone=3, together=0, unused=0),
        ColumnReport("account", alone=3, together=0, unused=0),
    ]


def test_the_user_may_say_otherwise():
    first, last, *_ = reported(ROWS, HEADER, {"last": "alone", "first": "together"})
    assert (first.together, last.alone) == (3, 3)


def test_what_says_nothing_or_is_too_long_is_not_used():
    rows = [("open", ""), ("n/a", "word " * 13 + "9"), ("12", "x" * 97 + "1")]
    assert reported(rows, ("a", "b")) == [ColumnReport("a", 0, 0, 3), ColumnReport("b", 0, 0, 3)]


def test_no_cell_and_no_column_is_in_the_file():
    content = packed(header=("firstname", "surname", "residence", "mailbox", "ledger")).lower()
    for text in (b"maria", b"lopez", b"leeds", b"40237719", b"mail", b"surname", b"residence", b"ledger"):
        assert text not in content


def test_what_is_said_of_cells():
    found = table(packed([("Maria Lopez", "12 Baxter Lane"), ("Bo", "7 Hill Farm Row")], ("name", "address")))
    said = {
        word: found.cells.flags(KEY.cell(word))
        for word in (b"marialopez", b"lopezmaria", b"maria", b"bo", b"12", b"12baxter")
    }
    assert said == {
        b"marialopez": ALONE,
        b"lopezmaria": ALONE,
        b"maria": BEGINS | PART,
        b"bo": TOGETHER,
        b"12": PART,
        b"12baxter": BEGINS,
    }  # fmt: skip
    assert found.cells.flags(KEY.cell(b"unheard")) == 0


def test_the_smallest_combinations_that_tell_are_kept():
    rows = [(f"N{n % 7}x", f"S{n % 5}y", f"T{n % 3}z") for n in range(200)]
    header = table(packed(rows, ("first", "last", "city"))).header
    assert header.groups == 0  # whatever stands together there stands together in many rows
    rows += [("Zora", "Quill", "Yarm")]
    found = table(packed(rows, ("first", "last", "city")))
    assert KEY.group((KEY.cell(b"zora"), KEY.cell(b"quill"))) in found.groups
    assert KEY.group((KEY.cell(b"zora"), KEY.cell(b"s1y"))) not in found.groups
    assert found.header.most_together == 2


def test_three_cells_count_where_two_would_be_chance():
    rows = [
        (f"Ann{chr(97 + n % 10)}", f"Cole{chr(97 + n // 10 % 10)}", f"York{chr(97 + n // 100)}") for n in range(1000)
    ]
    found = table(packed(rows, ("first", "last", "city")))
    cells = [KEY.cell(word) for word in (b"annb", b"colec", b"yorkd")]
    assert found.header.most_together == 0  # a thousand rows of all combinations: none of them is more than chance
    assert KEY.group(cells) not in found.groups
    found = table(packed([*rows[:300:9]], ("first", "last", "city")))
    assert found.header.most_together == 3


def test_a_row_has_a_cell_a_column():
    with pytest.raises(ValueError, match="zip"):
        Builder(KEY, ("a", "b")).add(("x",))
