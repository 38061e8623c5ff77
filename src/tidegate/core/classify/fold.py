r"""Hidden forms made plain: what a reader sees is what detectors see, with every offset kept.

Two kinds of folding. `unescape` swaps two-character escapes of JSON and source code for two characters of the same
meaning, so that no offset moves. `fold` changes lengths (full-width forms, invisible characters and combining marks,
look-alike dashes, digits and letters of other scripts) and returns a `Folded` that maps every span back.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import accumulate, islice
from typing import NamedTuple

from tidegate.core.classify import homoglyphs
from tidegate.core.classify.patterns import Pattern, class_of, compile_pattern

_DIGIT_ZEROS = (
    "\u0660\u06f0\u07c0\u0966\u09e6\u0a66\u0ae6\u0b66\u0be6\u0c66\u0ce6\u0d66\u0de6\u0e50\u0ed0\u0f20\u1040\u1090"
    "\u17e0\u1810\u1946\u19d0\u1a80\u1a90\u1b50\u1bb0\u1c40\u1c50\ua620\ua8d0\ua900\ua9d0\ua9f0\uaa50\uabf0"
)
"""Zero of every decimal digit row of the Basic Multilingual Plane that NFKC leaves alone (Unicode 14, class Nd)."""

_DASHES = "\u00ad\u058a\u05be\u1806\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2e3a\u2e3b\u301c\u3030\u30a0"
_INVISIBLE = (
    (0x00, 0x08),
    (0x0B, 0x0C),
    (0x0E, 0x1D),  # 0x1E is the seam between parts
    (0x1F, 0x1F),
    (0x7F, 0x9F),
    (0xAD, 0xAD),
    (0x0300, 0x036F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x20D0, 0x20FF),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF9, 0xFFFB),
    (0xE0000, 0xE0FFF),
)
"""Code points that show nothing, or only something on the one before them: controls, zero-width, soft hyphen, bidi
marks, combining marks, variation selectors, tags (Unicode, DerivedCoreProperties and Blocks).
"""

_COMPATIBLE_BLOCKS = (
    (0xA0, 0xFF),
    (0x2000, 0x24FF),
    (0x3000, 0x33FF),
    (0xFB00, 0xFB06),
    (0xFE10, 0xFE6F),
    (0xFF00, 0xFFEF),
    (0x1D400, 0x1D7FF),
    (0x1F100, 0x1F16F),
    (0x1FBF0, 0x1FBF9),
)
"""Where NFKC turns something into ASCII. The ellipsis is left as it is: it is common and tells nothing."""

SEAM = "\x1e"
"""Stands between the joined texts of a request. No pattern crosses it."""

_ODD_BYTES = "surrogateescape"
"""What an encoding hid need not be UTF-8: such bytes stay as they are."""
_FEW_EDITS = 64
_DENSE_BYTES = 48

SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\u200b")
"""Half a character reads as an invisible one: both are dropped, and neither moves an offset."""


@cache
def folds() -> dict[str, bytes]:
    """Every character that is read as something else, and what it is read as: ASCII, or nothing."""
    table = {chr(zero + n): b"%d" % n for zero in map(ord, _DIGIT_ZEROS) for n in range(10)}
    for low, high in _COMPATIBLE_BLOCKS:
        for char in map(chr, range(low, high + 1)):
            plain = unicodedata.normalize("NFKC", char)
            if plain != char and plain.isascii() and char != "\u2026":
                table[char] = plain.encode()
    table.update(dict.fromkeys(_DASHES, b"-"))
    table.update((chr(code), b"") for low, high in _INVISIBLE for code in range(low, high + 1))
    return table


class Edit(NamedTuple):
    """Source bytes from, to, and what they read as. `stride`: each byte of that stands for so many of the source, one
    after the other (`%41%42`: three); 0 where the piece can only be taken whole.
    """

    low: int
    high: int
    plain: bytes
    stride: int = 0


class Folded:
    """`data` is the source made plain. Spans of the one are spans of the other.

    Pieces alternate: what was copied, what was folded, what was copied ... Any of them may be empty.
    """

    __slots__ = ("_ends", "_froms", "_starts", "_strides", "data")

    def __init__(self, source: bytes, edits: Iterable[Edit | tuple[int, int, bytes]]) -> None:
        """`edits`: in order and without overlap."""
        self._strides: list[int] = []
        pieces: list[bytes] = []
        self._starts: list[int] = []
        self._froms: list[int] = []
        self._ends: list[int] = []
        at = length = 0
        for edit in edits:
            low, high, plain = edit[:3]
            self._strides += (1, edit[3] if len(edit) == 4 else 0)
            pieces += (source[at:low], plain)
            self._starts += (length, length + low - at)
            self._froms += (at, low)
            self._ends += (low, high)
            length += low - at + len(plain)
            at = high
        self._strides.append(1)
        pieces.append(source[at:])
        self._starts.append(length)
        self._froms.append(at)
        self._ends.append(len(source))
        self.data = b"".join(pieces)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Source bytes that a non-empty span of `data` stands for."""
        first, last = self._piece(start), self._piece(end - 1)
        low, high = self._froms[first], self._ends[last]
        if stride := self._strides[first]:
            low += (start - self._starts[first]) * stride
        if stride := self._strides[last]:
            high = min(high, self._froms[last] + (end - self._starts[last]) * stride)
        return low, high

    def _piece(self, at: int) -> int:
        return bisect_right(self._starts, at) - 1


class Translated:
    """The same for text that is folded all over: character by character at once, and mapped only when somebody asks."""

    __slots__ = ("_ends", "_froms", "_source", "_table", "data")

    def __init__(self, source: bytes, table: dict[int, str]) -> None:
        self._source, self._table = source, table
        self._froms: list[int] = []
        self._ends: list[int] = []
        self.data = source.decode(errors=_ODD_BYTES).translate(table).encode(errors=_ODD_BYTES)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Source bytes of the characters that a non-empty span of `data` stands for."""
        if not self._froms:
            self._map()
        first, last = bisect_right(self._ends, start), bisect_right(self._ends, end - 1)
        return self._froms[first], self._froms[last + 1]

    def _map(self) -> None:
        text = self._source.decode(errors=_ODD_BYTES)
        there = {char: len(char.encode(errors=_ODD_BYTES)) for char in set(text)}
        here = {char: len(self._table.get(ord(char), char).encode(errors=_ODD_BYTES)) for char in there}
        self._ends = list(accumulate(map(here.__getitem__, text)))
        self._froms = list(accumulate(map(there.__getitem__, text), initial=0))


class Twice:
    """What was folded and then folded again."""

    __slots__ = ("_first", "_second", "data")

    def __init__(self, first: "View", second: "View") -> None:
        self._first, self._second = first, second
        self.data: bytes = second.data

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self._first.span(*self._second.span(start, end))


View = Folded | Translated | Twice


def most_edits(size: int) -> int:
    """Of so many bytes: where there are more, it is cheaper to read them all at once than one by one."""
    return _FEW_EDITS + size // _DENSE_BYTES


def fold(data: bytes) -> View | None:
    """UTF-8 with every foldable character made plain; None where there is none."""
    marks = _edited(data, _folded_chars(data), _translation)
    plain = marks.data if marks else data
    if not homoglyphs.may_hold_any(plain):
        return marks
    letters = _edited(plain, (Edit(*edit) for edit in homoglyphs.mixed_words(plain)), homoglyphs.translation)
    return Twice(marks, letters) if marks and letters else letters or marks


def _edited(data: bytes, edits: Iterator[Edit], table: Callable[[], dict[int, str]]) -> View | None:
    """One by one, or all by a table where so many of them stand so close that it is the only cheap way."""
    most = most_edits(len(data))
    found = list(islice(edits, most + 1))
    if len(found) > most:
        return Translated(data, table())
    return Folded(data, found) if found else None


@cache
def _translation() -> dict[int, str]:
    return {ord(char): plain.decode() for char, plain in folds().items()}


@cache
def _folds_of_bytes() -> dict[bytes, bytes]:
    """`folds` by the character's UTF-8: most stand alone."""
    return {char.encode(): plain for char, plain in folds().items()}


def _folded_chars(data: bytes) -> Iterator[Edit]:
    """Runs that read as nothing are one edit each, however long they are."""
    table, alone = folds(), _folds_of_bytes()
    for start, end in _foldable().spans(data):
        single = alone.get(data[start:end])
        if single is not None:
            yield Edit(start, end, single)
            continue
        run = data[start:end].decode()
        plains = [table[char] for char in run]
        if len(plains) > 1 and not any(plains):
            yield Edit(start, end, b"")
            continue
        at = start
        for char, plain in zip(run, plains, strict=True):
            size = len(char.encode())
            yield Edit(at, at + size, plain)
            at += size


@cache
def _foldable() -> Pattern:
    return compile_pattern(class_of(folds()) + b"+", utf8=True)


def unescape(data: bytes) -> bytes:
    """Line breaks, tabs and quotes out of JSON's and most languages' escapes; the result is as long as `data`."""
    if b"\\" not in data:
        return data
    for escape, plain in _SAME_LENGTH:
        data = data.replace(escape, plain)
    return data


_SAME_LENGTH = ((b"\\n", b" \n"), (b"\\r", b" \r"), (b"\\t", b"  "), (b'\\"', b' "'), (b"\\'", b" '"))
