import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.classify.checksums import luhn, mod_11_10, mod_97_10, verhoeff, weighted

DIGITS = st.text("0123456789", min_size=2, max_size=24)


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (luhn, "79927398713", "79927398710"),
        (verhoeff, "2363", "2364"),
        (mod_97_10, "3214282912345698765432161182", "3214282912345698765432161183"),
        (mod_11_10, "86095742719", "86095742718"),
    ],
)
def test_published_samples_pass_and_their_neighbours_fail(check, good, bad):
    assert check(good)
    assert not check(bad)


@pytest.mark.parametrize("check", [luhn, verhoeff, mod_11_10])
@given(head=DIGITS)
def test_exactly_one_last_digit_fits(check, head):
    assert sum(check(head + digit) for digit in "0123456789") == 1


@given(head=DIGITS, place=st.integers(0, 23), digit=st.sampled_from("0123456789"))
def test_one_wrong_digit_is_noticed(head, place, digit):
    place %= len(head)
    for check in (luhn, verhoeff):
        good = next(head + d for d in "0123456789" if check(head + d))
        wrong = good[:place] + digit + good[place + 1 :]
        assert check(wrong) == (wrong == good)


def test_weights_are_cut_at_the_shorter_side():
    assert weighted("123", (1, 2)) == 5
    assert weighted("12", (1, 2, 9)) == 5
