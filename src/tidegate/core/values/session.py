"""What is kept of a session: how strict the strictest thing was that it has held."""

from typing import NamedTuple

from tidegate.core.values.labels import Level


class SessionKey(NamedTuple):
    """`session` is what `Caller.thread` says; nobody else's id leads to it."""

    tenant: str
    key: str
    session: str


class Seen(NamedTuple):
    """`at_ns`: when it was last kept, in nanoseconds since the epoch, UTC."""

    level: Level
    at_ns: int
