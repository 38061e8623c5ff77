"""All chance in the training data comes from here, so that a seed decides every text."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from training.tiny_model.words import (
    ADJECTIVES,
    CITIES,
    FIRST_NAMES,
    LAST_NAMES,
    NOUNS,
    PAST_VERBS,
    PLACES,
    TIMES,
    Pool,
)

T = TypeVar("T")
CONSONANTS = "bcdfghjklmnpqrstvwxyz"
VOWELS = "aeiou"


@dataclass(slots=True)
class Draw:
    """A seeded source of fills. With `held_out`, pools give only words that training never shows."""

    seed: int
    held_out: bool = False
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def happens(self, probability: float) -> bool:
        return self.chance.random() < probability

    def one(self, choices: Sequence[T]) -> T:
        return choices[self.chance.randrange(len(choices))]

    def several(self, choices: Sequence[T], count: int) -> list[T]:
        return self.chance.sample(choices, count)

    def number(self, low: int, high: int) -> int:
        """Both ends included."""
        return self.chance.randint(low, high)

    def shuffled(self, items: Sequence[T]) -> list[T]:
        return self.chance.sample(items, len(items))

    def word(self, pool: Pool) -> str:
        return self.one(pool.held_out if self.held_out else pool.training)

    def words(self, pool: Pool, count: int) -> list[str]:
        return self.several(pool.held_out if self.held_out else pool.training, count)

    def letters(self, alphabet: str, low: int, high: int) -> str:
        return "".join(self.one(alphabet) for _ in range(self.number(low, high)))

    def invented_word(self) -> str:
        """Speakable but meaningless, such as `rovatil`: cannot be answered from memory, only copied."""
        syllables = (
            self.one(CONSONANTS) + self.one(VOWELS) + (self.one(CONSONANTS) if self.happens(0.25) else "")
            for _ in range(self.number(1, 3))
        )
        return "".join(syllables)

    def full_name(self) -> str:
        return f"{self.word(FIRST_NAMES)} {self.word(LAST_NAMES)}"

    def thing(self) -> str:
        return f"{self.word(ADJECTIVES)} {self.word(NOUNS)}" if self.happens(0.5) else self.word(NOUNS)

    def sentence(self, subject: str | None = None) -> str:
        """One English sentence about nothing in particular."""
        who = subject or self.one((self.word(FIRST_NAMES), self.full_name(), f"The {self.word(NOUNS)} team"))
        did = self.word(PAST_VERBS).replace("_", " ")
        where = self.one((self.word(PLACES), f"in {self.word(CITIES)}", ""))
        shapes = (
            f"{who} {did} the {self.thing()} {where} {self.word(TIMES)}.",
            f"{who} {did} the {self.thing()} {where}.",
            f"{capitalised(self.word(TIMES))}, {who} {did} a {self.thing()} {where}.",
            f"{who} and {self.word(FIRST_NAMES)} {did} the {self.thing()} {where}.",
            f"The {self.thing()} that {who} {did} is {self.word(ADJECTIVES)} and {self.word(ADJECTIVES)}.",
            f"The {self.word(NOUNS)} {where} was {self.word(ADJECTIVES)}, so {who} {did} the {self.thing()}.",
        )
        sentence = " ".join(self.one(shapes).split())
        return sentence.replace(" .", ".").replace(" ,", ",")

    def filler(self) -> str:
        """A second sentence that a summary may leave out."""
        return self.one(
            (
                f"The {self.word(NOUNS)} was {self.word(ADJECTIVES)}.",
                f"It is {self.word(ADJECTIVES)} and {self.word(ADJECTIVES)}.",
                f"Nobody saw the {self.thing()}.",
                f"There was also a {self.thing()} {self.word(PLACES)}.",
                self.sentence(),
            )
        )


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def uncapitalised(text: str) -> str:
    return text[:1].lower() + text[1:]
