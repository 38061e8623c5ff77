"""Numbers that pass their checks and are nobody's."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.transform.surrogates.drawing import draws
from tidegate.core.transform.surrogates import accounts

CARDS = [
    ("4242 4242 4242 4242", "411111", r"\d{4} \d{4} \d{4} \d{4}"),
    ("3714-496353-98431", "378282", r"\d{4}-\d{6}-\d{5}"),
    ("5105105105105100", "555555", r"\d{16}"),
    ("2223003122003222", "555555", r"\d{16}"),
    ("6011000990139424", "601111", r"\d{16}"),
]


def luhn_holds(digits):
    return sum(sum(divmod(int(d) * (1 + n % 2), 10)) for n, d in enumerate(reversed(digits))) % 10 == 0


@pytest.mark.parametrize(("value", "issuer", "grouping"), CARDS)
@given(seed=st.integers())
def test_a_card_is_of_a_test_range_and_passes_luhn(value, issuer, grouping, seed):
    drawn = accounts.card(value, draws(seed))
    assert re.fullmatch(grouping, drawn)
    digits = re.sub(r"\D", "", drawn)
    assert digits.startswith(issuer)
    assert luhn_holds(digits)


@pytest.mark.parametrize("value", ["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432", "no9386011117947"])
@given(seed=st.integers())
def test_an_iban_keeps_its_country_and_passes_its_check(value, seed):
    drawn = accounts.iban(value, draws(seed))
    bare = drawn.replace(" ", "").upper()
    assert bare[:2] == value[:2].upper()
    assert int("".join(str(int(char, 36)) for char in bare[4:] + bare[:4])) % 97 == 1
    assert [char.isspace() for char in drawn] == [char.isspace() for char in value]
    assert drawn.islower() == value.islower()


@given(st.integers())
def test_a_social_security_number_is_of_an_area_that_has_none(seed):
    drawn = accounts.us_ssn("457-55-" + "5462", draws(seed))
    area, group, serial = drawn.split("-")
    assert 900 <= int(area) <= 999
    assert 1 <= int(group) < 50
    assert int(serial) > 0


@pytest.mark.parametrize("family", [accounts.card, accounts.iban, accounts.us_ssn])
@pytest.mark.parametrize("value", ["", "12", "none of these", "1" * 40, "DE\u0663\u0664" + "5" * 16])
def test_what_is_no_such_number_has_no_surrogate(family, value):
    assert family(value, draws()) is None
