"""Text as words: nothing is lost, names stay whole, and no text takes long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.classify.names.words import Words, plain


def words_of(text: str) -> list[str]:
    data = text.encode()
    words = Words(data, 0, len(data))
    return [raw.strip(b" \t\r").decode() for raw in words.raw]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Dear Mr. Smith,", ["Dear", "Mr.", "Smith", ","]),
        ("John F. Kennedy's wife", ["John", "F.", "Kennedy", "'s", "wife"]),
        ("O'Brien’s and Jean-Pierre", ["O'Brien", "’s", "and", "Jean-Pierre"]),
        ("“Łukasz” Müller", ["“", "Łukasz", "”", "Müller"]),
        ("a user-friendly way", ["a", "user", "-", "friendly", "way"]),
        ('"name": "Ann"', ['"', "name", '": "', "Ann", '"']),
        ("Bye,\n\n  Ann 42", ["Bye", ",", "\n\n", "Ann", "42"]),
        ("end of it. Next", ["end", "of", "it", ".", "Next"]),
    ],
)
def test_names_stay_whole_and_signs_stand_alone(text, words):
    assert words_of(text) == words


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_places_add_up_to_the_text(text):
    data = text.encode()
    words = Words(data, 0, len(data))
    assert b"".join(words.raw) == data[: words.ends[-1]]
    assert not data[words.ends[-1] :].strip(b" \t\r")
    assert all(data[slice(*words.span(n))] == raw.lstrip(b" \t\r") for n, raw in enumerate(words.raw))


@pytest.mark.parametrize(
    "text", ["A" * 100_000, "A." * 50_000, "-A" * 50_000, "'s" * 50_000, " " * 100_000, "\n" * 100_000]
)
def test_no_word_is_long_and_monotony_is_split(text):
    data = text.encode()
    assert max(map(len, Words(data, 0, len(data)).raw), default=0) <= 64


def test_plain_is_lower_case_and_composed():
    assert plain("JOSÉ".encode()) == plain("Jose\u0301".encode()) == "josé".encode()
