"""The egress permit: the pipeline's word that these bytes may go to that place."""

from typing import NamedTuple

from tidegate.core.values.target import BoundaryKind

NO_RECORD = -1
"""Instead of an intent's index: a target is asked how it is, by a GET that carries nothing of anybody's."""
FOR_A_TOKEN = -2
"""Likewise: whoever issues a target's tokens is shown the gateway's own credential, and nothing else."""


class Permit(NamedTuple):
    """Issued after the intent record is durable, for one attempt. Whoever opens a socket must hold one.

    Headers are complete but for the credential, which the provider adds from its own secrets. `body` are the very bytes
    that were decided on: the seal compares them whole, which is both stronger and cheaper than a digest of them.
    `absent` are redacted values, UTF-8, that must not stand in the body.
    """

    request_id: str
    intent: int
    target: str
    boundary: str
    kind: BoundaryKind
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    absent: tuple[bytes, ...] = ()
    credential: frozenset[str] = frozenset(("authorization",))
    """Names of the headers in which the provider shows who asks; it may add no others."""

    once: bool = False
    """It keeps something or acts: a connection that turns out to be closed is no reason to write it again."""

    def __repr__(self) -> str:
        return f"Permit({self.request_id}, {self.target})"  # never its text
