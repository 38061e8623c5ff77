"""Where it is worth looking: words that may be names, and hardly anything in code and logs."""

import pytest

from tidegate.core.classify.names.cues import PERSONAL_CUES, spots
from tidegate.core.classify.names.gazetteer import COMMON, FIRST, LAST, Gazetteer, pack

NAMES = {b"anna": FIRST, b"john": FIRST, b"smith": LAST, b"mark": FIRST | COMMON, "łukasz".encode(): FIRST}
COMMONS = dict.fromkeys(b"the return dear all is error none table my name client value raise if this".split(), COMMON)
GAZETTEER = Gazetteer(pack(NAMES | COMMONS))


def found(text: str) -> list[str]:
    data = text.encode()
    return [data[start:end].decode() for start, end in spots(data, GAZETTEER)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Dear Anna Smith, the table", ["Anna", "Smith"]),
        ("Mark the table", ["Mark"]),
        ("an Unheard word", ["Unheard"]),
        ("“Łukasz” (Anna) 'Smith's", ["Łukasz", "Anna", "Smith"]),
        ("O'Brien, Jean-Pierre and McDonald.", ["O'Brien", "Jean-Pierre", "McDonald"]),
        ('{"name":"Anna"}', ["Anna"]),
        ("name\x1e=Anna\x1e", ["Anna"]),
        ("JOHN SMITH HTTP JSON", ["JOHN"]),
        ("my name is john smith and", ["john", "smith"]),
        ("My name is john", ["john"]),
        ("name: anna", ["anna"]),
        ("hi anna, dear all, i am smith", ["anna", "smith"]),
        ("the john is a table", []),
    ],
)
def test_words_that_may_be_names(text, words):
    assert found(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The table is the table. If this is None: Return the value",
        "class AnnaSmith(JohnSmith): self.Anna = x.Smith; Anna_Smith = $Anna + Smith() + Anna[0]",
        "raise ValueError(john) from Error",
        "GET /Anna/Smith HTTP/1.1 john@Anna.example",
        "name = 'client'",
    ],
)
def test_code_and_common_words_are_passed_over(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "is_cue"),
    [
        ("I live in ", True),
        ("she works for ", True),
        ("We have moved here from ", True),
        ("the patient from ", True),
        ("My father was born in ", True),
        ("ich wohne in ", True),
        ("What is the capital of ", False),
        ("flights from ", False),
        ("the alive informant ", False),
    ],
)
def test_words_that_make_a_place_personal(text, is_cue):
    assert PERSONAL_CUES.is_in(text.encode()) is is_cue


@pytest.mark.parametrize("text", ["Aa " * 30_000, "A" * 100_000, "name is " * 12_000, '"' * 100_000, "“" * 30_000])
def test_every_text_comes_to_an_end(text):
    data = text.encode()
    assert all(0 <= start < end <= len(data) for start, end in spots(data, GAZETTEER))
