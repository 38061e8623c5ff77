"""Registered code in a text: windows that stand in a row there and in the repository.

One window alone says nothing, as everybody writes the same idioms. What counts is that several different ones stand in
the same order, at the same distance from each other, in one place of the repository; the more if names agree as well.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import accumulate, pairwise
from math import log2

from tidegate.core.classify.fold import SEAM
from tidegate.core.classify.proprietary.prints import Names, Prints, agreement, window_print
from tidegate.core.classify.proprietary.windows import Reading, read, token_ends
from tidegate.core.classify.rows import Hit

LABEL = "code.proprietary"
NAME = "registered_code"
SCORE = 0.9

_SHORTEST_BYTES = 120
_BLOCK_BYTES = 2048
_FEWEST_SIGNS = 2
_NEEDED = 3.6
_FOR_NAME = 0.2
"""A window is worth one, and so much more for each name that agrees: changing all names should not help much."""
_USUAL_WINDOWS = 16
_FOR_LENGTH = 1.5
_USUAL_ENTRIES = 1 << 16
_FOR_SIZE = 0.5
"""Long texts and large repositories agree by chance more often, so they have to agree more: by so much each time they
double.
"""
_BAND = 4
_FARTHEST = 20
_WEIGHTS = (0.0, 1.0, 1.0, 0.67, 0.5, 0.4, 0.33, 0.25, 0.12)
"""Of a window that stands in so many of the repository's files: what is everywhere is an idiom."""


class _Run:
    """Windows along one diagonal, none far from the one before."""

    __slots__ = ("evidence", "first", "last", "total")

    def __init__(self, at: int) -> None:
        self.first = self.last = at
        self.evidence: dict[int, float] = {}
        self.total = 0.0

    def take(self, at: int, print_: int, worth: float) -> float:
        """What the run is worth then. The same window counts once: a loop over one line is no long copy."""
        self.last = at
        known = self.evidence.get(print_, 0.0)
        if worth > known:
            self.evidence[print_] = worth
            self.total += worth - known
        return self.total


class CodeFinder:
    """A `rows.Finder`. Its hits are whole passages: they depend on all of one part's text, and on no other part.

    Immutable; threads may share it.
    """

    name = NAME
    labels = frozenset({LABEL})

    def __init__(self, prints: Sequence[Prints], key: bytes) -> None:
        """`key`: what `prints.derive_key` gives, which all of `prints` were made with."""
        self._prints = tuple(prints)
        self._key = key
        self.version = blake2b("".join(one.header.mac for one in prints).encode(), digest_size=8).hexdigest()

    def hits(self, data: bytes, lower: bytes) -> Iterator[Hit]:  # noqa: ARG002 - a finder is given both
        for start, end in regions(data):
            text = data[start:end]
            for low, high in self._passages(text):
                yield Hit(start + low, start + high, LABEL, SCORE, NAME)

    def _passages(self, text: bytes) -> Iterator[tuple[int, int]]:
        reading = read(text)
        runs = [run for prints in self._prints for run in self._runs(reading, prints)] if reading.windows else []
        if not runs:
            return
        lines = [0, *accumulate(len(line) + 1 for line in text.split(b"\n"))]
        end = -1
        for first, last in sorted((run.first, run.last) for run in runs):
            if end < 0:
                low, end = first, last
            elif first <= end + 1:
                end = max(end, last)
            else:
                yield _span(text, lines, reading, low, end)
                low, end = first, last
        yield _span(text, lines, reading, low, end)

    def _runs(self, reading: Reading, prints: Prints) -> list[_Run]:
        """Runs that are worth enough."""
        needed = _NEEDED + _FOR_LENGTH * log2(max(1.0, len(reading.windows) / _USUAL_WINDOWS))
        needed += _FOR_SIZE * log2(max(1.0, prints.header.entries / _USUAL_ENTRIES))
        names = Names(self._key)
        bands: dict[int, _Run] = {}
        enough: list[_Run] = []
        looked_at = -1
        for at, window in enumerate(reading.windows):
            if at == looked_at:
                continue
            print_ = window_print(self._key, window[4])
            found = prints.find(print_)
            if not found:
                continue
            if _goes_on(at, found, bands, needed):
                looked_at = at + 1  # windows overlap: inside of what is certain, every other one will do
                continue
            ours = names.of(reading, window)
            for place, entry in found:
                files, same = agreement(entry, ours)
                band = (place - at) // _BAND
                worth = _WEIGHTS[files] * (1 + _FOR_NAME * same)
                enough += [run for run in _runs_of(band, at, bands) if run.take(at, print_, worth) >= needed]
        return enough


def _goes_on(at: int, found: Iterable[tuple[int, int]], bands: dict[int, _Run], needed: float) -> bool:
    """Some run that is worth enough already is a window longer: that needs no closer look."""
    for place, _ in found:
        run = bands.get((place - at) // _BAND)
        if run is not None and run.total >= needed and at - run.last <= _FARTHEST:
            run.last = at
            return True
    return False


def _runs_of(band: int, at: int, bands: dict[int, _Run]) -> Iterator[_Run]:
    """Two for each diagonal, as bands overlap by half: what a few lines more or less have moved stays in one."""
    for one in (band, band + 1):
        run = bands.get(one)
        if run is None or at - run.last > _FARTHEST:
            run = bands[one] = _Run(at)
        yield run


def regions(data: bytes) -> Iterator[tuple[int, int]]:
    """Where `data` looks like code at all, part by part. Prose, JSON and YAML cost next to nothing here."""
    start = 0
    for part in data.split(SEAM.encode()):
        if len(part) >= _SHORTEST_BYTES:
            for low, high in _like_code(part):
                yield start + low, start + high
        start += len(part) + 1


def _like_code(part: bytes) -> Iterator[tuple[int, int]]:
    """Blocks of whole lines, each with the next one: an excerpt may stand on the border of two."""
    if len(part) <= 2 * _BLOCK_BYTES:
        if signs(part) >= _FEWEST_SIGNS:
            yield 0, len(part)
        return
    cuts = [0]
    while len(part) - cuts[-1] > 2 * _BLOCK_BYTES:
        line = part.find(b"\n", cuts[-1] + _BLOCK_BYTES)
        if line < 0 or line + 1 >= len(part):
            break
        cuts.append(line + 1)
    cuts.append(len(part))
    counts = [signs(part[low:high]) for low, high in pairwise(cuts)]
    wanted = [False] * len(counts)
    for index, count in enumerate(counts):
        wanted[index] |= count >= _FEWEST_SIGNS
        if index and count + counts[index - 1] >= _FEWEST_SIGNS:
            wanted[index - 1] = wanted[index] = True
    start = None
    for index, want in enumerate((*wanted, False)):
        if want and start is None:
            start = cuts[index]
        elif not want and start is not None:
            yield start, cuts[index]
            start = None


def signs(text: bytes) -> int:
    """Assignments, calls, ends of statements, blocks, lists of strings: what prose, JSON and YAML hardly have."""
    statements = text.count(b"=") + text.count(b"(") - text.count(b" (")
    if statements >= _FEWEST_SIGNS:
        return statements
    tables = text.count(b"0x") + text.count(b"',") + text.count(b"#define") + text.count(b'",\n') - text.count(b'": ')
    return statements + text.count(b";\n") + text.count(b"{\n") + max(0, tables)


def _span(text: bytes, lines: list[int], reading: Reading, first: int, last: int) -> tuple[int, int]:
    """Bytes from the first window's line to the last one's end.

    To the end of that line, unless a quote stands on what is left of it: in a JSON document the string may end there,
    and what replaces a passage has to leave the document whole.
    """
    low = lines[reading.windows[first][0]]
    _, at, length, *_ = reading.windows[last]
    token = at + length - 1
    line = bisect_right(reading.before, token) - 1
    begin, high = lines[line], lines[line + 1] - 1
    if b'"' in text[begin:high]:
        ends = token_ends(text[begin:high])
        stop = begin + ends[min(token - reading.before[line], len(ends) - 1)]
        high = high if b'"' not in text[stop:high] else stop
    return low, high
