"""Keeps in mind what local models said of data that may not leave: in memory at once, in the store soon after.

Nobody waits for it but the first requests after a start, which wait until the store has told what it kept.
"""

import asyncio
import logging
from collections.abc import Iterable, Iterator, Sequence

from tidegate.core.classify.derived import Derived
from tidegate.core.values.errors import StoreError
from tidegate.core.values.trace import Trace
from tidegate.ports import Clock, Store

_log = logging.getLogger(__name__)

KEPT_S = 24 * 3600
_PURGED_EVERY_S = 600
_LOADED_AGAIN_S = 5.0
_FOLLOWED_EVERY_S = 1.0
_SETTLED_NS = 60 * 10**9
_BLOCK_CHARS = 32_768
"""Longer answers are learned in blocks of that many characters, a millisecond each."""


class DerivedMemory:
    """`derived` is asked where requests are classified; it is changed here alone, by the event loop's thread.

    `kept_s`: 0 remembers nothing, whatever an earlier run remembered. `shared`: other gateways use the same store; what
    they learn is known here a second later.
    """

    def __init__(
        self, derived: Derived, store: Store, clock: Clock, *, kept_s: float = KEPT_S, shared: bool = False
    ) -> None:
        self.derived = derived
        self._store, self._clock, self._kept_ns = store, clock, int(kept_s * 1e9)
        self._shared = shared and bool(kept_s)
        self._loading: asyncio.Task[bool] | None = None
        self._beside: list[asyncio.Task[None]] = []
        self._leaving: set[asyncio.Task[None]] = set()
        self._known = _Numbers()

    def begin(self) -> None:
        """In the running event loop, once."""
        self._loading = asyncio.ensure_future(self._load())
        self._beside = [asyncio.ensure_future(self._purge()), asyncio.ensure_future(self._load_again())]
        if self._shared:
            self._beside.append(asyncio.ensure_future(self._follow()))

    async def ready(self) -> bool:
        """Waits until all that was kept is known. False: it cannot be known, so any text may be derived."""
        assert self._loading is not None
        return self._loading.result() if self._loading.done() else await asyncio.shield(self._loading)

    def remember(self, tenant: str, texts: Sequence[str], besides: Sequence[str] = ()) -> None:
        """Once an answer is on its way. `besides`: texts of the request that many requests share. Never raises."""
        if not self._kept_ns:
            return
        task = asyncio.ensure_future(self._remember(tenant, texts, besides))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def aclose(self) -> None:
        """What was to be remembered is, as far as the store lets it."""
        for task in (self._loading, *self._beside):
            if task is not None:
                task.cancel()
        await asyncio.gather(*self._leaving, *self._beside, return_exceptions=True)

    async def _load_again(self) -> None:
        """Where the store could not tell, it is asked again: it may come back."""
        while not await self.ready():
            await asyncio.sleep(_LOADED_AGAIN_S)
            self._loading = asyncio.ensure_future(self._load())

    async def _follow(self) -> None:
        """Takes over what other gateways on the same store have learned."""
        await self._load_again()
        trouble = ""
        while True:
            try:
                await self._take_over()
                trouble = ""
            except StoreError as error:
                if trouble != str(error):  # once, not every second
                    _log.error("what other gateways' local answers left cannot be read: %s", error)
                trouble = str(error)
            await asyncio.sleep(_FOLLOWED_EVERY_S)

    async def _take_over(self) -> None:
        now = self._clock.now_ns()
        found = await self._store.new_traces(self._known.floor, now)
        self.derived.join([trace for number, trace in found if not self._known.has(number)], now)
        self._known.add([number for number, _ in found], now)

    async def _load(self) -> bool:
        if not self._kept_ns:
            return True
        now = self._clock.now_ns()
        try:
            traces = await self._loaded(now)
        except StoreError as error:
            _log.error("what local answers left cannot be read, so nothing is sent to a cloud: %s", error)
            return False
        if closed := self.derived.load(traces, now):
            _log.warning("%d traces of local answers belong to other keys and mean nothing any more", closed)
        return True

    async def _loaded(self, now_ns: int) -> Sequence[Trace]:
        if not self._shared:
            return await self._store.traces(now_ns)
        found = await self._store.new_traces(0, now_ns)
        self._known.add([number for number, _ in found], now_ns)
        return [trace for _, trace in found]

    async def _remember(self, tenant: str, texts: Sequence[str], besides: Sequence[str]) -> None:
        expires_ns = self._clock.now_ns() + self._kept_ns
        for block in _blocks(texts):
            trace = self.derived.learn(tenant, block, besides=besides, expires_ns=expires_ns)
            if trace is None:
                continue
            try:
                number = await self._store.leave(trace)
                self._known.add([number] if self._shared else [], self._clock.now_ns())
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


class _Numbers:
    """Which traces are known, by their numbers. Those of one moment may come to be seen out of order, for a minute."""

    def __init__(self) -> None:
        self.floor = 0
        """All up to it are known."""
        self._seen: dict[int, int] = {}

    def has(self, number: int) -> bool:
        return number in self._seen

    def add(self, numbers: Iterable[int], now_ns: int) -> None:
        for number in numbers:
            self._seen.setdefault(number, now_ns)
        old = [number for number, seen_ns in self._seen.items() if seen_ns < now_ns - _SETTLED_NS]
        if old:
            self.floor = max(self.floor, *old)
            self._seen = {number: at for number, at in self._seen.items() if number > self.floor}


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
