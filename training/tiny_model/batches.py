"""Dialogues as tensors: drawn in chunks, sorted by length so that little is padding, shuffled again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import torch
from tokenizers import Tokenizer

from training.tiny_model.curriculum import Skill, dialogues
from training.tiny_model.dialogue import TURN_START, segments
from training.tiny_model.draw import Draw

CHUNK = 8_000  # dialogues drawn at a time
GAP_CHANCE, LONGEST_GAP = 0.15, 400


@dataclass(frozen=True, slots=True)
class Batch:
    """Shapes (dialogues, longest): token ids, 1 where the token is an answer's, and positions with gaps."""

    ids: torch.Tensor
    expected: torch.Tensor
    positions: torch.Tensor


@dataclass(frozen=True, slots=True)
class Encoded:
    ids: list[int]
    expected: list[int]


class Batches:
    """An endless source of batches of about `tokens` tokens; the seed decides all of them."""

    def __init__(self, tokenizer: Tokenizer, seed: int, tokens: int, longest: int) -> None:
        self._tokenizer = tokenizer
        self._draw = Draw(seed)
        self._gaps = torch.Generator().manual_seed(seed)
        self._tokens = tokens
        self._longest = longest
        self._turn_start = tokenizer.token_to_id(TURN_START)

    def of(self, weights: dict[Skill, float]) -> Iterator[Batch]:
        while True:
            for rows in self._draw.shuffled(self._rows_of_like_length(weights)):
                yield self._tensors(rows)

    def _rows_of_like_length(self, weights: dict[Skill, float]) -> list[list[Encoded]]:
        encoded = sorted(self._encode(weights), key=lambda row: len(row.ids))
        batches: list[list[Encoded]] = [[]]
        for row in encoded:
            if (len(batches[-1]) + 1) * len(row.ids) > self._tokens:
                batches.append([])
            batches[-1].append(row)
        return [rows for rows in batches if rows]

    def _encode(self, weights: dict[Skill, float]) -> Iterator[Encoded]:
        chunk = [segments(dialogue) for dialogue in islice(dialogues(self._draw, weights), CHUNK)]
        texts = [segment.text for rendered in chunk for segment in rendered]
        encodings = iter(self._tokenizer.encode_batch(texts, add_special_tokens=False))
        for rendered in chunk:
            row = Encoded([], [])
            for segment in rendered:
                ids = next(encodings).ids
                row.ids.extend(ids)
                row.expected.extend([int(segment.expected)] * len(ids))
            if len(row.ids) <= self._longest:
                yield row

    def _tensors(self, rows: list[Encoded]) -> Batch:
        width = max(len(row.ids) for row in rows)
        ids = torch.zeros(len(rows), width, dtype=torch.long)
        expected = torch.zeros(len(rows), width)
        for index, row in enumerate(rows):
            ids[index, : len(row.ids)] = torch.tensor(row.ids)
            expected[index, : len(row.ids)] = torch.tensor(row.expected, dtype=torch.float)
        return Batch(ids, expected, self._positions(ids))

    def _positions(self, ids: torch.Tensor) -> torch.Tensor:
        """Now and then a turn starts further on, as if a longer text had stood before it: the model learns the
        distances of long prompts without their cost."""
        starts = ids == self._turn_start
        starts[:, 0] = False
        jumps = torch.rand(ids.shape, generator=self._gaps) < GAP_CHANCE
        gaps = torch.randint(0, LONGEST_GAP, ids.shape, generator=self._gaps) * (starts & jumps)
        return torch.arange(ids.shape[1]) + gaps.cumsum(1)
