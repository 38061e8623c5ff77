r"""RE2 over bytes: the only pattern engine on the path, because its time is linear in the text whatever the pattern.

Patterns match bytes of UTF-8 one by one (Latin-1 mode), which keeps automata small; what is not ASCII is `\x80-\xff`.
Counted repeats of 20 and more are written as `+` and their length is checked afterwards: RE2 would otherwise run out of
states and fall back to a matcher that is a hundred times slower.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import re2

Spans = list[tuple[int, int]]
"""The match and its groups; (-1, -1) for what took no part, first of all where nothing matched."""


class Pattern:
    """A compiled pattern.

    `find(text, pos, end)` looks anywhere between two places, `match(text, pos, end)` at the first of them alone; both
    answer with spans and build no object a match, which is half of the cost. That is the binding's inner way in;
    where a version lacks it, the public one gives the same answers.
    """

    __slots__ = ("find", "match")

    find: Callable[[bytes, int, int], Spans]
    match: Callable[[bytes, int, int], Spans]

    def __init__(self, compiled: Any) -> None:
        binding: Any = getattr(compiled, "_regexp", None)
        anchors: Any = getattr(re2, "_Anchor", None)
        if hasattr(binding, "Match") and hasattr(anchors, "ANCHOR_START"):
            self.find = partial(binding.Match, anchors.UNANCHORED)
            self.match = partial(binding.Match, anchors.ANCHOR_START)
        else:
            self.find = partial(_publicly, compiled.search, compiled.groups)
            self.match = partial(_publicly, compiled.match, compiled.groups)

    def is_in(self, text: bytes) -> bool:
        return self.find(text, 0, len(text))[0][0] >= 0

    def spans(self, text: bytes, pos: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
        """Matches from left to right without overlap."""
        stop = len(text) if end is None else end
        while pos <= stop:
            span = self.find(text, pos, stop)[0]
            if span[0] < 0:
                return
            yield span
            pos = span[1] if span[1] > span[0] else span[1] + 1


def _publicly(look: Callable[..., Any], groups: int, text: bytes, pos: int, end: int) -> Spans:
    found = look(text, pos, end)
    return [found.span(group) if found else (-1, -1) for group in range(groups + 1)]


def compile_pattern(pattern: bytes, *, utf8: bool = False, max_mem: int = 8 << 20) -> Pattern:
    """A compiled pattern; a broken one raises `re2.error` here, at start, and never prints."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = max_mem
    if not utf8:
        options.encoding = re2.Options.Encoding.LATIN1
    return Pattern(re2.compile(pattern, options))


def class_of(chars: Iterable[str]) -> bytes:
    """A class of these characters, for a pattern that reads UTF-8."""
    ranges: list[list[int]] = []
    for code in sorted(map(ord, chars)):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "[{}]".format("".join(f"\\x{{{low:x}}}-\\x{{{high:x}}}" for low, high in ranges)).encode()


def run_length(text: bytes, alphabet: bytes) -> int:
    """How many bytes of `alphabet` open `text`."""
    return len(text) - len(text.lstrip(alphabet))


def tail_length(text: bytes, alphabet: bytes) -> int:
    """How many bytes of `alphabet` end `text`."""
    return len(text) - len(text.rstrip(alphabet))


DIGITS = b"0123456789"
LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALNUM = DIGITS + LETTERS
IS_ALNUM = bytes(byte in ALNUM for byte in range(256))


def touches(data: bytes, start: int, end: int) -> bool:
    """A letter or digit stands right before or after the span: it is a piece of a longer token."""
    return bool((start > 0 and IS_ALNUM[data[start - 1]]) or (end < len(data) and IS_ALNUM[data[end]]))


def begins_word(data: bytes, start: int) -> bool:
    return start == 0 or not IS_ALNUM[data[start - 1]]


def ends_word(data: bytes, end: int) -> bool:
    return end >= len(data) or not IS_ALNUM[data[end]]
