"""The gazetteer that ships: names out of the gathered lists, and the words that are written small."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from tidegate.core.classify.names import gazetteer
from tidegate.core.classify.names.gazetteer import COMMON, COMPANY, COUNTRY, FIRST, LAST, PERSONAL, PLACE, STREET
from tidegate.core.classify.names.words import plain
from training.names import words
from training.names.people import is_hidden, lists

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_FLAGS = {
    "first": FIRST,
    "middle": FIRST,
    "last": LAST,
    "place": PLACE,
    "region": COUNTRY,
    "street": STREET,
    "suffix": COMPANY,
    "company": COMPANY,
    "trade": COMPANY,
}
_SMALL = frozenset(
    "de van der den von da dos das do del della di la le du el al bin ibn ben the of and y e a an i o u no".split()
)


def flags_of_words(texts: Iterable[str], *, hidden: bool) -> dict[bytes, int]:
    """Words and their flags. `texts`: where to learn which words are written small. `hidden`: with the names, too, that
    training hides from it."""
    flags: Counter[bytes] = Counter()
    for locale in lists().values():
        for kind, flag in _FLAGS.items():
            for name in locale.get(kind, ()):
                if hidden or flag not in (FIRST, LAST) or not is_hidden(name):
                    for word in _WORD.findall(name):
                        if word[:1].isupper() and word.lower() not in _SMALL and len(word) > 1:
                            flags[plain(word.encode())] |= flag
    for name in (*words.CITIES, *words.COUNTRIES):
        flag = PLACE if name in words.CITIES else COUNTRY
        for word in _WORD.findall(name.removeprefix("the ")):
            flags[plain(word.encode())] |= flag
    for word in (*words.COMPANY_TRADES, *words.SUFFIXES):
        flags[plain(word.strip(".").encode())] |= COMPANY
    for word in words.PERSONAL:
        flags[plain(word.encode())] |= PERSONAL
    for word in _small_words(texts):
        flags[word] |= COMMON
    return dict(flags)


def _small_words(texts: Iterable[str]) -> set[bytes]:
    """Words that stand in lower case twice or more; and those that are said to be no names."""
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update(word for word in _WORD.findall(text) if word.islower())
    common = {plain(word.encode()) for word, count in seen.items() if count > 1}
    for locale in lists().values():
        common |= {plain(word.encode()) for word in locale.get("word", ()) if word.islower()}
    for name in (*words.NEVER, *words.NATIONS):
        common.add(plain(name.encode()))
    return common


def table(texts: Iterable[str], *, hidden: bool = True) -> bytes:
    return gazetteer.pack(flags_of_words(texts, hidden=hidden))
