"""People's names, word by word: whoever is Jane here is the same made-up name there, also where she is Mrs Doe."""

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from tidegate.core.transform.surrogates.draws import Draws
from tidegate.core.transform.surrogates.names import FAMILY, FAMILY_CYRILLIC, GIVEN, GIVEN_CYRILLIC

_WORD = re.compile(r"[^\W\d_]+")
_KEPT = frozenset(
    (
        "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "dame", "lord", "lady", "rev", "fr", "sr", "jr", "st",
        "md", "phd", "esq", "herr", "frau", "dipl", "ing", "mme", "mlle", "don", "dona", "senor", "senora", "signor",
        "signora", "von", "van", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "el", "al",
        "bin", "ibn", "ben", "abu", "ter", "ten", "zu", "zum", "zur", "af", "av", "ii", "iii", "iv",
    )
)  # fmt: skip
"""Titles and particles: they say how to address somebody, not whom."""
_MIN_LETTERS = 3
"""Shorter words of a name come back only with the whole of it."""


class Person(NamedTuple):
    """`words`: each word of the surrogate and what it stands for, where it is long enough to stand alone."""

    text: str
    words: dict[str, str]


def drawn_name(draws: Draws, *, given: bool, cyrillic: bool) -> str:
    if cyrillic:
        return draws.choice(GIVEN_CYRILLIC if given else FAMILY_CYRILLIC)
    return draws.choice(GIVEN if given else FAMILY)


def person(value: str, name: Callable[[str, bool, bool], str | None]) -> Person | None:
    """`name(word, given, cyrillic)`: what stands for a word of a name, whatever its case; None where nothing is free.

    None for scripts that no list is there for, and for what has no name in it.
    """
    words = list(_WORD.finditer(value))
    named = [word for word in words if len(word[0]) > 1 and word[0].casefold() not in _KEPT]
    script = _script(value)
    if not named or script is None:
        return None
    at, out = 0, list[str]()
    found: dict[str, str] = {}
    for word in words:
        standing = word[0]
        if word in named:
            drawn = name(word[0].casefold(), word is named[0], script == "CYRILLIC")
            if drawn is None:
                return None
            standing = _styled(drawn, word[0])
            if len(word[0]) >= _MIN_LETTERS:
                found[standing] = word[0]
        elif len(word[0]) == 1:
            standing = "Q" if script == "LATIN" else "Щ"
        out += value[at : word.start()], standing
        at = word.end()
    return Person("".join((*out, value[at:])), found)


def _script(value: str) -> str | None:
    scripts = {unicodedata.name(char, "?").partition(" ")[0] for char in value if char.isalpha()}
    return scripts.pop() if scripts in ({"LATIN"}, {"CYRILLIC"}) else None


def _styled(name: str, like: str) -> str:
    if like.isupper():
        return name.upper()
    return name.lower() if like.islower() else name
