"""Identifiers of fixed grouping: which rows a grouping calls for, and what their validators say.

A run of digits and separators is turned into its shape (`457-55-5462` into `000-00-0000`) and looked up. A run that is
several values side by side is taken apart at its spaces, the longest known grouping first. What no row knows may still
be a card or a telephone number, which people group as they like.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import product

from tidegate.core.classify import phone
from tidegate.core.classify.context import around, has_cue
from tidegate.core.classify.money import pan
from tidegate.core.classify.patterns import ALNUM, LETTERS, begins_word, ends_word
from tidegate.core.classify.rows import CERTAIN, CUE, REPORTED, STRONG, DetectorFailedError, Hit, Shaped

_TO_SHAPE = bytes(0x30 if chr(b) in "0123456789" else 0x41 if b in LETTERS else b for b in range(256))
_SEPARATORS = bytes(set(range(256)) - set(ALNUM))
_EDGES = b" ./-"
_GLUED_PENALTY = 0.3
_LOOSE_BYTES = 40
_OPENING, _CLOSING, _PLUS = b"()+"
_HARMLESS = (
    "00000-0000",
    *(
        shape.replace("-", separator)
        for separator in "-/."
        for shape in ("0000-00-00", "0000-0-00", "0000-00-0", "00-00-0000", "0-00-0000", "00-0-0000", "0-0-0000")
    ),
)
"""Dates and US postcodes: known, so that nothing else is made of them."""

Claims = tuple[tuple[Shaped, tuple[bytes, ...], float], ...]


class Shapes:
    """Rows by grouping. Immutable after construction."""

    def __init__(self, rows: Iterable[Shaped]) -> None:
        self._claims: dict[bytes, Claims] = {shape.encode(): () for shape in _HARMLESS}
        patterns: dict[bytes, None] = {}
        for row in rows:
            cues = tuple(cue.encode() for cue in row.cues)
            for shape, score in row.shapes.items():
                for variant in _variants(shape):
                    self._claims[variant.encode()] = (*self._claims.get(variant.encode(), ()), (row, cues, score))
                    if "A" in variant:
                        patterns[_pattern(variant)] = None
        self.lettered_patterns = tuple(sorted(patterns, key=len, reverse=True))
        self._atoms: dict[bytes, int] = {}
        for known in self._claims:
            first, *rest = known.split(b" ")
            self._atoms[first] = max(self._atoms.get(first, 0), 1 + len(rest))

    def lettered(self, data: bytes, lower: bytes, start: int, end: int) -> Hit | None:
        """A candidate that one of `lettered_patterns` matched."""
        if not (begins_word(data, start) and ends_word(data, end)):
            return None
        claims = self._claims.get(data[start:end].translate(_TO_SHAPE), ())
        return self._best(claims, data, lower, start, end)

    def is_lettered(self, text: bytes) -> bool:
        shape = text.translate(_TO_SHAPE)
        return b"A" in shape and shape in self._claims

    def numbers(self, data: bytes, lower: bytes, start: int, end: int) -> list[Hit]:
        """What a run of digits and separators holds."""
        if data[start] == _OPENING and _CLOSING not in data[start:end]:  # it is closed behind the run
            start += 1
        shape = data[start:end].translate(_TO_SHAPE)
        claims = self._claims.get(shape)
        if claims == ():
            return []
        if begins_word(data, start) and _ends_number(data, end):
            hit = self._best(claims, data, lower, start, end) if claims else None
            if hit is None and not any(self._claims.get(atom) == () for atom in shape.split(b" ")):
                hit = self._loose(data, lower, start, end)
            if hit:
                return [hit]
        return self._apart(data, lower, start, shape) if b" " in shape or b"/" in shape else []

    def _apart(self, data: bytes, lower: bytes, base: int, shape: bytes) -> list[Hit]:
        atoms = self._split(shape, base)
        if not begins_word(data, base):
            atoms = atoms[1:]
        if atoms and not _ends_number(data, atoms[-1][1]):
            atoms = atoms[:-1]
        hits = []
        at = 0
        while at < len(atoms):
            used, hit = self._longest(data, lower, base, shape, atoms, at)
            if hit:
                hits.append(hit)
            at += used
        return hits

    def _split(self, shape: bytes, base: int) -> list[tuple[int, int]]:
        """Spans between spaces, and between slashes that no known grouping has; without punctuation at their edges."""
        spans = []
        for piece in shape.split(b" "):
            for part in (piece,) if piece in self._claims else piece.split(b"/"):
                inner = part.strip(_EDGES)
                if inner:
                    low = base + part.index(inner)
                    spans.append((low, low + len(inner)))
                base += len(part) + 1
        return spans

    def _longest(
        self, data: bytes, lower: bytes, base: int, shape: bytes, atoms: list[tuple[int, int]], at: int
    ) -> tuple[int, Hit | None]:
        low, high = atoms[at]
        if shape[low - base] == _PLUS:
            return phone.international(data, atoms, at)
        for count in range(min(self._atoms.get(shape[low - base : high - base], 0), len(atoms) - at), 0, -1):
            end = atoms[at + count - 1][1]
            claims = self._claims.get(shape[low - base : end - base])
            if claims is not None:
                hit = self._best(claims, data, lower, low, end)
                if hit or not claims:
                    return count, hit
        return 1, self._loose(data, lower, low, high) if high - low > 8 else None

    def _best(self, claims: Claims, data: bytes, lower: bytes, start: int, end: int) -> Hit | None:
        compact = data[start:end].translate(None, _SEPARATORS).upper().decode("ascii")
        penalty = _GLUED_PENALTY if _is_tail(data, start) else 0.0
        context = b""
        best: Hit | None = None
        for row, cues, base in claims:
            try:
                valid = row.valid(compact)
            except Exception as error:
                raise DetectorFailedError(row.name) from error
            if not valid:
                continue
            score = base - penalty
            if cues and score < STRONG:
                context = context or around(lower, start, end)
                score += CUE if has_cue(context, cues) else 0.0
            if score >= REPORTED and (best is None or score > best.score):
                stop = phone.with_extension(data, end) if row.label == phone.LABEL else end
                best = Hit(start, stop, row.label, min(score, CERTAIN), row.name)
        return best

    def _loose(self, data: bytes, lower: bytes, start: int, end: int) -> Hit | None:
        if end - start > _LOOSE_BYTES:
            return None
        digits = data[start:end].translate(None, _SEPARATORS).decode("ascii")
        if 13 <= len(digits) <= 19 and pan(digits):
            return Hit(start, end, "pci.pan", 0.7, "pan")
        return phone.loose(data, lower, start, end, digits)


def _ends_number(data: bytes, end: int) -> bool:
    """Nothing goes on but an extension: 555 0100x123."""
    return ends_word(data, end) or (data[end] in b"xX" and data[end + 1 : end + 2].isdigit())


def _is_tail(data: bytes, start: int) -> bool:
    """The last segment of a dashed or dotted token, such as a UUID's."""
    return start > 1 and data[start - 1] in b"-." and data[start - 2] in ALNUM


def _variants(shape: str) -> Iterator[str]:
    return map("".join, product(*("0A" if c == "X" else c for c in shape)))


def _pattern(shape: str) -> bytes:
    kinds = {"0": r"\d", "A": "[A-Za-z]"}
    runs = re.findall(r"0+|A+|.", shape)
    return "".join(f"{kinds[r[0]]}{{{len(r)}}}" if r[0] in kinds else re.escape(r) for r in runs).encode()
