"""What people say of their data: when it holds, and how it is kept."""

import pytest

from tidegate.core.values.wish import Wish, about, all_regions, words

SECRET = b"s" * 32


@pytest.mark.parametrize(
    ("wish", "in_force"),
    [
        (Wish("consent", "care", 1), True),
        (Wish("consent", "care", 1, until_ns=11), True),
        (Wish("consent", "care", 1, until_ns=10), False),
        (Wish("consent", "care", 1, withdrawn_ns=5), False),
        (Wish("consent", "care", 1, until_ns=11, withdrawn_ns=5), False),
    ],
)
def test_a_wish_holds_until_its_end_or_its_withdrawal(wish, in_force):
    assert wish.in_force(10) is in_force
    assert words([wish], "consent", 10) == ({"care"} if in_force else set())
    assert words([wish], "residency", 10) == set()


def test_nobody_s_name_is_kept_and_nobody_s_is_another_s():
    names = {
        about(SECRET, "default", "subject", "ada"),
        about(SECRET, "default", "session", "ada"),
        about(SECRET, "other", "subject", "ada"),
        about(b"t" * 32, "default", "subject", "ada"),
        about(SECRET, "default", "subject", "bob"),
    }
    assert len(names) == 5
    assert all(len(name) == 32 and "ada" not in name for name in names)


@pytest.mark.parametrize(
    ("regions", "together"),
    [
        ([], ""),
        (["", ""], ""),
        (["eu", ""], "eu"),
        (["eu", "eu"], "eu"),
        (["us", "eu"], "eu and us"),
        (["ch and eu", "us", "eu"], "ch and eu and us"),
    ],
)
def test_two_regions_are_none(regions, together):
    assert all_regions(regions) == together
