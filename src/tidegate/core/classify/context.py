"""The words around a value, and whether a cue is among them."""

import re
from collections.abc import Callable
from functools import lru_cache

from tidegate.core.classify.patterns import ALNUM, Spans, compile_pattern

BEFORE_BYTES = 72
AFTER_BYTES = 28

WORDS_ONLY = bytes(byte if byte in ALNUM or byte >= 0x80 else 0x20 for byte in range(256))
"""Translates punctuation, seams and control characters to spaces."""


def around(lower: bytes, start: int, end: int) -> bytes:
    """What stands near a span of lower-cased text, punctuation and seams read as spaces, the value itself left out."""
    before = lower[max(0, start - BEFORE_BYTES) : start]
    return (b" " + before + b" \x00 " + lower[end : end + AFTER_BYTES] + b" ").translate(WORDS_ONLY)


def just_before(lower: bytes, start: int, size: int) -> bytes:
    """The `size` bytes before a place, punctuation and seams read as spaces."""
    return (b" " + lower[max(0, start - size) : start] + b" ").translate(WORDS_ONLY)


def has_cue(context: bytes, cues: tuple[bytes, ...]) -> bool:
    """Whether one of `cues` is in `context`. Many are asked for at once: one by one they cost a tenth of a microsecond
    each.
    """
    if len(cues) <= _FEW:
        for cue in cues:  # noqa: SIM110 - a generator costs more than the look
            if cue in context:
                return True
        return False
    known = _FINDERS.get(id(cues))
    if known is None or known[0] is not cues:
        if len(_FINDERS) >= _MOST_FINDERS:  # of engines that are gone
            _FINDERS.clear()
        known = _FINDERS[id(cues)] = cues, _finder(cues)
    return known[1](context, 0, len(context))[0][0] >= 0


_FEW = 8
_MOST_FINDERS = 4096
_Find = Callable[[bytes, int, int], Spans]
_FINDERS: dict[int, tuple[tuple[bytes, ...], _Find]] = {}
"""By identity: to hash a long tuple costs as much as half of the look. The tuple is kept, so that its number stays."""


@lru_cache(maxsize=1024)
def _finder(cues: tuple[bytes, ...]) -> _Find:
    return compile_pattern(b"|".join(map(re.escape, cues)), max_mem=1 << 20).find
