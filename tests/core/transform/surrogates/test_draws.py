from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.transform.surrogates.draws import Draws

KEY = b"k" * 32


@given(st.lists(st.integers(1, 2**32), max_size=60))
def test_the_same_purpose_draws_the_same_numbers_within_bounds(bounds):
    drawn = [Draws(KEY, "a", "b").below(bound) for bound in bounds[:1]]
    one, other = Draws(KEY, "a", "b"), Draws(KEY, "a", "b")
    numbers = [one.below(bound) for bound in bounds]
    assert numbers == [other.below(bound) for bound in bounds]
    assert numbers[:1] == drawn
    assert all(0 <= number < bound for number, bound in zip(numbers, bounds, strict=True))


def test_another_key_or_purpose_draws_others():
    made = {
        Draws(*args).digits(12) for args in ((KEY, "a", "b"), (b"x" * 32, "a", "b"), (KEY, "ab"), (KEY, "a", "", "b"))
    }
    assert len(made) == 4


def test_every_number_is_as_likely():
    source = Draws(KEY, "many")
    counted = Counter(source.below(7) for _ in range(70_000))
    assert set(counted) == set(range(7))
    assert all(9_500 < count < 10_500 for count in counted.values())


def test_choice_and_digits():
    assert Draws(KEY, "x").choice("z") == "z"
    assert Draws(KEY, "x").digits(0) == ""
    assert Draws(KEY, "x").digits(200).isdecimal()
