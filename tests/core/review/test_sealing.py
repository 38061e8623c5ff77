"""Held text cannot be read, moved or changed without the gateway's key."""

from dataclasses import replace

import pytest

from tests.core.review.kit import FOUND, KEYS, TEXT, envelope, waiting
from tidegate.core.review.excerpts import excerpts
from tidegate.core.review.sealing import seal, unseal

CONTENTS = excerpts(envelope(), FOUND)
BINDING = waiting().binding
SEALED = seal(KEYS, BINDING, CONTENTS)


def test_what_is_sealed_opens_and_says_nothing_closed():
    assert unseal(KEYS, BINDING, SEALED) == CONTENTS
    assert TEXT.encode() not in SEALED
    assert b"phi.mrn" not in SEALED


@pytest.mark.parametrize(
    ("keys", "binding", "sealed"),
    [
        (replace(KEYS, detection=b"x" * 32), BINDING, SEALED),
        (replace(KEYS, epoch="e2"), BINDING, SEALED),
        (KEYS, BINDING._replace(review="another"), SEALED),
        (KEYS, BINDING._replace(tenant="another"), SEALED),
        (KEYS, BINDING._replace(policy="cd" * 32), SEALED),
        (KEYS, BINDING, b""),
        (KEYS, BINDING, SEALED[:-1]),
        (KEYS, BINDING, bytes([SEALED[0] ^ 1]) + SEALED[1:]),
        (KEYS, BINDING, SEALED[:-1] + bytes([SEALED[-1] ^ 1])),
    ],
)
def test_nothing_else_opens_it(keys, binding, sealed):
    assert unseal(keys, binding, sealed) is None


def test_two_reviews_of_one_text_look_different():
    assert seal(KEYS, BINDING._replace(review="another"), CONTENTS)[:12] != SEALED[:12]
