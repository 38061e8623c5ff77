"""An entry on its way to the disk."""

import asyncio
from collections.abc import Callable, Generator
from typing import Any

from tidegate.core.ledger.entries import Mark
from tidegate.core.values.errors import LedgerError

_PENDING, _DURABLE, _FAILED = range(3)


class Ticket:
    """Awaiting it gives the entry's index once that is durable, or raises LedgerError. Dropping it is fine.

    A future is made only when somebody waits: most outcomes have nobody.
    """

    __slots__ = ("_expect", "_future", "_reason", "_state", "entry", "index", "mark")

    def __init__(self, index: int, entry: bytes, mark: Mark, expect: Callable[[], "asyncio.Future[int]"]) -> None:
        """`expect` gives a future of the event loop, and is told thereby that somebody waits."""
        self.index, self.entry, self.mark = index, entry, mark
        self._expect = expect
        self._state = _PENDING
        self._future: asyncio.Future[int] | None = None
        self._reason = ""

    def __await__(self) -> Generator[Any, None, int]:
        if self._state == _DURABLE:
            return self.index
        if self._state == _FAILED:
            raise LedgerError(self._reason)
        if self._future is None or self._future.cancelled():
            self._future = self._expect()
        return (yield from self._future.__await__())

    def resolve(self) -> None:
        self._state = _DURABLE
        if self._future is not None and not self._future.done():
            self._future.set_result(self.index)

    def fail(self, reason: str) -> None:
        self._state, self._reason = _FAILED, reason
        if self._future is not None and not self._future.done():
            self._future.set_exception(LedgerError(reason))
            self._future.exception()  # read once here, or one that nobody awaits any more would be complained about
