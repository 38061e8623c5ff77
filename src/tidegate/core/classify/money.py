"""Whether digits can be a card, an account or a bank: validators whose sources are the payment industry's registries."""

# ruff: noqa: E501 - a table of codes reads better in few lines

from functools import reduce
from hashlib import sha256

from tidegate.core.classify.checksums import luhn, mod_97_10, weighted
from tidegate.core.classify.validators import varied

IBAN_LENGTHS = {
    country: length
    for length, countries in (
        (15, "NO"),
        (16, "BE"),
        (18, "DK FI FK FO GL NL SD"),
        (19, "MK SI"),
        (20, "AT BA EE KZ LT LU MN XK"),
        (21, "CH HR LI LV"),
        (22, "BG BH CR DE GB GE IE ME RS VA"),
        (23, "AE GI IL IQ OM SO TL"),
        (24, "AD CZ ES MD PK RO SA SE SK TN VG"),
        (25, "AO CV GW LY MZ PT ST"),
        (26, "DZ IR IS TR"),
        (27, "BI CF CG CM DJ FR GA GQ GR IT KM MC MG MR SM TD"),
        (28, "AL AZ BF BJ BY CI CY DO GT HN HU LB MA ML NE NI PL SN SV TG"),
        (29, "BR EG PS QA UA"),
        (30, "JO KW MU YE"),
        (31, "MT SC"),
        (32, "LC"),
        (33, "RU"),
    )
    for country in countries.split()
}
"""Length by country: SWIFT, IBAN Registry, and the countries that use the format without having joined it."""

COUNTRIES = frozenset(
    (  # noqa: SIM905 - three hundred quotes would not help
        "AD AE AF AG AI AL AM AO AR AS AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM"
        " CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR"
        " GT GU GW GY HK HN HR HT HU ID IE IL IM IN IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS"
        " LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MQ MR MS MT MU MV MW MX MY MZ NA NC NE NG NI NL NO NP NR NZ OM PA PE PF PG"
        " PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ"
        " TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
    ).split()
)
"""ISO 3166-1 alpha-2 codes that a BIC may name."""


def iban(text: str) -> bool:
    """ISO 13616: the country's length, and MOD 97-10 with the first four places moved to the end."""
    return len(text) == IBAN_LENGTHS.get(text[:2]) and text[2:4].isdigit() and mod_97_10(text[4:] + text[:4])


def pan(digits: str) -> bool:
    """ISO/IEC 7812: Luhn, and a length that the issuer range of the first digits uses (ranges as the card networks
    publish them).
    """
    return len(digits) in _CARD_LENGTHS[int(digits[:4] or "0")] and luhn(digits) and varied(digits)


def luhn_number(digits: str) -> bool:
    """Twelve to nineteen digits that Luhn accepts, of whatever issuer: enough only where words say that it is a card."""
    return 12 <= len(digits) <= 19 and varied(digits) and luhn(digits)


_CARD_RANGES: tuple[tuple[int, int, frozenset[int] | range], ...] = (
    (1800, 1800, frozenset({15})),  # JCB, old
    (2014, 2014, frozenset({15})),  # enRoute, retired, still in test data
    (2131, 2131, frozenset({15})),  # JCB, old
    (2149, 2149, frozenset({15})),  # enRoute
    (2200, 2204, range(16, 20)),  # Mir
    (2221, 2720, frozenset({16})),  # Mastercard
    (3000, 3059, range(14, 20)),  # Diners Club
    (3088, 3094, range(16, 20)),  # JCB
    (3095, 3095, range(14, 20)),  # Diners Club
    (3096, 3102, range(16, 20)),  # JCB
    (3112, 3120, range(16, 20)),  # JCB
    (3158, 3159, range(16, 20)),  # JCB
    (3337, 3349, range(16, 20)),  # JCB
    (3400, 3499, frozenset({15})),  # American Express
    (3528, 3589, range(16, 20)),  # JCB
    (3600, 3699, range(14, 20)),  # Diners Club
    (3700, 3799, frozenset({15})),  # American Express
    (3800, 3999, range(14, 20)),  # Diners Club
    (4000, 4999, frozenset({13, 16, 18, 19})),  # Visa
    (5018, 5018, range(12, 20)),  # Maestro
    (5020, 5020, range(12, 20)),
    (5038, 5038, range(12, 20)),
    (5100, 5599, frozenset({16})),  # Mastercard
    (5612, 5893, range(12, 20)),  # Maestro
    (6011, 6011, range(16, 20)),  # Discover
    (6200, 6299, range(16, 20)),  # UnionPay
    (6304, 6304, range(12, 20)),  # Maestro
    (6390, 6390, range(12, 20)),
    (6440, 6599, range(16, 20)),  # Discover, RuPay
    (6700, 6799, range(12, 20)),  # Maestro
    (8100, 8171, range(16, 20)),  # UnionPay
)
"""Without overlap."""


def _card_lengths() -> tuple[frozenset[int], ...]:
    lengths: list[frozenset[int]] = [frozenset()] * 10_000
    for low, high, known in _CARD_RANGES:
        lengths[low : high + 1] = [frozenset(known)] * (high + 1 - low)
    return tuple(lengths)


_CARD_LENGTHS = _card_lengths()
"""By the first four digits."""


def us_routing(digits: str) -> bool:
    """ABA routing number policy: weights 3, 7, 1; the first two digits name a Federal Reserve district or a special
    range.
    """
    district = int(digits[:2])
    known = district <= 12 or 21 <= district <= 32 or 61 <= district <= 72 or district == 80
    return known and varied(digits) and weighted(digits, (3, 7, 1, 3, 7, 1, 3, 7, 1)) % 10 == 0


_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def bech32(text: str) -> bool:
    """BIP 173 and BIP 350: a BCH code over the readable part and the data; its constant tells bech32 from bech32m."""
    lower = text.lower()
    prefix, _, data = lower.rpartition("1")
    if not 14 <= len(text) <= 90 or any(c not in _BECH32 for c in data):
        return False
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + [_BECH32.index(c) for c in data]
    return reduce(_bech32_step, values, 1) in {1, 0x2BC830A3}


def _bech32_step(check: int, value: int) -> int:
    top = check >> 25
    check = (check & 0x1FFFFFF) << 5 ^ value
    for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
        check ^= generator if top >> bit & 1 else 0
    return check


def bitcoin(text: str) -> bool:
    """Bitcoin's base58check: 25 bytes, the last four are the head of a double SHA-256 over the rest."""
    if not 26 <= len(text) <= 35:
        return False
    number = reduce(lambda total, c: total * 58 + _BASE58.index(c), text, 0)
    if number.bit_length() > 200:
        return False
    raw = number.to_bytes(25, "big")
    return sha256(sha256(raw[:21]).digest()).digest()[:4] == raw[21:]
