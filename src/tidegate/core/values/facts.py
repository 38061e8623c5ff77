"""All that a decision may look at. Two plain values, so that anyone can decide again from a receipt.

Strings that nobody stated are empty and sets that nobody filled have nothing in them, unless a field says otherwise;
what a fact reads as where it is not known, and who states it, is a table in `docs/policy.md`.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from tidegate.core.values.labels import Level
from tidegate.core.values.target import Approval, BoundaryKind

Latency = Literal["", "interactive", "normal", "patient"]
Budget = Literal["unknown", "within", "near", "spent"]
Health = Literal["unknown", "healthy", "failing"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

ODD_NAME = "?"
"""What a tool is called whose name is missing or has characters that no name of a tool should have."""


class Moment(NamedTuple):
    """When a request is decided, as policy may know it: in UTC. `hour`: "00" to "23"."""

    day: date
    weekday: Weekday
    hour: str


class Circumstances(NamedTuple):
    """What a decision rests on beside the request, its caller and its targets.

    `session_level`: of the session's earlier requests. `detectors`: see RequestFacts.
    """

    now: Moment
    session_level: Level
    detectors: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFacts:
    """What is known of one request. `labels` are closed upward."""

    tenant: str
    actor: str
    key: str
    """The id of the key that the request came with, never the key; "loopback" where there are no keys."""
    agent: str
    """The program that asks on somebody's behalf, by its declared name."""
    team: str
    roles: frozenset[str]
    workload: str
    task: str
    """What kind of work it is, as the workload declares it."""
    latency: Latency
    """How long the caller waits."""
    dialect: str
    operation: str
    labels: frozenset[str]
    level: Level
    session_level: Level
    """The strictest level that earlier requests of the session had; restricted where it cannot be known."""
    has_history: bool
    """Assistant turns travel in the request."""
    residency: str
    """A region that the data must stay in ("eu")."""
    consent: frozenset[str]
    """Purposes that those whom the data is about agreed to."""
    tools_offered: bool
    tools: frozenset[str]
    """Names of the tools that the model may call, in lower case."""
    tools_called: frozenset[str]
    """Names of the tools that the history shows as called, in lower case."""
    tools_external: bool
    """At least one offered tool sends its arguments out of the house."""
    capabilities: frozenset[str]
    """What the request asks of a provider beyond an answer (`core.values.capabilities`)."""
    detectors: frozenset[str]
    """Families of labels that were looked for, and names of detectors beside the engine that have looked."""
    detectors_failed: bool
    budget: Budget
    weekday: Weekday
    hour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFacts:
    """What is known of one target at the moment of one request; expiry is already worked out into `contract`."""

    target: str
    boundary: str
    kind: BoundaryKind
    region: str
    contract: bool
    """A contract is stated and has not expired; where False, what it would state reads as the worst."""
    retention: str
    training: str
    tier: str
    baa: bool
    dpa: bool
    capabilities_agreed: bool
    """The contract names every capability that this request asks for."""
    fields_known: bool
    """The target's dialect knows every field of this request (or the target's `allow_fields` names it)."""
    approval: Approval
    health: Health
