"""The same, less exactly: a year for a date, a region for an address. None where nothing coarser can be said."""

import ipaddress
import re
from collections.abc import Callable

from tidegate.core.transform import dates
from tidegate.core.values.labels import covers

_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d{2}(?!\d)", re.ASCII)
_MAX_AGE = 89
"""Older people are so few that a decade points at them."""
_V4_PREFIX, _V6_PREFIX = 16, 48
_POSTCODE = re.compile(r"\d{4,5}(?:-\d{3,4})?|[A-Z]{1,2}\d[A-Z\d]?|\d[A-Z]{2}|[A-Z]\d[A-Z]|\d[A-Z]\d", re.ASCII)
"""A token of a postcode, as opposed to a house number."""
_WITHIN_A_HOUSE = re.compile(
    r"(?:apt|apartment|suite|ste|unit|flat|floor|room|building|bldg|block|p\.?\s?o\.?\s?box|c/o|attn)\b", re.IGNORECASE
)


def generalised(label: str, value: str) -> str | None:
    for prefix, coarser in _COARSER.items():
        if covers(prefix, label):
            return coarser(value.strip())
    return None


def _year(value: str) -> str | None:
    if dated := dates.read(value):
        return str(dated.on.year)
    years = _YEAR.findall(value)
    return years[0] if len(years) == 1 else None


def _decade(value: str) -> str | None:
    digits = re.findall(r"\d+", value)
    if len(digits) != 1 or not 0 < (age := int(digits[0])) < 200:
        return None
    if age > _MAX_AGE:
        return f"{_MAX_AGE + 1}+"
    decade = age // 10 * 10
    return f"{decade}-{decade + 9}"


def _domain(value: str) -> str | None:
    _, at, domain = value.rpartition("@")
    return domain if at and domain else None


def _network(value: str) -> str | None:
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return None
    prefix = _V4_PREFIX if address.version == 4 else _V6_PREFIX
    return str(ipaddress.ip_network((value, prefix), strict=False))


def _district(value: str) -> str | None:
    first, *more = re.split(r"[\s-]+", value)
    if more:
        return first
    return f"{first[:3]}{'x' * (len(first) - 3)}" if first.isdecimal() and len(first) > 3 else None


def _place(value: str) -> str | None:
    """The last of what stands behind the street, without postcodes; what has a house number in it is no place."""
    parts = [part.strip() for part in re.split(r"[,\n;]+", value)]
    places = [place for part in parts[1:] if (place := _without_postcode(part))]
    return ", ".join(places[-2:]) or None


def _without_postcode(part: str) -> str | None:
    tokens = [token for token in part.split() if not _POSTCODE.fullmatch(token)]
    if any(char.isdecimal() for token in tokens for char in token) or _WITHIN_A_HOUSE.match(part):
        return None
    return " ".join(tokens)


_COARSER: dict[str, Callable[[str], str | None]] = {
    "pii.dob": _year,
    "pii.date": _year,
    "phi.date": _year,
    "pii.age": _decade,
    "pii.email": _domain,
    "pii.ip": _network,
    "pii.postcode": _district,
    "pii.address": _place,
}
