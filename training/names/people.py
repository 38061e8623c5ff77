"""Made-up people, places and companies out of the gathered lists. All chance comes from the `Random` that is given."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple
from zlib import crc32

from training.names import words

LISTS = Path(__file__).parent / "lists.json.gz"
_ENGLISH = ("en_US", "en_US", "en_GB", "en_US", "en_IN", "en_GB", "en_IE", "en_NZ", "en_NG", "en_PK", "en_KE", "en")
_WEST = ("de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pt_PT", "pt_BR", "es_MX", "de_AT", "de_CH", "fr_CA", "es_AR")
_REST = words.LOCALES
_CASED = ("ru_RU", "uk_UA", "bg_BG", "el_GR", "mk_MK")
_HELD_OUT = 7
"""One name in seven is kept from training, so that the scores can say what happens to names never seen. Another one in
seven is in the texts but not in the gazetteer while learning, so that names unknown to it are learned, too.
"""
_INVENTED = 0.08


class Person(NamedTuple):
    first: str
    last: str
    full: str
    title: str


@cache
def lists() -> dict[str, dict[str, list[str]]]:
    with gzip.open(LISTS, "rt", encoding="utf-8") as file:
        loaded: dict[str, dict[str, list[str]]] = json.load(file)
    return loaded


def is_held_out(name: str) -> bool:
    return crc32(name.lower().encode(), 77) % _HELD_OUT == 0


def is_hidden(name: str) -> bool:
    return crc32(name.lower().encode(), 77) % _HELD_OUT < 2


@cache
def _names(locale: str, kind: str, unseen: bool) -> tuple[str, ...]:  # noqa: FBT001 - a key of the cache
    return tuple(name for name in lists().get(locale, {}).get(kind, ()) if is_held_out(name) == unseen)


class People:
    """Draws from the names that training may see, or (`unseen`) only from those that it may not."""

    def __init__(self, draw: Random, *, unseen: bool = False) -> None:
        self.draw = draw
        self._unseen = unseen

    def locale(self) -> str:
        return self.draw.choice(self.draw.choices((_ENGLISH, _WEST, _REST, _CASED), (48, 26, 24, 2))[0])

    def of(self, locale: str, kind: str) -> str:
        """A name of a kind; where a locale has none, one of another."""
        found = _names(locale, kind, self._unseen)
        if found and self.draw.random() < _INVENTED and not self._unseen:
            one, two = self.draw.choice(found), self.draw.choice(found)
            return one[: len(one) // 2 + 1] + two[len(two) // 2 :].lower()
        if found:
            return self.draw.choice(found)
        return self.of(self.draw.choice(("en_US", "de_DE", "fr_FR", "nl_NL", "it_IT")), kind)

    def person(self) -> Person:
        draw = self.draw
        locale = self.locale()
        other = locale if draw.random() < 0.85 else self.locale()
        first, last = self.of(locale, "first"), self.of(other, "last")
        roll = draw.random()
        if roll < 0.06:
            last = f"{last}-{self.of(locale, 'last')}" if " " not in last else last
        elif roll < 0.09:
            first = f"{first}-{self.of(locale, 'first')}"
        elif roll < 0.12:
            last = (
                draw.choice(("van ", "de ", "von ", "van der ", "Mc", "O'", "D'", "al-", "da ", "bin ", "El ")) + last
            )
        full = f"{first} {last}"
        roll = draw.random()
        if roll < 0.07:
            full = f"{first} {draw.choice('ABCDEFGHIJKLMNOPRSTVW')}{draw.choice(('.', '.', ''))} {last}"
        elif roll < 0.11:
            full = f"{first} {self.of(locale, 'first')} {last}"
        elif roll < 0.14:
            full = f"{first[0]}. {last}"
        elif roll < 0.17:
            full = f"{full} {self.of(other, 'last')}"
        elif roll < 0.185:
            full = f"{full} {draw.choice(('Jr.', 'Jr', 'III', 'Sr.', 'MD', 'PhD', 'II'))}"
        elif roll < 0.25:
            full = first if roll < 0.23 else last
        return Person(
            first, last, full, draw.choice(("Mr.", "Ms.", "Mrs.", "Dr.", "Mr", "Mrs", "Ms", "Dr", "Miss", "Prof."))
        )

    def city(self) -> str:
        locale = self.locale()
        roll = self.draw.random()
        if roll < 0.35:
            return self.draw.choice(words.CITIES)
        if roll < 0.45:
            return self.of(locale, "last") + self.draw.choice(
                ("ville", "ton", "burg", "ham", "field", " Falls", "stad")
            )
        if roll < 0.5:
            return self.draw.choice(("New ", "North ", "Lake ", "Port ", "Saint ", "San ", "West ")) + self.of(
                locale, "last"
            )
        return self.of(locale, "place").removesuffix(" kommun")

    def street(self) -> str:
        """A street's name and number, which may hold the name of a person and is none."""
        draw = self.draw
        locale = self.locale()
        number = str(draw.randrange(1, draw.choice((30, 300, 9000))))
        of = draw.choice(
            (
                self.of(locale, "last"),
                f"{self.of(locale, 'first')} {self.of(locale, 'last')}",
                self.of(locale, "first"),
                self.of(locale, "place"),
            )
        )
        after, before, joined = (
            draw.choice(these) for these in (words.STREETS_AFTER, words.STREETS_BEFORE, words.STREETS_JOINED)
        )
        forms = (
            f"{of} {after}",
            f"{before} {of}",
            of.split()[-1] + joined,
            draw.choice(words.STREETS),
            f"{of.replace(' ', '-')}-{after}",
        )
        name = draw.choice(forms)
        roll = draw.random()
        return name if roll < 0.1 else f"{number} {name}" if roll < 0.6 else f"{name} {number}"

    def country(self) -> str:
        return self.draw.choice(_countries())

    def company(self) -> str:
        draw = self.draw
        one, two, three = (self.of(self.locale(), "last") for _ in range(3))
        word, trade, suffix = (draw.choice(w) for w in (words.COMPANY_WORDS, words.COMPANY_TRADES, words.SUFFIXES))
        forms = (
            f"{one} {suffix}", f"{one} {trade}", f"{one} & {two}", f"{one}, {two} and {three}", f"{one}-{two}",
            f"{word} {trade}", f"{word} {trade} {suffix}", f"{one} {trade} {suffix}", f"{self.city()} {trade}",
            f"University of {self.city()}", f"{self.city()} University", f"Bank of {self.city()}", f"{one} and Sons",
            f"{one} Group", f"{self._invented()}", f"{self._invented()} {suffix}", f"{self._invented()} {trade}",
            draw.choice(words.BRANDS), draw.choice(words.BRANDS), draw.choice(words.BRANDS), f"{one} & Co.",
            draw.choice(_companies()), f"St. {self.of('en_US', 'first')} Hospital", f"{word}{trade.lower()}",
        )  # fmt: skip
        return draw.choice(forms)

    def _invented(self) -> str:
        draw = self.draw
        parts = words.SYLLABLES
        return "".join(draw.choices(parts, k=draw.randint(2, 3))).capitalize()


@cache
def _countries() -> tuple[str, ...]:
    found = {
        name
        for locale in ("en", "en_US", "en_GB", "de_DE", "fr_FR", "es_ES", "it_IT")
        for name in lists().get(locale, {}).get("region", ())
    }
    return tuple(sorted(found | set(words.COUNTRIES) | set(words.COUNTRIES)))


@cache
def _companies() -> tuple[str, ...]:
    return tuple(sorted({name for locale in lists().values() for name in locale.get("company", ()) if name.isascii()}))


@cache
def common_words() -> tuple[str, ...]:
    """English words that are written small, names' look-alikes among them; and verbs that begin a line of a list."""
    plain = (word for word in lists()["en_US"]["word"] if word.islower() and len(word) > 2)
    return tuple(sorted({*plain, *words.VERBS}))
