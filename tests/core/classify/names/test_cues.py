"""Where it is worth looking: words that may be names, and hardly anything in code and logs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.classify.names.cues import PERSONAL_CUES, Spots
from tidegate.core.classify.names.gazetteer import COMMON, FIRST, LAST, Gazetteer, pack

NAMES = {b"anna": FIRST, b"john": FIRST, b"smith": LAST, b"mark": FIRST | COMMON, "łukasz".encode(): FIRST}
COMMONS = dict.fromkeys(b"the return dear all is error none table my name client value raise if this".split(), COMMON)
GAZETTEER = Gazetteer(pack(NAMES | COMMONS))


def found(text: str) -> list[str]:
    data = text.encode()
    return [data[start:end].decode() for start, end in Spots(GAZETTEER).of(data)]


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


class Asking(Spots):
    """It reads nothing itself: the gate is asked everywhere."""

    __slots__ = ()

    def _plain(self, data: bytes, kinds: bytes, at: int, introduced: int, worth: dict[bytes, bool]) -> tuple[int, int]:
        return at, -1


WARM = Spots(GAZETTEER)
"""It knows the words of all texts before."""
WORDS = """
    The the Return Dear dear ALL Error error Anna anna JOHN john Smith smith O'Brien D'The O'The Well-Known The-Return
    McAnna Mctable LaToya DeAnna MacX MCANNA AnnaSmith
    iThe The's A I O D I'm “The” ‘Anna’ — é Édith Łukasz naïve Ναι name named hi i am my is this Hello
    hello regards, mr MR Raise raise If This None ' " ( ) [ < > = , ; : . _
"""
PIECES = st.sampled_from([*WORDS.split(), "\x1e", "\x1e="])
SEPARATORS = st.sampled_from([" ", "", "\n", ". ", ".", "./", ".\n", ", ", ' "', "-", "'", "%"])
TEXTS = st.lists(st.tuples(PIECES, SEPARATORS), max_size=24)


@given(TEXTS)
def test_what_is_passed_over_is_no_name(pieces):
    data = "".join(piece + behind for piece, behind in pieces).encode()
    assert list(WARM.of(data)) == list(Spots(GAZETTEER).of(data)) == list(Asking(GAZETTEER).of(data))


def test_words_that_nobody_is_called_are_kept_in_mind_and_no_others():
    spots = Spots(GAZETTEER)
    before = set(spots._idle)
    assert list(spots.of(b"The table. JOHN, Anna, KOVAC and Unheard-Of return. Return, The-Return, ALL."))
    assert spots._idle - before == {b"The", b"Return", b"ALL"}


@pytest.mark.parametrize(
    "text",
    ["Aa " * 30_000, "A" * 100_000, "name is " * 12_000, '"' * 100_000, "“" * 30_000, "AB-" * 30_000, "The" * 30_000],
)
def test_every_text_comes_to_an_end(text):
    data = text.encode()
    assert all(0 <= start < end <= len(data) for start, end in Spots(GAZETTEER).of(data))
