"""Dates as people write them: read, and written again in the same way."""

import re
from datetime import date, timedelta
from typing import NamedTuple

_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?=\D|\Z)", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?=\D|\Z)", re.ASCII)
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})(\.? )(\d{1,2})(st|nd|rd|th)?(,? )(\d{4})(?=\D|\Z)")
_DAY_FIRST = re.compile(r"(\d{1,2})(st|nd|rd|th)?( (?:of )?)([A-Za-z]{3,9})(\.?,? )(\d{4})(?=\D|\Z)")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_PIVOT = 30
"""A year of two digits below it is of this century."""


class Dated(NamedTuple):
    """A date within a text. `layout`: what to write, as a format string over day, month, year and their words."""

    on: date
    layout: str

    def shifted(self, days: int) -> str | None:
        try:
            moved = self.on + timedelta(days=days)
        except OverflowError:
            return None
        name = _MONTHS[moved.month - 1]
        return self.layout.format(
            d=moved.day, m=moved.month, y=moved.year, yy=moved.year % 100, name=name, short=name[:3],
            th=_ordinal(moved.day),
        )  # fmt: skip


def read(text: str) -> Dated | None:
    """The date that a text begins with; what follows it stays. None where it is none, or one that never was."""
    for pattern, reading in ((_YEAR_FIRST, _year_first), (_YEAR_LAST, _year_last), (_MONTH_FIRST, _month_first),
                             (_DAY_FIRST, _day_first)):  # fmt: skip
        if found := pattern.match(text):
            rest = text[found.end() :].replace("{", "{{").replace("}", "}}")
            dated = reading(found)
            return dated and Dated(dated.on, dated.layout + rest)
    return None


def _year_first(found: re.Match[str]) -> Dated | None:
    year, separator, month, day = found.groups()
    return _dated(
        int(year), int(month), int(day), f"{{y:04}}{separator}{_width('m', month)}{separator}{_width('d', day)}"
    )


def _year_last(found: re.Match[str]) -> Dated | None:
    """With dots the day comes first, else the month does, unless it cannot be one."""
    first, separator, second, year = found.groups()
    day_first = separator == "." or int(first) > 12
    day, month = (first, second) if day_first else (second, first)
    one, two = (_width("d", first), _width("m", second)) if day_first else (_width("m", first), _width("d", second))
    full = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < _PIVOT else 1900)
    return _dated(
        full, int(month), int(day), f"{one}{separator}{two}{separator}{'{y:04}' if len(year) == 4 else '{yy:02}'}"
    )


def _month_first(found: re.Match[str]) -> Dated | None:
    name, gap, day, ordinal, comma, year = found.groups()
    th = "{th}" if ordinal else ""
    return _named(name, day, year, f"{_named_as(name)}{gap}{_bare(day)}{th}{comma}{{y}}")


def _day_first(found: re.Match[str]) -> Dated | None:
    day, ordinal, gap, name, comma, year = found.groups()
    th = "{th}" if ordinal else ""
    return _named(name, day, year, f"{_bare(day)}{th}{gap}{_named_as(name)}{comma}{{y}}")


def _named(name: str, day: str, year: str, layout: str) -> Dated | None:
    month = next((n for n, each in enumerate(_MONTHS, 1) if name.title() in (each, each[:3])), 0)
    return _dated(int(year), month, int(day), layout)


def _named_as(name: str) -> str:
    return "{short}" if len(name) == 3 else "{name}"


def _bare(day: str) -> str:
    return "{d:02}" if day.startswith("0") else "{d}"


def _width(field: str, written: str) -> str:
    return f"{{{field}:02}}" if written.startswith("0") or len(written) == 2 else f"{{{field}}}"


def _dated(year: int, month: int, day: int, layout: str) -> Dated | None:
    try:
        return Dated(date(year, month, day), layout)
    except ValueError:
        return None


def _ordinal(day: int) -> str:
    return "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
