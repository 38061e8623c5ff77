"""What the queue was given: who reviews on which terms, and what it can do beyond the store."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tidegate.core.review.hearing import Terms
from tidegate.core.review.signed import Reviewer
from tidegate.core.values.owed import Owed


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`reviewers` by name; without any nothing is held. `most`: held at once. `hooks`: names of webhooks to tell."""

    reviewers: Mapping[str, Reviewer] = field(default_factory=dict)
    terms: Terms = field(default_factory=Terms)
    wait_s: int = 0
    most: int = 200
    hooks: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """`record`: the entry is durable when it returns; its index. `tell`: takes messages for webhooks over."""

    record: Callable[[bytes], Awaitable[int]]
    new_id: Callable[[], str]
    tell: Callable[[Owed, Callable[[], Awaitable[None]]], None] = lambda _owed, _paid: None
