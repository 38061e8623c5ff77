"""How permitted targets are chosen among, and what is known of one besides what policy asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple

from tidegate.core.values.facts import Latency

Strategy = Literal["ordered", "weighted", "fastest", "least-loaded"]
Warmth = Literal["unknown", "warm", "loading", "cold"]
HEDGED = ("embeddings", "count_tokens")
"""What may be asked twice without a thought: it costs little, and leaves nothing behind."""
FairKey = tuple[str, str]
"""Tenant and key: between these, turns go round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """For one name under `[models]`. `weights`: target -> share, 1 where nothing is said.

    `retries`: further rounds through the permitted targets. `wait_s`: how long a request may wait, all in all, for a
    target that loads, is busy or was there a moment ago. `hedged`: operations of which a second target may be asked
    while the first one is slow; `hedge_after_s`: how slow, 0 for twice what the first one usually takes.
    """

    strategy: Strategy = "ordered"
    weights: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    retries: int = 1
    wait_s: float = 10.0
    hedged: frozenset[str] = frozenset(HEDGED)
    hedge_after_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """What one target bears at once. `most`: 0 for no limit; `queue`: how many may wait; `queue_s`: how long each."""

    most: int = 0
    queue: int = 256
    queue_s: float = 10.0


class Load(NamedTuple):
    """What a local runtime tells of itself. -1 where it does not tell; `slots`: what it works on at once."""

    warmth: Warmth = "unknown"
    running: int = -1
    waiting: int = -1
    slots: int = -1


UNTOLD = Load()


class Wanted(NamedTuple):
    """What a choice may depend on besides the state of targets. Nothing of a request's text."""

    model: str
    key: FairKey
    latency: Latency
    operation: str
    stream: bool
    capabilities: frozenset[str]
    as_ordered: bool = False
    """Policy's own preferences have put the permitted ones in order: nobody changes it."""
