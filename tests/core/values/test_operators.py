"""Which operator a label has, and which rows cannot be meant."""

import pytest

from tidegate.core.values.operators import PASSAGES, Operator, Operators

ROWS = {"pii": "mask", "pii.email": "format", "secret": "drop", "secret.aws": "hash", "customer.term": "tag"}
LABELS = [
    ("pii.email", Operator.FORMAT),
    ("pii.email.work", Operator.FORMAT),
    ("pii.emails", Operator.MASK),
    ("pii", Operator.MASK),
    ("pii.phone", Operator.MASK),
    ("piify", Operator.TAG),
    ("secret.password", Operator.DROP),
    ("secret.aws.key", Operator.HASH),
    ("customer.term", Operator.TAG),
    ("gov.us_ssn", Operator.TAG),
]


@pytest.mark.parametrize(("label", "operator"), LABELS)
def test_the_longest_row_that_covers_a_label_decides(label, operator):
    assert Operators.of(ROWS).operator(label) is operator
    assert Operators.of(dict(reversed(ROWS.items()))).operator(label) is operator


def test_without_rows_everything_is_a_tag():
    assert Operators() == Operators.of({})
    assert Operators().operator("secret.password") is Operator.TAG


REFUSED = [
    ({"pii.email": "fake"}, "pii.email = 'fake' is no operator. There are: tag, format, mask, drop, hash, generalise"),
    ({"Pii.Email": "tag"}, "'Pii.Email' is no label"),
    ({"": "tag"}, "'' is no label"),
    ({"pii..email": "tag"}, "is no label"),
    ({"pii.*": "tag"}, "is no label"),
    ({"secret": "format"}, "secret = 'format': nothing of a secret may leave or come back"),
    ({"secret.password": "generalise"}, "Use one of tag, mask, drop, hash"),
    ({"code.proprietary": "format"}, "code.proprietary marks whole passages"),
    ({"code": "format"}, "marks whole passages"),
    ({"derived.local.x": "format"}, "derived.local marks whole passages"),
]


@pytest.mark.parametrize(("rows", "message"), REFUSED)
def test_what_cannot_be_meant_is_named(rows, message):
    with pytest.raises(ValueError, match=message.replace(".", r"\.").replace("*", r"\*")):
        Operators.of(rows)


LEFT = [
    ({}, "code.source", True),
    ({}, "injection.suspected", True),
    ({}, "code.proprietary", False),
    ({}, "derived.local", False),
    ({}, "pii.email", False),
    ({"code.source": "tag"}, "code.source", False),
    ({"code": "drop"}, "code.source", False),
    ({"injection": "drop"}, "injection.suspected", False),
]


@pytest.mark.parametrize(("rows", "label", "claim"), LEFT)
def test_what_stays_where_it_stands(rows, label, claim):
    assert Operators.of(rows).leaves(label) is claim


def test_the_same_rows_are_the_same_value():
    assert hash(Operators.of(ROWS)) == hash(Operators.of(dict(reversed(ROWS.items()))))


def test_every_passage_may_be_tagged_or_dropped():
    for operator in ("tag", "drop", "hash", "mask"):
        assert Operators.of(dict.fromkeys(PASSAGES, operator))
