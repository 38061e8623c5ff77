"""Is a value made at random, or made by a person? Supporting evidence only: words near it always come first."""

from collections import Counter
from math import log2

_PLACEHOLDERS = (
    "example", "placeholder", "changeme", "change_me", "change-me", "your_", "your-", "yourp", "yours", "xxxx", "****", "....", "____",
    "insert", "replace", "dummy", "sample", "redacted", "secret_here", "token_here", "key_here", "todo", "fixme", "undefined",
    "0000000", "1234567890abcdef1234567890abcdef", "abcdefghijkl", "lorem",
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
    """Letters and digits mixed, without the repetition of words: a generated key of ten or more characters."""
    digits = sum(c.isdigit() for c in text)
    letters = sum(c.isalpha() for c in text)
    if len(text) < 10 or not letters or not digits:
        return (
            len(text) >= 24
            and letters == len(text)
            and text not in {text.lower(), text.upper()}
            and bits_per_char(text) >= 4.0
        )
    floor = 2.9 if len(text) < 16 else 3.0
    return bits_per_char(text) >= floor


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
