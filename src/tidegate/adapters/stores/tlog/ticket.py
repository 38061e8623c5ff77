"""An entry on its way to the disk."""

import asyncio
from collections.abc import Generator
from typing import Any, Protocol

from tidegate.core.values.errors import LedgerError

_PENDING, _DURABLE, _FAILED = range(3)


class Expecting(Protocol):
    def expect(self) -> "asyncio.Future[int]":
        """A future of the event loop; whoever is asked knows thereby that somebody waits."""
        ...


class Ticket:
    """Awaiting it gives the entry's index once that is durable, or raises LedgerError. Dropping it is fine.

    A future is made only when somebody waits: most outcomes have nobody.
    """

    __slots__ = ("_future", "_log", "_reason", "_state", "does", "entry", "index", "request_id")

    def __init__(self, log: Expecting, index: int, entry: bytes, request_id: str, does: int) -> None:
        self._log = log
        self.index, self.entry, self.request_id, self.does = index, entry, request_id, does
        self._state = _PENDING
        self._future: asyncio.Future[int] | None = None
        self._reason = ""

    def __await__(self) -> Generator[Any, None, int]:
        if self._state == _DURABLE:
            return self.index
        if self._state == _FAILED:
            raise LedgerError(self._reason)
        if self._future is None or self._future.cancelled():
            self._future = self._log.expect()
        return (yield from self._future.__await__())

    def resolve(self) -> bool:
        """Whether somebody waited for it."""
        self._state = _DURABLE
        if self._future is None or self._future.done():
            return False
        self._future.set_result(self.index)
        return True

    def fail(self, reason: str) -> None:
        self._state, self._reason = _FAILED, reason
        if self._future is not None and not self._future.done():
            self._future.set_exception(LedgerError(reason))
            self._future.exception()  # read once here, or one that nobody awaits any more would be complained about
