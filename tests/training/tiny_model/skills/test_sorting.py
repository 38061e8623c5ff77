from __future__ import annotations

import re

from training.tiny_model.draw import Draw
from training.tiny_model.skills.sorting import INTENTS, intent, sentiment


def test_the_right_label_is_always_offered_or_known():
    draw = Draw(2)
    for _ in range(500):
        taught = intent(draw)
        offered = set(re.findall(r"[a-z]+", taught.turns[0].text + taught.system)) & set(INTENTS)
        assert taught.turns[-1].text in (offered if len(offered) > 1 else INTENTS)


def test_the_three_sentiments_are_taught_evenly():
    draw = Draw(2)
    answers = [sentiment(draw).turns[-1].text for _ in range(3000)]
    assert {answer: answers.count(answer) > 800 for answer in set(answers)} == {
        "positive": True,
        "negative": True,
        "neutral": True,
    }
