"""The thread that signs: once a second, when the log has grown, it covers what is durable with a checkpoint."""

import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable

from tidegate.adapters.stores.tlog.journal import Journal
from tidegate.adapters.stores.tlog.sealing import Sealing
from tidegate.adapters.stores.tlog.ticket import Ticket
from tidegate.core.ledger.tiles import WIDTH
from tidegate.core.values.trimmed import trimmed

_log = logging.getLogger(__name__)

Wish = Callable[[str], None]

MOST_UNSEALED = 32_768
"""Entries that wait in memory for their second to pass; with more of them the log is sealed at once."""


class Sealer:
    """`add` belongs to the writer's thread, `wish` and `end` to the event loop's."""

    def __init__(
        self, sealing: Sealing, journal: Journal, name: str, *, seal_s: float, sealed: Callable[[], None]
    ) -> None:
        """`sealed` is called on this thread after each new head."""
        self.sealing = sealing
        self.trouble = ""
        self._journal, self._name, self._seal_s, self._sealed = journal, name, seal_s, sealed
        self._durable: deque[tuple[list[bytes], list[int]]] = deque()
        self._entries: list[bytes] = []
        self._does: list[int] = []
        self._wishes: deque[Wish] = deque()
        self._waiting = 0
        self._ending = False
        self._grown, self._hurry = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._run, name="tidegate-log-sealer", daemon=True)
        self.thread.start()

    def add(self, group: list[Ticket]) -> None:
        """These are durable and follow those added before."""
        self._durable.append(([trimmed(ticket.entry) for ticket in group], [ticket.does for ticket in group]))
        self._waiting += len(group)
        if self._waiting >= MOST_UNSEALED:
            self._hurry.set()
        if not self._grown.is_set():
            self._grown.set()

    def wish(self, told: Wish) -> None:
        """Seals at once; `told` is called on this thread with what went wrong, or nothing."""
        self._wishes.append(told)
        self._hurry.set()
        self._grown.set()

    def end(self) -> None:
        """Seals what was added so far, and ends. The caller joins `thread`."""
        self._ending = True
        self._hurry.set()
        self._grown.set()

    def _run(self) -> None:
        ending = False
        while not ending:
            self._grown.wait()
            self._hurry.wait(self._seal_s)
            self._grown.clear()
            self._hurry.clear()
            ending = self._ending
            wishes = [self._wishes.popleft() for _ in range(len(self._wishes))]
            self._seal()
            for told in wishes:
                told(self.trouble)
            if self.trouble:
                self._grown.set()

    def _seal(self) -> None:
        self._waiting = 0  # at worst a group that is added right now is not counted, and waits for its second
        for _ in range(len(self._durable)):
            entries, does = self._durable.popleft()
            self._entries += entries
            self._does += does
        if not self._entries:
            return
        before = self.sealing.head.size
        try:
            self.sealing.seal(self._entries, self._does)
        except Exception as error:  # noqa: BLE001 - a thread that dies in silence would let the log grow without checkpoints
            if not self.trouble:
                _log.error("the audit log %s cannot be sealed: %s", self._name, error)
            words = getattr(error, "strerror", None) or str(error)
            self.trouble = f"the audit log {self._name} cannot be sealed: {words}"
            return
        self._entries.clear()
        self._does.clear()
        self.trouble = ""
        self._sealed()
        with contextlib.suppress(OSError):  # what stays for now is removed after a later seal, or at the next start
            self.sealing.tidy(before)
            self._journal.drop_before(self.sealing.head.size // WIDTH * WIDTH)
