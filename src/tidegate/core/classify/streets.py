"""Words of a text one by one, and how many of them are the name of a street with its kind and number."""

import re
from functools import partial
from typing import NamedTuple

from tidegate.core.classify.patterns import ALNUM
from tidegate.core.classify.places import (
    COMMON_STREETS,
    CONNECTORS,
    ENDINGS,
    FOLLOWING,
    LEADING,
    NO_STREETS,
    PROSE,
    STREETS,
    UNITS,
)

_PUNCTUATION = b".'-&/"
_TOKEN = re.compile(rb"([ \t\r\n,>|?*]{0,12})([0-9A-Za-z\x80-\xff#][0-9A-Za-z\x80-\xff'.&/-]{0,40})")
"""Bounded on both sides, and what separates is never part of a word: no two ways to match."""
READABLE = ALNUM + bytes(range(0x80, 0x100)) + b" \t\r\n,>|?*#'.&/-"
"""Of what words and gaps are made."""
_NUMBER = re.compile(rb"#?\d{1,6}[A-Za-z]?(?:[/-]\d{1,4}[A-Za-z]?)?\Z")
_ORDINAL = re.compile(rb"\d{1,3}(?:st|nd|rd|th)\Z")
_MOST_WORDS = 6
_MOST_NUMBERS = 2
_MOST_LINE_ENDS = 2
_NINE = 0x39
_BEYOND_ASCII = bytes(range(0x80, 0x100)) + b"-'."
SURE_LEADING = frozenset(
    (
        "rue calle rua r\u00faa avenida ul ulica plac aleja al chemin impasse quai all\u00e9e travessa alameda estrada"
        " viale piazza vicolo contrada pasaje glorieta bulevardul strada soseaua drumul"
    )
    .encode()
    .split()
)
"""Leading kinds that are written in lower case and are no word of another language."""


class Token(NamedTuple):
    """A word, without punctuation behind it as `bare`, that in lower case as `word`; `gap` separates it from the one
    before.
    """

    gap: bytes
    low: int
    high: int
    text: bytes
    bare: bytes
    word: bytes

    @property
    def end(self) -> int:
        return self.low + len(self.bare)

    @property
    def is_number(self) -> bool:
        first = self.text[0]
        if first > _NINE:
            return self.word == b"s/n"
        return _NUMBER.match(self.bare) is not None

    @property
    def is_name(self) -> bool:
        """Capitalised, of a script without capitals, or an ordinal."""
        first = self.text[0]
        return 0x41 <= first <= 0x5A or first >= 0x80 or (first <= _NINE and _ORDINAL.match(self.bare) is not None)


_token = partial(tuple.__new__, Token)
"""What `Token._make` does, in half the time."""


class Street(NamedTuple):
    """The first part of an address: its tokens end before `after`; `kind` says how sure the words are.

    `odd`: a word in lower case stands between capitalised ones, as some languages write and sentences do as well.
    """

    after: int
    kind: str
    odd: bool = False


class Words(list[Token]):
    """Words from a place on, while nothing but spaces, commas, line ends and quotation marks of mail separate them.

    Those that somebody has asked for are read, because most readings end after three or four.
    """

    __slots__ = ("_at", "_data", "_left", "_stop")

    def __init__(self, data: bytes, at: int, stop: int, most: int) -> None:
        super().__init__()
        self._data = data
        self._at = at
        self._stop = min(len(data), stop)
        self._left = most

    def has(self, n: int) -> bool:
        """Whether there is a word `n`, which can then be had by its number."""
        while len(self) <= n:
            found = _TOKEN.match(self._data, self._at, self._stop) if self._left else None
            if found is None:
                self._left = 0
                return False
            gap, text = found.groups()
            if len(gap) > _MOST_LINE_ENDS and gap.count(b"\n") > _MOST_LINE_ENDS:
                self._left = 0
                return False
            bare = text.rstrip(_PUNCTUATION)
            self._left -= 1
            self._at = at = found.end()
            self.append(_token((gap or b" ", at - len(text), at, text, bare, bare.lower())))
        return True


def street_of(tokens: Words, first: int, *, lower: bool) -> Street:
    """The words of a street from `first` on, to its kind or its number, whichever stands last."""
    best = Street(first, "")
    odd = False
    numbers = 0
    for n in range(first, first + _MOST_WORDS + 1):
        if not tokens.has(n):
            break
        token = tokens[n]
        listed = token.gap == b", " and (n == first or _is_its_number(best, tokens, n))
        if not (n == 0 or token.gap == b" " or listed) or token.word in UNITS or token.word in NO_STREETS:
            break
        if token.is_number and n > first:
            numbers += 1
            if numbers > _MOST_NUMBERS or (lower and first and not best.kind and _goes_on(tokens, n)):
                break
            best = Street(n + 1, best.kind or "ends in number", odd)
        elif is_kind(tokens, n, first):
            best = Street(n + 1, "kind", odd)
        elif best.kind == "kind" and tokens[first].word not in LEADING:
            break
        elif is_word(token, lower=lower):
            kind = "common" if n > first and token.word in COMMON_STREETS else best.kind
            best = Street(n + 1, kind, odd) if kind != "kind" or token.is_name else best
        elif n > first and not odd and _may_stand_between(tokens, n):
            odd = True
        else:
            break
    return best


def _is_its_number(street: Street, tokens: Words, n: int) -> bool:
    """Rua Augusta, 12."""
    named = street.kind == "kind" or (street.after == n and not tokens[0].is_number)
    return named and tokens[n].is_number and not tokens[n - 1].is_number


def _goes_on(tokens: Words, n: int) -> bool:
    """A sentence does: its next word is no unit and on the same line."""
    return tokens.has(n + 1) and tokens[n + 1].gap == b" " and tokens[n + 1].word not in UNITS


def _may_stand_between(tokens: Words, n: int) -> bool:
    behind = tokens[n + 1] if tokens.has(n + 1) else None
    known = tokens[n].word not in PROSE and is_alphabetic(tokens[n].bare)
    return known and behind is not None and behind.gap == b" " and (behind.is_name or behind.is_number)


def is_word(token: Token, *, lower: bool) -> bool:
    if token.is_name or token.word in CONNECTORS or token.word in LEADING:
        return True
    return lower and token.word not in PROSE and is_alphabetic(token.bare)


def is_alphabetic(word: bytes) -> bool:
    return word.translate(None, _BEYOND_ASCII).isalpha() or not word.isascii()


def is_kind(tokens: Words, n: int, first: int) -> bool:
    word = tokens[n].word
    if n > first and (word in STREETS or word in FOLLOWING):
        return len(word) > 1 or tokens[n].text == b"u."
    if n == first and word in LEADING and tokens.has(n + 1):
        if n > 0 and word in SURE_LEADING:
            return tokens[n + 1].word not in PROSE
        if n == 0 and not tokens[n].is_name and word not in SURE_LEADING:
            return False
        return tokens[n + 1].is_name or tokens[n + 1].word in CONNECTORS or (n > 0 and not tokens[n].is_name)
    if n == first and tokens[n].text in {b"C/", b"c/"}:
        return True
    return len(word) > 5 and (word.endswith(ENDINGS) or tokens[n].text.endswith(b"str.")) and word not in FOLLOWING
