"""Every further place where a found value stands: where one detector looked, another field may hold the same string.

A value that holds a digit, an @ or the like is replaced wherever it stands, also inside a longer string. One that is
made of letters ("Mark") is replaced where it stands as a word, or every "Markdown" would suffer.
"""

from collections.abc import Collection, Iterable, Iterator

from ahocorasick_rs import AhoCorasick

MIN_CHARS = 4
"""Shorter values identify nobody and would stand everywhere: they are replaced only where they were found."""
_MIN_DIGITS = 7
_FEW = 8
_WITHOUT_WORDLY = str.maketrans("", "", " -'.,_\u2019\u00a0")


def is_distinctive(value: str) -> bool:
    """It cannot stand anywhere by chance, so no byte of it may be left anywhere."""
    if len(value) < MIN_CHARS:
        return False
    if value.isdecimal():
        return len(value) >= _MIN_DIGITS
    bare = value.translate(_WITHOUT_WORDLY)
    return bare != "" and not bare.isalpha()


class Occurrences:
    """Finds all of `values` in one pass over a text; a few of them one by one, which is quicker."""

    __slots__ = ("_distinctive", "_search", "_wanted")

    def __init__(self, values: Collection[str], names: Collection[str] = ()) -> None:
        """`names`: values that are looked for however short they are."""
        self._wanted = [value for value in values if len(value) >= MIN_CHARS or value in names]
        self._distinctive = [is_distinctive(value) for value in self._wanted]
        self._search = AhoCorasick(self._wanted) if len(self._wanted) > _FEW else None

    def may_stand_in(self, text: str) -> bool:
        if self._search is None:
            return any(value in text for value in self._wanted)
        return bool(self._search.find_matches_as_indexes(text))

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """May overlap."""
        for which, start, end in self._found(text):
            if self._distinctive[which] or _is_word(text, start, end):
                yield start, end

    def _found(self, text: str) -> Iterable[tuple[int, int, int]]:
        if self._search is None:
            return self._found_one_by_one(text)
        found: list[tuple[int, int, int]] = self._search.find_matches_as_indexes(text, overlapping=True)
        return found

    def _found_one_by_one(self, text: str) -> Iterator[tuple[int, int, int]]:
        for which, value in enumerate(self._wanted):
            start = text.find(value)
            while start >= 0:
                yield which, start, start + len(value)
                start = text.find(value, start + 1)


def _is_word(text: str, start: int, end: int) -> bool:
    return not (
        (start > 0 and text[start].isalnum() and text[start - 1].isalnum())
        or (end < len(text) and text[end - 1].isalnum() and text[end].isalnum())
    )
