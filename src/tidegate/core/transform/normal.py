"""One form for all spellings of a value: "Jane.Doe@Example.COM " and "jane.doe@example.com" are one address."""

import unicodedata
from functools import lru_cache

from tidegate.core.values.labels import covers

# What identifies is the digits; people write the rest as they like.
_DIGITS = ("pii.phone", "pii.fax", "pci.pan", "gov.us_ssn", "gov.us_itin")
# Letters count as well, yet neither case nor separators do.
_ALPHANUMERIC = ("gov", "bank", "phi", "pci", "customer.id")
# A secret is these very bytes: another case is another secret.
_EXACT = ("secret",)


def normalise(label: str, value: str) -> str:
    """Never empty for a value that is not. Deterministic, and stable: stored fingerprints depend on it."""
    if _under(_EXACT, label):
        return value.strip() or value
    folded = _fold(value)
    if _under(_DIGITS, label):
        return _digits(folded) or folded or value
    if _under(_ALPHANUMERIC, label):
        return _alphanumeric(folded) or folded or value
    return folded or value


def _fold(value: str) -> str:
    """Width, case, spaces and invisible characters are how a value is written, not what it is."""
    if not value.isascii():
        shown = [char for char in unicodedata.normalize("NFKC", value) if unicodedata.category(char) != "Cf"]
        value = unicodedata.normalize("NFKC", "".join(shown).casefold())
    return " ".join(value.casefold().split())


@lru_cache(maxsize=1024)
def _under(prefixes: tuple[str, ...], label: str) -> bool:
    return any(covers(prefix, label) for prefix in prefixes)


def _digits(text: str) -> str:
    """ASCII digits of whatever script. A leading international 00 says what a plus says: nothing here."""
    digits = "".join(filter(str.isdecimal, text))
    if not digits.isascii():
        digits = "".join([_plain(char) for char in digits])
    # No country code begins with a nought: a third one says that these were no prefix.
    return digits[2:] if digits.startswith("00") and digits[2:3] != "0" and len(digits) > 9 else digits


def _alphanumeric(text: str) -> str:
    plain = "".join(filter(str.isalnum, text))
    return plain if plain.isascii() else "".join([_plain(char) for char in plain])


def _plain(char: str) -> str:
    return str(unicodedata.decimal(char)) if char.isdecimal() else char
