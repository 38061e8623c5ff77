from __future__ import annotations

import pytest

from training.tiny_model import words
from training.tiny_model.words import Pool, pool

POOLS = {name: value for name, value in vars(words).items() if isinstance(value, Pool)}


def test_every_fifth_choice_is_held_out():
    assert pool(*"abcdefgh") == Pool(training=tuple("abdefg"), held_out=tuple("ch"))


@pytest.mark.parametrize("name", POOLS)
def test_a_held_out_word_is_never_taught(name: str):
    cut = POOLS[name]
    assert cut.held_out
    assert not set(cut.training) & set(cut.held_out)
    assert len({*cut.training, *cut.held_out}) == len(cut.training) + len(cut.held_out)
