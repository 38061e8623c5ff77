from __future__ import annotations

import pytest

from training.tiny_model.draw import Draw
from training.tiny_model.skills.knowledge import DO_NOT_KNOW, QUESTIONS, phrasings, small_talk, unknown


@pytest.mark.parametrize(
    ("pattern", "ways"),
    [
        ("plain", ["plain"]),
        ("{a|b}", ["a", "b"]),
        ("{a|b} {|c}", ["a", "a c", "b", "b c"]),
        ("{a|b}{?|}", ["a?", "a", "b?", "b"]),
    ],
)
def test_patterns_multiply(pattern: str, ways: list[str]):
    assert phrasings(pattern) == ways


def test_no_question_has_two_answers():
    answers: dict[str, set[str]] = {}
    for asked in QUESTIONS:
        for way in asked.taught + asked.held_out:
            answers.setdefault(way.lower(), set()).add(asked.answer)
    assert not [way for way, given in answers.items() if len(given) > 1]


def test_held_out_phrasings_are_never_taught():
    taught, scored = Draw(1), Draw(1, held_out=True)
    known = {small_talk(taught).turns[0].text.lower() for _ in range(20_000)}
    asked = {small_talk(scored).turns[0].text.lower() for _ in range(2000)}
    assert len(asked) > 100
    assert not asked & known


def test_what_is_not_known_is_admitted():
    draw = Draw(1)
    assert {unknown(draw).turns[-1].text for _ in range(200)} == {DO_NOT_KNOW}
