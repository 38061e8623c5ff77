from __future__ import annotations

from itertools import islice

import pytest

from training.tiny_model.curriculum import COPYING_FIRST, POLISHING, Skill, dialogues
from training.tiny_model.dialogue import CALL_END, CALL_START, TURN_END, TURN_START, segments
from training.tiny_model.draw import Draw


@pytest.mark.parametrize("skill", POLISHING, ids=lambda skill: skill.__name__)
@pytest.mark.parametrize("held_out", [False, True])
def test_every_skill_gives_dialogues_that_its_own_answer_satisfies(skill: Skill, held_out: bool):
    draw = Draw(9, held_out=held_out)
    for _ in range(200):
        taught = skill(draw)
        assert taught.turns[-1].role == "assistant"
        assert taught.turns[-2].role != "assistant"
        assert taught.is_answered_by(taught.turns[-1].text)


def test_no_text_holds_the_marks_that_divide_turns():
    for taught in islice(dialogues(Draw(9), POLISHING), 2000):
        for turn in taught.turns:
            assert TURN_START not in turn.text
            assert TURN_END not in turn.text
            assert turn.call or (CALL_START not in turn.text and CALL_END not in turn.text)


def test_the_same_seed_gives_the_same_lessons():
    def texts(seed: int) -> list[str]:
        lessons = islice(dialogues(Draw(seed), POLISHING), 300)
        return ["".join(segment.text for segment in segments(lesson)) for lesson in lessons]

    assert texts(1) == texts(1)
    assert texts(1) != texts(2)


def test_the_first_lessons_are_mostly_copying():
    copying = sum(weight for skill, weight in COPYING_FIRST.items() if skill.__name__ in {"drill", "echo", "echo_list"})
    assert copying / sum(COPYING_FIRST.values()) >= 0.8
