r"""RE2 over bytes: the only pattern engine on the path, because its time is linear in the text whatever the pattern.

Patterns match bytes of UTF-8 one by one (Latin-1 mode), which keeps automata small; what is not ASCII is `\x80-\xff`.
Counted repeats of 20 and more are written as `+` and their length is checked afterwards: RE2 would otherwise run out of
states and fall back to a matcher that is a hundred times slower.
"""

from collections.abc import Iterator
from typing import Protocol

import re2


class Match(Protocol):
    def start(self, group: int = 0) -> int: ...
    def end(self, group: int = 0) -> int: ...
    def span(self, group: int = 0) -> tuple[int, int]: ...
    def group(self, group: int = 0) -> bytes | None: ...


class Pattern(Protocol):
    def search(self, text: bytes, pos: int | None = None, endpos: int | None = None) -> Match | None: ...
    def match(self, text: bytes, pos: int | None = None, endpos: int | None = None) -> Match | None: ...
    def finditer(self, text: bytes, pos: int | None = None, endpos: int | None = None) -> Iterator[Match]: ...


def compile_pattern(pattern: bytes, *, utf8: bool = False, max_mem: int = 8 << 20) -> Pattern:
    """A compiled pattern; a broken one raises `re2.error` here, at start, and never prints."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = max_mem
    if not utf8:
        options.encoding = re2.Options.Encoding.LATIN1
    compiled: Pattern = re2.compile(pattern, options)
    return compiled


def run_length(text: bytes, alphabet: bytes) -> int:
    """How many bytes of `alphabet` open `text`."""
    return len(text) - len(text.lstrip(alphabet))


def tail_length(text: bytes, alphabet: bytes) -> int:
    """How many bytes of `alphabet` end `text`."""
    return len(text) - len(text.rstrip(alphabet))


DIGITS = b"0123456789"
LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALNUM = DIGITS + LETTERS
_IS_ALNUM = bytes(byte in ALNUM for byte in range(256))


def touches(data: bytes, start: int, end: int) -> bool:
    """A letter or digit stands right before or after the span: it is a piece of a longer token."""
    return bool((start > 0 and _IS_ALNUM[data[start - 1]]) or (end < len(data) and _IS_ALNUM[data[end]]))


def begins_word(data: bytes, start: int) -> bool:
    return start == 0 or not _IS_ALNUM[data[start - 1]]


def ends_word(data: bytes, end: int) -> bool:
    return end >= len(data) or not _IS_ALNUM[data[end]]
