"""Data classes as dotted lower-case labels, their upward closure, and the level that they imply.

`pii.email` implies `pii`: rules may name either. The level table is the one of the product's public surface.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

Level = Literal["public", "internal", "confidential", "restricted"]

LEVELS: tuple[Level, ...] = ("public", "internal", "confidential", "restricted")

UNKNOWN = "unknown"  # classification failed: denies every cloud
UNSCANNABLE = "unscannable"  # nobody has looked: an image, a file, numbers

# The first prefix that fits rules; a label that nothing names is restricted (fail closed).
LEVEL_OF_PREFIX: tuple[tuple[str, Level], ...] = (
    ("code.source", "internal"),
    ("pii.email", "internal"),
    ("pii.phone", "internal"),
    ("injection.suspected", "internal"),
    ("pii", "confidential"),
    ("bank", "confidential"),
    ("code.proprietary", "confidential"),
    ("customer", "confidential"),
    ("derived.local", "confidential"),
)


def covers(prefix: str, label: str) -> bool:
    """`pii` covers `pii` and `pii.email`, not `piify`."""
    return label == prefix or label.startswith(prefix + ".")


@lru_cache(maxsize=4096)
def close(labels: frozenset[str]) -> frozenset[str]:
    """Upward closure: {"pii.email"} -> {"pii", "pii.email"}."""
    closed: set[str] = set()
    for label in labels:
        words = label.split(".")
        closed.update(".".join(words[:n]) for n in range(1, len(words) + 1))
    return frozenset(closed)


@lru_cache(maxsize=4096)
def level(labels: frozenset[str]) -> Level:
    """The strictest level among `labels` (closed or not gives the same when the leaves are present)."""
    leaves = [name for name in labels if not any(other.startswith(name + ".") for other in labels)]
    return LEVELS[max((LEVELS.index(_level_of(name)) for name in leaves), default=0)]


def _level_of(label: str) -> Level:
    return next((found for prefix, found in LEVEL_OF_PREFIX if covers(prefix, label)), "restricted")


def strictest(levels: Iterable[Level]) -> Level:
    return max(levels, key=LEVELS.index, default="public")
