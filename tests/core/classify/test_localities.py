import pytest

from tidegate.core.classify.localities import rest_of
from tidegate.core.classify.streets import Words


@pytest.mark.parametrize(
    ("text", "taken", "evidence"),
    [
        ("Exampleton, OH 43004 and", 3, {"state", "postcode"}),
        ("Exampleton and more", 0, set()),
        ("Suite 4, Exampleton", 2, {"unit"}),
        ("Apt. 4B\nExampleton\nNew Zealand", 5, {"unit", "country"}),
        ("10115 Berlin.", 2, {"postcode"}),
        ("London SW1A 1AA", 3, {"postcode"}),
        ("Ottawa, ON K1A 0B1", 4, {"state", "postcode"}),
        ("1234 AB Utrecht", 3, {"postcode"}),
        ("Exampleton 4021 9876 5432", 2, {"postcode"}),
        ("NW, Exampleton", 1, set()),
        ("Port Example of the Lake of Rowan of Oak 43004", 0, set()),
    ],
)
def test_an_address_goes_on_to_the_last_word_that_says_so(text, taken, evidence):
    data = text.encode()
    assert rest_of(Words(data, 0, len(data), 20), 0, lower=False) == (taken, evidence)


def test_places_in_lower_case_count_before_a_country_or_postcode():
    data = b"exampleton\nnew zealand 4021"
    assert rest_of(Words(data, 0, len(data), 20), 0, lower=True) == (4, {"country", "postcode"})
