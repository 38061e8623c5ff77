"""Identifiers of fixed grouping: which rows a grouping calls for, and what their validators say.

A run of digits and separators is turned into its shape (`457-55-5462` into `000-00-0000`) and looked up. A run that is
several values side by side is taken apart at its spaces, the longest known grouping first. What no row knows may still
be a card or a telephone number, which people group as they like.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import product
from typing import NamedTuple

from tidegate.core.classify import phone
from tidegate.core.classify.context import around, has_cue, just_before
from tidegate.core.classify.limits import Looks
from tidegate.core.classify.money import pan
from tidegate.core.classify.patterns import ALNUM, LETTERS, begins_word, compile_pattern, ends_word
from tidegate.core.classify.rows import CERTAIN, CUE, REPORTED, STRONG, DetectorFailedError, Hit, Shaped

_TO_SHAPE = bytes(0x30 if chr(b) in "0123456789" else 0x41 if b in LETTERS else b for b in range(256))
_SEPARATORS = bytes(set(range(256)) - set(ALNUM))
_EDGES = b" ./-"
_GLUED_PENALTY = 0.3
_GLUE = b"-."
"""Behind these and a letter or digit stands the last segment of a longer token, such as a UUID's."""
_IS_ALNUM = bytes(byte in ALNUM for byte in range(256))
_IS_BEFORE_NO_VALUE = bytes(byte in ALNUM + _GLUE for byte in range(256))
_SPACE = 0x20
_PHONE = phone.LABEL
_hit = partial(tuple.__new__, Hit)
"""What `Hit._make` does, in half the time."""
_BETWEEN_DIGITS = b" ()./-+"
_GROUPING = b"0" + _BETWEEN_DIGITS
_LOOSE_BYTES = 40
_SHORT_BYTES = 8
_LONGEST_SPELLED_BYTES = 120
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


class Claim(NamedTuple):
    """What a row says of one grouping; `most` is the score that it can come to, with a cue."""

    most: float
    base: float
    row: Shaped
    cues: tuple[bytes, ...]


Sure = tuple[Callable[[str], bool], str, float, str]
"""Validator, label, score and name of a row that needs no word."""
Claims = tuple[Claim, ...]
"""Those that can come to most first: what is weaker than a find need not be asked."""


class Shapes:
    """Rows by grouping. Immutable after construction."""

    def __init__(self, rows: Iterable[Shaped]) -> None:
        self._claims: dict[bytes, Claims] = {shape.encode(): () for shape in _HARMLESS}
        patterns: dict[bytes, None] = {}
        known_cues = set(phone.ANY_CUES)
        for row in rows:
            cues = tuple(cue.encode() for cue in row.cues)
            known_cues.update(cues)
            for shape, score in row.shapes.items():
                claim = Claim(min(score + (CUE if cues and score < STRONG else 0.0), CERTAIN), score, row, cues)
                for variant in _variants(shape):
                    claims = (*self._claims.get(variant.encode(), ()), claim)
                    self._claims[variant.encode()] = tuple(sorted(claims, key=_strongest_first))
                    if "A" in variant:
                        patterns[_pattern(variant)] = None
        self._sure = {shape: sure for shape, claims in self._claims.items() if (sure := _sure(shape, claims))}
        self._plain = {
            shape: plain
            for shape, claims in self._claims.items()
            if (plain := tuple(claim for claim in claims if claim.base >= REPORTED))
        }
        """Claims that need no word."""
        self._find_cue = _finder(known_cues)
        self._find_cue_word = _finder({cue.strip() for cue in known_cues})
        self.lettered_patterns = tuple(sorted(patterns, key=len, reverse=True))
        self._atoms: dict[bytes, int] = {}
        for known in self._claims:
            atoms = known.split(b" ")
            for begin in (atoms[0], b" ".join(atoms[:2])):
                self._atoms[begin] = max(self._atoms.get(begin, 0), len(atoms))

    def lettered(self, data: bytes, lower: bytes, start: int, end: int) -> Hit | None:
        """A candidate that one of `lettered_patterns` matched."""
        if not (begins_word(data, start) and ends_word(data, end)):
            return None
        claims = self._claims.get(data[start:end].translate(_TO_SHAPE), ())
        return self._best(claims, data, lower, start, end, self._near(lower, start, end))

    def is_lettered(self, text: bytes) -> bool:
        shape = text.translate(_TO_SHAPE)
        return b"A" in shape and shape in self._claims

    def sure(self, data: bytes, start: int, end: int) -> Hit | bool:
        """A grouping of digits that needs no word to say what it is. False: it is a date or a decimal and nothing else.
        True: it takes a longer look. Most candidates end here, so it is kept short.
        """
        text = data[start:end]
        shape = text.translate(_TO_SHAPE)
        known = self._sure.get(shape)
        if known is None:
            return not (self._claims.get(shape) == () or (shape.count(b".") == 1 and not shape.strip(b"0.")))
        valid, label, score, name = known
        if start and _IS_BEFORE_NO_VALUE[data[start - 1]]:
            return True
        behind = data[end] if end < len(data) else _SPACE
        if _IS_ALNUM[behind] and not _ends_number(data, end):
            return True
        try:
            if not valid(text.translate(None, _BETWEEN_DIGITS).decode()):
                return True
        except Exception as error:
            raise DetectorFailedError(name) from error
        if label == _PHONE and behind in phone.BEFORE_EXTENSION:
            end = phone.with_extension(data, end)
        return _hit((start, end, label, score, name))

    def numbers(self, data: bytes, lower: bytes, start: int, end: int, close: Looks) -> list[Hit]:
        """What a run of digits and separators holds. Beside words it takes a close look."""
        text = data[start:end]
        if text[0] == _OPENING and _CLOSING not in text:  # it is closed behind the run
            start += 1
            text = text[1:]
        shape = text.translate(_TO_SHAPE)
        claims = self._claims.get(shape)
        if claims == ():
            return []
        if begins_word(data, start) and _ends_number(data, end):
            near = self._near(lower, start, end)
            claims = claims if near else self._plain.get(shape)
            hit = self._best(claims, data, lower, start, end, near) if claims else None
            if hit is None and not (b" " in shape and any(self._claims.get(atom) == () for atom in shape.split(b" "))):
                hit = self._loose(data, lower, start, end, near)
            if hit:
                return [hit]
            if near:
                close.count(1)
        if shape.count(b" ") * 2 + 2 > max(len(shape), _LONGEST_SPELLED_BYTES):  # one digit after another
            return []
        return self._apart(data, lower, start, shape, close) if b" " in shape or b"/" in shape else []

    def _apart(self, data: bytes, lower: bytes, base: int, shape: bytes, close: Looks) -> list[Hit]:
        atoms = self._split(shape, base)
        if not begins_word(data, base):
            atoms = atoms[1:]
        if atoms and not _ends_number(data, atoms[-1][1]):
            atoms = atoms[:-1]
        cued = self._find_cue_word(around(lower, base, base + len(shape)))
        hits = []
        at = 0
        while at < len(atoms):
            used, hit = self._longest(data, lower, base, shape, atoms, at, cued=cued)
            if hit:
                hits.append(hit)
            elif cued and atoms[at][1] - atoms[at][0] > _SHORT_BYTES:
                close.count(1)
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
        self, data: bytes, lower: bytes, base: int, shape: bytes, atoms: list[tuple[int, int]], at: int, *, cued: bool
    ) -> tuple[int, Hit | None]:
        """`cued`: words stand around the run, which without them are not looked for around each of its atoms."""
        low, high = atoms[at]
        if shape[low - base] == _PLUS:
            return phone.international(data, atoms, at)
        most = self._atoms.get(shape[low - base : high - base], 0)
        if most > 1 and at + 1 < len(atoms):
            most = self._atoms.get(shape[low - base : atoms[at + 1][1] - base], 1)
        for count in range(min(most, len(atoms) - at), 0, -1):
            end = atoms[at + count - 1][1]
            grouping = shape[low - base : end - base]
            claims = self._claims.get(grouping)
            if claims is not None:
                near = self._near(lower, low, end) if cued else b""
                told = claims if near else self._plain.get(grouping)
                hit = self._best(told, data, lower, low, end, near) if told else None
                if hit or not claims:
                    return count, hit
        if high - low <= _SHORT_BYTES:
            return 1, None
        return 1, self._loose(data, lower, low, high, self._near(lower, low, high) if cued else b"")

    def _near(self, lower: bytes, start: int, end: int) -> bytes:
        """The words around a span, if any row asks for one of them."""
        near = around(lower, start, end)
        return near if self._find_cue(near) else b""

    def _best(self, claims: Claims, data: bytes, lower: bytes, start: int, end: int, near: bytes) -> Hit | None:
        """What the strongest row says of a span whose grouping `claims` know."""
        compact = ""
        penalty = _GLUED_PENALTY if start > 1 and data[start - 1] in _GLUE and data[start - 2] in ALNUM else 0.0
        found, best = None, 0.0
        for claim in claims:
            if claim.most - penalty <= best or claim.most - penalty < REPORTED:
                break
            if claim.base - penalty < REPORTED and not (near and claim.cues and has_cue(near, claim.cues)):
                continue
            compact = compact or data[start:end].translate(None, _SEPARATORS).upper().decode()
            if _valid(claim.row, compact):
                score = _score(claim, penalty, data, start, end, compact, near)
                if score >= REPORTED and score > best:
                    best, found = score, claim
        if found is None:
            return None
        if found.row.label == phone.LABEL:
            if found.base < phone.GROUPED and phone.is_another(lower, start):
                return None
            end = phone.with_extension(data, end)
        return Hit(start, end, found.row.label, min(best, CERTAIN), found.row.name)

    def _loose(self, data: bytes, lower: bytes, start: int, end: int, near: bytes) -> Hit | None:
        if end - start > _LOOSE_BYTES:
            return None
        digits = data[start:end].translate(None, _SEPARATORS).decode()
        if 13 <= len(digits) <= 19 and data[start] != _PLUS and pan(digits):
            return Hit(start, end, "pci.pan", 0.7, "pan")
        return phone.loose(data, lower, start, end, digits, near)


def _valid(row: Shaped, compact: str) -> bool:
    try:
        return row.valid(compact)
    except Exception as error:
        raise DetectorFailedError(row.name) from error


def _score(  # noqa: PLR0917 - the state of one look
    claim: Claim, penalty: float, data: bytes, start: int, end: int, compact: str, near: bytes
) -> float:
    """What a valid value is worth here; 0 where it is one of the numbers that programs count with."""
    score = claim.base - penalty
    if score >= STRONG:
        return score
    if near and claim.cues and has_cue(near, claim.cues):
        return score + CUE
    return 0.0 if _is_counted(data, start, end, compact) else score


def _ends_number(data: bytes, end: int) -> bool:
    """Nothing goes on but an extension: 555 0100x123."""
    return ends_word(data, end) or (data[end] in b"xX" and data[end + 1 : end + 2].isdigit())


_COUNTED = tuple(
    f" {word} ".encode()
    for word in (  # noqa: SIM905 - fifty quotes would not help
        "id ids offset epoch ts time timestamp size bytes count duration hash seed order invoice total length len nonce"
        " seq sequence serial block ms us ns pid tid key index idx num port inode addr value version build rev job run"
        " task request response"
    ).split()
)
_COUNTED_BYTES = 12


def _is_counted(data: bytes, start: int, end: int, compact: str) -> bool:
    """Digits without grouping behind a word of logs and programs, in lower case as those write it: one check digit in
    ten agrees by chance.
    """
    bare = end - start == len(compact) and compact.isdigit()
    return bare and has_cue(just_before(data, start, _COUNTED_BYTES), _COUNTED)


def _sure(shape: bytes, claims: Claims) -> Sure | None:
    """The row that says enough alone, of digits, where no row of another label can come to more with a cue."""
    strongest = max(claims, key=lambda claim: claim.base, default=None)
    if strongest is None or strongest.base < STRONG or shape.translate(None, _GROUPING):
        return None
    label = strongest.row.label
    if any(claim.most > strongest.base and claim.row.label != label for claim in claims):
        return None
    return strongest.row.valid, label, min(strongest.base, CERTAIN), strongest.row.name


def _finder(cues: Iterable[bytes]) -> Callable[[bytes], bool]:
    """Whether any of them is in a text, in one pass."""
    return compile_pattern(b"|".join(map(re.escape, sorted(cues))), max_mem=16 << 20).is_in


def _strongest_first(claim: Claim) -> float:
    return -claim.most


def _variants(shape: str) -> Iterator[str]:
    return map("".join, product(*("0A" if c == "X" else c for c in shape)))


def _pattern(shape: str) -> bytes:
    kinds = {"0": r"\d", "A": "[A-Za-z]"}
    runs = re.findall(r"0+|A+|.", shape)
    return "".join(f"{kinds[r[0]]}{{{len(r)}}}" if r[0] in kinds else re.escape(r) for r in runs).encode()
