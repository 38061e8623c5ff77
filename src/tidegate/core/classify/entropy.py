"""Is a value made at random, or made by a person? Supporting evidence only: words near it always come first."""

# ruff: noqa: E501 - a list of words reads better in few lines

from collections import Counter
from itertools import pairwise
from math import log2

_PLACEHOLDERS = (
    "example", "placeholder", "changeme", "change_me", "change-me", "your_", "your-", "yourp", "yours", "xxxx", "****", "....", "____",
    "insert", "replace", "dummy", "sample", "redacted", "secret_here", "token_here", "key_here", "todo", "fixme", "undefined",
    "0000000", "lorem", "accesstokenhere", "keyhere", "tokenhere",
)  # fmt: skip
_TEMPLATES = ("${", "{{", "<", "%(", "$(", "#{", "}}", "%s", "@@", "[[")


def bits_per_char(text: str) -> float:
    """Shannon entropy of the characters' frequencies."""
    size = len(text)
    return -sum(n / size * log2(n / size) for n in Counter(text).values()) if size else 0.0


def is_placeholder(text: str) -> bool:
    """What stands in documentation where a value would stand."""
    lower = text.lower()
    return (
        any(word in lower for word in _PLACEHOLDERS) or any(mark in text for mark in _TEMPLATES) or text.startswith("$")
    )


def looks_random(text: str) -> bool:
    """A generated key: letters and digits mixed, or so long and so varied that nobody would have written it."""
    digits = sum(c.isdigit() for c in text)
    letters = sum(c.isalpha() for c in text)
    if digits and letters:
        return len(text) >= 12 and bits_per_char(text) >= (2.9 if len(text) < 16 else 2.75)
    if digits:
        return digits == len(text) >= 20 and bits_per_char(text) >= 2.5
    return letters == len(text) >= 20 and _is_jumbled(text) and bits_per_char(text) >= 3.6


def _is_jumbled(letters: str) -> bool:
    """Capitals anywhere, as no camel case has them; or one word longer than words are."""
    changes = sum(a.isupper() != b.isupper() for a, b in pairwise(letters))
    return changes >= 0.4 * len(letters) or (len(letters) >= 24 and changes == 0)


def looks_chosen(text: str) -> bool:
    """A password that somebody may have chosen: six or more characters, not a bare word."""
    kinds = sum((any(c.isdigit() for c in text), any(c.islower() for c in text), any(c.isupper() for c in text)))
    symbols = any(not c.isalnum() and c not in "._-/:" for c in text)
    return (
        len(text) >= 6
        and len(set(text)) >= 4
        and (kinds >= 2 or symbols)
        and (symbols or any(c.isdigit() for c in text))
    )
