"""Which surrogate a value gets in a request."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.transform.surrogates import chosen as module
from tidegate.core.transform.surrogates.chosen import Chosen
from tidegate.core.values.surrogates import plain

KEY = b"k" * 32
VALUES = [
    ("pii.email", "jane.doe@acme.test"),
    ("pii.phone", "+1 415 867 5309"),
    ("pii.person", "Jane Doe"),
    ("pci.pan", "4242 4242 4242 4242"),
    ("bank.iban", "DE89370400440532013000"),
    ("gov.us_ssn", "457-55-" + "5462"),
    ("pii.dob", "1984-03-05"),
    ("pii.ip", "10.20.30.40"),
    ("pii.mac", "3c:22:fb:12:34:56"),
    ("phi.mrn", "MRN-0012345678"),
]


def chosen(*texts, key=KEY, spoils=lambda text: False):
    return Chosen(key, texts, spoils)


@pytest.mark.parametrize(("label", "value"), VALUES)
def test_a_session_s_surrogates_are_the_same_in_every_request_and_no_other_s(label, value):
    made, back = chosen().of(label, value)
    assert (made, back) == chosen("other text").of(label, value)
    assert made != value
    assert back[made] == value
    assert made != chosen(key=b"x" * 32).of(label, value)[0]


@pytest.mark.parametrize(("label", "value"), [each for each in VALUES if each[0] != "pii.dob"])
def test_what_stands_in_the_request_already_is_passed_over(label, value):
    first, _ = chosen().of(label, value)
    for text in (first, first.upper().replace("-", " "), f"x {first}, y"):
        second, _ = chosen(text).of(label, value)
        assert plain(second) not in plain(text)


def test_a_date_that_stands_already_has_no_other():
    first, _ = chosen().of("pii.dob", "1984-03-05")
    assert chosen(first).of("pii.dob", "1984-03-05") is None


@pytest.mark.parametrize(("label", "value"), VALUES)
def test_where_nothing_is_free_there_is_none(label, value):
    assert chosen(spoils=lambda text: True).of(label, value) is None


def test_dates_keep_their_distance_and_their_weekday():
    among = chosen()
    one, other = (date.fromisoformat(among.of("pii.dob", d)[0]) for d in ("1984-03-05", "1984-03-12"))
    assert (other - one).days == 7
    assert one.weekday() == date(1984, 3, 5).weekday()


def test_a_person_is_the_same_in_every_form():
    among = chosen()
    full, back = among.of("pii.person", "Jane Doe")
    given_name, family = full.split()
    assert back == {full: "Jane Doe", given_name: "Jane", family: "Doe"}
    assert among.of("pii.person", "JANE")[0] == given_name.upper()
    assert among.of("pii.person", "Mrs Doe")[0] == f"Mrs {family}"


def test_spellings_of_one_value_are_spellings_of_one_surrogate():
    among = chosen()
    made = {among.of("pii.phone", value)[0] for value in ("415-867-5309", "415.867.5309", "(415) 867 5309")}
    assert len(made) == 3
    assert len({plain(each) for each in made}) == 1


def test_a_request_is_not_searched_for_ever(monkeypatch):
    monkeypatch.setattr(module, "_MOST_SEARCHED", 1000)
    among = chosen("x" * 100)
    made = [among.of("phi.mrn", f"MRN-00123456{n:02}") for n in range(20)]
    assert all(made[:10])
    assert not any(made[10:])


def test_a_number_is_one():
    assert chosen().number("12345678").isdecimal()


@given(
    st.lists(
        st.sampled_from(VALUES) | st.tuples(st.just("phi.mrn"), st.from_regex(r"[A-Z]{2}[0-9]{8}", fullmatch=True))
    )
)
def test_no_two_values_share_a_surrogate(values):
    among = chosen()
    made = {value: among.of(label, value)[0] for label, value in dict.fromkeys(values)}
    assert len({plain(each) for each in made.values()}) == len(made)
