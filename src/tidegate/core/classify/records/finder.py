"""Registered cells in a text.

Most words of most texts are in nobody's table. Those that were looked up once and are strangers are remembered, so that
a text costs one pass for its words, one set look-up a word, and a hash for each word never seen before.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import accumulate, filterfalse
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick

from tidegate.core.classify.fold import SEAM
from tidegate.core.classify.patterns import compile_pattern
from tidegate.core.classify.records.cells import MOST_BACK, MOST_BYTES, MOST_WORDS, RecordKey, plain_word, worded
from tidegate.core.classify.records.table import ALONE, BEGINS, HOLDS, PART, TOGETHER, Table
from tidegate.core.classify.records.weighing import says_little
from tidegate.core.classify.rows import EDGE, Hit

REACH = 200
"""Bytes. Cells of one row count together where they all stand within it."""
MOST_HITS = 100_000

_ALONE_SCORE, _TOGETHER_SCORE = 0.95, 0.85
_SEAM = SEAM.encode()
_MOST_STRANGERS = 65_536
_LONGEST_STRANGER = 24
_FEW_WORDS = 8
_NEIGHBOURS = 8
_MOST_PIECES = 12
_WIDEST_GAP = 3
_BACKWARDS = 64
_NEXT = re.compile(rb" {1,40}([^ ]+)")
"""On words with spaces between: two classes that share nothing, so linear."""
_PIECES = compile_pattern(
    rb"[0-9][0-9A-Za-z]*(?:[ ()./_-]{1,2}(?:[A-Za-z]{1,4}[ ()./_-]{1,2})?[A-Za-z]{0,4}[0-9][0-9A-Za-z]*)*"
    rb"(?:[()./_-][A-Za-z]{1,4})?"
)
"""Numbers and codes in groups: digits, digits behind a few letters, a few letters between, or a few behind a mark."""
_HEAD = re.compile(rb"(?<![0-9A-Za-z])(?:[A-Za-z]{1,4}[ ./_-])?[A-Za-z]{0,4}\Z")
"""The letters that such a number begins with, tried on a few bytes before it only."""
_HEAD_BYTES = 10
_MAIL = compile_pattern(rb"[0-9A-Za-z.'_%+\x80-\xff-]+@[0-9A-Za-z.\x80-\xff-]*[0-9A-Za-z\x80-\xff]")
_Found = list[tuple[int, int, int]]
"""(table, cell, flags) of each table that knows some word or words."""
_PIECE = re.compile(rb"[0-9A-Za-z]+")
_APART = bytes.maketrans(b"()./_-", b"      ")

assert REACH <= EDGE


class TooManyHitsError(Exception):
    """More finds in one text than anybody would look at."""


class _Place(NamedTuple):
    """A cell of one table in the text; `by_itself`: it needs no company."""

    start: int
    end: int
    table: int
    cell: int
    by_itself: bool


class RecordsFinder:
    """Threads may share it: what it remembers changes no answer."""

    name = "own_records"

    def __init__(self, tables: Sequence[Table], key: RecordKey) -> None:
        self._tables = tuple(tables)
        self._numbered = tuple(enumerate(tables))
        self._key = key
        self.labels = frozenset(table.header.label for table in tables)
        self.version = sha256(repr([(table.version, table.header.name) for table in tables]).encode()).hexdigest()[:16]
        self._lengths = 0
        for table in tables:
            self._lengths |= table.header.lengths
        self._each_length = [length for length in range(self._lengths.bit_length()) if self._lengths >> length & 1]
        self._shortest = (self._lengths & -self._lengths).bit_length() - 1
        self._letters = max((table.header.most_letters for table in tables), default=0)
        self._most_words = max((table.header.most_words for table in tables), default=1)
        self._strangers: set[bytes] = set()
        self._parts: set[bytes] = set()

    def hits(self, data: bytes, lower: bytes) -> list[Hit]:
        """Raises TooManyHitsError."""
        places = sorted(set(self._places(data, lower)))
        if not places:
            return []
        hits = [self._hit(place, _ALONE_SCORE) for place in places if place.by_itself]
        hits += self._together(places)
        if len(hits) > MOST_HITS:
            raise TooManyHitsError
        return hits

    def _hit(self, place: _Place, score: float) -> Hit:
        header = self._tables[place.table].header
        return Hit(place.start, place.end, header.label, score, f"own:{header.name}")

    # -- cells ---------------------------------------------------------------------------------------------------------

    def _places(self, data: bytes, lower: bytes) -> Iterator[_Place]:
        view = worded(lower)
        known = self._known(set(filterfalse(self._strangers.__contains__, view.split())) - self._parts)
        for word, start in _occurrences(view, known):
            yield from self._at_word(data, view, start, start + len(word), known[word])
        if b"@" in data:
            yield from self._mails(data, lower)
        if self._lengths:
            yield from self._in_pieces(data, lower)

    def _known(self, words: set[bytes]) -> dict[bytes, _Found]:
        """Words that some table knows."""
        known: dict[bytes, _Found] = {}
        strangers: list[bytes] = []
        for word in words:
            if word.isdigit() and not self._lengths >> len(word) & 1:  # no number of that length is anybody's
                continue
            found = self._look_up(plain_word(word)) if len(word) <= MOST_BYTES else []
            if any(flags != PART for _, _, flags in found):
                known[word] = found
            elif found:
                self._parts.add(word)
            elif len(word) <= _LONGEST_STRANGER and not word.isdigit():
                strangers.append(word)
        if len(self._strangers) > _MOST_STRANGERS:
            self._strangers = set()
            self._parts = set()
        self._strangers.update(strangers)
        return known

    def _look_up(self, normal: bytes) -> _Found:
        cell = self._key.cell(normal)
        return [(number, cell, flags) for number, table in self._numbered if (flags := table.cells.flags(cell))]

    def _at_word(self, data: bytes, view: bytes, start: int, end: int, found: _Found) -> Iterator[_Place]:
        """The word itself, and cells that begin with it or hold it."""
        yield from _as_places(start, end, found)
        marks = 0
        for _, _, flags in found:
            marks |= flags
        if marks & BEGINS:
            yield from self._onwards(data, view, start, end)
        if marks & HOLDS:
            for _ in range(MOST_BACK):
                before = _word_before(data, view, start)
                if before is None or not says_little(view[slice(*before)]):
                    return
                start, end = before
                yield from self._onwards(data, view, start, end)

    def _onwards(self, data: bytes, view: bytes, start: int, end: int) -> Iterator[_Place]:
        """Cells of several words that begin with the word there."""
        joined = plain_word(view[start:end])
        for count in range(2, self._most_words + 1):
            behind = _NEXT.match(view, end)
            if behind is None or not _is_gap(data[end : behind.start(1)]):
                return
            end = behind.end()
            word = behind[1]
            if word in self._strangers:
                return
            joined += plain_word(word)
            if len(joined) > MOST_BYTES:
                return
            found = self._look_up(joined)
            yield from _as_places(start, end, found)
            if count == 2 and not any(flags & BEGINS for _, _, flags in found):
                return

    def _mails(self, data: bytes, lower: bytes) -> Iterator[_Place]:
        for begin, end in _MAIL.spans(data):
            start = end - len(data[begin:end].lstrip(b"'"))
            if end - start <= 2 * MOST_BYTES:
                yield from _as_places(
                    start, end, self._look_up(b"".join(map(plain_word, worded(lower[start:end]).split())))
                )

    def _in_pieces(self, data: bytes, lower: bytes) -> Iterator[_Place]:
        """Numbers and codes, in whatever groups."""
        for low, high in _PIECES.spans(data):
            if high - low + self._letters < self._shortest:
                continue
            if not self._letters and not self._may_fit(data[low:high]):
                continue
            head = _HEAD.search(data, max(0, low - _HEAD_BYTES), low) if self._letters else None
            yield from self._regrouped(lower, head.start() if head else low, high)

    def _regrouped(self, lower: bytes, low: int, high: int) -> Iterator[_Place]:
        """Neighbouring groups that together are as long as some registered number."""
        pieces = [found.span() for found in _PIECE.finditer(lower, low, high)]
        joined = b"".join(lower[start:end] for start, end in pieces)
        ends = dict(zip(accumulate(end - start for start, end in pieces), range(len(pieces)), strict=True))
        found: dict[bytes, _Found] = {}
        at = 0
        for first, (start, end) in enumerate(pieces):
            for length in self._each_length:
                last = ends.get(at + length, -1)
                if first < last < first + _MOST_PIECES:
                    number = joined[at : at + length]
                    if number not in found:
                        found[number] = self._look_up(number)
                    yield from _as_places(start, pieces[last][1], found[number])
            at += end - start

    def _may_fit(self, number: bytes) -> bool:
        """Whether neighbouring groups of a number add up to a length that some registered number has."""
        sizes = [len(piece) for piece in number.translate(_APART).split()]
        for first, start in enumerate(sizes):
            whole = start
            for size in sizes[first + 1 : first + _MOST_PIECES]:
                whole += size
                if self._lengths >> whole & 1:
                    return True
        return False

    # -- cells of one row ----------------------------------------------------------------------------------------------

    def _together(self, places: Sequence[_Place]) -> Iterator[Hit]:
        """Cells beside which others of their row stand."""
        shown: set[_Place] = set()
        for number, table in enumerate(self._tables):
            if table.header.groups:
                mine = [place for place in places if place.table == number]
                if all(place.by_itself for place in mine):
                    continue
                for first, place in enumerate(mine):
                    near = _neighbours(place, mine, first)
                    shown.update(self._telling(table, place, near))
        yield from (self._hit(place, _TOGETHER_SCORE) for place in shown if not place.by_itself)

    def _telling(self, table: Table, place: _Place, near: Sequence[_Place]) -> Iterator[_Place]:
        """What of a place's neighbours is in its row. No group of three has a cell that identifies alone."""
        for at, second in enumerate(near):
            if self._key.group((place.cell, second.cell)) in table.groups:
                yield from (place, second)
            if table.header.most_together > 2 and not (place.by_itself or second.by_itself):
                for third in near[at + 1 :]:
                    if not third.by_itself and self._key.group((place.cell, second.cell, third.cell)) in table.groups:
                        yield from (place, second, third)


def _as_places(start: int, end: int, found: _Found) -> Iterator[_Place]:
    for table, cell, flags in found:
        if flags & (ALONE | TOGETHER):
            yield _Place(start, end, table, cell, bool(flags & ALONE))


def _neighbours(place: _Place, places: Sequence[_Place], first: int) -> list[_Place]:
    """Other cells behind a place, as far as one row's cells may stand apart; the nearest, because they are many where
    somebody wants them to be. Two that identify alone tell each other nothing.
    """
    near: list[_Place] = []
    cells = {place.cell}
    for other in places[first + 1 : first + 1 + 4 * _NEIGHBOURS]:
        if other.end - place.start > REACH or len(near) == _NEIGHBOURS:
            break
        if (place.by_itself and other.by_itself) or other.start < place.end or other.cell in cells:
            continue
        cells.add(other.cell)
        near.append(other)
    return near


def _word_before(data: bytes, view: bytes, start: int) -> tuple[int, int] | None:
    low = max(0, start - _BACKWARDS)
    end = low + len(view[low:start].rstrip(b" "))
    if end == low or not _is_gap(data[end:start]):
        return None
    return max(low, view.rfind(b" ", low, end) + 1), end


def _is_gap(between: bytes) -> bool:
    """What may stand between two words of a cell: little, or a line's end; never the end of a part."""
    if _SEAM in between:
        return False
    return len(between) <= _WIDEST_GAP or between.isspace()


def _occurrences(view: bytes, known: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """Where the known words stand as whole words: each searched for while they are few, else all in one pass."""
    words = list(known)
    if not words:
        return
    padded = b" %b " % view
    if len(words) > _FEW_WORDS:
        keys = [b" %b " % word for word in words]
        for number, start, _ in BytesAhoCorasick(keys).find_matches_as_indexes(padded, overlapping=True):
            yield words[number], start
        return
    for word in words:
        key = b" %b " % word
        at = padded.find(key)
        while at >= 0:
            yield word, at
            at = padded.find(key, at + len(word))


assert MOST_WORDS <= _MOST_PIECES
