"""All detectors over one text: three passes, validators, and the texts hidden inside it."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

from tidegate.core.classify import assignments, encoded, tokens
from tidegate.core.classify.fold import Folded, fold, unescape
from tidegate.core.classify.keyworded import Keyworded
from tidegate.core.classify.patterns import DIGITS, begins_word, compile_pattern, ends_word
from tidegate.core.classify.rows import Cued, DetectorFailedError, Hit, Prefixed, Row, Shaped
from tidegate.core.classify.shaped import Shapes

_ENCODED_DISCOUNT = 0.95
_ZERO, _NINE, _SEMICOLON, _AT, _UNDERSCORE = 0x30, 0x39, 0x3B, 0x40, 0x5F
_PHRASE_OPENINGS = b"+("
_IBAN_HEAD_BYTES = 9


class OverrunError(Exception):
    """A stated limit was reached: `limit` names it."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


class _ControlCharactersError(Exception):
    """The text must be folded first."""


class Scanner:
    """Immutable after construction; threads may share it."""

    def __init__(self, rows: Iterable[Row], *, max_depth: int, max_findings: int) -> None:
        rows = tuple(rows)
        self._shapes = Shapes(row for row in rows if isinstance(row, Shaped))
        self._keyworded = Keyworded(row for row in rows if isinstance(row, Prefixed | Cued))
        self._candidates = compile_pattern(_candidate_pattern(self._shapes.lettered_patterns), max_mem=32 << 20)
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
            hits.extend(self._structured(data, lower))
        except _ControlCharactersError:
            return None
        except DetectorFailedError as error:
            failed.add(error.detector)
        try:
            hits.extend(self._keyworded.hits(data, lower))
        except DetectorFailedError as error:
            failed.add(error.detector)
        return hits

    def _structured(self, data: bytes, lower: bytes) -> Iterator[Hit]:
        """One pass over candidates. After one that came to nothing it goes on inside it: it may hide the next."""
        resume: int | None = 0
        while resume is not None:
            at, resume = resume, None
            for found in self._candidates.finditer(data, at):
                start, end = found.span()
                if data[start] == _UNDERSCORE:
                    start += 1
                hits, resume = self._candidate(data, lower, start, end)
                yield from hits
                if resume is not None:
                    break

    def _candidate(self, data: bytes, lower: bytes, start: int, end: int) -> tuple[Iterable[Hit], int | None]:
        """Its hits, and where the pass goes on if not behind it."""
        first = data[start]
        if _ZERO <= first <= _NINE:
            return self._digits_first(data, lower, start, end)
        if first in _PHRASE_OPENINGS:
            return self._shapes.numbers(data, lower, start, end), None
        if first == _AT:
            hit = tokens.email(data, start)
            return ((hit,), hit.end) if hit else ((), start + 1)
        if first == _SEMICOLON:
            hit = tokens.track2(data, start)
            return ((hit,), hit.end) if hit else ((), start + 1)
        if first < 0x20 or first == 0x7F:
            raise _ControlCharactersError
        return self._letter_first(data, lower, start, end)

    def _digits_first(self, data: bytes, lower: bytes, start: int, end: int) -> tuple[Iterable[Hit], int | None]:
        text = data[start:end]
        hit = None
        if text.translate(None, DIGITS) == b"...":
            hit = tokens.ipv4(data, lower, start, end)
        elif self._shapes.is_lettered(text):
            hit = self._shapes.lettered(data, lower, start, end)
        elif _is_mac(text):
            hit = tokens.mac(data, start, end)
        elif b":" in text:
            hit = tokens.ipv6(data, start)
        if hit:
            return (hit,), hit.end
        phrase = _PHRASE.match(data, start)
        if phrase is None:
            return (), end if b":" not in text else start + 4
        return self._shapes.numbers(data, lower, start, phrase.end()), phrase.end()

    def _letter_first(self, data: bytes, lower: bytes, start: int, end: int) -> tuple[Iterable[Hit], int | None]:
        text = data[start:end]
        shaped = self._shapes.is_lettered(text)
        hit = self._shapes.lettered(data, lower, start, end) if shaped else None
        if hit is None and text[2:4].isdigit():
            hit = tokens.bank_iban(data, start)
        if hit is None and _is_mac(text):
            hit = tokens.mac(data, start, end)
        if hit:
            return (hit,), hit.end
        if shaped or (text[2:4].isdigit() and end - start <= _IBAN_HEAD_BYTES) or _is_mac(text):
            return (), start + 2
        hit, begin = assignments.assignment(data, lower, start, end)
        return (hit,) if hit else (), max(begin, start + 2)

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


def _is_mac(text: bytes) -> bool:
    return (len(text) == 17 and text[2] in b":-") or (len(text) == 14 and text[4] == text[9] == 0x2E)


def _mapped(hit: Hit, folded: Folded) -> Hit:
    start, end = folded.span(hit.start, hit.end)
    return hit._replace(start=start, end=end)


def _cut(hit: Hit, view: Folded, data: bytes) -> bool:
    """A window's edge cut a longer token there, so that a piece of it looks like a whole value."""
    start, end = view.span(hit.start, hit.end)
    before = view.data[max(0, hit.start - 1) : hit.start] == encoded.SEAM_BYTES and not begins_word(data, start)
    return before or (view.data[hit.end : hit.end + 1] == encoded.SEAM_BYTES and not ends_word(data, end))


_PHRASE_BODY = rb"(?:[ ().\-/]{0,3}\d){6}(?:[ ().\-/]{0,3}\d)*"
_PHRASE = compile_pattern(rb"\d" + _PHRASE_BODY)


def _candidate_pattern(lettered: Iterable[bytes]) -> bytes:
    """One alternation without groups, earlier alternatives first: what a match is, its first bytes tell."""
    at_edge = (
        rb"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}",
        *lettered,
        rb"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}",
        rb"[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}",
        rb"[23][0-9A-Fa-f]{3}:[0-9A-Fa-f]*:",
        rb"\d" + _PHRASE_BODY,
        rb"[A-Za-z]{2}\d{2}[ -]?[0-9A-Za-z]{4}",
    )
    anywhere = (
        rb"[+(]\(?\+?\d" + _PHRASE_BODY,
        rb"@[0-9A-Za-z\x80-\xff]",
        rb";\d{13,19}=\d{4}",
        assignments.PATTERN,
        rb"[\x00-\x08\x0b\x0c\x0e-\x1d\x1f\x7f]",
    )
    return rb"(?:\b|_)(?:" + b"|".join(at_edge) + b")|" + b"|".join(anywhere)
