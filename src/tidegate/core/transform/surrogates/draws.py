"""Keyed draws: what looks like chance, and is the same for the same value all through a session."""

import hmac
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """A stream of numbers that follows from a key and what it is drawn for. Whoever lacks the key sees chance."""

    __slots__ = ("_blocks", "_key", "_left", "_pool", "_seed")

    def __init__(self, key: bytes, *purpose: str) -> None:
        self._key = key
        # Lengths in front: no choice of texts makes two purposes read alike.
        self._seed = b"".join([len(each.encode()).to_bytes(4) + each.encode() for each in purpose])
        self._blocks = 0
        self._pool, self._left = 0, 1

    def below(self, bound: int) -> int:
        """A number from 0 to `bound` - 1. Of 64 bits or more a draw, so that no number is likelier by a hair's breadth
        that matters. `bound` is at most 2**32.
        """
        if self._left < bound << 64:
            self._refill()
        self._pool, drawn = divmod(self._pool, bound)
        self._left //= bound
        return drawn

    def choice(self, among: Sequence[T]) -> T:
        return among[self.below(len(among))]

    def digits(self, count: int) -> str:
        return "".join([str(self.below(10)) for _ in range(count)])

    def _refill(self) -> None:
        block = hmac.digest(self._key, b"surrogate\0" + self._blocks.to_bytes(4) + self._seed, "sha256")
        self._blocks += 1
        self._pool, self._left = int.from_bytes(block), 1 << 256
