"""The egress permit: the pipeline's word that these bytes may go to that place."""

from dataclasses import dataclass, field

from tidegate.core.values.target import BoundaryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """Issued after the intent record is durable, for one attempt. Whoever opens a socket must hold one.

    Headers are complete but for the credential, which the provider adds from its own secrets. `absent` are redacted
    values, UTF-8, that must not stand in the body's bytes.
    """

    request_id: str
    intent: int
    target: str
    boundary: str
    kind: BoundaryKind
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body_digest: bytes
    absent: tuple[bytes, ...] = field(default=(), repr=False)
