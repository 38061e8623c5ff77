"""Values cut into pieces that stand in parts which do not follow each other: half a number in one message of the user,
half in the next, with an answer between.

Parts that follow each other are looked at together anyway. Here the ends and beginnings of what stands in the same
position are put together, where a value may go on, and what is found over a cut becomes a finding in each part.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from tidegate.core.classify.apart import may_go_on
from tidegate.core.classify.fold import SEAM, SURROGATES
from tidegate.core.classify.patterns import ALNUM
from tidegate.core.classify.rows import Hit
from tidegate.core.values.envelope import Part, Position
from tidegate.core.values.finding import Finding

REACH_CHARS = 96
"""What is read of a part that a value may begin or end in. A shorter one may be the middle of it."""
_MOST_PIECES = 32
_MOST_BETWEEN = 200
"""Parts of other positions between two pieces."""
_SIGN = re.compile("[0-9@]")  # one class: nothing to go back to
_SIGN_CHARS = 48
_ENDS = frozenset(ALNUM.decode() + "@-/) \n")
_BEGINS = frozenset(ALNUM.decode() + "@-/(. ")
_SPACES = " \t\r\n"


class Piece(NamedTuple):
    """Characters of a part, from `start` on."""

    part: int
    start: int
    text: str


class Chain:
    """Pieces that may be one value. `texts`: their bytes put together, directly and with spaces between digits."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        data = [piece.text.encode() for piece in pieces]
        spaced = [left + (b" " if _between_digits(left, right) else b"") for left, right in pairwise(data)]
        self._plain, self._spaced = data, [*spaced, data[-1]]
        self.texts = (
            (b"".join(self._plain),) if self._spaced == data else (b"".join(self._plain), b"".join(self._spaced))
        )

    def findings(self, hit: Hit, which: int) -> list[Finding]:
        """A hit in one of `texts` as findings; none where it keeps to one piece."""
        data = self._spaced if which else self._plain
        starts = list(accumulate(map(len, data), initial=0))
        found = []
        for piece, text, low in zip(self._pieces, data, starts, strict=False):
            start, end = max(hit.start - low, 0), min(hit.end - low, len(piece.text.encode()))
            if start < end:
                first = piece.start + len(text[:start].decode())
                last = first + len(text[start:end].decode())
                found.append(Finding(hit.label, first, last, hit.score, hit.detector, piece.part))
        return found if len(found) > 1 else []


class Ends(NamedTuple):
    """The first and the last text in a position among parts that follow each other."""

    position: Position
    first: int
    last: int


_ALONE = {id(position): (Ends(position, 0, 0),) for position in Position}
"""By identity, because there is one object of each position."""


def ends(parts: Sequence[Part], first: int, stop: int) -> tuple[Ends, ...]:
    """For each position among parts `first` to `stop`, which is what they are counted from."""
    if stop - first == 1 and (alone := _ALONE.get(id(parts[first].position))):
        return alone if parts[first].text and not parts[first].is_key else ()
    found: dict[int, Ends] = {}
    for index in range(first, stop):
        part = parts[index]
        if part.text and not part.is_key:
            at, known = index - first, found.get(id(part.position))
            found[id(part.position)] = Ends(part.position, known.first if known else at, at)
    return tuple(found.values())


def joined_ends(groups: Iterable[tuple[int, Sequence[Ends]]]) -> tuple[Ends, ...]:
    """`ends` of groups that follow each other, each with the number of its first part."""
    found: dict[Position, Ends] = {}
    base = -1
    for first, group in groups:
        base = first if base < 0 else base
        for position, low, high in group:
            known = found.get(position)
            found[position] = Ends(position, known.first if known else first + low - base, first + high - base)
    return tuple(found.values())


def chains_within(parts: Sequence[Part], first: int, stop: int) -> Iterator[Chain]:
    """What may be one value in several of parts `first` to `stop`, in the same position, at least two of which do not
    follow each other.
    """
    last: dict[int, int] = {}
    done = -1
    for index in range(first, stop):
        position, _, text, is_key, _ = parts[index]
        if is_key or not text:
            continue
        before = last.get(id(position))
        last[id(position)] = index
        if before is not None and index - before > 1 and before >= done and _meet(parts, before, index):
            row = _row(parts, before, index, first, stop)
            done = row[-1]
            yield _chain(parts, row)


def chains_across(
    parts: Sequence[Part], first: int, stop: int, groups: Iterable[tuple[int, Sequence[Ends]]]
) -> Iterator[Chain]:
    """The same for parts in different groups, of which the number of the first part and the ends are given: all of
    them, and nothing else that is read, from `first` to `stop`.
    """
    last: dict[Position, int] = {}
    for base, group in groups:
        for position, low, high in group:
            before, behind = last.get(position), base + low
            last[position] = base + high
            if before is not None and behind - before > 1 and _meet(parts, before, behind):
                yield _chain(parts, _row(parts, before, behind, first, stop))


def _meet(parts: Sequence[Part], before: int, behind: int) -> bool:
    """A value may be cut there. What rules it out most often is asked first."""
    left, right = parts[before].text, parts[behind].text
    if right[0] not in _BEGINS or left[-1] not in _ENDS:
        return False
    return _SIGN.search(left[-_SIGN_CHARS:] + right[:_SIGN_CHARS]) is not None and _goes_on(left, right)


def _row(parts: Sequence[Part], before: int, behind: int, first: int, stop: int) -> list[int]:
    """The two and, where one of them is short, those before and behind it that may hold more of the value."""
    row = [before, behind]
    while len(parts[row[0]].text) <= REACH_CHARS and len(row) < _MOST_PIECES:
        more = _next(parts, range(row[0] - 1, first - 1, -1), row[0])
        if more is None or not _meet(parts, more, row[0]):
            break
        row.insert(0, more)
    while len(parts[row[-1]].text) <= REACH_CHARS and len(row) < _MOST_PIECES:
        more = _next(parts, range(row[-1] + 1, stop), row[-1])
        if more is None or not _meet(parts, row[-1], more):
            break
        row.append(more)
    return row


def _next(parts: Sequence[Part], places: range, index: int) -> int | None:
    position = parts[index].position
    for place in places[:_MOST_BETWEEN]:
        if parts[place].position is position and parts[place].text and not parts[place].is_key:
            return place
    return None


def _goes_on(left: str, right: str) -> bool:
    return may_go_on(_plain(left[-REACH_CHARS:]).encode(), _plain(right[:REACH_CHARS]).encode())


def _chain(parts: Sequence[Part], row: Sequence[int]) -> Chain:
    pieces = []
    for place, index in enumerate(row):
        text = _plain(parts[index].text)
        start, end = 0, len(text)
        if place == 0:
            start = max(0, len(text.rstrip(_SPACES)) - REACH_CHARS)
        if place == len(row) - 1:
            end = min(end, len(text) - len(text.lstrip(_SPACES)) + REACH_CHARS)
        inner = text[start:end]
        if place:
            start += len(inner) - len(inner.lstrip(_SPACES))
            inner = inner.lstrip(_SPACES)
        if place < len(row) - 1:
            inner = inner.rstrip(_SPACES)
        pieces.append(Piece(index, start, inner))
    return Chain(pieces)


def _plain(text: str) -> str:
    """Without half characters and seams, which have no place in what is scanned."""
    return text if text.isascii() and SEAM not in text else text.translate({**SURROGATES, ord(SEAM): "\x1f"})


def _between_digits(left: bytes, right: bytes) -> bool:
    return left[-1:].isdigit() and right[:1].isdigit()
