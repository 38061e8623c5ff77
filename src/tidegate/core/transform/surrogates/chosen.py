"""The surrogates of one request: for each value the first one drawn that nothing else in it could be taken for.

What is drawn follows from the session's key and the value alone, so a conversation keeps its surrogates without a
store. Only where one is taken, by an earlier value or by text that stands in the request, the next one is.
"""

import string
from collections.abc import Callable, Iterable

from tidegate.core.transform import dates
from tidegate.core.transform.normal import normalise
from tidegate.core.transform.surrogates import accounts, networks, phones, shape
from tidegate.core.transform.surrogates.draws import Draws
from tidegate.core.transform.surrogates.people import drawn_name, person
from tidegate.core.values.labels import covers
from tidegate.core.values.surrogates import plain

_ATTEMPTS = 6
_MIN_PLAIN = 4
_SEPARATORS = bytes(code for code in range(128) if chr(code) not in string.ascii_letters + string.digits)
_WEEKS = range(4, 53)
_MOST_SEARCHED = 1 << 25
"""Bytes of text that are searched for surrogates of one request. Values beyond them get tags, so that a request full of
values is not looked through once for each.
"""

_FAMILIES: dict[str, Callable[[str, Draws], str | None]] = {
    "pii.phone": phones.phone,
    "pii.fax": phones.phone,
    "pii.ip": networks.ip,
    "pii.mac": networks.mac,
    "pci.pan": accounts.card,
    "bank.iban": accounts.iban,
    "gov.us_ssn": accounts.us_ssn,
    "gov.us_itin": accounts.us_ssn,
}
_DATES = ("pii.dob", "pii.date", "phi.date")


class Chosen:
    """`texts`: all that stands in the request. `spoils(text)`: a value that may not leave stands in it."""

    __slots__ = (
        "_days",
        "_key",
        "_names",
        "_owners",
        "_people",
        "_searched",
        "_spoils",
        "_standing",
        "_taken",
        "_texts",
    )

    def __init__(self, key: bytes, texts: Iterable[str], spoils: Callable[[str], bool]) -> None:
        self._key = key
        self._texts = texts
        self._spoils = spoils
        self._standing: bytes | None = None
        self._owners: dict[str, tuple[str, str]] = {}
        self._taken: set[str] = set()
        self._names: dict[str, str] = {}
        self._people: dict[str, str] = {}
        self._days = 0
        self._searched = 0

    def of(self, label: str, value: str) -> tuple[str, dict[str, str]] | None:
        """What stands for the value, and everything of it that leads back: a name's words do so on their own.

        None where there is no surrogate of its kind, or none that is free.
        """
        if covers("pii.person", label):
            return self._person(value)
        drawn = self._shifted(value) if any(covers(dated, label) for dated in _DATES) else self._drawn(label, value)
        return (drawn, {drawn: value}) if drawn else None

    def number(self, value: str) -> str | None:
        """A JSON number for one."""
        return self._first_free(("number", value), value, shape.number)

    def _drawn(self, label: str, value: str) -> str | None:
        owner = (label, normalise(label, value))
        if covers("pii.email", label):
            domain = value.rpartition("@")[2].casefold()
            return self._first_free(
                owner, value, lambda value, draws: networks.email(value, draws, Draws(self._key, "domain", domain))
            )
        family = next((made for prefix, made in _FAMILIES.items() if covers(prefix, label)), shape.code)
        return self._first_free(owner, value, family)

    def _first_free(self, owner: tuple[str, str], value: str, family: Callable[[str, Draws], str | None]) -> str | None:
        for attempt in range(_ATTEMPTS):
            drawn = family(value, Draws(self._key, *owner, str(attempt)))
            if drawn is None:
                return None
            if self._take(drawn, owner):
                return drawn
        return None

    def _shifted(self, value: str) -> str | None:
        dated = dates.read(value)
        if dated is None:
            return None
        if not self._days:
            draws = Draws(self._key, "days")
            # Whole weeks, so that a Monday stays one.
            self._days = 7 * draws.choice(_WEEKS) * draws.choice((-1, 1))
        drawn = dated.shifted(self._days)
        return drawn if drawn and self._take(drawn, ("date", dated.on.isoformat())) else None

    def _person(self, value: str) -> tuple[str, dict[str, str]] | None:
        made = person(value, self._name)
        if made is None or self._spoils(made.text):
            return None
        back = {**made.words, made.text: value}
        if any(self._people.get(token, original) != original for token, original in back.items()):
            return None
        self._people |= back
        self._taken.add(made.text)
        return made.text, back

    def _name(self, word: str, given: bool, cyrillic: bool) -> str | None:  # noqa: FBT001 - a callback's positions
        known = self._names.get(word)
        for attempt in range(0 if known else _ATTEMPTS):
            drawn = drawn_name(Draws(self._key, "name", word, str(attempt)), given=given, cyrillic=cyrillic)
            if self._take(drawn, ("name", word)):
                known = self._names[word] = drawn
                break
        return known

    def _take(self, drawn: str, owner: tuple[str, str]) -> bool:
        """Two spellings of one value may differ by case and separators alone; nothing else may."""
        bare = plain(drawn)
        if drawn in self._taken or len(bare) < _MIN_PLAIN or self._spoils(drawn):
            return False
        if self._owners.get(bare, owner) != owner or (bare not in self._owners and self._stands(bare)):
            return False
        self._owners[bare] = owner
        self._taken.add(drawn)
        return True

    def _stands(self, bare: str) -> bool:
        """Whether the request holds it already, however separated."""
        if self._standing is None:
            text = "\0".join(self._texts).lower()
            self._standing = text.encode("utf-8", "surrogatepass").translate(None, _SEPARATORS)
        self._searched += len(self._standing)
        return self._searched > _MOST_SEARCHED or bare.encode() in self._standing
