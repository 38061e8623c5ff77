"""A store that is opened behind a gateway that already serves.

Loading the database library takes longer than all the rest of a start. Few requests need the store, so they wait for
it, and nobody else does. A store that cannot be opened fails closed: whoever needs it is refused, and whoever needs it
a second later tries again, because a database may come back.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from tidegate.core.values.errors import StoreError
from tidegate.core.values.owed import Owed
from tidegate.core.values.prints import Print
from tidegate.core.values.review import KeptReview
from tidegate.core.values.session import Seen, SessionKey
from tidegate.core.values.trace import Trace
from tidegate.core.values.wish import Wish
from tidegate.ports import Anchor, Store

AGAIN_AFTER_S = 1.0


class Opened(Store, Protocol):
    """A store that says of itself whether it can be reached."""

    @property
    def trouble(self) -> str: ...


class LateStore:
    """`ports.Store`. `open_store` runs from `begin` on, in the running event loop, until it has succeeded once."""

    def __init__(self, open_store: Callable[[], Awaitable[Opened]], *, again_after_s: float = AGAIN_AFTER_S) -> None:
        self._open_store, self._again_after_s = open_store, again_after_s
        self._opening: asyncio.Task[Opened] | None = None
        self._opened_store: Opened | None = None
        self._failed, self._failed_at = "", 0.0

    @property
    def trouble(self) -> str:
        """Why it cannot be used, as a sentence; empty while nobody knows of any."""
        return self._opened_store.trouble if self._opened_store is not None else self._failed

    def begin(self) -> None:
        if self._opening is None:
            self._opening = asyncio.ensure_future(self._open())
            self._opening.add_done_callback(lambda done: done.cancelled() or done.exception())  # told to who asks

    async def anchor(self, head: Anchor) -> None:
        await (await self._opened()).anchor(head)

    async def remember(self, tenant: str, prints: Sequence[Print]) -> None:
        await (await self._opened()).remember(tenant, prints)

    async def leave(self, trace: Trace) -> int:
        return await (await self._opened()).leave(trace)

    async def new_traces(self, after: int, now_ns: int) -> Sequence[tuple[int, Trace]]:
        return await (await self._opened()).new_traces(after, now_ns)

    async def traces(self, now_ns: int) -> Sequence[Trace]:
        return await (await self._opened()).traces(now_ns)

    async def purge(self, now_ns: int) -> int:
        return await (await self._opened()).purge(now_ns)

    async def knows_since_ns(self) -> int:
        return await (await self._opened()).knows_since_ns()

    async def session(self, key: SessionKey) -> Seen | None:
        return await (await self._opened()).session(key)

    async def keep_session(self, key: SessionKey, seen: Seen) -> None:
        await (await self._opened()).keep_session(key, seen)

    async def forget_sessions(self, before_ns: int) -> int:
        return await (await self._opened()).forget_sessions(before_ns)

    async def wishes(self, tenant: str, abouts: Sequence[str]) -> Mapping[str, Sequence[Wish]]:
        return await (await self._opened()).wishes(tenant, abouts)

    async def keep_wish(self, tenant: str, about: str, wish: Wish, owed: Sequence[Owed] = ()) -> None:
        await (await self._opened()).keep_wish(tenant, about, wish, owed)

    async def forget_wishes(self, tenant: str, about: str, owed: Sequence[Owed] = ()) -> int:
        return await (await self._opened()).forget_wishes(tenant, about, owed)

    async def hold_review(
        self, row: KeptReview, most: int, now_ns: int, owed: Sequence[Owed] = ()
    ) -> KeptReview | None:
        return await (await self._opened()).hold_review(row, most, now_ns, owed)

    async def review(self, review_id: str) -> KeptReview | None:
        return await (await self._opened()).review(review_id)

    async def reviews(self, *, only_open: bool = False) -> Sequence[KeptReview]:
        return await (await self._opened()).reviews(only_open=only_open)

    async def change_review(self, row: KeptReview, owed: Sequence[Owed] = ()) -> bool:
        return await (await self._opened()).change_review(row, owed)

    async def forget_reviews(self, before_ns: int) -> int:
        return await (await self._opened()).forget_reviews(before_ns)

    async def debts(self) -> Sequence[Owed]:
        return await (await self._opened()).debts()

    async def settle_debts(self, numbers: Sequence[int]) -> None:
        await (await self._opened()).settle_debts(numbers)

    async def aclose(self) -> None:
        if self._opening is not None:
            try:
                store = await self._opening
            except StoreError:
                return
            await store.aclose()

    async def _opened(self) -> Store:
        if self._opening is not None and self._opening.done() and self._is_time_again():
            self._opening = None
        self.begin()
        assert self._opening is not None
        # Shielded: a client that leaves while it waits must not close the store for everybody.
        return await asyncio.shield(self._opening)

    def _is_time_again(self) -> bool:
        failed_ago_s = asyncio.get_running_loop().time() - self._failed_at
        return self._opened_store is None and failed_ago_s >= self._again_after_s

    async def _open(self) -> Opened:
        try:
            self._opened_store = await self._open_store()
        except StoreError as error:
            self._failed, self._failed_at = str(error), asyncio.get_running_loop().time()
            raise
        return self._opened_store
