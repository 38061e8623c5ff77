"""What stands for a value, by the operator of its label."""

import pytest

from tidegate.core.transform.replacements import Replacements, Standing
from tidegate.core.values.operators import Operators
from tidegate.core.values.tags import OPEN, TAG

KEY = b"k" * 32
SSN = "457-55-" + "5462"


def replacements(rows=None, *, texts=(), spoils=lambda text: False):
    return Replacements(KEY, Operators.of(rows or {}), texts, spoils)


def standing(rows, label, value, *, secret=False, number=False, **more):
    made = replacements(rows, **more)
    return made.standing(label, value, secret=secret, number=number), made.originals


STANDS = [
    ("mask", "gov.us_ssn", SSN, "****5462"),
    ("mask", "pii.email", "jane@acme.test", "****"),
    ("drop", "pii.email", "jane@acme.test", ""),
    ("generalise", "pii.email", "jane@acme.test", "acme.test"),
    ("generalise", "pii.dob", "1984-03-05", "1984"),
]


@pytest.mark.parametrize(("operator", "label", "value", "expected"), STANDS)
def test_what_cannot_come_back(operator, label, value, expected):
    assert standing({label: operator}, label, value) == (Standing(expected), {})


def test_a_tag_and_a_surrogate_lead_back():
    tag, back = standing({}, "gov.us_ssn", SSN)
    assert TAG.fullmatch(tag.text)
    assert back == {tag.text: SSN}
    surrogate, back = standing({"gov": "format"}, "gov.us_ssn", SSN)
    assert surrogate.text.startswith("9")
    assert back == {surrogate.text: SSN}


def test_a_hash_says_that_two_are_the_same_and_leads_nowhere():
    made = replacements({"pii": "hash"})
    one, same, other = (
        made.standing("pii.email", value, secret=False, number=False).text
        for value in ("jane@acme.test", "Jane@Acme.test", "joe@acme.test")
    )
    assert one == same != other
    assert one.startswith("pii.email#")
    assert len(one) == len("pii.email#") + 16
    assert made.originals == {}


NOTHING_TO_OFFER = [("format", "pii.location", "Ulm"), ("format", "pii.phone", "+7 495 123 45 67"),
                    ("generalise", "pii.person", "Jane Doe"), ("generalise", "pii.dob", "1984")]  # fmt: skip


@pytest.mark.parametrize(("operator", "label", "value"), NOTHING_TO_OFFER)
def test_an_operator_that_has_nothing_to_offer_leaves_a_tag(operator, label, value):
    made, back = standing({label: operator}, label, value)
    assert back == {made.text: value}
    assert made.text.startswith(OPEN)


@pytest.mark.parametrize("operator", ["mask", "format", "generalise"])
def test_nothing_that_holds_a_value_stands_for_another(operator):
    made, _ = standing({"gov": operator, "pii": operator}, "pii.email", "jane@acme.test", spoils=lambda text: True)
    assert made.text.startswith(OPEN)


@pytest.mark.parametrize("operator", ["tag", "format", "generalise", "mask", "hash", "drop"])
@pytest.mark.parametrize("number", [True, False])
def test_of_a_secret_nothing_leads_back_and_nothing_is_left(operator, number):
    value = "4242424242424242"
    made, back = standing({"pci": operator}, "pci.pan", value, secret=True, number=number)
    assert back == {}
    assert value[-4:] not in made.text


NUMBERS = [("tag", True), ("format", True), ("hash", True), ("generalise", True), ("drop", True), ("mask", False)]


@pytest.mark.parametrize(("operator", "is_literal"), NUMBERS)
def test_a_number_stays_a_number_where_it_can(operator, is_literal):
    made, back = standing({"pci": operator}, "pci.pan", "4242424242424242", number=True)
    assert made.is_literal is is_literal
    assert made.text == "null" or made.text.isdecimal() == is_literal
    assert back == ({made.text: "4242424242424242"} if operator in ("tag", "format", "generalise") else {})


def test_a_value_stands_the_same_every_time():
    made = replacements()
    first = made.standing("pii.email", "jane@acme.test", secret=False, number=False)
    assert made.standing("pii.person", "jane@acme.test", secret=False, number=False) is first
