"""A hashed linear model: which of four kinds a word is, by the sum of what its features weigh.

Bytes: `MAGIC`, the scale (u32: what a weight of one is stored as), then a row a feature: four weights of 16 bits each,
little-endian, for OUTSIDE, PERSON, LOCATION, ORGANIZATION, every one shifted by `BIAS` so that none is negative. A row
is read as one number of 64 bits, and rows are summed as such: four sums for the price of one, since no sum of
`features.COUNT` weights overflows its 16 bits.
"""

import sys
from array import array
from collections.abc import Sequence
from math import exp

from tidegate.core.classify.names.features import COUNT, ROWS

MAGIC = b"TGNAM001"
_HEAD = len(MAGIC) + 4
BIAS = 1024
"""Weights lie within ±1023 when stored: features.COUNT x 2047 < 65536."""
OUTSIDE, PERSON, LOCATION, ORGANIZATION = range(4)
_EMPTY = sum(BIAS << shift for shift in (0, 16, 32, 48))


class Tagger:
    """Immutable; threads may share it."""

    __slots__ = ("_row", "_scale")

    def __init__(self, weights: bytes) -> None:
        """Raises ValueError where `weights` are none."""
        if weights[: len(MAGIC)] != MAGIC or len(weights) != _HEAD + 8 * ROWS:
            raise ValueError("no weights of this version: make them again with training/names, or reinstall")
        self._scale = float(int.from_bytes(weights[len(MAGIC) : _HEAD], "little"))
        table = array("Q", weights[_HEAD:])
        if sys.byteorder == "big":
            table.byteswap()
        # A list answers twice as fast as an array. Most rows are empty, and those share one number.
        self._row = [_EMPTY if row == _EMPTY else row for row in table].__getitem__

    def judge(self, rows: list[int]) -> tuple[int, float]:
        """The likeliest kind and how likely it is. How likely OUTSIDE is nobody asks: 1."""
        total = sum(map(self._row, rows))
        o, p, l, g = total & 0xFFFF, total >> 16 & 0xFFFF, total >> 32 & 0xFFFF, total >> 48  # noqa: E741
        if o >= p and o >= l and o >= g:
            return OUTSIDE, 1.0
        scale = self._scale
        top, kind = (p, PERSON) if p >= l and p >= g else (l, LOCATION) if l >= g else (g, ORGANIZATION)
        return kind, 1 / (
            exp((o - top) / scale) + exp((p - top) / scale) + exp((l - top) / scale) + exp((g - top) / scale)
        )


def pack(weights: Sequence[Sequence[float]], scale: int) -> bytes:
    """The file of `ROWS` rows of four weights; what does not fit is clipped."""
    limit = BIAS - 1
    flat = array("H", (BIAS + max(-limit, min(limit, round(one * scale))) for row in weights for one in row))
    if len(flat) != 4 * ROWS:
        raise ValueError(f"{ROWS} rows of four weights are wanted, these are {len(flat)} weights")
    if sys.byteorder == "big":
        flat.byteswap()
    return MAGIC + scale.to_bytes(4, "little") + flat.tobytes()


assert COUNT * (2 * BIAS - 1) < 1 << 16
