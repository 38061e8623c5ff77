"""Dates read, and written again in the same way."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.transform import dates

DATES = [
    ("1984-03-05", (1984, 3, 5), "1984-03-12"),
    ("1984/3/5", (1984, 3, 5), "1984/3/12"),
    ("05.03.1984", (1984, 3, 5), "12.03.1984"),
    ("5.3.84", (1984, 3, 5), "12.3.84"),
    ("03/05/1984", (1984, 3, 5), "03/12/1984"),
    ("25/03/1984", (1984, 3, 25), "01/04/1984"),
    ("3-5-12", (2012, 3, 5), "3-12-12"),
    ("March 5, 1984", (1984, 3, 5), "March 12, 1984"),
    ("Mar. 5th 1984", (1984, 3, 5), "Mar. 12th 1984"),
    ("25th of march 1984", (1984, 3, 25), "1st of April 1984"),
    ("5 Mar 1984", (1984, 3, 5), "12 Mar 1984"),
    ("1984-03-05T10:00:00Z {x}", (1984, 3, 5), "1984-03-12T10:00:00Z {x}"),
]


@pytest.mark.parametrize(("text", "on", "later"), DATES)
def test_a_date_is_read_and_written_in_its_own_way(text, on, later):
    dated = dates.read(text)
    assert dated is not None
    assert dated.on == date(*on)
    assert dated.shifted(7) == later


@pytest.mark.parametrize(
    "text",
    ["", "1984", "1984-13-05", "31.02.1984", "Foo 5, 1984", "1984-03-055", "a 1984-03-05", "99/99/9999", "٣/٤/١٩٨٤"],
)
def test_what_is_no_date_is_none(text):
    assert dates.read(text) is None


def test_beyond_the_calendar_there_is_nothing():
    assert dates.read("9999-12-31").shifted(7) is None


@given(st.dates(date(1000, 1, 1)), st.integers(-300, 300))
def test_a_shift_and_back_is_the_text(day, days):
    text = day.isoformat()
    shifted = dates.read(text).shifted(days)
    if shifted is not None:
        assert date.fromisoformat(shifted) == day + timedelta(days=days)
        assert dates.read(shifted).shifted(-days) == text
