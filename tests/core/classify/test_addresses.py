import pytest

from tidegate.core.classify import addresses


def _read(look, text, *args):
    data = text.encode()
    hit = look(data, *args)
    return data[hit.start : hit.end].decode() if hit else None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("12 Rowan Street", "12 Rowan Street"),
        ("12 Rowan Street.", "12 Rowan Street"),
        ("12 Rowan St.", "12 Rowan St."),
        ("12 Rowan Street, Exampleton", "12 Rowan Street"),
        ("12 Rowan Street, Exampleton, OH 43004", "12 Rowan Street, Exampleton, OH 43004"),
        ("12 Rowan Street\nExampleton\nNew Zealand", "12 Rowan Street\nExampleton\nNew Zealand"),
        ("12 Rowan Street Apt 4B, Exampleton", "12 Rowan Street Apt 4B"),
        ("12 Rowan Point", None),
        ("12 Rowan Point Apt. 4", "12 Rowan Point Apt. 4"),
        ("12 Rowan, Exampleton, OH 43004", "12 Rowan, Exampleton, OH 43004"),
        ("12 Rowan 7", None),
        ("12 Rowan 7, 4021 Exampleton, Norway", "12 Rowan 7, 4021 Exampleton, Norway"),
        ("12 March Street", None),
        ("12 and Rowan Street", None),
        ("12", None),
        ("12 ", None),
        ("", None),
    ],
)
def test_an_address_goes_on_as_far_as_something_says_so(text, address):
    assert _read(addresses.numbered, text, 0) == address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Hauptstraße 12, 10115 Berlin", "Hauptstraße 12, 10115 Berlin"),
        ("Calle Mayor 12", "Calle Mayor 12"),
        ("Calle Mayor, 12", "Calle Mayor, 12"),
        ("Calle Mayor", None),
        ("Rowan Hill 12", None),
    ],
)
def test_a_street_may_stand_before_its_number(text, address):
    assert _read(addresses.named, text, 0) == address


def test_words_around_lend_weight_to_what_is_no_address_alone():
    assert _read(addresses.named, "Rowan Hill 12", 0) is None
    assert addresses.named(b"Rowan Hill 12", 0, cued=True) is not None


@pytest.mark.parametrize("text", ["1 " * 200, "1 A" * 200, "12 " + "Rowan " * 200, "\n" * 300, "12 A" + "\n, " * 200])
def test_a_long_row_of_pieces_is_read_to_a_bound(text):
    hit = addresses.numbered(text.encode(), 0)
    assert hit is None or hit.end <= 200


@pytest.mark.parametrize("look", [addresses.by_kind, addresses.by_unit, addresses.by_cue, addresses.by_corner])
def test_a_word_that_stands_there_over_and_over_is_not_looked_at_again(look):
    word = b"suite 12 Rowan Street "
    text = word * 40
    at = text.rindex(b"suite")
    assert look(b"suite 1 " * 40, 8 * 30, 8 * 30 + 5) == ()
    assert addresses.numbered(text, at + 6) is not None
