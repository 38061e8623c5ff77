"""Is a value made at random, or made by a person? Supporting evidence only: words near it always come first."""

# ruff: noqa: E501 - a list of words reads better in few lines

import re
from math import log2
from operator import add

from tidegate.core.classify.patterns import compile_pattern

_PLACEHOLDERS = (
    "example", "placeholder", "changeme", "change_me", "change-me", "your_", "your-", "yourp", "yours", "xxxx", "****", "....", "____",
    "insert", "replace", "dummy", "sample", "redacted", "secret_here", "token_here", "key_here", "todo", "fixme", "undefined",
    "0000000", "lorem", "accesstokenhere", "keyhere", "tokenhere", "####",
)  # fmt: skip
_TEMPLATES = ("${", "{{", "<", "%(", "$(", "#{", "}}", "%s", "@@", "[[")
_PLACEHOLDER = compile_pattern(
    b"(?i:"
    + b"|".join(re.escape(word).encode() for word in _PLACEHOLDERS)
    + b")|"
    + b"|".join(re.escape(mark).encode() for mark in _TEMPLATES)
    + rb"|\A\$"
)

_FOLLOWERS = (
    "abcdilmnprst baceijlorsuy caehiklortu dadeilorsu eacdlmnrstx faefilorstu gaehilnorsu haeiort iacdeglmnorst jaeiosu kaegilnsw ladeilosty mabeimopsu "
    "nacdefgiost ocdlmnoprstuw paeiloprst qsu raceimost sacehiopstu taehiorsty uabceilmnprst vaeio waehinors xaceilmpt yceilmnopst zaeio"
)  # fmt: skip
"""Of each letter, which letters follow it in words of English and of program code more often than 3 times in a hundred
(counted over the words of Python's standard library). Of random pairs one in three is among them.
"""
_USUAL = frozenset(group[0] + follower for group in _FOLLOWERS.split() for follower in group[1:])
_USUAL_SHARE = 0.55
_HUMPS_SHARE = 0.45
_HUMP = 4

# All three are linear: their alternatives begin with different characters and none nests a repeat in a repeat.
_PIECE = re.compile(r"[A-Za-z0-9]+")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")

_SHORT_NUMBER = 6
_LONGEST_WORD = 22
SHORTEST_KEY = 12
_FEWEST_RANDOM = 9
_FEWEST_DISTINCT = 5


def bits_per_char(text: str) -> float:
    """Shannon entropy of the characters' frequencies."""
    size = len(text)
    counts = map(text.count, set(text))
    return log2(size) - sum([n * log2(n) for n in counts]) / size if size else 0.0


def is_placeholder(text: str) -> bool:
    """What stands in documentation where a value would stand."""
    return _PLACEHOLDER.is_in(text.encode("utf-8", "replace"))


def is_uuid(text: str) -> bool:
    return len(text) == 36 and _UUID.fullmatch(text) is not None


def reads_as_words(letters: str, share: float = _USUAL_SHARE) -> bool:
    """Letters that follow each other as in words. Three letters or fewer say nothing and pass."""
    lower = letters.lower()
    pairs = len(lower) - 1
    return pairs < 3 or sum(map(_USUAL.__contains__, map(add, lower, lower[1:]))) >= share * pairs


def random_part(text: str) -> str:
    """What remains of `text` without the words, short numbers and punctuation in it."""
    return "".join(piece for piece in _PIECE.findall(text) if not _is_plain(piece))


def _is_plain(piece: str) -> bool:
    """Words, also in camel case and with a number behind them, or a number."""
    if piece.isdigit():
        return len(piece) <= _SHORT_NUMBER
    words: list[str] = _WORD.findall(piece)
    letters = list(filter(str.isalpha, words))
    joined = "".join(letters)
    digits, numbers = len(piece) - len(joined), len(words) - len(letters)
    if digits > _SHORT_NUMBER or (numbers > 1 and (digits == _SHORT_NUMBER or numbers > 1 + len(piece) // 16)):
        return False
    if len(letters) > 2 + len(piece) // 4 or max(map(len, letters)) > _LONGEST_WORD:
        return False
    humps = len(letters) > 1 and len(joined) >= _HUMP * len(letters)  # camel case; chance's humps are shorter
    return reads_as_words(joined, _HUMPS_SHARE if humps else _USUAL_SHARE)


def looks_random(text: str) -> bool:
    """A generated key: what is left of it without words is long and varied, and mixes letters and digits or is longer
    than words are.
    """
    return len(text) >= SHORTEST_KEY and is_varied(random_part(text))


def is_varied(rest: str) -> bool:
    """Of what `random_part` left: long enough, and with more different characters than a pattern would have."""
    if len(rest) < _FEWEST_RANDOM or len(set(rest)) < _FEWEST_DISTINCT:
        return False
    if rest.isdigit():
        return len(rest) >= 20 and bits_per_char(rest) >= 2.5
    if rest.isalpha():
        return len(rest) >= 16 and bits_per_char(rest) >= 3.0
    return bits_per_char(rest) >= 2.6


def looks_chosen(text: str) -> bool:
    """A password that somebody may have chosen: six or more characters, not a bare word."""
    chars = set(text)
    if len(text) < 6 or len(chars) < 4:
        return False
    digits = any(map(str.isdigit, chars))
    if digits and (any(map(str.islower, chars)) or any(map(str.isupper, chars))):
        return True
    return not all(map(str.isalnum, chars.difference("._-/:")))
