"""Families of labels, with made-up values of each: as many as are asked for, no two alike, the same for one seed."""

import base64
import string
from collections.abc import Callable
from random import Random
from typing import NamedTuple

FIRST = [
    "Amelia",
    "Bartholomew",
    "Catarina",
    "Dmitri",
    "Eleanor",
    "Fernando",
    "Gabriella",
    "Henrietta",
    "Isidore",
    "Johanna",
    "Katherine",
    "Leopold",
]
LAST = [
    "Abernathy",
    "Bellweather",
    "Castellanos",
    "Dombrowski",
    "Eriksson",
    "Fitzgerald",
    "Goldsmith",
    "Hernandez",
    "Ivanova",
    "Johansson",
]
STREETS = ["Maple", "Chestnut", "Willow", "Juniper", "Sycamore", "Hawthorn", "Magnolia", "Poplar"]
CITIES = (("Springfield", "IL"), ("Portland", "OR"), ("Madison", "WI"), ("Austin", "TX"))
SYLLABLES = [
    "ba",
    "co",
    "di",
    "fu",
    "ge",
    "ha",
    "ji",
    "ko",
    "lu",
    "me",
    "ni",
    "po",
    "qua",
    "ri",
    "so",
    "tu",
    "ve",
    "wo",
    "xi",
    "ya",
    "zu",
]


class Planted(NamedTuple):
    """`text`: a sentence as people write them. `values`: what of it must not reach a cloud, and must come back."""

    text: str
    values: tuple[str, ...]


class Family(NamedTuple):
    """`leaves`: whether the baseline lets it go to a cloud with its values replaced; else it stays inside."""

    name: str
    plant: Callable[[Random], Planted]
    leaves: bool = False


def word(draw, syllables=3):
    return "".join(draw.choices(SYLLABLES, k=syllables))


def digits(draw, count):
    return "".join(draw.choices(string.digits, k=count))


def _luhn(body):
    total = sum(sum(divmod(2 * int(d), 10)) if n % 2 == 0 else int(d) for n, d in enumerate(reversed(body)))
    return f"{body}{-total % 10}"


def email(draw):
    return f"{word(draw)}.{word(draw)}{digits(draw, 3)}@{word(draw)}.example"


def _email(draw):
    value = email(draw)
    return Planted(f"Write to {value} before noon.", (value,))


def _phone(draw):
    value = f"+44 20 7946 {digits(draw, 4)}"
    return Planted(f"Her phone is {value}, call after five.", (value,))


def _person(draw):
    value = f"{draw.choice(FIRST)} {draw.choice(LAST)}"
    return Planted(f"The customer's name is {value}, please greet them.", (value,))


def _address(draw):
    city, state = draw.choice(CITIES)
    value = f"{draw.randrange(100, 9999)} {draw.choice(STREETS)} Street, {city}, {state} {digits(draw, 5)}"
    return Planted(f"Ship the parcel to {value}.", (value,))


def _ssn(draw):
    value = f"{draw.randrange(100, 600)}-{draw.randrange(10, 99)}-{draw.randrange(1000, 9999)}"
    return Planted(f"The social security number is {value}.", (value,))


def _pan(draw):
    value = _luhn("4" + digits(draw, 14))
    return Planted(f"Charge the card {value} today.", (value,))


def _iban(draw):
    account = digits(draw, 18)
    check = 98 - int(f"{account}131400") % 97
    return Planted(f"Transfer to DE{check:02}{account}, thank you.", (f"DE{check:02}{account}",))


def _mrn(draw):
    value = digits(draw, 8)
    return Planted(f"Patient seen today, MRN: {value}, stable.", (value,))


def _secret(draw):
    value = "AK" + "IA" + "".join(draw.choices(string.ascii_uppercase + "234567", k=16))
    return Planted(f"Use the access key {value} for the bucket.", (value,))


def _base64(draw):
    value = base64.b64encode(f"contact {email(draw)} now".encode()).decode()
    return Planted(f"The payload was {value} in the log.", (value,))


def _zero_width(draw):
    value = email(draw)
    hidden = value[:4] + "\u200b" + value[4:9] + "\u200d" + value[9:]
    return Planted(f"Write to {hidden} before noon.", (hidden,))


def _percent(draw):
    value = email(draw).replace("@", "%40")
    return Planted(f"The form sent mail={value} to us.", (value,))


def _fullwidth(draw):
    value = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in _luhn("4" + digits(draw, 14)))
    return Planted(f"Charge the card {value} today.", (value,))


def _spaced(draw):
    plain = _luhn("5" + str(draw.randrange(1, 6)) + digits(draw, 13))
    value = "\u2011".join(plain[at : at + 4] for at in range(0, 16, 4))
    return Planted(f"Charge the card {value} today.", (value,))


FAMILIES = (
    Family("pii.email", _email, leaves=True),
    Family("pii.phone", _phone, leaves=True),
    Family("pii.person", _person, leaves=True),
    Family("pii.address", _address, leaves=True),
    Family("gov.us_ssn", _ssn),
    Family("pci.pan", _pan),
    Family("bank.iban", _iban),
    Family("phi.mrn", _mrn),
    Family("secret", _secret),
    Family("hidden in base64", _base64, leaves=True),
    Family("hidden by zero-width characters", _zero_width, leaves=True),
    Family("hidden by URL-encoding", _percent, leaves=True),
    Family("full-width digits", _fullwidth),
    Family("other dashes", _spaced),
)
"""What the detectors that ship must find anywhere. `own.py` adds what a customer registers."""
