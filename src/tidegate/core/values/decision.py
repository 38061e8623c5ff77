"""What policy says of one request, target by target."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Effect(StrEnum):
    """Strongest first: the outcome for a target is the strongest that policy permits."""

    RAW = "raw"
    REDACTED = "redacted"
    REVIEWED = "reviewed"
    NONE = "none"


class TargetDecision(NamedTuple):
    """`rules`: ids of the rules that decided: the permits behind an effect, or the forbids behind `none`."""

    target: str
    boundary: str
    effect: Effect
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry for each candidate, in candidate order. `policy` is the policy's SHA-256 in hex."""

    targets: tuple[TargetDecision, ...]
    policy: str

    @property
    def permitted(self) -> tuple[TargetDecision, ...]:
        """Targets that may be sent to now: reviewed ones wait for a reviewer."""
        return tuple(t for t in self.targets if t.effect in (Effect.RAW, Effect.REDACTED))
