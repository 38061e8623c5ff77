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
from tidegate.core.classify.rows import CERTAIN, CUE, REPORTED, DetectorFailedError, Hit, Shaped

_TO_SHAPE = bytes(0x30 if chr(b) in "0123456789" else 0x41 if b in LETTERS else b for b in range(256))
_SEPARATORS = bytes(set(range(256)) - set(ALNUM))
_EDGES = b" ./-"
_GLUED_PENALTY = 0.3
_LOOSE_BYTES = 40
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
                    self._claims[variant] = (*self._claims.get(variant, ()), (row, cues, score))
                if "A" in shape or "X" in shape:
                    patterns[_pattern(shape)] = None
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

    def numbers(self, data: bytes, lower: bytes, start: int, end: int) -> Iterator[Hit]:
        """What a run of digits and separators holds."""
        if data[start] == 0x28 and 0x29 not in data[start:end]:  # an opening bracket that is closed behind the run
            start += 1
        shape = data[start:end].translate(_TO_SHAPE)
        if shape.strip(b"0") == b".":
            return
        if begins_word(data, start) and _ends_number(data, end):
            claims = self._claims.get(shape)
            hit = self._best(claims, data, lower, start, end) if claims else None
            if claims == ():
                return
            dated = any(self._claims.get(atom) == () for atom in shape.split(b" "))
            hit = hit or (None if dated else self._loose(data, lower, start, end))
            if hit:
                yield hit
                return
        yield from self._apart(data, lower, start, shape)

    def _apart(self, data: bytes, lower: bytes, base: int, shape: bytes) -> Iterator[Hit]:
        atoms = _atoms(shape, base)
        if not begins_word(data, base):
            atoms = atoms[1:]
        if atoms and not _ends_number(data, atoms[-1][1]):
            atoms = atoms[:-1]
        at = 0
        while at < len(atoms):
            used, hit = self._longest(data, lower, base, shape, atoms, at)
            if hit:
                yield hit
            at += used

    def _longest(
        self, data: bytes, lower: bytes, base: int, shape: bytes, atoms: list[tuple[int, int]], at: int
    ) -> tuple[int, Hit | None]:
        low, high = atoms[at]
        if shape[low - base] == 0x2B:  # a plus sign
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
            context = context or around(lower, start, end)
            score = min(CERTAIN, base - penalty + (CUE if cues and has_cue(context, cues) else 0.0))
            if score >= REPORTED and (best is None or score > best.score):
                stop = phone.with_extension(data, end) if row.label == phone.LABEL else end
                best = Hit(start, stop, row.label, score, row.name)
        return best

    def _loose(self, data: bytes, lower: bytes, start: int, end: int) -> Hit | None:
        if end - start > _LOOSE_BYTES:
            return None
        digits = data[start:end].translate(None, _SEPARATORS).decode("ascii")
        if 13 <= len(digits) <= 19 and pan(digits):
            return Hit(start, end, "pci.pan", 0.7, "pan")
        return phone.loose(data, lower, start, end, digits)


def _atoms(shape: bytes, base: int) -> list[tuple[int, int]]:
    """Spans between spaces, without punctuation at their edges; pieces without digits are dropped."""
    spans = []
    at = base
    for piece in shape.split(b" "):
        inner = piece.strip(_EDGES)
        if inner:
            low = at + piece.index(inner)
            spans.append((low, low + len(inner)))
        at += len(piece) + 1
    return spans


def _ends_number(data: bytes, end: int) -> bool:
    """Nothing goes on but an extension: 555 0100x123."""
    return ends_word(data, end) or (data[end] in b"xX" and data[end + 1 : end + 2].isdigit())


def _is_tail(data: bytes, start: int) -> bool:
    """The last segment of a dashed or dotted token, such as a UUID's."""
    return start > 1 and data[start - 1] in b"-." and data[start - 2] in ALNUM


def _variants(shape: str) -> Iterator[bytes]:
    for chars in product(*("0A" if c == "X" else c for c in shape)):
        yield "".join(chars).encode()


def _pattern(shape: str) -> bytes:
    kinds = {"0": r"\d", "A": "[A-Za-z]", "X": "[0-9A-Za-z]"}
    runs = re.findall(r"0+|A+|X+|.", shape)
    return "".join(f"{kinds[r[0]]}{{{len(r)}}}" if r[0] in kinds else re.escape(r) for r in runs).encode()
