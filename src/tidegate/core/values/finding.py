"""What detectors found in a request."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from tidegate.core.values.labels import Level, level


class Finding(NamedTuple):
    """A span of one part that bears a label. `start` and `end` count characters of that part's original text."""

    label: str
    start: int
    end: int
    score: float
    detector: str
    part: int = 0


class Detected(NamedTuple):
    """What one detector beside the engine says of a request. `failed`: it raised or was late, so it has not looked."""

    detector: str
    findings: tuple[Finding, ...] = ()
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Classification:
    """Findings of all parts, in order of (part, start) and without overlap, and what they add up to.

    `labels` holds leaves only; `labels.close` widens them. A failed detector has put `unknown` among them.
    """

    findings: tuple[Finding, ...]
    labels: frozenset[str]
    level: Level
    failed: tuple[str, ...] = ()

    def plus(self, label: str) -> "Classification":
        """The same with one label more, which no span bears."""
        labels = self.labels | {label}
        return replace(self, labels=labels, level=level(labels))
