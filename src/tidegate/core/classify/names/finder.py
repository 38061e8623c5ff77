"""Persons, and the places and organisations that belong to them."""

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple

from tidegate.core.classify.names.cues import PERSONAL_CUES, spots
from tidegate.core.classify.names.features import PARTICLES, Context, is_title, may_join, rows
from tidegate.core.classify.names.gazetteer import Gazetteer
from tidegate.core.classify.names.tagger import LOCATION, ORGANIZATION, OUTSIDE, PERSON, Tagger
from tidegate.core.classify.names.words import Words
from tidegate.core.classify.patterns import compile_pattern
from tidegate.core.classify.rows import REPORTED, STRONG, Hit

LABELS = {PERSON: "pii.person", LOCATION: "pii.location", ORGANIZATION: "pii.organization"}
_MARGIN = 64
"""Bytes to either side of a candidate that are read as words; the tagger looks at three of them."""
_LONGEST_RUN = 10
_NEAR = 160
"""Bytes: how far a person may be from a place or an organisation that is theirs."""
_SHORT_LINE = 80
_MOST = STRONG - 0.01
"""Statistics are never strong evidence: an address or an account number at the same place goes first."""
_ENDS = compile_pattern(rb"[.!?][\"')]*[ \t\r]|\n|\x1e")


class Name(NamedTuple):
    """A run of words of one kind; `start` and `end` in bytes of the text."""

    start: int
    end: int
    kind: int
    likelihood: float


class Run(NamedTuple):
    """Neighbouring words that may be names: numbers of the first and the last, and their context."""

    context: Context
    first: int
    last: int


class NamesFinder:
    """A `rows.Finder`. Immutable and without memory of what it has read; threads may share it."""

    name = "names"
    labels = frozenset(LABELS.values())

    def __init__(self, tagger: Tagger, gazetteer: Gazetteer, version: str) -> None:
        self._tagger = tagger
        self._gazetteer = gazetteer
        self.version = version

    def hits(self, data: bytes, lower: bytes) -> Iterable[Hit]:  # noqa: ARG002 - capitals are what counts here
        """Persons; places and organisations where they are somebody's (see `_is_personal`)."""
        names = list(self.names(data))
        persons = [name for name in names if name.kind == PERSON]
        return [
            Hit(start, end, LABELS[kind], min(_MOST, max(REPORTED, likelihood)), self.name)
            for start, end, kind, likelihood in names
            if kind == PERSON or _is_personal(data, start, end, persons)
        ]

    def names(self, data: bytes) -> Iterator[Name]:
        """All names in `data`, whomever they belong to."""
        for run in self.runs(data):
            yield from self._names_in(run)

    def runs(self, data: bytes) -> Iterator[Run]:
        """The stretches of words that are judged; the recipe learns from the same ones."""
        near: list[tuple[int, int]] = []
        for spot in spots(data, self._gazetteer):
            if near and spot[0] - near[-1][1] > _MARGIN:
                yield from self._runs_near(data, near)
                near = []
            near.append(spot)
        if near:
            yield from self._runs_near(data, near)

    def _runs_near(self, data: bytes, near: list[tuple[int, int]]) -> Iterator[Run]:
        start, end = _whole_words(data, near[0][0] - _MARGIN, near[-1][1] + _MARGIN)
        context = Context(Words(data, start, end), self._gazetteer)
        done = -1
        for spot in near:
            n = context.words.at(spot[0])
            if n > done:
                first, done = _run_around(context, n, done)
                yield Run(context, first, done)

    def _names_in(self, run: Run) -> Iterator[Name]:
        context, first, last = run
        kinds: list[tuple[int, float]] = []
        for n in range(first, last + 1):
            likelihoods = self._tagger.likelihoods(rows(context, n, first, last))
            best = max(likelihoods)
            kinds.append((likelihoods.index(best), best))
        n = first
        while n <= last:
            kind = kinds[n - first][0]
            end = n
            while end < last and kinds[end + 1 - first][0] == kind:
                end += 1
            if kind != OUTSIDE:
                yield from _name(context, n, end, kind, [one for _, one in kinds[n - first : end + 1 - first]])
            n = end + 1


def _name(context: Context, first: int, last: int, kind: int, likelihoods: list[float]) -> Iterator[Name]:
    """The words as one name, without title before and particle behind."""
    while first <= last and (context.plain(first) in PARTICLES or (kind == PERSON and is_title(context, first))):
        first += 1
    while first <= last and context.plain(last) in PARTICLES:
        last -= 1
    if first <= last:
        likelihood = sum(likelihoods) / len(likelihoods)
        yield Name(context.words.span(first)[0], context.words.span(last)[1], kind, likelihood)


def _run_around(context: Context, n: int, done: int) -> tuple[int, int]:
    """The words joined to word `n` by nothing but blanks; none of those up to `done`."""
    first = last = n
    while first - 1 > done and last - first < _LONGEST_RUN and may_join(context, first - 1, first):
        first -= 1
    while last + 1 < len(context.words) and last - first < _LONGEST_RUN and may_join(context, last + 1, last + 1):
        last += 1
    while first < n and context.plain(first) in PARTICLES:
        first += 1
    while last > n and context.plain(last) in PARTICLES:
        last -= 1
    return first, last


def _whole_words(data: bytes, start: int, end: int) -> tuple[int, int]:
    """The span, narrowed to where words begin and end."""
    if start <= 0:
        start = 0
    else:
        start = max(start, data.find(b" ", start, start + _MARGIN // 2))
    if end >= len(data):
        return start, len(data)
    cut = data.rfind(b" ", end - _MARGIN // 2, end)
    return start, cut if cut > 0 else end


def _is_personal(data: bytes, start: int, end: int, persons: list[Name]) -> bool:
    """A place or organisation is somebody's where a person, or words of residence, origin or employment, stand with it.

    With it: in the same sentence or line, or in a block of short lines (an address, a signature, a record), and within
    `_NEAR` bytes. "What is the capital of France?" speaks of nobody.
    """
    for person in persons:
        low, high = min(end, person.end), max(start, person.start)
        if high - low <= _NEAR and _together(data[low:high]):
            return True
    before = data[max(0, start - _NEAR) : start]
    last = 0
    for _, stop in _ENDS.spans(before):
        last = stop
    return PERSONAL_CUES.is_in(before[last:])


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
