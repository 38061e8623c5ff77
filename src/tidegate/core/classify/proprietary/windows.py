"""Text as windows of tokens: what stays of code when it is re-indented, its comments dropped and its names changed.

Every token becomes one byte: punctuation itself, a word `a`. A window begins where a line does and takes the tokens
that follow, over line ends, and which keywords stand among its words; names and numbers all count the same. Where that
says little (tables, lists of declarations) the window is made of the words as they are written.

All heavy steps are single calls over the whole text; what runs for each line is a slice and a look at it.
"""

import re
from itertools import accumulate, pairwise
from typing import NamedTuple

from tidegate.core.classify.fold import fold, unescape

SHAPED_TOKENS = 24
WRITTEN_TOKENS = 12
"""Tokens of a window. Fewer stand in places that have nothing to do with each other; more need longer copies."""

_FEWEST_IN_LINE = 2
_FEWEST_IN_SHAPE = 5
_FEWEST_WRITTEN = 3
_WORDS_NEAR = 10

_TOKEN = re.compile(rb"[A-Za-z0-9_\x80-\xff]+|[^A-Za-z0-9_\x80-\xff\x00-\x20\x7f\\]")
"""No repeat stands beside another: linear, both."""
_REST_OF_WORD = re.compile(rb"aa+")
_LINE_COMMENT = re.compile(rb"(?://|#(?![a-zA-Z{(\[])|--[ -])[^\n]*")
"""One repeat that stops at the line's end: linear. `#include` is no comment, nor is Ruby's `#{`."""
_LINE_PREFIX = re.compile(rb"\n(?:[+>-](?![+>=-])|[ \t]*[0-9]+(?:[:|\t]|\xe2\x86\x92))")
"""Marks of diffs and of quotations, numbers of listings. A look ends at the first byte that is neither blank nor digit,
and blanks and digits cannot be taken for each other: linear.
"""
_KEYWORDS = """
    if else elif elsif for foreach while until unless do loop switch case match when default break continue next last
    return goto try except catch finally rescue ensure throw throws raise with as in is not and or
    def class function func fn fun lambda async await yield import from export package use using namespace module
    include require define undef ifdef ifndef endif pragma struct enum union typedef interface trait impl type
    template typename operator public private protected static final const constexpr volatile extern inline virtual
    override abstract var let val mut ref pub crate move where new delete del sizeof typeof instanceof
    pass global nonlocal assert my our local sub shift print echo then fi done esac begin end
    true false null nil none undefined self this super
    void int long short char float double bool boolean unsigned signed size_t string
    select insert update create table set values join group order by into
""".split()  # noqa: SIM905 - read as lines, not as a column of words

_ANY_WORD = 1


def _codes() -> dict[bytes, int]:
    """Keywords with a byte of their own. Capitals make no other keyword, for the sake of SQL, `True` and `None`."""
    return {
        written.encode(): code
        for code, keyword in enumerate(_KEYWORDS, _ANY_WORD + 1)
        for written in (keyword, keyword.capitalize(), keyword.upper())
    }


_CODES = _codes()
_IS_WORD = bytes(chr(byte).isalnum() or byte == ord("_") for byte in range(128)) + bytes([1]) * 128
_WORDS_ALONE = bytes(byte if _IS_WORD[byte] else ord(" ") for byte in range(256))
_WORDS_ALIKE = bytes(ord("a") if _IS_WORD[byte] else ord('"') if byte in b"'`" else byte for byte in range(256))
_SKIPPED = bytes(range(10)) + bytes(range(11, 33)) + b"\x7f\\"
"""Blanks and controls; backslashes too, since JSON doubles them."""
_DULL = b'a",.'
_PROSE = b"a,.-"
_DIGITS = frozenset(b"0123456789")

Window = tuple[int, int, int, int, bytes]
"""Line of the text, first token (line ends not counted), number of tokens, first word, and what a fingerprint is made
of.
"""


class Reading(NamedTuple):
    """`words`: names, numbers and keywords. `before[n]` tokens stand before line n, all of them at the last place."""

    windows: list[Window]
    words: list[bytes]
    before: list[int]

    @property
    def lines(self) -> int:
        return len(self.before) - 1

    def names(self, window: Window) -> list[bytes]:
        """The names near a window's beginning: what a copy shares with its original unless somebody changed them."""
        first = window[3]
        near = self.words[first : first + _WORDS_NEAR]
        return [word for word in near if word not in _CODES and word[0] not in _DIGITS]


def plain(source: bytes) -> bytes:
    """UTF-8 as detectors are shown it: without look-alikes and with line ends for escaped ones."""
    folded = fold(source)
    return unescape(folded.data if folded else source)


def read(data: bytes) -> Reading:
    """All windows of `data`, which `plain` has made."""
    code = _CODES.get
    data = _bare(data)
    words = data.translate(_WORDS_ALONE).split()
    codes = bytes([code(word, 1) for word in words])
    shape = _REST_OF_WORD.sub(b"a", data.translate(_WORDS_ALIKE)).translate(None, _SKIPPED)
    shapes = shape.split(b"\n")
    flat = shape.replace(b"\n", b"")
    before = [0, *accumulate(map(len, shapes))]
    windows: list[Window] = []
    word = 0
    lines = [line for line, one in enumerate(shapes) if one]
    for line, following in pairwise(lines):
        one = shapes[line]
        if len(one) >= _FEWEST_IN_LINE:
            at = before[line]
            part = flat[at : at + SHAPED_TOKENS]
            if one != shapes[following] and len(part.translate(None, _DULL)) >= _FEWEST_IN_SHAPE:
                if len(part) == SHAPED_TOKENS:
                    said = part + codes[word : word + part.count(b"a")]
                    windows.append((line, at, SHAPED_TOKENS, word, said))
            elif written := _as_written(part[:WRITTEN_TOKENS], words, word):
                windows.append((line, at, WRITTEN_TOKENS, word, written))
        word += one.count(b"a")
    return Reading(windows, words, before)


def _as_written(shape: bytes, words: list[bytes], word: int) -> bytes | None:
    """Begins with fewer tokens than a shaped window and a zero after them, which no keyword's byte is."""
    if len(shape) < WRITTEN_TOKENS or len(shape.translate(None, _PROSE)) < _FEWEST_WRITTEN:
        return None
    own = words[word : word + shape.count(b"a")]
    return b"\0".join((shape, *own)) if len({*own, *shape}) > _FEWEST_WRITTEN else None


def token_ends(line: bytes) -> list[int]:
    """Where each token of one line ends."""
    return [match.end() for match in _TOKEN.finditer(line)]


def _bare(data: bytes) -> bytes:
    """Neither comments nor prefixes of lines, but every line end, so that lines keep their numbers. An open
    comment is left as it is.
    """
    data = _LINE_PREFIX.sub(b"\n", data)
    if b"/*" not in data:
        return _LINE_COMMENT.sub(b"", data)
    kept: list[bytes] = []
    at = 0
    while (opening := data.find(b"/*", at)) >= 0 and (closing := data.find(b"*/", opening + 2)) >= 0:
        kept += (data[at:opening], b"\n" * data.count(b"\n", opening, closing))
        at = closing + 2
    return _LINE_COMMENT.sub(b"", b"".join((*kept, data[at:])))
