"""What a replay found, added up, and as people and programs read it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

NOBODY = ""
UNCHANGED, STRICTER, LOOSER, REROUTED = "unchanged", "stricter", "looser", "rerouted"


@dataclass(slots=True)
class Sums:
    """Of exchanges: how many, and what the outcomes of those that are `timed`, `metered`, `priced` add up to."""

    exchanges: int = 0
    timed: int = 0
    duration_us: int = 0
    metered: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    priced: int = 0
    cost_micro: int = 0

    def add(self, outcome: Mapping[str, Any]) -> None:
        """An outcome record. What it does not say counts nowhere."""
        usage = outcome.get("usage") or {}
        tokens = usage.get("input_tokens", -1), usage.get("output_tokens", -1)
        duration, cost = outcome.get("duration_us", -1), outcome.get("cost_micro", -1)
        if min(tokens) >= 0:
            self.metered += 1
            self.input_tokens += tokens[0]
            self.output_tokens += tokens[1]
        if duration >= 0:
            self.timed += 1
            self.duration_us += duration
        if cost >= 0:
            self.priced += 1
            self.cost_micro += cost


class Move(NamedTuple):
    """From the first target that was permitted to the first that would be; NOBODY where there is none."""

    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """`there`: what the target that they would move to did for the exchanges that it completed in the same time."""

    move: Move
    sums: Sums
    there: Sums

    def as_json(self) -> dict[str, Any]:
        return {
            "from": self.move.before or None,
            "to": self.move.after or None,
            "exchanges": self.sums.exchanges,
            "input_tokens": self.sums.input_tokens if self.sums.metered else None,
            "output_tokens": self.sums.output_tokens if self.sums.metered else None,
            "metered": self.sums.metered,
            "mean_ms": _ratio(self.sums.duration_us, self.sums.timed * 1000),
            "expected_mean_ms": self.expected_ms,
            "cost_micro": self.sums.cost_micro if self.sums.priced else None,
            "expected_cost_micro": self.expected_cost,
        }

    @property
    def expected_ms(self) -> float | None:
        """As the other target's recorded mean; None where it answered nobody."""
        return _ratio(self.there.duration_us, self.there.timed * 1000)

    @property
    def expected_cost(self) -> int | None:
        """By the other target's recorded cost a token; None where no record has a price."""
        tokens = self.there.input_tokens + self.there.output_tokens
        if not self.there.priced or not tokens or not self.sums.metered:
            return None
        return round(self.there.cost_micro / tokens * (self.sums.input_tokens + self.sums.output_tokens))


class EffectChange(NamedTuple):
    target: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayReport:
    """`buckets`: unchanged, stricter and looser add up to `replayed`; rerouted ones are among them.

    `left_out`: reason -> exchanges that could not be replayed. `missing`: path of a fact -> replayed exchanges whose
    records lack it, so that it was read as what lets the least through. `requests`: some ids a bucket, oldest first.
    """

    policy: str
    recorded_policies: Mapping[str, int]
    exchanges: int
    replayed: int
    left_out: Mapping[str, int]
    missing: Mapping[str, int]
    with_missing: int
    buckets: Mapping[str, int]
    refused: int
    admitted: int
    changes: Mapping[EffectChange, int]
    moved: tuple[Moved, ...]
    requests: Mapping[str, tuple[str, ...]]
    against: str = field(default="what was recorded")

    @property
    def looser(self) -> int:
        return self.buckets[LOOSER]

    @property
    def share(self) -> float:
        return self.replayed / self.exchanges if self.exchanges else 1.0

    def coverage(self) -> str:
        """The first line of any report: how much of the traffic it is about, and why not of all of it."""
        left = "; ".join(f"{count:,} {reason}" for reason, count in self.left_out.items())
        worst = (
            f"; {self.with_missing:,} lack facts that the policy reads, taken as what lets the least through: "
            f"{', '.join(self.missing)}"
            if self.with_missing
            else ""
        )
        return (
            f"replayed {self.replayed:,} of {self.exchanges:,} exchanges ({self.share:.1%})"
            f"{f'; left out: {left}' if left else ''}{worst}"
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "coverage": {
                "sentence": self.coverage(),
                "exchanges": self.exchanges,
                "replayed": self.replayed,
                "share": round(self.share, 6),
                "left_out": dict(self.left_out),
                "with_missing_facts": self.with_missing,
                "missing_facts": dict(self.missing),
            },
            "policy": self.policy,
            "against": self.against,
            "recorded_policies": dict(self.recorded_policies),
            **self.buckets,
            "refused": self.refused,
            "admitted": self.admitted,
            "changes": [{**change._asdict(), "exchanges": count} for change, count in self.changes.items()],
            "moved": [one.as_json() for one in self.moved],
            "requests": {bucket: list(ids) for bucket, ids in self.requests.items()},
        }


def most_first(counted: Counter[Any]) -> dict[Any, int]:
    return dict(counted.most_common())


def _ratio(total: int, count: int) -> float | None:
    return round(total / count, 3) if count else None
