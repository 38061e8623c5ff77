"""Numbers and codes in the shape of the original: the same length, the same grouping, other characters."""

import re
import string

from tidegate.core.transform.surrogates.draws import Draws

_MIN_BITS = 26
"""Fewer possibilities, and a text holds one of them by chance."""
_MIN_DIGITS = 7
_LENGTHENED = 9
_DIGIT_BITS, _LETTER_BITS = 3.3, 4.7
_MAX_CHARS = 80
_PIECE = re.compile(r"[A-Z]{1,3}|[^\s\d]*\d\S*")
"""Of a code that is written in groups: one with a digit in it, or a few capitals. Others are words."""


def filled(shape: str, digits: str) -> str:
    """`shape` with its digits replaced, in order, by `digits`, of which there are as many."""
    fresh = iter(digits)
    return "".join([next(fresh) if char.isdecimal() else char for char in shape])


def digits_of(text: str) -> str:
    return "".join([char for char in text if char.isdecimal()])


def code(value: str, draws: Draws) -> str | None:
    """Letters for letters and digits for digits. None for what is words, or too short to be told from chance."""
    if not value.isascii() or len(value) > _MAX_CHARS or not _is_code(value):
        return None
    return "".join([_like(char, draws, leading=at == 0) for at, char in enumerate(value)])


def number(value: str, draws: Draws) -> str | None:
    """A JSON number for a JSON number, so that types survive. A short one grows: three digits are in every answer."""
    sign, _, plain = value.rpartition("-")
    whole, dot, fraction = plain.partition(".")
    if not (whole + fraction).isdecimal() or not value.isascii() or sign:
        return None
    missing = max(0, _LENGTHENED - len(whole + fraction)) if len(whole + fraction) < _MIN_DIGITS else 0
    drawn = _beginning(whole, draws)
    drawn += draws.digits(len(whole) - len(drawn) + missing)
    if not dot:
        return value[: len(value) - len(plain)] + drawn
    # No nought at the end: a number's shortest form lacks it, and would be another text.
    return f"{value[: len(value) - len(plain)]}{drawn}.{draws.digits(len(fraction) - 1)}{draws.below(9) + 1}"


def _is_code(value: str) -> bool:
    bits = sum(_DIGIT_BITS if char.isdecimal() else _LETTER_BITS if char.isalpha() else 0 for char in value)
    pieces = value.split()
    if len(pieces) > 1 and not all(_PIECE.fullmatch(piece) for piece in pieces):
        return False
    return bits >= _MIN_BITS and value[0].isalnum() and value[-1].isalnum() and not value.isalpha()


def _like(char: str, draws: Draws, *, leading: bool) -> str:
    if char.isdecimal():
        return _leading(char, draws) if leading else str(draws.below(10))
    if char.islower():
        return draws.choice(string.ascii_lowercase)
    return draws.choice(string.ascii_uppercase) if char.isupper() else char


def _beginning(whole: str, draws: Draws) -> str:
    """Less than the original's: what fitted into 64 bits, or exactly into a double, still does."""
    first = _leading(whole[0], draws)
    return first + str(draws.below(max(1, int(whole[1])))) if len(whole) > 1 and whole[0] == first else first


def _leading(char: str, draws: Draws) -> str:
    """Never a nought."""
    return str(draws.below(max(1, int(char) - 1)) + 1)
