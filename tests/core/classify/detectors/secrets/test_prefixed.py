"""Vendors' tokens are made here from their rows, by a fixed shuffle: nothing that looks like a key stands in this
file.
"""

from random import Random

import pytest

from tests.core.classify.families import engine
from tidegate.core.classify.detectors.secrets.prefixed import ROWS
from tidegate.core.classify.keyworded import Keyworded

IDS = [f"{row.name}-{row.prefixes[0]}" for row in ROWS]


def made(alphabet: str, size: int, seed: int = 1) -> str:
    """`size` characters of which the first six differ, without punctuation."""
    draw = Random(seed)
    plain = [c for c in alphabet if c.isalnum()]
    return "".join(draw.sample(plain, 6) + [draw.choice(plain) for _ in range(size - 6)])


def found(row, text: str) -> list[str]:
    data = text.encode()
    return [text[hit.start : hit.end] for hit in Keyworded([row]).hits(data, data.lower()) if hit.label == row.label]


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_a_token_is_found_by_its_prefix_and_length(row):
    for seed, size in enumerate((row.least, (row.least + row.most) // 2, row.most)):
        for prefix in row.prefixes:
            token = prefix + made(row.alphabet, size, seed)
            for text in (token, f'x = "{token}"', f"see {token}, and"):
                assert found(row, text) == [token], (prefix, size)


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_what_only_begins_like_a_token_is_none(row):
    for prefix in row.prefixes:
        body = made(row.alphabet, row.least)
        other = prefix.swapcase() if prefix.swapcase() != prefix else "9" + prefix
        for text in (prefix + body[: row.least // 2], prefix, other + body, prefix + "your_key_" + body):
            assert prefix + body not in found(row, text), text
            assert not any(len(token) < len(prefix) + row.least for token in found(row, text))


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_among_all_detectors_a_token_is_some_secret(row):
    token = row.prefixes[0] + made(row.alphabet, row.most if row.most < 400 else row.least, 3)
    spans = [(f.start, f.end) for f in engine().find(f"it is {token} now") if f.label.startswith("secret.")]
    assert spans
    assert max(end for _, end in spans) >= len(f"it is {token}") - 1


def test_no_prefix_is_claimed_twice_by_one_label():
    claims = [(row.label, prefix, row.least) for row in ROWS for prefix in row.prefixes]
    assert len(claims) == len(set(claims))


def test_there_are_rules_enough():
    assert len({row.label for row in ROWS}) >= 180
