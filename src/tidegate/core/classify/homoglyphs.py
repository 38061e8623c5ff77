"""Letters of other scripts that look like Latin ones, read as those where a word mixes scripts.

A word of one script alone is left as it is: Russian and Greek stay what they are. Facts: Unicode Technical Standard 39
(confusable characters), of which these are the letters that most typefaces draw the same.
"""

from collections.abc import Iterator
from functools import cache

from tidegate.core.classify.patterns import Pattern, class_of, compile_pattern

_LATIN = (
    ("АВЕЅІЈКМНОРСТУХԚԜҮ", "ABESIJKMHOPCTYXQWY"),  # Cyrillic
    ("аеѕіјорсухԛԝһԁӏѵ", "aesijopcyxqwhdlv"),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),  # Greek
    ("ανορικυϲϳ", "avopikucj"),
    ("ՕՍԼօսոհցյզ", "OULounhgjq"),  # Armenian
    ("ᎪᏴᏟᎠᎬᏀᎻᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃ", "ABCDEGHJKLMPRSTVWZ"),  # Cherokee
    ("ɑɡɩʏᴄᴏᴠᴡᴢ", "agiycovwz"),  # of Latin itself
)
_DIGITS = (
    ("ОоΟοՕօ", "000000"),
    ("ІіΙӏ", "1111"),
    ("Зз", "33"),
    ("б", "6"),
    ("Ѕѕ", "55"),
)
"""Where nothing but digits stands around."""

_LEADS = bytes((*range(0xCE, 0xD7), 0xC9, 0xCA, 0xE1))
"""First bytes in UTF-8 of all that is here."""
_NO_LEADS = bytes(byte for byte in range(256) if byte not in _LEADS)
_BEYOND_LATIN = "\u0250"
_WORD_BYTES = 128


def may_hold_any(data: bytes) -> bool:
    return bool(data.translate(None, _NO_LEADS))


@cache
def translation() -> dict[int, str]:
    """Every look-alike as a letter: for text that is mixed all over."""
    return {ord(other): own.decode() for other, own in _table(False).items()}


def mixed_words(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Edits of UTF-8: characters of mixed words and what they look like."""
    done = 0
    for seen, _ in _mixed().spans(data):
        if seen < done:
            continue
        low, done = _word_around(data, seen, done)
        yield from _edits(data[low:done], low)


def _word_around(data: bytes, at: int, done: int) -> tuple[int, int]:
    """The piece of a word around `at` that lies behind `done`: as much of it as somebody would read at once."""
    first = max(done, at - _WORD_BYTES)
    behind = _tail().find(data[first:at], 0, at - first)[0][0]
    end = _head().match(data, at, min(len(data), at + _WORD_BYTES))[0][1]
    return first + behind, end


def _edits(word: bytes, base: int) -> Iterator[tuple[int, int, bytes]]:
    text = word.decode("utf-8", "ignore")
    plain = [char for char in text if char.isascii()]
    table = _table(all(char.isdigit() for char in plain))
    if any(char not in table and char >= _BEYOND_LATIN for char in text):
        return  # a letter that looks like nothing of ours: a word of its own
    for char in text:
        size = len(char.encode())
        if char in table:
            yield base, base + size, table[char]
        base += size


@cache
def _table(digits: bool) -> dict[str, bytes]:  # noqa: FBT001 - which of the two
    pairs = [pair for others, ours in _LATIN for pair in zip(others, ours, strict=True)]
    if digits:
        pairs += [pair for others, ours in _DIGITS for pair in zip(others, ours, strict=True)]
    return {other: own.encode() for other, own in pairs}


@cache
def _mixed() -> Pattern:
    """Where scripts meet. A look-alike stands beside a letter or digit of ours."""
    others = class_of(_table(True))
    return compile_pattern(b"[0-9A-Za-z_]" + others + b"|" + others + b"[0-9A-Za-z_]", utf8=True)


_LETTER = rb"[0-9A-Za-z_\x{aa}-\x{24f}\x{250}-\x{2af}\x{370}-\x{58f}\x{13a0}-\x{13ff}\x{1c80}-\x{1dbf}]"


@cache
def _head() -> Pattern:
    return compile_pattern(_LETTER + b"+", utf8=True)


@cache
def _tail() -> Pattern:
    return compile_pattern(_LETTER + b"*$", utf8=True)
