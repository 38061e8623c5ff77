"""Card, account and social security numbers that pass their checks and are nobody's."""

import string

from tidegate.core.transform.surrogates.draws import Draws
from tidegate.core.transform.surrogates.shape import digits_of, filled

# Ranges that the networks and acquirers publish for tests, by what a number begins with.
_TEST_RANGES = {"3": "378282", "4": "411111", "6": "601111"}
_OTHER_RANGE = "555555"
_CARD_DIGITS = range(13, 20)
_SSN_DIGITS = 9
_IBAN_CHARS = range(15, 35)


def card(value: str, draws: Draws) -> str | None:
    """Luhn holds, and the issuer is one of the test ranges."""
    digits = digits_of(value)
    if len(digits) not in _CARD_DIGITS or not value.isascii():
        return None
    body = _TEST_RANGES.get(digits[0], _OTHER_RANGE) + draws.digits(len(digits) - 7)
    return filled(value, body + _luhn_digit(body))


def iban(value: str, draws: Draws) -> str | None:
    """Of the same country, with check digits that hold; the bank and the account are drawn."""
    bare = "".join(value.split()).upper()
    if len(bare) not in _IBAN_CHARS or not bare.isascii() or not bare.isalnum() or not bare[:2].isalpha():
        return None
    account = "".join([draws.choice(string.ascii_uppercase if char.isalpha() else string.digits) for char in bare[4:]])
    check = 98 - _number(f"{account}{bare[:2]}00") % 97
    fresh = iter(f"{bare[:2]}{check:02}{account}")
    drawn = "".join([next(fresh) if char.isalnum() else char for char in value])
    return drawn.lower() if value.islower() else drawn


def us_ssn(value: str, draws: Draws) -> str | None:
    """Areas from 900 on were never given out, and taxpayer numbers there have no group below 50."""
    if len(digits_of(value)) != _SSN_DIGITS or not value.isascii():
        return None
    return filled(value, f"9{draws.digits(2)}{draws.below(49) + 1:02}{draws.below(9999) + 1:04}")


def _luhn_digit(body: str) -> str:
    doubled = [int(digit) * 2 for digit in body[::-2]]
    total = sum(digit - 9 if digit > 9 else digit for digit in doubled) + sum(int(digit) for digit in body[-2::-2])
    return str(-total % 10)


def _number(text: str) -> int:
    return int("".join([str(int(char, 36)) for char in text]))
