"""Check digits, by the arithmetic that several identifiers share. Arguments are strings of ASCII digits or capitals."""

from itertools import cycle

_VERHOEFF_PRODUCT = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 2, 3, 4, 0, 6, 7, 8, 9, 5),
    (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
    (4, 0, 1, 2, 3, 9, 5, 6, 7, 8),
    (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2),
    (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
    (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)
_VERHOEFF_PERMUTATION = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 5, 7, 6, 2, 8, 3, 0, 9, 4),
    (5, 8, 0, 3, 7, 9, 6, 1, 4, 2),
    (8, 9, 1, 6, 0, 4, 3, 5, 2, 7),
    (9, 4, 5, 3, 1, 2, 6, 8, 7, 0),
    (4, 2, 8, 6, 5, 7, 3, 9, 0, 1),
    (2, 7, 9, 3, 8, 0, 6, 4, 1, 5),
    (7, 0, 4, 6, 9, 1, 3, 2, 5, 8),
)
_VERHOEFF_STEPS = tuple(
    tuple(tuple(products[permuted] for permuted in permutation) for products in _VERHOEFF_PRODUCT)
    for permutation in _VERHOEFF_PERMUTATION
)
"""By place, what was checked so far, and digit."""
_GAINED = bytes((b - 0x30) * 2 % 9 - (b - 0x30) + 10 if 0x30 < b < 0x39 else 10 for b in range(256))


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B: every second digit from the right is doubled, the digits' sum is a multiple of ten."""
    text = digits.encode("ascii")
    return (sum(text) + sum(text[-2::-2].translate(_GAINED)) + 2 * len(text)) % 10 == 0


def verhoeff(digits: str) -> bool:
    """Verhoeff 1969, over the dihedral group D5: catches all single errors and all adjacent transpositions."""
    check = 0
    for step, digit in zip(cycle(_VERHOEFF_STEPS), digits.encode("ascii")[::-1], strict=False):
        check = step[check][digit - 0x30]
    return check == 0


def mod_97_10(text: str) -> bool:
    """ISO/IEC 7064 MOD 97-10 as ISO 13616 uses it: letters read as 10 to 35, the number leaves 1 over 97."""
    return int("".join(str(int(c, 36)) for c in text)) % 97 == 1


def mod_11_10(digits: str) -> bool:
    """ISO/IEC 7064 MOD 11,10, a hybrid system: the last digit is the check digit."""
    product = 10
    for digit in digits[:-1]:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(digits[-1])


def weighted(digits: str, weights: tuple[int, ...]) -> int:
    """The sum of digits times weights, pairwise from the left; the longer of the two is cut."""
    return sum(int(d) * w for d, w in zip(digits, weights, strict=False))
