"""All detectors over one text: three passes, validators, and the texts hidden inside it."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

from tidegate.core.classify import encoded
from tidegate.core.classify.candidates import Candidates, ControlCharactersError
from tidegate.core.classify.fold import Folded, fold, unescape
from tidegate.core.classify.keyworded import Keyworded
from tidegate.core.classify.patterns import begins_word, ends_word
from tidegate.core.classify.rows import Called, Cued, DetectorFailedError, Finder, Hit, Prefixed, Row, Shaped

_ENCODED_DISCOUNT = 0.95


class OverrunError(Exception):
    """A stated limit was reached: `limit` names it."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


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

    def scan(self, source: bytes, failed: set[str], depth: int = 0) -> list[Hit]:
        """Hits in `source`, UTF-8. A detector that raises is named in `failed`. Raises OverrunError."""
        folded = None if source.isascii() else fold(source)
        data = unescape(folded.data if folded else source)
        hits = self._visible(data, failed)
        if hits is None:
            folded = fold(source)
            data = unescape(folded.data if folded else source)
            hits = self._visible(data, failed) or []
        hits += self._hidden(data, failed, depth)
        if len(hits) > self._max_findings:
            raise OverrunError("findings")
        return hits if folded is None else [_mapped(hit, folded) for hit in hits]

    def _visible(self, data: bytes, failed: set[str]) -> list[Hit] | None:
        """What stands in `data` as it is; None where control characters split it, which is told by the way."""
        lower = data.lower()
        hits: list[Hit] = []
        try:
            hits += self._candidates.hits(data, lower)
        except ControlCharactersError:
            return None
        except DetectorFailedError as error:
            failed.add(error.detector)
        try:
            hits += self._keyworded.hits(data, lower)
        except DetectorFailedError as error:
            failed.add(error.detector)
        for finder in self._finders:
            try:
                hits += finder.hits(data, lower)
            except Exception:  # noqa: BLE001 - whatever it is, this detector has not looked
                failed.add(finder.name)
        return hits

    def _hidden(self, data: bytes, failed: set[str], depth: int) -> list[Hit]:
        runs = list(encoded.base64_runs(data))
        view = encoded.unescaped(data) if encoded.may_hold_escapes(data) else None
        if not runs and view is None:
            return []
        if depth == self._max_depth:
            raise OverrunError("depth")
        hits: list[Hit] = []
        if runs:
            hits += self._in_runs(runs, failed, depth)
        if view is not None:
            found = self.scan(view.data, failed, depth + 1)
            hits += (_mapped(hit, view) for hit in found if not _cut(hit, view, data))
        return hits

    def _in_runs(self, runs: list[encoded.Run], failed: set[str], depth: int) -> Iterator[Hit]:
        starts = [0, *accumulate(len(run.text) + 1 for run in runs)]
        for hit in self.scan(encoded.SEAM_BYTES.join(run.text for run in runs), failed, depth + 1):
            run = runs[bisect_right(starts, hit.start) - 1]
            yield hit._replace(start=run.start, end=run.end, score=hit.score * _ENCODED_DISCOUNT)


def _mapped(hit: Hit, folded: Folded) -> Hit:
    start, end = folded.span(hit.start, hit.end)
    return hit._replace(start=start, end=end)


def _cut(hit: Hit, view: Folded, data: bytes) -> bool:
    """A window's edge cut a longer token there, so that a piece of it looks like a whole value."""
    start, end = view.span(hit.start, hit.end)
    before = view.data[max(0, hit.start - 1) : hit.start] == encoded.SEAM_BYTES and not begins_word(data, start)
    return before or (view.data[hit.end : hit.end + 1] == encoded.SEAM_BYTES and not ends_word(data, end))
