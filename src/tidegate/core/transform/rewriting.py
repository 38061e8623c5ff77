"""One part on its way to being rewritten: which pieces of it are values, and what it reads without them."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

import orjson

from tidegate.core.transform.occurrences import Occurrences
from tidegate.core.transform.replacements import Standing
from tidegate.core.transform.stretches import Stretch, number, stretches
from tidegate.core.values.envelope import Part

_START = itemgetter(0)


class Piece(NamedTuple):
    """`start` and `end` count characters of a stretch's text. `rank`: of two labels for one place the higher stays."""

    start: int
    end: int
    label: str
    rank: int


class Rewriting:
    """Pieces are marked, merged, and replaced, in this order. `numeric`: the part is a JSON number."""

    __slots__ = ("_is_json", "_pieces", "_starts", "_stretches", "numeric", "part")

    def __init__(self, part: Part, *, numeric: bool = False) -> None:
        self.part = part
        self.numeric = numeric
        self._is_json = numeric or part.is_json
        self._stretches = number(part.text) if numeric else stretches(part.text, is_json=part.is_json)
        self._starts = [stretch.start for stretch in self._stretches]
        self._pieces: dict[int, list[Piece]] = {}

    def mark(self, start: int, end: int, label: str, rank: int) -> None:
        """A span of the raw text. Where it runs over several strings of a JSON text, each of them has its own piece."""
        if len(self._starts) == 1:
            if span := self._stretches[0].span(start, end):
                self._pieces.setdefault(0, []).append(Piece(*span, label, rank))
            return
        for at in range(max(0, bisect_right(self._starts, start) - 1), len(self._stretches)):
            if self._starts[at] >= end:
                break
            if span := self._stretches[at].span(start, end):
                self._pieces.setdefault(at, []).append(Piece(*span, label, rank))

    def mark_occurrences(
        self,
        occurrences: Occurrences,
        labels: Mapping[str, tuple[str, int]],
        known: Sequence[tuple[int, int]] | None = None,
    ) -> None:
        """`known`: the spans, where somebody has looked at the whole text already."""
        for at, stretch in enumerate(self._stretches):
            for start, end in occurrences.spans(stretch.text) if known is None else known:
                whole = (0, len(stretch.text)) if stretch.whole else (start, end)
                self._pieces.setdefault(at, []).append(Piece(*whole, *labels[stretch.text[start:end]]))

    def merge(self) -> None:
        for at, pieces in self._pieces.items():
            if len(pieces) > 1:
                self._pieces[at] = _merged(pieces)

    def values(self) -> Iterator[tuple[str, Piece]]:
        for at in sorted(self._pieces):
            text = self._stretches[at].text
            for piece in self._pieces[at]:
                yield text[piece.start : piece.end], piece

    def replaced(self, standing: Callable[[str, Piece, bool], Standing]) -> str:
        """The part's text with `standing(value, piece, number)` for each piece; valid JSON where it was, or a number.

        `number`: what stands there is no string, and should not become one.
        """
        text, at = self.part.text, 0
        out: list[str] = []
        for which in sorted(self._pieces):
            stretch = self._stretches[which]
            number = stretch.whole and self._is_json
            for piece in self._pieces[which]:
                stands = standing(stretch.text[piece.start : piece.end], piece, number)
                out += text[at : stretch.raw(piece.start)], _written(stands, stretch, number=number)
                at = stretch.raw(piece.end)
        return "".join((*out, text[at:]))


def _written(stands: Standing, stretch: Stretch, *, number: bool) -> str:
    if number and not stands.is_literal:
        return orjson.dumps(stands.text).decode()
    return orjson.dumps(stands.text)[1:-1].decode() if stretch.quoted else stands.text


def _merged(pieces: list[Piece]) -> list[Piece]:
    """Overlapping pieces become one with the label of the highest rank, then of the longest: nothing found stays."""
    pieces.sort(key=_START)
    merged: list[Piece] = []
    end = 0
    for piece in pieces:
        if piece.start >= end:
            merged.append(piece)
            end = piece.end
            continue
        last = merged[-1]
        if piece.end > end or piece.rank > last.rank:
            best = max(last, piece, key=lambda each: (each.rank, each.end - each.start))
            end = max(end, piece.end)
            merged[-1] = Piece(last.start, end, best.label, best.rank)
    return merged
