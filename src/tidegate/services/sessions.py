"""The strictest level that each session has held: in memory where it is asked for, in the store so that it lasts.

A session that a caller names is read once a process and written when it gets stricter. Where the store cannot tell,
because it cannot be read or because it is younger than the log, a conversation that shows earlier answers reads as the
strictest, named or not: what it held before is then nobody's knowledge.
"""

import asyncio
import contextlib
import logging
from collections import OrderedDict
from typing import NamedTuple

from tidegate.core.values.caller import Caller
from tidegate.core.values.errors import StoreError
from tidegate.core.values.labels import LEVELS, Level, strictest
from tidegate.core.values.session import Seen, SessionKey
from tidegate.ports import Clock, Store

_log = logging.getLogger(__name__)

KEPT_S = 30 * 24 * 3600
MOST_HELD = 16_384

_LOOSEST, _STRICTEST = LEVELS[0], LEVELS[-1]
_TOUCHED_EVERY_NS = 24 * 3600 * 10**9
_PURGED_EVERY_S, _TRIED_AGAIN_S = 3600, 5


class _Held(NamedTuple):
    """`at_ns`: of the store's row, 0 where there is none. `owed`: the store does not have it yet and should."""

    level: Level
    at_ns: int
    read_ns: int
    owed: bool


class SessionMemory:
    """`ports.Sessions`. `kept_s`: how long a session is kept that nobody asks for.

    `fresh_s`: how long what was read stays good where other processes write to the same store, 0: not at all, so that
    what one has noted is strict at the others at once; None where none does. The strictest level is good for ever.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        kept_s: float = KEPT_S,
        fresh_s: float | None = None,
    ) -> None:
        self._store, self._clock = store, clock
        self._kept_ns = int(kept_s * 1e9)
        self._fresh_ns = None if fresh_s is None else int(fresh_s * 1e9)
        self._held: OrderedDict[SessionKey, _Held] = OrderedDict()
        self._tells_all_from_ns: int | None = None
        self._purging: asyncio.Task[None] | None = None
        self._trouble = ""

    def begin(self) -> None:
        """In the running event loop, once."""
        self._purging = asyncio.ensure_future(self._purge())

    async def level(self, caller: Caller, *, has_history: bool) -> Level:
        """The strictest of the session's earlier requests. Never raises; `has_history`: the request shows answers."""
        if not caller.thread:
            return await self._unnamed() if has_history else _LOOSEST
        key = SessionKey(caller.tenant, caller.key_id, caller.thread)
        held = self._held.get(key)
        if held is None or self._is_stale(held):
            try:
                read = await self._read(key, has_history=has_history)
            except StoreError as error:
                self._tell(error)
                if has_history:
                    return _STRICTEST
                return held.level if held else _LOOSEST
            # A neighbour may have noted something meanwhile.
            held = _joined(read, self._held.get(key))
            self._hold(key, held)
        return held.level

    async def note(self, caller: Caller, level: Level) -> None:
        """After `level`: what the request itself holds. Durable when it returns. Raises StoreError."""
        if not caller.thread:
            return
        key = SessionKey(caller.tenant, caller.key_id, caller.thread)
        now = self._clock.now_ns()
        held = self._held.get(key) or _Held(_LOOSEST, 0, now, owed=False)
        stricter = strictest((held.level, level))
        old = 0 < held.at_ns < now - _TOUCHED_EVERY_NS
        if stricter == held.level and not held.owed and not old:
            return
        # In memory first: whoever comes while the store writes must not find it looser.
        self._hold(key, held._replace(level=stricter, owed=True))
        try:
            await self._store.keep_session(key, Seen(stricter, now))
        except StoreError as error:
            self._tell(error)
            raise
        now_held = self._held.get(key)
        if now_held is not None and now_held.level == stricter:
            self._hold(key, now_held._replace(at_ns=now, owed=False))

    async def aclose(self) -> None:
        if self._purging is not None:
            self._purging.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._purging

    async def _unnamed(self) -> Level:
        """Of a conversation without a name nothing is kept; it only must not have begun before the store can tell."""
        if self._trouble:
            return _STRICTEST
        try:
            return _LOOSEST if self._clock.now_ns() >= await self._tells_all_from() else _STRICTEST
        except StoreError as error:
            self._tell(error)
            return _STRICTEST

    async def _read(self, key: SessionKey, *, has_history: bool) -> _Held:
        """Raises StoreError."""
        seen = await self._store.session(key)
        self._trouble = ""
        now = self._clock.now_ns()
        if seen is not None and seen.at_ns + self._kept_ns > now:
            return _Held(seen.level, seen.at_ns, now, owed=False)
        if now >= await self._tells_all_from():
            return _Held(_LOOSEST, 0, now, owed=False)
        # What begins now is known from its beginning on, once that is written down.
        return _Held(_STRICTEST if has_history else _LOOSEST, 0, now, owed=True)

    async def _tells_all_from(self) -> int:
        """From when on the store can tell of every session that is still kept. Raises StoreError."""
        if self._tells_all_from_ns is None:
            since = await self._store.knows_since_ns()
            self._tells_all_from_ns = since + self._kept_ns if since else 0
            if since:
                _log.warning("the store is younger than the log: conversations that it does not know are restricted")
        return self._tells_all_from_ns

    def _is_stale(self, held: _Held) -> bool:
        if self._fresh_ns is None or held.level == _STRICTEST:
            return False
        return self._clock.now_ns() - held.read_ns >= self._fresh_ns

    def _hold(self, key: SessionKey, held: _Held) -> None:
        self._held[key] = held
        self._held.move_to_end(key)
        if len(self._held) > MOST_HELD:
            self._held.popitem(last=False)

    def _tell(self, error: StoreError) -> None:
        if self._trouble != str(error):  # once, not every request
            _log.error("sessions cannot be read or kept, so those with a history count as restricted: %s", error)
        self._trouble = str(error)

    async def _purge(self) -> None:
        while True:
            try:
                await self._store.forget_sessions(self._clock.now_ns() - self._kept_ns)
                self._trouble = ""
            except StoreError as error:
                self._tell(error)
            await asyncio.sleep(_TRIED_AGAIN_S if self._trouble else _PURGED_EVERY_S)


def _joined(read: _Held, known: _Held | None) -> _Held:
    """What was read, with what this process knows beside it."""
    if known is None:
        return read
    level = strictest((read.level, known.level))
    return _Held(level, max(read.at_ns, known.at_ns), read.read_ns, owed=read.owed or known.owed or level != read.level)
