"""The log that the gateway writes: entries in, indexes out once they are durable, heads as they are signed.

Three threads share it. The event loop's puts entries and resolves their tickets; the writer makes all that has gathered
durable as one group; the sealer, once a second, turns durable entries into tiles under a checkpoint.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from tidegate.adapters.stores.tlog.disk import Disk
from tidegate.adapters.stores.tlog.opening import Opened, Recovered, Wanted, open_log
from tidegate.adapters.stores.tlog.sealer import Sealer
from tidegate.adapters.stores.tlog.ticket import Ticket
from tidegate.adapters.stores.tlog.writer import Writer
from tidegate.core.ledger.entries import Bearing
from tidegate.core.ledger.entries import bearing as read_bearing
from tidegate.core.ledger.tiles import MAX_ENTRY_BYTES
from tidegate.core.values.errors import LedgerError
from tidegate.ports import Anchor

SEGMENT_BYTES = 16 << 20
LINGER_S = 0.01
_LULL = 2  # turns of the loop


class TileLog:
    """Implements `ports.Ledger` over a folder. Everything but `open` belongs to one event loop's thread."""

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        signing_key: bytes,
        origin_id: str,
        recovered: Recovered,
        anchor: Callable[[Anchor], None],
        now_ns: int,
        anchored: Anchor | None = None,
        segment_bytes: int = SEGMENT_BYTES,
        seal_s: float = 1.0,
        probe_s: float = 1.0,
        disk: Disk | None = None,
    ) -> Self:
        """Makes the log if the folder is empty or not there, else repairs a torn tail and closes orphans.

        `signing_key`: raw Ed25519 seed, 32 bytes. `origin_id`: a fresh UUID, used only if the log is made now.
        `recovered(entry, index)` gives the record that closes the orphan `entry`. `anchor` is called on the event loop
        with each new head and must not block; the one found here is `head`. `anchored`: the head kept elsewhere, if
        any: a log that does not extend it is refused. `now_ns`: for the date of creation.
        Raises LedgerError: in use, damaged, cut, replaced, not writable, signed with another key.
        """
        wanted = Wanted(folder, signing_key, origin_id, recovered, now_ns, anchored, segment_bytes)
        found = open_log(disk or Disk(), wanted)
        return cls(folder, found, anchor, seal_s=seal_s, probe_s=probe_s)

    def __init__(
        self, folder: Path, found: Opened, anchor: Callable[[Anchor], None], *, seal_s: float, probe_s: float
    ) -> None:
        self.folder = folder
        self.last_time_ns = found.last_time_ns
        """The newest time among the last records found at opening, or 0: no clock that decides may be earlier."""
        self._lock, self._intents, self._anchor = found.lock, found.intents, anchor
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._crowd = 0
        self._gathers = False
        self._next = found.journal.size
        self._closed = ""
        self._sealer = Sealer(found.sealing, found.journal, str(folder), seal_s=seal_s, sealed=self._on_sealed)
        self._writer = Writer(
            found.journal, str(folder), probe_s=probe_s, durable=self._on_durable, failed=self._on_failed
        )

    @property
    def size(self) -> int:
        """Entries appended so far, durable or not: the index that the next append gets."""
        return self._next

    @property
    def head(self) -> Anchor:
        """The newest signed head."""
        return self._sealer.sealing.anchor()

    @property
    def writable(self) -> bool:
        return not self.reason

    @property
    def reason(self) -> str:
        """Why nothing can be appended now, as a sentence; empty when all is well."""
        return self._closed or self._writer.trouble or self._sealer.trouble

    def append(self, entry: bytes, bearing: Bearing | None = None, *, linger: bool = False) -> Ticket:
        """See `ports.Ledger.append`. `linger`: nobody waits for this one; it may wait 10 ms for a group to join."""
        if self._closed or self._writer.trouble or self._sealer.trouble:
            raise LedgerError(self.reason)
        if len(entry) > MAX_ENTRY_BYTES:
            raise LedgerError(f"a record of {len(entry)} bytes is too large for the log, which takes {MAX_ENTRY_BYTES}")
        index = self._next
        try:
            request_id, does, _ = bearing or read_bearing(entry)
            self._intents.admit(index, request_id, does)
        except ValueError as error:
            raise LedgerError(f"the log takes no such record: {error}") from error
        ticket = Ticket(self, index, entry, request_id, does)
        self._next = index + 1
        self._writer.pending.append(ticket)
        if not linger:
            self._call_writer()
        elif self._timer is None and not self._gathers and not self._writer.is_called:
            self._timer = self._running_loop().call_later(LINGER_S, self._linger_ends)
        return ticket

    async def seal(self) -> None:
        """Covers all that is durable now with a checkpoint, at once. Raises LedgerError."""
        done: asyncio.Future[str] = self._running_loop().create_future()
        self._sealer.wish(lambda trouble: self._post(_tell, done, trouble))
        if trouble := await done:
            raise LedgerError(trouble)

    async def close(self) -> None:
        """Writes what is pending, seals, hands on the last head, and lets go of the folder. Idempotent."""
        if self._closed:
            return
        self._running_loop()
        self._closed = "the audit log is closed"
        if self._timer is not None:
            self._timer.cancel()
        self._writer.end()
        await asyncio.to_thread(self._writer.thread.join)
        self._sealer.end()
        await asyncio.to_thread(self._sealer.thread.join)
        self._turn_away([], self._closed)
        self._writer.journal.close()
        os.close(self._lock)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        return self._loop

    def _call_writer(self) -> None:
        """Somebody will wait. Alone, not a moment; in a crowd until the loop has done what is at hand, 10 ms at most.

        Every group costs two changes of thread and a fight for the interpreter lock, more CPU than its entries do.
        """
        if self._gathers or self._writer.is_called:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        loop = self._running_loop()  # whoever is called posts to it
        if not self._crowd:
            self._writer.call()
            return
        self._gathers = True
        loop.call_soon(self._gather, self._next, 0, loop.time() + LINGER_S)

    def _gather(self, size: int, quiet: int, until: float) -> None:
        """Once a turn of the loop. What one turn has read is worked on in the next: two without an entry are a lull."""
        loop = self._running_loop()
        quiet = quiet + 1 if self._next == size else 0
        if quiet < _LULL and loop.time() < until:
            loop.call_soon(self._gather, self._next, quiet, until)
        else:
            self._gathers = False
            self._linger_ends()

    def _linger_ends(self) -> None:
        self._timer = None
        if self._writer.pending:
            self._writer.call()

    def expect(self) -> "asyncio.Future[int]":
        """For tickets: somebody waits now."""
        self._call_writer()
        return self._running_loop().create_future()

    def _resolve(self, group: list[Ticket]) -> None:
        waited = 0
        for ticket in group:
            waited += ticket.resolve()
        self._crowd = max(waited - 1, self._crowd // 2)

    def _turn_away(self, group: list[Ticket], reason: str) -> None:
        """Nobody of these was told yes, nor of those that queue behind them. Their indexes will be given again."""
        pending = self._writer.pending
        lost = [*group, *pending]
        pending.clear()
        for ticket in reversed(lost):
            self._intents.take_back(ticket.index, ticket.request_id, ticket.does)
        self._next = self._writer.journal.size
        for ticket in lost:
            ticket.fail(reason)
        self._writer.turned_away = True

    # On the threads of writer and sealer. One call into the loop a group: it costs a system call.

    def _on_durable(self, group: list[Ticket]) -> None:
        self._sealer.add(group)
        self._post(self._resolve, group)

    def _on_failed(self, group: list[Ticket], reason: str) -> None:
        self._post(self._turn_away, group, reason)

    def _on_sealed(self) -> None:
        if self._loop is not None:
            self._post(self._anchor, self.head)

    def _post(self, call: Callable[..., None], *arguments: Any) -> None:
        assert self._loop is not None
        with contextlib.suppress(RuntimeError):  # the loop was closed over our heads: there is nobody left to tell
            self._loop.call_soon_threadsafe(call, *arguments)


def _tell(done: "asyncio.Future[str]", trouble: str) -> None:
    if not done.done():
        done.set_result(trouble)
