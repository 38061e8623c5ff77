from __future__ import annotations

import pytest

from training.tiny_model.draw import Draw
from training.tiny_model.words import CITIES


def test_the_seed_decides_every_text():
    first, again, other = Draw(3), Draw(3), Draw(4)
    texts = [first.sentence() for _ in range(50)]
    assert texts == [again.sentence() for _ in range(50)]
    assert texts != [other.sentence() for _ in range(50)]


@pytest.mark.parametrize("held_out", [False, True])
def test_words_come_from_the_side_that_was_asked_for(held_out: bool):
    draw = Draw(3, held_out=held_out)
    allowed = CITIES.held_out if held_out else CITIES.training
    assert {draw.word(CITIES) for _ in range(500)} == set(allowed)


def test_sentences_are_well_formed():
    draw = Draw(3)
    for _ in range(500):
        sentence = draw.sentence()
        assert sentence.endswith(".")
        assert "  " not in sentence
        assert " ." not in sentence
        assert sentence[0].isupper()
