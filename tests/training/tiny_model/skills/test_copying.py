from __future__ import annotations

import pytest

from training.tiny_model.curriculum import Skill
from training.tiny_model.draw import Draw
from training.tiny_model.skills.copying import drill, echo, echo_list, introduction, letter, recall, summary


@pytest.mark.parametrize("skill", [echo, echo_list, drill])
def test_what_is_repeated_stands_in_the_request_word_for_word(skill: Skill):
    draw = Draw(5)
    for _ in range(500):
        taught = skill(draw)
        assert taught.turns[-1].text in taught.turns[0].text


@pytest.mark.parametrize("skill", [recall, letter, introduction])
def test_what_must_be_kept_is_said_in_the_request(skill: Skill):
    draw = Draw(5)
    for _ in range(500):
        taught = skill(draw)
        told = "\n".join(turn.text for turn in taught.turns[:-1])
        assert all(part in told for part in taught.must_contain)


def test_a_summary_is_the_first_sentence():
    draw = Draw(5)
    for _ in range(500):
        request, answer = summary(draw).turns
        assert answer.text.removeprefix("In short: ") in request.text
