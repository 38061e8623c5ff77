"""The thread that makes entries durable, a group at a time.

It writes when it is called and takes all that is there. Whoever calls decides how many make a group: the log, which
knows whether its loop has more at hand.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable

from tidegate.adapters.stores.tlog.journal import Journal
from tidegate.adapters.stores.tlog.ticket import Ticket
from tidegate.core.values.errors import LedgerError

_log = logging.getLogger(__name__)

GROUP_BYTES = 1 << 20


class Writer:
    """`put` and `call` belong to the event loop's thread, as does setting `turned_away`; the rest is the writer's own.

    The deque has one end for each thread and the lock is a binary semaphore: no condition variable on the hot path.
    `_is_called` is cleared before the deque is looked at: whoever puts something later finds it so, and calls again.
    """

    def __init__(
        self,
        journal: Journal,
        name: str,
        *,
        probe_s: float,
        durable: Callable[[list[Ticket]], None],
        failed: Callable[[list[Ticket], str], None],
    ) -> None:
        """`durable` and `failed` are called on the writer's thread, once a group."""
        self.journal = journal
        self.pending: deque[Ticket] = deque()
        self.trouble = ""
        """Why nothing can be written now, as a sentence; empty when all is well."""
        self.turned_away = True
        """Whoever waited when trouble came knows. Nothing is repaired before, lest their indexes be given twice."""
        self._name, self._probe_s, self._durable, self._failed = name, probe_s, durable, failed
        self._ending = False
        self._is_called = False
        self._called = threading.Lock()
        self._called.acquire()
        self.thread = threading.Thread(target=self._run, name="tidegate-log-writer", daemon=True)
        self.thread.start()

    @property
    def is_called(self) -> bool:
        """Whether the writer will look at what is pending without being called again."""
        return self._is_called

    def call(self) -> None:
        if not self._is_called:
            self._is_called = True
            self._called.release()

    def end(self) -> None:
        """Writes what is pending, if it can, and ends. The caller joins `thread`."""
        self._ending = True
        self.call()

    def _run(self) -> None:
        while True:
            self._wait(None)
            ending = self._ending
            more = True
            while more and self.pending and not self.trouble:
                group, more = self._gather()
                self._write(group)
            while self.trouble and not self._ending:
                self._wait(self._probe_s)
                self._probe()
            if ending or (self.trouble and self._ending):
                return

    def _wait(self, seconds: float | None) -> None:
        if self._called.acquire(timeout=-1 if seconds is None else seconds):
            self._is_called = False

    def _gather(self) -> tuple[list[Ticket], bool]:
        """All that is pending or, with True, as much of it as a group may hold."""
        group: list[Ticket] = []
        size, pending = 0, self.pending
        while pending and size < GROUP_BYTES:
            ticket = pending.popleft()
            size += len(ticket.entry)
            group.append(ticket)
        return group, size >= GROUP_BYTES

    def _write(self, group: list[Ticket]) -> None:
        try:
            self.journal.write([ticket.entry for ticket in group])
        except Exception as error:  # noqa: BLE001 - a thread that dies in silence would leave everybody waiting
            self.turned_away = False
            self.trouble = f"the audit log {self._name} cannot be written: {_words(error)}"
            _log.error("%s; nothing is dispatched until it can be", self.trouble)
            self._failed(group, self.trouble)
        else:
            self._durable(group)

    def _probe(self) -> None:
        if self._ending or not self.turned_away:
            return
        try:
            self.journal.repair()
        except (OSError, LedgerError) as error:
            self.trouble = f"the audit log {self._name} cannot be written: {_words(error)}"
        else:
            self.trouble = ""
            _log.warning("the audit log %s can be written again", self._name)


def _words(error: Exception) -> str:
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error) or type(error).__name__
