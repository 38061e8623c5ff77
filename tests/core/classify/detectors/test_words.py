import pytest

from tidegate.core.classify.detectors.words import MONTHS, PLACE
from tidegate.core.classify.patterns import compile_pattern


@pytest.mark.parametrize(
    "place",
    [
        "",
        ", Springfield, IL 62704",
        "\nLondon SW1A 2AA",
        ", 10115 Berlin",
        ", New York, NY 10001-1234",
        " Montehermoso 10810",
    ],
)
def test_a_place_is_a_town_with_its_postcode_or_nothing(place):
    pattern = compile_pattern(("x" + PLACE).encode("latin-1"))
    text = f"x{place}.".encode()
    assert pattern.match(text, 0, len(text))[0] == (0, len(text) - 1)


def test_months_are_known_in_five_languages():
    pattern = compile_pattern(f"(?i)(?:{MONTHS})".encode("latin-1"))
    for month in ("March", "février", "août", "März", "Dezember", "enero", "gennaio"):
        assert pattern.is_in(month.encode())
