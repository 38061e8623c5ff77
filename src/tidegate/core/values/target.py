"""Where a request may go: boundaries, what is agreed with whoever runs them, and targets."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

BoundaryKind = Literal["local", "private", "cloud"]
Approval = Literal["unknown", "pending", "approved", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Boundary:
    """A trust boundary by its configured name. `region` is empty where none is stated."""

    name: str
    kind: BoundaryKind
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What is agreed with a provider. A fact left out is the worst value; no expiry date reads as expired."""

    retention: str = "unknown"
    training: str = "unknown"
    tier: str = "unknown"
    region: str = ""
    baa: bool = False
    dpa: bool = False
    capabilities: frozenset[str] = frozenset()
    """What it agrees to of `core.values.capabilities`; what it does not name is not agreed."""
    expires: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How a cloud wants to be reached, beyond url and key. All empty where nothing was said."""

    api_version: str = ""
    region: str = ""
    """The cloud's own name for where requests are signed for."""
    profile: str = ""
    credentials: str = field(default="", repr=False)
    """A reference, as `Target.credential`, to a document with a cloud's credentials."""
    ca_file: str = ""
    """Who vouches for the server, in place of the system's authorities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One model at one place. `url` is what requests go to, without a trailing slash; its secret lives elsewhere."""

    name: str
    provider: str
    url: str
    model: str
    boundary: Boundary
    contract: Contract | None = None
    credential: str = field(default="", repr=False)
    """A reference such as `env:NAME`; resolved where sockets are opened, never here."""
    allow_fields: frozenset[str] = frozenset()
    dialects: tuple[str, ...] = ()
    """What it is asked in, best first; empty: what servers of its provider have."""
    access: Access = Access()
    approval: Approval = "unknown"
    """Of the model, by whoever approves models."""
