"""The corpora as texts: spans stand where the words stand, and halves share nothing."""

import pytest

from training.names import corpora


@pytest.mark.parametrize("name", corpora.TOKENS)
def test_spans_begin_and_end_with_words(name):
    some = list(corpora.tokens(name))
    assert any(text.spans for text in some)
    for text in some:
        for start, end, kind in text.spans:
            assert kind in ("PER", "LOC", "ORG")
            assert text.text[start:end] == text.text[start:end].strip() != ""


def test_tokens_are_joined_as_people_write():
    joined = corpora._joined(
        [("He", "O"), ("met", "O"), ("Ann", "B-PER"), ("Lee", "I-PER"), (",", "O"), ("ok", "O")], "x"
    )
    assert joined.text == "He met Ann Lee, ok"
    assert joined.spans == [(7, 14, "PER")]


def test_a_template_is_in_one_half():
    halves = [{text.source for text in corpora.sentences(split)} for split in ("dev", "test")]
    assert not halves[0] & halves[1]
    assert min(map(len, halves)) > 80


def test_credits_are_left_out_of_source_code():
    text = next(text for text in corpora.sources("dev") if text.text)
    assert "author" not in text.text.lower()
