"""Keeps in mind what local models said of data that may not leave: in memory at once, in the store soon after.

Nobody waits for it but the first requests after a start, which wait until the store has told what it kept.
"""

import asyncio
import logging
from collections.abc import Iterator, Sequence

from tidegate.core.classify.derived import Derived
from tidegate.core.values.errors import StoreError
from tidegate.ports import Clock, Store

_log = logging.getLogger(__name__)

KEPT_S = 24 * 3600
_PURGED_EVERY_S = 600
_BLOCK_CHARS = 32_768
"""Longer answers are learned in blocks of that many characters, a millisecond each."""


class DerivedMemory:
    """`derived` is asked where requests are classified; it is changed here alone, by the event loop's thread.

    `kept_s`: 0 remembers nothing, whatever an earlier run remembered.
    """

    def __init__(self, derived: Derived, store: Store, clock: Clock, *, kept_s: float = KEPT_S) -> None:
        self.derived = derived
        self._store, self._clock, self._kept_ns = store, clock, int(kept_s * 1e9)
        self._loading: asyncio.Task[bool] | None = None
        self._purging: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()

    def begin(self) -> None:
        """In the running event loop, once."""
        self._loading = asyncio.ensure_future(self._load())
        self._purging = asyncio.ensure_future(self._purge())

    async def ready(self) -> bool:
        """Waits until all that was kept is known. False: it cannot be known, so any text may be derived."""
        assert self._loading is not None
        return await asyncio.shield(self._loading)

    def remember(self, tenant: str, texts: Sequence[str], besides: Sequence[str] = ()) -> None:
        """Once an answer is on its way. `besides`: texts of the request that many requests share. Never raises."""
        if not self._kept_ns:
            return
        task = asyncio.ensure_future(self._remember(tenant, texts, besides))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def aclose(self) -> None:
        """What was to be remembered is, as far as the store lets it."""
        for task in (self._loading, self._purging):
            if task is not None:
                task.cancel()
        await asyncio.gather(*self._leaving, return_exceptions=True)

    async def _load(self) -> bool:
        if not self._kept_ns:
            return True
        now = self._clock.now_ns()
        try:
            traces = await self._store.traces(now)
        except StoreError as error:
            _log.error("what local answers left cannot be read, so nothing is sent to a cloud: %s", error)
            return False
        if closed := self.derived.load(traces, now):
            _log.warning("%d traces of local answers belong to other keys and mean nothing any more", closed)
        return True

    async def _remember(self, tenant: str, texts: Sequence[str], besides: Sequence[str]) -> None:
        expires_ns = self._clock.now_ns() + self._kept_ns
        for block in _blocks(texts):
            trace = self.derived.learn(tenant, block, besides=besides, expires_ns=expires_ns)
            if trace is None:
                continue
            try:
                await self._store.leave(trace)
            except StoreError as error:
                _log.error("the trace of a local answer is kept in memory only: %s", error)

    async def _purge(self) -> None:
        while True:
            await asyncio.sleep(_PURGED_EVERY_S)
            now = self._clock.now_ns()
            self.derived.purge(now)
            try:
                await self._store.purge(now)
            except StoreError as error:
                _log.error("expired traces of local answers stay in the store for now: %s", error)


def _blocks(texts: Sequence[str]) -> Iterator[list[str]]:
    block: list[str] = []
    room = _BLOCK_CHARS
    for text in texts:
        for at in range(0, len(text), _BLOCK_CHARS):
            piece = text[at : at + _BLOCK_CHARS]
            if len(piece) > room:
                yield block
                block, room = [], _BLOCK_CHARS
            block.append(piece)
            room -= len(piece)
    if block:
        yield block
