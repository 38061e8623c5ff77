import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.core.classify.shingles import LEAST_BYTES, Shingling, plain

TEXT = (
    "The committee met on Tuesday and agreed, after some discussion, that the old bridge should be repaired first; "
    "nobody could say how long that would take, since the drawings had been lost when the office moved in 2019."
)
KEY = b"k" * 32


@pytest.mark.parametrize(
    "again",
    [
        TEXT.upper(),
        TEXT.replace(" ", "\n> "),
        TEXT.replace(", ", " - ").replace(";", "."),
        f"**{TEXT}**",
        json.dumps(TEXT),
        TEXT.replace(" ", "\u00a0"),
        TEXT.replace("bridge", "bri\u200bdge"),
        "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in TEXT),
    ],
)
def test_case_space_punctuation_and_hidden_forms_make_no_difference(again):
    shingling = Shingling(KEY)
    assert shingling.of(again) == shingling.of(TEXT)


@pytest.mark.parametrize(
    "text",
    [
        "Über den Fluss führt seit Jahren keine Brücke mehr, und niemand weiß, wann.",
        "Мост через реку закрыт с прошлого года, и никто не знает, когда его починят.",
    ],
)
def test_letters_beyond_ascii_may_be_escaped(text):
    shingling = Shingling(KEY)
    assert len(shingling.of(text)) >= 2
    assert shingling.of(json.dumps(text, ensure_ascii=True)) == shingling.of(text)


def test_a_key_s_numbers_mean_nothing_to_another():
    assert len(Shingling(KEY).of(TEXT)) >= 10
    assert not Shingling(KEY).of(TEXT) & Shingling(b"l" * 32).of(TEXT)
    assert Shingling(KEY).of(TEXT) == Shingling(KEY).of(TEXT)


@given(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)), st.binary(min_size=1, max_size=64))
def test_a_piece_shares_all_but_what_its_ends_cut(a, b, key):
    shingling = Shingling(key)
    piece = TEXT[min(a, b) : max(a, b)]
    assert len(shingling.of(piece) - shingling.of(TEXT)) <= 2


@given(st.integers(0, TEXT.count(" ")), st.binary(min_size=1, max_size=64))
def test_a_changed_word_changes_few(at, key):
    shingling = Shingling(key)
    words = TEXT.split(" ")
    words[at] = "something"
    assert len(shingling.of(TEXT) - shingling.of(" ".join(words))) <= 4


@given(st.text())
def test_whatever_the_text_numbers_have_32_bits(text):
    assert all(0 <= number < 2**32 for number in Shingling(KEY).of(text))
    plain(text)


@pytest.mark.parametrize(
    "text", ["\ud800" * 20 + "half", "\\ud83d\\ude00 \\ud83d \\u00e9", "\\u", "\x00\x1e\x00", "", "a" * 100_000]
)
def test_odd_texts_are_texts(text):
    assert len(Shingling(KEY).of(text)) <= 1


def test_sentences_that_every_model_says_leave_nothing():
    closing = "Please let me know if you have any other questions or if there is anything else I can help you with."
    for key in (KEY, b"l", b"m"):
        shingling = Shingling(key)
        assert shingling.of(closing) == frozenset()
        assert len(shingling.of(f"{TEXT} {closing}") - shingling.of(TEXT)) <= 1


def test_pieces_cover_the_text_in_order():
    pieces = Shingling(KEY).pieces(plain(TEXT).lower())
    assert sum(map(len, pieces)) + len(pieces) - 1 == sum(char.isalnum() for char in TEXT)
    assert any(len(piece) >= LEAST_BYTES for piece in pieces)
