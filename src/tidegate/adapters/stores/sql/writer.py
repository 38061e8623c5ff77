"""The one thread that speaks to the database, committing in groups.

Whoever comes while a commit is being synced joins the next one: a hundred waiting requests cost one sync. The event
loop only ever waits.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection

from tidegate.adapters.stores.sql.connecting import FAULTS
from tidegate.core.values.errors import StoreError

_GROUP = 512
T = TypeVar("T")
Work = Callable[[Connection], Any]


class _Job(NamedTuple):
    """`alone`: outside of any transaction."""

    work: Work
    done: "asyncio.Future[Any]"
    alone: bool


class Writer:
    """Jobs run in the order in which they were given. `told` makes a StoreError of what a database raises."""

    def __init__(self, told: Callable[[Exception], StoreError]) -> None:
        self._told = told
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._thread: threading.Thread | None = None
        self._closed: asyncio.Future[None] = self._loop.create_future()
        self._closing = False
        self.trouble = ""
        """Why the database cannot be reached, as far as the last attempt tells."""

    async def start(self, connect: Callable[[], tuple[Connection, T]]) -> T:
        """`connect` runs in the thread. Raises what it raises; the thread has then ended."""
        opened: asyncio.Future[T] = self._loop.create_future()
        self._thread = threading.Thread(target=self._run, args=(connect, opened), name="tidegate-store", daemon=True)
        self._thread.start()
        try:
            return await opened
        except asyncio.CancelledError:
            self._closing = True
            self._jobs.put(None)
            raise

    async def run(self, work: Callable[[Connection], T], *, alone: bool = False) -> T:
        """Resolves once `work` is committed. A caller that leaves before its turn takes its work along."""
        if self._closing:
            raise StoreError("The store is closed: the gateway is going down.")
        done: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put(_Job(work, done, alone))
        return await done

    async def close(self) -> None:
        """What was given is committed first. Idempotent."""
        if not self._closing:
            self._closing = True
            self._jobs.put(None)
        if self._thread is not None:
            await asyncio.shield(self._closed)
            self._thread.join()  # telling so was the last thing it did

    # -- in the thread ----------------------------------------------------------------------------------

    def _run(self, connect: Callable[[], tuple[Connection, T]], opened: "asyncio.Future[T]") -> None:
        try:
            connection, result = connect()
        except Exception as error:  # noqa: BLE001 - it is raised where the store is opened
            self._tell([(opened, None, error)])
            self._tell([(self._closed, None, None)])
            return
        self._tell([(opened, result, None)])
        try:
            while group := self._next_group():
                self._serve(connection, group)
        finally:
            with suppress(*FAULTS):
                connection.close()
            self._tell([(self._closed, None, None)])

    def _next_group(self) -> list[_Job]:
        """Waits for one, then takes what is there. Empty when the store is being closed."""
        group: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            group.append(job)
            if len(group) >= _GROUP or self._jobs.empty():
                return group
            job = self._jobs.get()
        if group:
            self._jobs.put(None)
        return group

    def _serve(self, connection: Connection, group: list[_Job]) -> None:
        wanted = [job for job in group if not job.done.cancelled()]
        together = [job for job in wanted if not job.alone]
        results = self._commit(connection, together)
        results += [self._outside(connection, job) for job in wanted if job.alone]
        self._tell(results)

    def _commit(self, connection: Connection, jobs: list[_Job]) -> "list[_Result]":
        """All in one transaction; if that fails, each in its own, so that one job's fault is no other's.

        A connection that was lost before the commit was sent is made again, once: nothing had happened. After that
        nobody can know whether it was committed, and all callers are told so.
        """
        if not jobs:
            return []
        results, error, was_sent = self._try(connection, jobs)
        if error is not None and connection.invalidated and not was_sent:
            results, error, was_sent = self._try(connection, jobs)
        self.trouble = str(self._error(error)) if error is not None and connection.invalidated else ""
        if error is None:
            return results
        if len(jobs) == 1 or connection.invalidated:
            return [_Result(job.done, None, self._error(error)) for job in jobs]
        return [self._commit(connection, [job])[0] for job in jobs]

    def _try(self, connection: Connection, jobs: list[_Job]) -> "tuple[list[_Result], Exception | None, bool]":
        was_sent = False
        try:
            with connection.begin():
                results = [_Result(job.done, job.work(connection), None) for job in jobs]
                was_sent = True
        except Exception as error:  # noqa: BLE001 - whatever it is, its callers are told
            return [], error, was_sent
        return results, None, True

    def _outside(self, connection: Connection, job: _Job) -> "_Result":
        try:
            return _Result(job.done, job.work(connection), None)
        except Exception as error:  # noqa: BLE001 - as above
            return _Result(job.done, None, self._error(error))

    def _error(self, error: Exception) -> StoreError:
        return error if isinstance(error, StoreError) else self._told(error)

    def _tell(self, results: "list[Any]") -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(_resolve, results)


class _Result(NamedTuple):
    done: "asyncio.Future[Any]"
    value: Any
    error: Exception | None


def _resolve(results: "list[_Result]") -> None:
    for done, value, error in results:
        if done.done():
            continue
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(value)
