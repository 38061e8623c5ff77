"""How long and how much, for one target."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds, by phase. All but `connect_s` are kept by one sweep a pool: late by up to `sweep_s`."""

    connect_s: float = 5.0
    """Name, TCP and TLS together."""
    queue_s: float = 10.0
    """Waiting for one of the target's connections."""
    head_s: float = 120.0
    """From the request's first byte to the response's head: a slow model thinks in here."""
    body_s: float = 60.0
    """Between two pieces of the body, while somebody wants them."""
    idle_s: float = 15.0
    """How long an unused connection is kept."""

    @property
    def sweep_s(self) -> float:
        shortest = min(self.queue_s, self.head_s, self.body_s, self.idle_s)
        return min(max(shortest / 4, 0.01), 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`unread_bytes`: beyond it the socket is not read until the consumer has caught up."""

    connections: int = 256
    queue: int = 1024
    head_bytes: int = 64 * 1024
    headers: int = 256
    interim: int = 16
    unread_bytes: int = 256 * 1024
