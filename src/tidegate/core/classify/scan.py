"""All detectors over one text: three passes, validators, and the texts hidden inside it."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain
from typing import NamedTuple

from tidegate.core.classify import apart, encoded, named, opaque
from tidegate.core.classify.candidates import Candidates, ControlCharactersError
from tidegate.core.classify.fold import Edit, View, fold, most_edits, unescape
from tidegate.core.classify.keyworded import Keyworded
from tidegate.core.classify.limits import Looks, OverrunError
from tidegate.core.classify.patterns import begins_word, compile_pattern, ends_word
from tidegate.core.classify.rows import Called, Cued, DetectorFailedError, Finder, Hit, Prefixed, Row, Shaped

_Read = View | encoded.Unescaped

_ENCODED_DISCOUNT = 0.95
_HIDDEN_TIMES = 6
_HIDDEN_BYTES = 1 << 16
"""What is hidden in a text may be so many times as long as it is, and so many bytes more."""

_MOST_SIGNS = 200_000
"""Encoded runs, escapes and broken places in all: a megabyte of escapes one beside the other."""

_SIGN = b"|".join((encoded.ENCODED, encoded.ESCAPES, apart.SPELLED, apart.BROKEN, opaque.ARMOUR))
_SIGNS = compile_pattern(_SIGN, max_mem=32 << 20)
"""One pass for all that hides something. What it is, `_Signs` tells by its bytes."""
_FIRST = compile_pattern(named.SEED + b"|" + _SIGN, max_mem=32 << 20)
"""Where nothing of either stands, as in most prose, two passes are one."""
_SIGNS_BUT_ESCAPES = compile_pattern(
    b"|".join((encoded.ENCODED, apart.SPELLED, apart.BROKEN, opaque.ARMOUR)), max_mem=32 << 20
)
"""The same for a text that is full of escapes, which are then read all at once."""


class _Work:
    """What may still be spent on a text and on those hidden in it."""

    def __init__(self, size: int, depth: int, looks: Looks) -> None:
        self.looks = looks
        self._left = _HIDDEN_TIMES * size + _HIDDEN_BYTES
        self._depth = depth
        self._signs = _MOST_SIGNS

    def count(self, signs: int) -> None:
        """Raises OverrunError."""
        self._signs -= signs
        if self._signs < 0:
            raise OverrunError("hidden")

    def spend(self, size: int, depth: int) -> None:
        """Raises OverrunError."""
        self._left -= size
        if depth > self._depth:
            raise OverrunError("depth")
        if self._left < 0:
            raise OverrunError("hidden")


class _Signs(NamedTuple):
    """What a text hides, each in order of its places."""

    runs: list[encoded.Run]
    escapes: list[Edit] | encoded.Unescaped
    spelled: list[Edit]
    breaks: list[Edit]
    blocks: list[Hit]


class Scanner:
    """Immutable after construction; threads may share it."""

    def __init__(
        self, rows: Iterable[Row], finders: Iterable[Finder] = (), *, max_depth: int, max_findings: int
    ) -> None:
        rows = tuple(rows)
        self._finders = tuple(finders)
        self._candidates = Candidates(row for row in rows if isinstance(row, Shaped))
        self._keyworded = Keyworded(row for row in rows if isinstance(row, Prefixed | Cued | Called))
        self._max_depth = max_depth
        self._max_findings = max_findings

    def scan(self, source: bytes, failed: set[str], looks: Looks | None = None) -> list[Hit]:
        """Hits in `source`, UTF-8. A detector that raises is named in `failed`. Raises OverrunError."""
        hits = self._scan(source, failed, self._work(source, looks), 0)
        if len(hits) > self._max_findings:
            raise OverrunError("findings")
        return hits

    def put_together(self, source: bytes, failed: set[str]) -> list[Hit]:
        """Hits in what was put together from pieces, strong enough to believe that they belong together."""
        hits = self._scan(source, failed, self._work(source), 0, whole=False)
        return list(filter(apart.counts, hits))

    def _work(self, source: bytes, looks: Looks | None = None) -> _Work:
        return _Work(len(source), self._max_depth, looks or Looks(len(source)))

    def _scan(self, source: bytes, failed: set[str], work: _Work, depth: int, *, whole: bool = True) -> list[Hit]:
        """`whole`: nobody has put it together, so it may have to be."""
        folded = None if source.isascii() else fold(source)
        data = unescape(folded.data if folded else source)
        first = _first(data)
        hits = self._visible(data, first, failed, work.looks)
        if hits is None:
            folded = fold(source)
            data = unescape(folded.data if folded else source)
            first = _first(data)
            hits = self._visible(data, first, failed, work.looks) or []
        if first >= 0 or encoded.holds_long_run(data):
            self._add_hidden(hits, data, max(first, 0), failed, work, depth, whole=whole)
        return hits if folded is None else [_mapped(hit, folded) for hit in hits]

    def _visible(self, data: bytes, first: int, failed: set[str], looks: Looks) -> list[Hit] | None:
        """What stands in `data` as it is; None where control characters split it, which is told by the way. `first`: no
        run that `named` looks for begins before it; -1 where there is none.
        """
        lower = data.lower()
        hits: list[Hit] = []
        try:
            hits += self._candidates.hits(data, lower, looks)
        except ControlCharactersError:
            return None
        except DetectorFailedError as error:
            failed.add(error.detector)
        try:
            hits += self._keyworded.hits(data, lower, looks, first)
        except DetectorFailedError as error:
            failed.add(error.detector)
        for finder in self._finders:
            try:
                hits += finder.hits(data, lower)
            except Exception:  # noqa: BLE001 - whatever it is, this detector has not looked
                failed.add(finder.name)
        return hits

    def _add_hidden(
        self, hits: list[Hit], data: bytes, first: int, failed: set[str], work: _Work, depth: int, *, whole: bool
    ) -> None:
        signs = _signs(data, first, whole=whole, lines=depth == 0)
        if not any(signs):
            return
        work.count(sum(map(len, signs)))
        hits += signs.blocks
        hits += map(opaque.opaque, filter(opaque.is_opaque, signs.runs))
        readable = [run for run in signs.runs if run.text]
        if readable:
            hits += self._in_runs(readable, failed, work, depth + 1)
        if signs.escapes:
            view = (
                signs.escapes if isinstance(signs.escapes, encoded.Unescaped) else encoded.windows(data, signs.escapes)
            )
            work.spend(len(view.data), depth + 1)
            found = self._scan(view.data, failed, work, depth + 1, whole=whole)
            hits += (_mapped(hit, view) for hit in found if not _cut(hit, view, data))
        for edits in filter(None, (signs.spelled, signs.breaks, apart.with_spaces(data, signs.breaks))):
            known = {(hit.start, hit.detector) for hit in hits}  # what was found as it stands does not go on
            together = self._put_together(data, edits, failed, work, depth)
            hits += (hit for hit in together if (hit.start, hit.detector) not in known)
        hits[:] = dict.fromkeys(hits)

    def _in_runs(self, runs: list[encoded.Run], failed: set[str], work: _Work, depth: int) -> Iterator[Hit]:
        text = encoded.SEAM_BYTES.join(run.text for run in runs)
        work.spend(len(text), depth)
        starts = [0, *accumulate(len(run.text) + 1 for run in runs)]
        for hit in self._scan(text, failed, work, depth):
            run = runs[bisect_right(starts, hit.start) - 1]
            yield hit._replace(start=run.start, end=run.end, score=hit.score * _ENCODED_DISCOUNT)

    def _put_together(self, data: bytes, edits: list[Edit], failed: set[str], work: _Work, depth: int) -> Iterator[Hit]:
        view = encoded.windows(data, edits, apart.REACH_BYTES)
        work.spend(len(view.data), depth)
        found = self._scan(view.data, failed, work, depth, whole=False)
        strong = [_mapped(hit, view) for hit in found if apart.counts(hit) and not _cut(hit, view, data)]
        return apart.reaching_over(strong, edits)


def _first(data: bytes) -> int:
    """Where the first run or sign may stand; -1 for nowhere."""
    return _FIRST.find(data, 0, len(data))[0][0]


def _signs(data: bytes, at: int, *, whole: bool, lines: bool) -> _Signs:
    """`at`: none begins before it. `lines`: breaks between lines and parts are asked for as well."""
    escapes: list[Edit] = []
    signs = _Signs([], escapes, [], [], [])
    find, size = _SIGNS.find, len(data)
    most_escapes, column = most_edits(size), apart.Column()
    while True:
        start, end = find(data, at, size)[0]
        if start < 0:
            break
        if data[start] in b"%\\&":
            escapes.extend(encoded.unescaped(data[start:end], start))
            at = end
            if len(escapes) > most_escapes and find is not _SIGNS_BUT_ESCAPES.find:
                find = _SIGNS_BUT_ESCAPES.find
                signs = signs._replace(escapes=encoded.Unescaped(data))
        elif data.startswith(opaque.ARMOUR_HEADS, start):
            signs.blocks.append(opaque.block(data, start, end))
            at = signs.blocks[-1].end
        elif start < column.reach and column.goes_on(data, start, end):
            at = column.skip(data, end)
        else:
            at = max(end - 1, _sign(signs, data, start, end, whole=whole, lines=lines))
            if signs.breaks and signs.breaks[-1].low >= start:
                column.take(signs.breaks[-1])
    more = list(encoded.long_runs(data, signs.runs))
    if more:
        signs.runs[:] = sorted(chain(signs.runs, more))
    if signs.breaks:
        signs.breaks[:] = apart.without_columns(encoded.outside(signs.breaks, signs.runs))
    return signs


def _sign(signs: _Signs, data: bytes, start: int, end: int, *, whole: bool, lines: bool) -> int:
    """Adds what was seen from `start` to `end`; where the pass goes on."""
    match = data[start:end]
    run: encoded.Run | None = None
    done = signs.runs[-1].end if signs.runs else 0
    if apart.is_spelled(match):
        if whole:
            begin = start + match.startswith(b"_")
            signs.spelled.append(apart.spelled(data[begin:end], begin))
        return end
    if encoded.is_plain(match):
        run = encoded.base64_at(data, start, done)
    elif encoded.is_hex(match):
        run = encoded.hex_at(data, start)
    elif encoded.is_spaced(match):
        run = encoded.spaced_base64_at(data, start, done)
    elif whole and lines and (edit := apart.broken(data, start, end)):
        signs.breaks.append(edit)
    if run:
        signs.runs.append(run)
        return run.end
    return end - 1


def _mapped(hit: Hit, folded: _Read) -> Hit:
    start, end = folded.span(hit.start, hit.end)
    return hit._replace(start=start, end=end)


def _cut(hit: Hit, view: _Read, data: bytes) -> bool:
    """A window's edge cut a longer token there, so that a piece of it looks like a whole value."""
    start, end = view.span(hit.start, hit.end)
    before = view.data[max(0, hit.start - 1) : hit.start] == encoded.SEAM_BYTES and not begins_word(data, start)
    return before or (view.data[hit.end : hit.end + 1] == encoded.SEAM_BYTES and not ends_word(data, end))
