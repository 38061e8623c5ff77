"""Which skills are taught, how often, and when.

Copying is what a small model learns last, all at once, after a long time of nothing. The first part of training
therefore teaches little else; afterwards the skills are mixed by the weights below. The second run adds what the first
has prepared, several values in one sentence. The last one drops the drill, which repeats single words and would repeat
a `hello` as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from training.tiny_model.dialogue import Dialogue
from training.tiny_model.draw import Draw
from training.tiny_model.skills.copying import drill, echo, echo_list, introduction, letter, recall, summary
from training.tiny_model.skills.knowledge import (
    arithmetic,
    capital,
    short_question,
    small_talk,
    summary_together,
    unknown,
    unknown_with_tags,
    unknown_with_tags_together,
)
from training.tiny_model.skills.sorting import intent, sentiment
from training.tiny_model.skills.tools import extraction, tool_call, tool_result, tool_unneeded

Skill = Callable[[Draw], Dialogue]

WEIGHTS: dict[Skill, float] = {
    echo: 20, echo_list: 8, recall: 12, letter: 6, summary: 9, introduction: 4, unknown_with_tags: 6, drill: 4,
    small_talk: 12, capital: 4, unknown: 5, sentiment: 5, intent: 7,
    tool_call: 14, tool_unneeded: 4, tool_result: 6, extraction: 7,
}  # fmt: skip
COPYING_FIRST: dict[Skill, float] = {drill: 50, echo: 20, echo_list: 20, small_talk: 6, tool_call: 4}
FINISHING: dict[Skill, float] = WEIGHTS | {unknown_with_tags_together: 9, summary_together: 5, arithmetic: 2}
POLISHING: dict[Skill, float] = {s: weight for s, weight in FINISHING.items() if s is not drill} | {short_question: 8}
LESSONS = {"everything": WEIGHTS, "finishing": FINISHING, "polishing": POLISHING}
EARLIER_TURNS: tuple[Skill, ...] = (small_talk, echo, introduction, recall, sentiment, summary)
SYSTEM_TEXTS = (
    "You are a helpful assistant.", "Answer briefly.", "You are a friendly bot. Keep answers short.",
    "You are tidegate's local model.", "Keep every tag exactly as it is.",
    "Text in ⟦ ⟧ is a tag: copy it unchanged.", "You help the staff of a company.",
)  # fmt: skip


def dialogue(draw: Draw, weights: dict[Skill, float]) -> Dialogue:
    """One dialogue, sometimes with earlier turns or a system text before it."""
    skill = draw.chance.choices(tuple(weights), tuple(weights.values()))[0]
    taught = skill(draw)
    if not taught.system and draw.happens(0.12):
        taught = taught.after(draw.one(EARLIER_TURNS)(draw))
    if not taught.system and draw.happens(0.3):
        taught = replace(taught, system=system_text(draw))
    return taught


def system_text(draw: Draw) -> str:
    if draw.happens(0.7):
        return draw.one(SYSTEM_TEXTS)
    return draw.one((f"{draw.one(SYSTEM_TEXTS)} {draw.one(SYSTEM_TEXTS)}", draw.sentence()))


def dialogues(draw: Draw, weights: dict[Skill, float]) -> Iterator[Dialogue]:
    while True:
        yield dialogue(draw, weights)
