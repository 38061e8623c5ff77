"""The words around a value, and whether a cue is among them."""

from tidegate.core.classify.patterns import ALNUM

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
    for cue in cues:  # noqa: SIM110 - a generator costs more than the look
        if cue in context:
            return True
    return False
