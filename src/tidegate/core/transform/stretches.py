"""The stretches of a part in which something can be replaced: the whole text, or, inside JSON, each string and number.

A tool call's arguments are JSON in a string. What detectors mark there are offsets of the raw text; what a value *is*
stands behind escapes; and what replaces it has to leave a valid document. So every string in it is a stretch with the
decoded text and a way back to raw offsets, and a number is one that is replaced whole.
"""

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|-?\d[-+.\deE]*', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.DOTALL)
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_SPACES = frozenset("\n\r\t\b\f")


class Stretch(NamedTuple):
    """`text` is what stands at `start` of the part, decoded. `offsets`: where each of its characters begins in the raw
    part, and the end; None where nothing is escaped. `whole`: it is replaced as a whole or not at all. `quoted`: it
    stands between a JSON string's quotes.
    """

    start: int
    text: str
    offsets: Sequence[int] | None = None
    whole: bool = False
    quoted: bool = False

    def raw(self, at: int) -> int:
        return self.offsets[at] if self.offsets else self.start + at

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Raw offsets to offsets of `text`, widened to whole characters; None where they don't meet."""
        start, end = max(start, self.start), min(end, self.raw(len(self.text)))
        if start >= end:
            return None
        if self.whole:
            return 0, len(self.text)
        if not self.offsets:
            return start - self.start, end - self.start
        return self._escaped_span(self.offsets, start, end)

    def _escaped_span(self, offsets: Sequence[int], start: int, end: int) -> tuple[int, int] | None:
        first, last = bisect_right(offsets, start) - 1, bisect_left(offsets, end)
        # A detector that read `\nbob@...` as "nbob@..." means bob: half of an escaped line break is none of his.
        if offsets[first] < start and self.text[first] in _SPACES:
            first += 1
        if last > first and offsets[last] > end and self.text[last - 1] in _SPACES:
            last -= 1
        return (first, last) if first < last else None


def stretches(text: str, *, is_json: bool) -> list[Stretch]:
    """Left to right. Text that claims to be JSON and is not (a model was cut short) is one stretch like any other."""
    if not is_json or not _is_valid(text):
        return [Stretch(0, text)]
    return [_stretch(token) for token in _TOKEN.finditer(text)]


def number(text: str) -> list[Stretch]:
    return [Stretch(0, text, whole=True)]


def _is_valid(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _stretch(token: re.Match[str]) -> Stretch:
    raw, start = token[0], token.start()
    if raw[0] != '"':
        return Stretch(start, raw, whole=True)
    if "\\" not in raw:
        return Stretch(start + 1, raw[1:-1], quoted=True)
    # Half of a surrogate pair is no character: nothing can search it, hash it or send it.
    return Stretch(start + 1, _HALF_PAIR.sub("\ufffd", json.loads(raw)), _offsets(raw, start), quoted=True)


def _offsets(raw: str, start: int) -> list[int]:
    offsets: list[int] = []
    at, end = 1, len(raw) - 1
    while at < end:
        offsets.append(start + at)
        escape = _ESCAPE.match(raw, at) if raw[at] == "\\" else None
        at = escape.end() if escape else at + 1
    offsets.append(start + end)
    return offsets
