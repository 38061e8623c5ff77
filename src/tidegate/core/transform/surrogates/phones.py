"""Telephone numbers that are set aside for fiction, in the grouping of the original.

Sources: NANPA (555-0100 to 555-0199 of any area), Ofcom's numbers for drama (GB), ARCEP decision 2018-0881 (FR),
Bundesnetzagentur's Rufnummern fuer Film und Fernsehen (DE), ACMA's numbers for film and radio (AU). Where a country has
set none aside every number may be somebody's, so there is no surrogate.
"""

from collections.abc import Callable

from tidegate.core.transform.surrogates.draws import Draws
from tidegate.core.transform.surrogates.shape import digits_of, filled

_AREAS = ("202", "206", "212", "213", "303", "305", "312", "313", "404", "412", "415", "503", "512", "602", "612",
          "617", "702", "713", "802", "808", "816", "901", "907", "914", "919")  # fmt: skip


def phone(value: str, draws: Draws) -> str | None:
    digits = digits_of(value)
    if not value.isascii() or any(char.isalpha() for char in value):
        return None
    drawn = _drawn(digits, draws, international=value.lstrip(" (").startswith("+") or digits.startswith("00"))
    return None if drawn is None else filled(value, drawn)


def _drawn(digits: str, draws: Draws, *, international: bool) -> str | None:
    if not international:
        return _domestic(digits, draws)
    trunk = "00" if digits.startswith("00") else ""
    number = digits.removeprefix(trunk)
    for code, national in _COUNTRIES.items():
        if number.startswith(code) and (drawn := national(number[len(code) :].lstrip("0"), draws)):
            nought = "0" * (len(number) - len(code) - len(number[len(code) :].lstrip("0")))
            return trunk + code + nought + drawn
    return None


def _domestic(digits: str, draws: Draws) -> str | None:
    """Without a country code the length tells most: ten digits are North America's, or France's behind a nought."""
    if not digits.startswith("0"):
        if len(digits) == 7:
            return f"55501{draws.digits(2)}"
        bare = digits.removeprefix("1") if len(digits) == 11 else digits
        drawn = _north_america(bare, draws)
        return drawn and digits[: len(digits) - len(bare)] + drawn
    for national in (_france, _britain):
        if drawn := national(digits[1:], draws):
            return f"0{drawn}"
    return None


def _north_america(digits: str, draws: Draws) -> str | None:
    return f"{draws.choice(_AREAS)}55501{draws.digits(2)}" if len(digits) == 10 and digits[0] > "1" else None


def _britain(digits: str, draws: Draws) -> str | None:
    if len(digits) != 10:
        return None
    return f"7700900{draws.digits(3)}" if digits[0] == "7" else f"2079460{draws.digits(3)}"


def _france(digits: str, draws: Draws) -> str | None:
    if len(digits) != 9:
        return None
    return f"63998{draws.digits(4)}" if digits[0] in "67" else f"19900{draws.digits(4)}"


def _germany(digits: str, draws: Draws) -> str | None:
    return f"3023125{draws.digits(3)}" if len(digits) == 10 else None


def _australia(digits: str, draws: Draws) -> str | None:
    return f"25550{draws.digits(4)}" if len(digits) == 9 else None


_COUNTRIES: dict[str, Callable[[str, Draws], str | None]] = {
    "1": _north_america,
    "33": _france,
    "44": _britain,
    "49": _germany,
    "61": _australia,
}
