import pytest

from tidegate.core.restore.issued import Issued

TAG, OTHER = "\u27e6pii.person:k7f2q9m3\u27e7", "\u27e6pii.email:0a1b2c3d4e\u27e7"
ISSUED = Issued({TAG: "Jane", OTHER: 'a"b', "Hedda": "Joan"})

BODIES = [
    ("pii.person:k7f2q9m3", "Jane"),
    ("PERSON:K7F2Q9M3", "Jane"),
    ("name k7f2q9m3", "Jane"),
    ("k7f2q9m3", "Jane"),
    ("pii.person:k7f2 q9m3", "Jane"),
    ("pii.person:k7f2q9m3s", "Janes"),
    ("pii.person:k7f2q9m3's", "Jane's"),
    ("pii.person:k7f2q9m3\u2019S", "Jane\u2019S"),
    ("pii.email:OA1b2c3d4e", 'a"b'),
    ("pii.person:k7f2q9m", None),
    ("pii.person:k7f2q9m3x", None),
    ("pii.person:", None),
    ("", None),
]


@pytest.mark.parametrize(("body", "value"), BODIES)
def test_what_a_garbled_tag_stands_for(body, value):
    assert ISSUED.original(f"\u27e6{body}\u27e7", body) == value


def test_a_secret_is_known_by_its_label_or_by_what_was_withheld():
    issued = Issued({}, withheld={TAG})
    assert issued.is_secret(TAG[1:-1])
    assert issued.is_secret("secret.password:k7f2q9m4")
    assert not issued.is_secret(OTHER[1:-1])


def test_values_that_read_differently_in_json_are_noticed():
    assert ISSUED.needs_escapes
    assert not Issued({TAG: "Jörg"}).needs_escapes


def test_without_surrogates_there_is_nothing_that_looks_like_one():
    assert Issued({TAG: "Jane"}).lookalikes(json=False) is None
    assert ISSUED.lookalikes(json=True) is ISSUED.lookalikes(json=True) is not None
