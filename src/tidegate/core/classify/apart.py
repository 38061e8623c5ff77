r"""Values that somebody has taken apart: character by character (`4 5 7 - 5 5`), over lines, over parts of a request.

Lines and parts are put together where a value may go on behind them, not everywhere: digits before and behind, an
address cut at its at sign, or one long token with digits. What is then found counts only if it reaches over the cut and
is strong, because two numbers below each other are mostly just two numbers.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from tidegate.core.classify.fold import Edit
from tidegate.core.classify.patterns import ALNUM, DIGITS, LETTERS, compile_pattern, run_length, tail_length
from tidegate.core.classify.rows import Hit

LEAST_SCORE = 0.7
"""Of a value that was put together."""
REACH_BYTES = 72
"""What is read around a place where something is put together."""
NOT_PUT_TOGETHER = frozenset({"secret.generic", "secret.password", "code.source", "customer.config", "unscannable"})
"""Labels of what reads to wherever it stops: put together, it would always go on."""
_WEAK = frozenset({"phone_loose"})
"""Detectors that any digits near a word are enough for."""

_ANY = rb"[0-9A-Za-z@._+:/-]"
_WORD = rb"[0-9A-Za-z@]"


def _row_of(char: bytes, separator: bytes) -> bytes:
    return rb"(?:" + char + separator + rb"){7}(?:" + char + separator + rb")*" + char


SPELLED = (
    rb"(?:\b|_)(?:"
    + b"|".join(
        (
            _row_of(_ANY, b" {1,2}"),
            _row_of(_ANY, rb" ?\r? ?\n"),
            _row_of(_ANY, rb"\x1e"),
            *(_row_of(_WORD, separator) for separator in (b"-", rb"\.", b"_", b", ?")),
        )
    )
    + rb")\b"
)
"""Eight single characters or more, separated all alike."""
_SPELLED = compile_pattern(SPELLED)
_SEPARATORS = b" -._,\r\n\x1e"

_BREAK = rb" ?(?:\r? ?\n[ \t>*#|]*|\x1e ?)"
_FLUSH = rb"(?:\r? ?\n(?:> ?)?|\x1e)"
_TOKEN = ALNUM + b"_+/-"
_SIGNS = b"_+/-"
_TOKEN_CHAR = rb"[0-9A-Za-z_+/-]"
BROKEN = b"|".join(
    (
        rb"[0-9][-./)]?" + _BREAK + rb"[-./(]?[0-9]",
        rb"[0-9A-Za-z]@[0-9A-Za-z-]*" + _BREAK + rb"[.0-9A-Za-z]",
        rb"[0-9A-Za-z]\x1e@[0-9A-Za-z]",  # over lines it would be every decorator of Python
        rb"[0-9][A-Za-z]" + _TOKEN_CHAR + b"*" + _FLUSH + _TOKEN_CHAR + b"{2}",
        _TOKEN_CHAR + b"{2}" + _FLUSH + _TOKEN_CHAR + rb"*[0-9][A-Za-z]",
    )
)
"""A line or a part that ends where a value may go on, and how the next one begins: between digits, at the at sign of an
address, or inside a token with a letter behind a digit, since names have their digits at the end.
"""
_BROKEN = compile_pattern(BROKEN)
_BREAK_IN = compile_pattern(_BREAK)
_PUNCTUATION = b"-./) "
_NAME_ENDS = frozenset(bytes((byte,)) for byte in LETTERS + b"_")
_FEWEST_TOKEN_BYTES = 16
_TOKEN_BYTES = 128
_COLUMN_BYTES = 24
_COLUMN_ROWS = 6
_ROW_BYTES = 14
_PLAIN_ROWS = compile_pattern(rb"(?:[0-9][0-9.,:/-]{1,9}[ \t]?\r?\n|[0-9A-Za-z.-]{1,9}@[0-9A-Za-z.-]{0,9}[ \t]?\r?\n)+")
"""Too short to be encoded, or to be single characters that somebody has taken apart."""


def is_spelled(match: bytes) -> bool:
    begin = match[:1] == b"_"
    if len(match) < 15 or match[1 + begin] not in _SEPARATORS:
        return False
    return _SPELLED.match(match, 0, len(match))[0][1] == len(match)


def spelled(match: bytes, start: int) -> Edit:
    """The characters of a match of `SPELLED`, one by one where single separators stand between them."""
    separators = match[1:2] if match[1] in b"-._" else b" ,\r\n\x1e"
    chars = match.translate(None, separators)
    return Edit(start, start + len(match), chars, 2 if len(match) == 2 * len(chars) - 1 else 0)


def broken(data: bytes, start: int, end: int) -> Edit | None:
    """The break inside a match of `BROKEN`, where a value may go on behind it."""
    low, high = _BREAK_IN.find(data, start, end)[0]
    before, behind = data[start:low].strip(_PUNCTUATION), data[high:end].strip(_PUNCTUATION)
    if before.isdigit() and behind.isdigit() and _is_number(data, low):
        return Edit(low, high, b"")
    if b"@" in data[start:end]:
        return Edit(low, high, b"")
    left = data[max(0, low - _TOKEN_BYTES) : low]
    right = data[high : high + _TOKEN_BYTES]
    left, right = left[len(left) - tail_length(left, _TOKEN) :], right[: run_length(right, _TOKEN)]
    if len(left) + len(right) < _FEWEST_TOKEN_BYTES or not (left.strip(_SIGNS) and right.strip(_SIGNS)):
        return None
    return Edit(low, high, b"")


def _is_number(data: bytes, end: int) -> bool:
    """The digits before `end` are no name's, such as `call_0012`."""
    left = data[max(0, end - _TOKEN_BYTES) : end].rstrip(_PUNCTUATION)
    return left.rstrip(DIGITS)[-1:] not in _NAME_ENDS


def may_go_on(left: bytes, right: bytes) -> bool:
    """A value may begin at the end of one text and go on at the beginning of another."""
    joined = left + b"\x1e" + right
    seam = len(left)
    for start, end in _BROKEN.spans(joined, max(0, seam - 40)):
        if start <= seam < end:
            return broken(joined, start, end) is not None
    return False


class Column:
    """Numbers, addresses or tokens below each other, while a text is read from the beginning to the end.

    `reach`: a break that begins before it goes on with the column and need not be looked at, because all of it will be
    left alone; 0 where there is none.
    """

    __slots__ = ("_high", "_rows", "reach")

    def __init__(self) -> None:
        self.reach = self._rows = 0
        self._high = -_COLUMN_BYTES - 1

    def take(self, edit: Edit) -> None:
        """A break that was looked at."""
        self._rows = self._rows + 1 if edit.low - self._high <= _COLUMN_BYTES else 1
        self._high = edit.high
        self.reach = edit.high + _COLUMN_BYTES if self._rows >= 2 * _COLUMN_ROWS else 0

    def goes_on(self, data: bytes, start: int, end: int) -> bool:
        """Of a match of `BROKEN` or of something else; only the former is short and holds a break."""
        if end - start > _ROW_BYTES or (b"\n" not in data[start:end] and b"\x1e" not in data[start:end]):
            return False
        self.reach = end + _COLUMN_BYTES
        return True

    def skip(self, data: bytes, end: int) -> int:
        """Where to go on reading: rows that can hide nothing are not read one by one."""
        line = data.rfind(b"\n", end - _ROW_BYTES if end > _ROW_BYTES else 0, end)
        stop = _PLAIN_ROWS.match(data, line + 1, len(data))[0][1] if line >= 0 else -1
        if stop <= end:
            return end - 1
        self.reach = stop + _COLUMN_BYTES
        return max(end - 1, data.rfind(b"\n", end - 1, stop - 1) + 1)


def without_columns(breaks: Iterable[Edit]) -> list[Edit]:
    """Breaks that are not rows of a column of numbers."""
    kept: list[Edit] = []
    rows: list[Edit] = []
    for edit in breaks:
        if rows and edit.low - rows[-1].high > _COLUMN_BYTES:
            kept += rows if len(rows) <= _COLUMN_ROWS else ()
            rows = []
        rows.append(edit)
    return kept + (rows if len(rows) <= _COLUMN_ROWS else [])


def with_spaces(data: bytes, breaks: Sequence[Edit]) -> list[Edit] | None:
    """The same breaks read as spaces, where one stands between digits: groups of a number may be on lines of their
    own. None where none does.
    """
    spaced = [Edit(low, high, b" " if _between_digits(data, low, high) else b"") for low, high, _, _ in breaks]
    return spaced if any(edit.plain for edit in spaced) else None


def _between_digits(data: bytes, low: int, high: int) -> bool:
    return data[low - 1 : low].isdigit() and data[high : high + 1].isdigit()


def counts(hit: Hit) -> bool:
    return hit.score >= LEAST_SCORE and hit.label not in NOT_PUT_TOGETHER and hit.detector not in _WEAK


def reaching_over(hits: Iterable[Hit], edits: Sequence[Edit]) -> Iterator[Hit]:
    """Hits, in bytes of the source, that have to do with an edit: they reach over a break, or into a row of single
    characters. Edits are in order.
    """
    highs = [edit.high for edit in edits]
    for hit in hits:
        at = bisect_right(highs, hit.start)
        if at < len(edits) and edits[at].low < hit.end and (edits[at].plain or edits[at].low > hit.start):
            yield hit
