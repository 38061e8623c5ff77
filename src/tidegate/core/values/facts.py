"""All that a decision may look at. Two plain values, so that anyone can decide again from a receipt."""

from dataclasses import dataclass

from tidegate.core.values.labels import Level
from tidegate.core.values.target import BoundaryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFacts:
    """What is known of one request. `labels` are closed upward; strings that nobody gave are empty."""

    tenant: str
    actor: str
    team: str
    roles: frozenset[str]
    workload: str
    dialect: str
    operation: str
    labels: frozenset[str]
    level: Level
    residency: str
    """A region that the data must stay in ("eu"), or empty."""
    tools_offered: bool
    detectors_failed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFacts:
    """What is known of one target at the moment of one request; expiry is already worked out into `contract`."""

    target: str
    boundary: str
    kind: BoundaryKind
    region: str
    contract: bool
    """A contract is stated and has not expired; where False, the five facts below read as their worst."""
    retention: str
    training: str
    tier: str
    baa: bool
    fields_known: bool
    """The target's dialect knows every field of this request (or the target's `allow_fields` names it)."""
