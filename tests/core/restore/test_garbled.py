import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.restore import garbled
from tidegate.core.values import tags

CODES = [
    ("pii.email:k7f2q9m3", "k7f2q9m3"),
    ("PII.EMAIL: K7F2Q9M3 ", "k7f2q9m3"),
    ("gov.us\\_ssn:k7f2\\q9m3", "k7f2q9m3"),
    ("**pii.email:k7f2q9m3**", "k7f2q9m3"),
    ("k7f2q9m3", "k7f2q9m3"),
    ("pii.email:k7f2qIOL", "k7f2q101"),
    ("a:b:k7f2q9m3", "k7f2q9m3"),
]


@pytest.mark.parametrize(("body", "code"), CODES)
def test_the_code_survives(body, code):
    assert garbled.code_of(body) == code


@given(st.binary(min_size=32, max_size=32), st.sampled_from([8, 10]))
def test_an_issued_code_is_its_own_reading(digest, length):
    code = tags.encode(digest, length)
    assert garbled.code_of(f"pii.email:{code}") == code


def test_a_code_that_two_tags_share_leads_nowhere():
    shared = [tags.render("a", "00000000"), tags.render("b", "00000000"), tags.render("a", "11111111")]
    assert garbled.by_code(shared) == {"11111111": shared[2]}


@pytest.mark.parametrize(
    ("body", "claim"),
    [("pii.email:k7f2q9m3", True), ("x", False), ("a:b", False), (":k7f2q9m3", False), ("Person 1: Jane Doe", True)],
)
def test_what_is_counted_as_a_tag_gone_wrong(body, claim):
    assert garbled.looks_like_tag(body) is claim
