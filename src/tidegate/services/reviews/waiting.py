"""Clients that wait for their reviewers, each on the connection that it asked over."""

import asyncio
from collections.abc import Awaitable, Callable, Collection


class Waiting:
    """Belongs to one event loop."""

    def __init__(self) -> None:
        self._futures: dict[str, set[asyncio.Future[None]]] = {}
        self._closing = False

    @property
    def reviews(self) -> Collection[str]:
        """Those that somebody waits for."""
        return self._futures.keys()

    async def decided(self, review_id: str, wait_s: float, is_waiting: Callable[[], Awaitable[bool]]) -> None:
        """Returns once it is decided, or the time is over. `is_waiting` looks once whether it still has to be."""
        if not wait_s or self._closing:
            return
        decided = asyncio.get_running_loop().create_future()
        self._futures.setdefault(review_id, set()).add(decided)
        try:
            # Looked at only now: a word that comes after this look wakes whoever waits.
            if await is_waiting():
                await asyncio.wait([decided], timeout=wait_s)
        finally:
            waiting = self._futures[review_id]
            waiting.discard(decided)
            if not waiting:
                del self._futures[review_id]

    def wake(self, *reviews: str) -> None:
        for review in reviews:
            for decided in self._futures.get(review, ()):
                if not decided.done():
                    decided.set_result(None)

    def end(self) -> None:
        """Whoever waits comes back, and nobody waits any more."""
        self._closing = True
        self.wake(*self._futures)
