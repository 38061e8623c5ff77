"""What an answer that must stay inside leaves behind, as the store keeps it."""

from typing import NamedTuple


class Trace(NamedTuple):
    """`sealed` is opaque without the key of `epoch`. `expires_ns`: nanoseconds since the epoch, UTC."""

    tenant: str
    epoch: str
    expires_ns: int
    sealed: bytes
