"""Every further place where a found value stands: where one detector looked, another field may hold the same string.

A value that holds a digit, an @ or the like is replaced wherever it stands, also inside a longer string. One that is
made of letters ("Mark") is replaced where it stands as a word, or every "Markdown" would suffer.
"""

from collections.abc import Collection, Iterator

from ahocorasick_rs import AhoCorasick

MIN_CHARS = 4
"""Shorter values identify nobody and would stand everywhere: they are replaced only where they were found."""
_MIN_DIGITS = 7
_WORDLY = frozenset(" -'.,_\u2019\u00a0")


def is_distinctive(value: str) -> bool:
    """It cannot stand anywhere by chance, so no byte of it may be left anywhere."""
    if len(value) < MIN_CHARS:
        return False
    if value.isdecimal():
        return len(value) >= _MIN_DIGITS
    return not all(char.isalpha() or char in _WORDLY for char in value)


class Occurrences:
    """Finds all of `values` in one pass over a text."""

    __slots__ = ("_distinctive", "_search")

    def __init__(self, values: Collection[str]) -> None:
        wanted = [value for value in values if len(value) >= MIN_CHARS]
        self._distinctive = [is_distinctive(value) for value in wanted]
        self._search = AhoCorasick(wanted) if wanted else None

    def may_stand_in(self, text: str) -> bool:
        return self._search is not None and bool(self._search.find_matches_as_indexes(text))

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """May overlap."""
        if self._search is None:
            return
        for which, start, end in self._search.find_matches_as_indexes(text, overlapping=True):
            if self._distinctive[which] or _is_word(text, start, end):
                yield start, end


def _is_word(text: str, start: int, end: int) -> bool:
    return not (
        (start > 0 and text[start].isalnum() and text[start - 1].isalnum())
        or (end < len(text) and text[end - 1].isalnum() and text[end].isalnum())
    )
