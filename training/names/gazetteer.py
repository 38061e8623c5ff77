"""The gazetteer that ships: names out of the gathered lists, and the words that are written small."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator

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
_SMALL = frozenset(words.SMALL)


def flags_of_words(texts: Iterable[str], dull: Iterable[str] = (), *, hidden: bool) -> dict[bytes, int]:
    """Words and their flags.

    `texts`: where to learn which words are written small. `dull`: texts without names. `hidden`: with the names, too,
    that training hides from the gazetteer.
    """
    flags = _flags_of_names(hidden=hidden)
    names = {word for word, known in flags.items() if known & (FIRST | LAST | PLACE | COUNTRY)}
    for word in _small_words(texts, names) | (_dull_words(dull) - names):
        flags[word] |= COMMON
    # Somewhere a town is called None, and somebody In: what every text is full of is nobody's name.
    for never in (*words.NEVER, *words.VERBS, *words.NATIONS):
        flags[plain(never.encode())] = COMMON
    return dict(flags)


def _flags_of_names(*, hidden: bool) -> Counter[bytes]:
    flags: Counter[bytes] = Counter()
    for kind, name in _gathered():
        flag = _FLAGS[kind]
        if hidden or flag not in (FIRST, LAST) or not is_hidden(name):
            for word in _WORD.findall(name):
                if word[:1].isupper() and word.lower() not in _SMALL and len(word) > 1:
                    flags[plain(word.encode())] |= flag
    for flag, places in ((PLACE, words.CITIES), (COUNTRY, words.COUNTRIES), (COMPANY, words.COMPANY_TRADES)):
        for word in _WORD.findall(" ".join(places).replace("the ", "")):
            flags[plain(word.encode())] |= flag
    for word in words.SUFFIXES:
        flags[plain(word.strip(".").encode())] |= COMPANY
    for word in words.PERSONAL:
        flags[plain(word.encode())] |= PERSONAL
    return flags


def _dull_words(texts: Iterable[str]) -> set[bytes]:
    """Words that stand in source code and documentation time and again, whatever their case; and names of software."""
    seen = Counter(plain(word.encode()) for text in texts for word in _WORD.findall(text))
    software = {plain(word.encode()) for name in words.TECHNOLOGY for word in _WORD.findall(name)}
    return {word for word, count in seen.items() if count > 2} | software


def _gathered() -> Iterator[tuple[str, str]]:
    for locale in lists().values():
        for kind in _FLAGS:
            yield from ((kind, name) for name in locale.get(kind, ()))


def _small_words(texts: Iterable[str], names: Container[bytes]) -> set[bytes]:
    """Words that are written small twice or more (names: most of the time), and those that are said to be no names."""
    seen: Counter[bytes] = Counter()
    capital: Counter[bytes] = Counter()
    for text in texts:
        for word in _WORD.findall(text):
            (seen if word.islower() else capital)[plain(word.encode())] += 1
    common = {word for word, count in seen.items() if count > 1 and (word not in names or count > capital[word])}
    for locale in lists().values():
        common |= {plain(word.encode()) for word in locale.get("word", ()) if word.islower()}
    return common


def table(texts: Iterable[str], dull: Iterable[str] = (), *, hidden: bool = True) -> bytes:
    return gazetteer.pack(flags_of_words(texts, dull, hidden=hidden))
