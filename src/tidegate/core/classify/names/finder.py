"""Persons, and the places and organisations that belong to them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple

from tidegate.core.classify.names.cues import PERSONAL_CUES, Spots
from tidegate.core.classify.names.features import (
    CONNECTIVES,
    PARTICLE,
    PARTICLES,
    PERSONAL,
    SMALL,
    Context,
    Look,
    Looks,
    rows,
)
from tidegate.core.classify.names.gazetteer import Gazetteer
from tidegate.core.classify.names.tagger import LOCATION, ORGANIZATION, OUTSIDE, PERSON, Tagger
from tidegate.core.classify.names.words import Words
from tidegate.core.classify.patterns import compile_pattern
from tidegate.core.classify.rows import STRONG, Hit

LABELS = {PERSON: "pii.person", LOCATION: "pii.location", ORGANIZATION: "pii.organization"}
_MARGIN = 48
"""Bytes to either side of a candidate that are read as words; the tagger looks at three of them."""
_NEAR = 120
"""Bytes: how far a person may be from a place or an organisation that is theirs."""
_LIKELY = 0.6
_SHORT_LINE = 80
_MOST = STRONG - 0.01
"""Statistics are never strong evidence: an address or an account number at the same place goes first."""
_FULL_STOPS = (b". ", b"! ", b"? ")
_ENDS = compile_pattern(rb"[.!?][\"')]*[ \t\r]|\n|\x1e")


_INNER = PARTICLES - CONNECTIVES


class Name(NamedTuple):
    """A run of words of one kind; `start` and `end` in bytes of the text."""

    start: int
    end: int
    kind: int
    likelihood: float


class Judged(NamedTuple):
    """Words of a stretch of text that may be names: their numbers, from left to right."""

    context: Context
    numbers: list[int]


class NamesFinder:
    """A `rows.Finder`. Immutable and without memory of what it has read; threads may share it."""

    name = "names"
    labels = frozenset(LABELS.values())

    def __init__(self, tagger: Tagger, gazetteer: Gazetteer, version: str) -> None:
        self._tagger = tagger
        self._gazetteer = gazetteer
        self._looks = Looks(gazetteer)
        self._spots = Spots(gazetteer)
        self.version = version

    def hits(self, data: bytes, lower: bytes) -> Iterable[Hit]:  # noqa: ARG002 - capitals are what counts here
        """Persons; places and organisations where they are somebody's (see `_is_personal`)."""
        names = self.names(data)
        persons = [name for name in names if name.kind == PERSON]
        return [
            Hit(start, end, LABELS[kind], min(_MOST, likelihood), self.name)
            for start, end, kind, likelihood in names
            if kind == PERSON or _is_personal(data, start, end, persons)
        ]

    def names(self, data: bytes) -> list[Name]:
        """All names in `data`, whomever they belong to."""
        judge = self._tagger.judge
        names: list[Name] = []
        for context, numbers in self.judged(data):
            words: list[int] = []
            of, likely = OUTSIDE, 0.0
            for n in numbers:
                kind, likelihood = judge(rows(context, n))
                if words and (kind != of or n != words[-1] + 1 or not context.is_joined(n)):
                    _add(names, context, words, of, likely)
                    words, likely = [], 0.0
                if kind != OUTSIDE:
                    of = kind
                    words.append(n)
                    likely += likelihood
            if words:
                _add(names, context, words, of, likely)
        return _mended(names, data)

    def judged(self, data: bytes) -> Iterator[Judged]:
        """The words that the tagger is asked about; the recipe learns from the same ones."""
        near: list[tuple[int, int]] = []
        seen: dict[bytes, Look] = {}
        for spot in self._spots.of(data):
            if near and spot[0] - near[-1][1] > _MARGIN:
                yield self._judged_near(data, near, seen)
                near = []
            near.append(spot)
        if near:
            yield self._judged_near(data, near, seen)

    def _judged_near(self, data: bytes, near: list[tuple[int, int]], seen: dict[bytes, Look]) -> Judged:
        start, end = _whole_words(data, near[0][0] - _MARGIN, near[-1][1] + _MARGIN)
        context = Context(Words(data, start, end), self._looks, seen)
        numbers: list[int] = []
        done = -1
        ends, kinds = context.words.ends, context.kinds
        for spot, _ in near:
            n = bisect_right(ends, spot) - 1
            if kinds[n] == SMALL:
                context.note_small(n)
            if n > done:
                first, last = context.neighbours(n)
                numbers += range(max(first, done + 1), last + 1)
                done = last
        return Judged(context, numbers)


def _add(names: list[Name], context: Context, words: list[int], kind: int, likely: float) -> None:
    """Neighbouring words of one kind as one name, where that is likely enough; no title before, no particle behind."""
    likelihood = likely / len(words)
    if likelihood < _LIKELY:
        return
    kinds = context.kinds
    first, last = words[0], words[-1]
    while first <= last and (
        context.plain[first] in CONNECTIVES
        if kind == PERSON and kinds[first] == PARTICLE
        else kinds[first] in (PARTICLE, PERSONAL)
    ):
        first += 1
    while first <= last and kinds[last] == PARTICLE:
        last -= 1
    if first <= last:
        names.append(Name(context.words.start(first), context.words.ends[last + 1], kind, likelihood))


def _mended(names: list[Name], data: bytes) -> list[Name]:
    """Persons' names that a particle had split ("Fernández" "de la" "Cruz") in one piece."""
    mended: list[Name] = []
    for name in names:
        before = mended[-1] if mended else name
        if (
            name.kind == before.kind == PERSON
            and 3 < name.start - before.end < 16
            and all(word in _INNER for word in data[before.end : name.start].split(b" ")[1:-1])
            and data[before.end : before.end + 1] == data[name.start - 1 : name.start] == b" "
        ):
            name = mended.pop()._replace(end=name.end)  # noqa: PLW2901 - the longer one stands for both
        mended.append(name)
    return mended


def _whole_words(data: bytes, start: int, end: int) -> tuple[int, int]:
    """The span, narrowed to where words begin and end."""
    start = max(0, start, data.find(b" ", start, start + _MARGIN // 2)) if start > 0 else 0
    if end >= len(data):
        return start, len(data)
    cut = data.rfind(b" ", end - _MARGIN // 2, end)
    return start, cut if cut > 0 else end


def _is_personal(data: bytes, start: int, end: int, persons: list[Name]) -> bool:
    """A place or organisation is somebody's where a person, or words of residence, origin or employment, stand with it.

    With it: in the same sentence or line, or in a block of short lines (an address, a signature, a record), and within
    `_NEAR` bytes. "What is the capital of France?" speaks of nobody.
    """
    at = bisect_left(persons, (start,))
    for person in persons[max(0, at - 1) : at + 1]:
        low, high = min(end, person.end), max(start, person.start)
        if high - low <= _NEAR and _together(data[low:high]):
            return True
    before = data[max(0, start - _NEAR) : start]
    cut = max(before.rfind(b"\n"), before.rfind(b"\x1e"), *map(before.rfind, _FULL_STOPS))
    return PERSONAL_CUES.is_in(before[cut + 1 :])


def _together(between: bytes) -> bool:
    if not _ENDS.is_in(between):
        return True
    lines = between.split(b"\n")
    return (
        1 < len(lines) <= 6
        and all(line.strip() and len(line) <= _SHORT_LINE for line in lines[1:-1])
        and not any(_ENDS.is_in(line) for line in lines)
    )


def load(weights: bytes, gazetteer: bytes) -> NamesFinder:
    """The finder of two files' bytes, which are kept and read where they lie.

    Raises ValueError where they are not of this version.
    """
    version = sha256(weights + gazetteer).hexdigest()[:12]
    return NamesFinder(Tagger(weights), Gazetteer(gazetteer), version)
