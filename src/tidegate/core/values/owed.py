"""What a change in the store still owes: to the log its record, to a webhook its message."""

from typing import NamedTuple


class Owed(NamedTuple):
    """A record for the log (`to` is empty), or a message for the webhook of that name."""

    to: str
    content: bytes
    number: int = 0
