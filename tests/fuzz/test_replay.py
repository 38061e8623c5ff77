"""What fuzzers found and reached holds: their kept inputs, the recordings, and new ones of a seed that is told."""

import random
import tracemalloc

import pytest

from tests.fuzz.mutations import Mutator, kept
from tests.fuzz.properties import SOME_BYTES, TARGETS, check

NEW = 150
MOST_MEMORY = 48 * SOME_BYTES
"""Bytes at the highest while one input is looked at, of which none has more than 64 KiB."""


@pytest.mark.parametrize("target", TARGETS)
def test_kept_inputs_hold_in_bounded_memory(target):
    inputs = kept(target)
    assert inputs
    for name, data in inputs:
        tracemalloc.start()
        try:
            check(target, data)
            assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY, name
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("seed", [1, random.SystemRandom().randrange(2**32)], ids=["the same", "another"])
@pytest.mark.parametrize("target", TARGETS)
def test_recordings_with_something_wrong_hold(target, seed):
    chance, mutator = random.Random(seed), Mutator(target)
    for _ in range(NEW):
        data = mutator.mutated(chance.choice(mutator.seeds), chance)
        try:
            check(target, data)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {type(error).__name__} for {data!r}") from error


def test_the_same_seed_gives_the_same_inputs():
    for target in TARGETS:
        one, other = Mutator(target), Mutator(target)
        assert one.mutated(one.seeds[0], random.Random(7)) == other.mutated(other.seeds[0], random.Random(7))
