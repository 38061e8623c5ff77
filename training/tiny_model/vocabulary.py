"""The tokenizer: byte-level BPE learned from the dialogues, the kind that llama.cpp knows as `gpt2` / `smollm`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

from training.tiny_model.curriculum import WEIGHTS, dialogues
from training.tiny_model.dialogue import CALL_END, CALL_START, END_OF_TEXT, TURN_END, TURN_START, segments
from training.tiny_model.draw import Draw
from training.tiny_model.values import CLOSE, OPEN

CONTROL = (END_OF_TEXT, TURN_START, TURN_END)  # never text: llama.cpp hides them and may stop at them
MARKS = (CALL_START, CALL_END, OPEN, CLOSE)  # one token each, but part of the text
DIALOGUES_READ = 12_000
FILE_NAME = "tokenizer.json"


def learn(size: int, seed: int) -> Tokenizer:
    """A vocabulary of `size` tokens. A small one makes words fall into pieces, and copying pieces is one habit
    for all words instead of one a word."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size - len(MARKS),
        special_tokens=list(CONTROL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(plain_texts(seed), trainer)
    tokenizer.add_tokens([AddedToken(mark, normalized=False, special=False) for mark in MARKS])
    return tokenizer


def plain_texts(seed: int) -> Iterator[str]:
    """Dialogues without the marks, which must not become part of longer tokens."""
    for dialogue in islice(dialogues(Draw(seed), WEIGHTS), DIALOGUES_READ):
        text = "".join(segment.text for segment in segments(dialogue))
        for mark in (*CONTROL, *MARKS):
            text = text.replace(mark, "\n")
        yield text


def load(folder: Path) -> Tokenizer:
    return Tokenizer.from_file(str(folder / FILE_NAME))


def save(tokenizer: Tokenizer, folder: Path) -> None:
    tokenizer.save(str(folder / FILE_NAME))
