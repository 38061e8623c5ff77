"""Tells webhooks of reviews: recorded first, signed, sealed like everything that leaves, tried again a few times.

What is to be told is kept in the store until it was told or given up, so a restart repeats rather than forgets. A
receiver knows by its `id` what it has had before.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from tidegate import __version__
from tidegate.core.ledger.entries import rfc3339
from tidegate.core.review import hook as message
from tidegate.core.settle import review_record as told
from tidegate.core.values.errors import LedgerError, SealBroken, StoreError, UpstreamError
from tidegate.core.values.owed import Owed
from tidegate.core.values.permit import Permit
from tidegate.core.values.target import Boundary
from tidegate.ports import Clock, Provider

_log = logging.getLogger(__name__)

DELAYS_S: tuple[float, ...] = (1, 5, 30, 120, 600)
"""Between one try and the next; after the last it is given up."""
MOST_UNDER_WAY = 64
_MOST_ANSWER_BYTES = 64 * 1024
_TRY_AGAIN = frozenset((408, 425, 429))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """`provider` opens connections to the one place that `url` leads to, and adds nothing to what the permit holds."""

    name: str
    url: str
    boundary: Boundary
    provider: Provider
    secret: bytes = field(repr=False)


class Hooks:
    """`record`: the entry is durable when it returns; its index."""

    def __init__(
        self,
        hooks: Sequence[Hook],
        clock: Clock,
        record: Callable[[bytes], Awaitable[int]],
        new_id: Callable[[], str],
        *,
        delays_s: Sequence[float] = DELAYS_S,
    ) -> None:
        self._hooks = {one.name: one for one in hooks}
        self._clock, self._record, self._new_id, self._delays_s = clock, record, new_id, tuple(delays_s)
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self.untold = 0
        """Messages that were given up."""

    def tell(self, owed: Owed, settle: Callable[[], Awaitable[None]]) -> None:
        """Begins to tell what is owed, unless that is under way. What finds no room stays owed and is asked again."""
        if owed.number in self._under_way or len(self._under_way) >= MOST_UNDER_WAY:
            return
        task = asyncio.ensure_future(self._told(owed, settle))
        self._under_way[owed.number] = task
        task.add_done_callback(lambda _: self._under_way.pop(owed.number, None))

    async def aclose(self) -> None:
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for one in self._hooks.values():
            await one.provider.aclose()

    async def _told(self, owed: Owed, settle: Callable[[], Awaitable[None]]) -> None:
        try:
            one = self._hooks.get(owed.to)
            if one is not None:
                await self._deliver(one, owed.content)
            await settle()
        except (LedgerError, StoreError) as error:
            _log.error("webhook %s is told later: %s", owed.to, error)
        except Exception as error:  # noqa: BLE001 - one message's defect is no other's
            _log.error("defect %s while telling webhook %s", type(error).__name__, owed.to)

    async def _deliver(self, one: Hook, body: bytes) -> None:
        intent = await self._record(self._entry(told.TOLD, one, body))
        for delay in (*self._delays_s, None):
            why, again = await self._try(one, body, intent)
            if not why:
                return
            if delay is None or not again:
                break
            await asyncio.sleep(delay)
        self.untold += 1
        _log.warning("webhook %s is not told of a review: %s", one.name, why)
        await self._record(self._entry(told.NOT_TOLD, one, body, reason=why))

    async def _try(self, one: Hook, body: bytes, intent: int) -> tuple[str, bool]:
        """Why it failed, empty if it did not; and whether another try may help."""
        try:
            answer = await one.provider.send(self._permit(one, body, intent), body)
            try:
                await answer.read(_MOST_ANSWER_BYTES)
            except UpstreamError:  # it has answered; what it says is not needed
                pass
            finally:
                await answer.aclose()
        except UpstreamError as error:
            return f"{error.kind}: {error.message}", error.kind != "protocol"
        except SealBroken as error:
            return str(error), False
        if 200 <= answer.status < 300:
            return "", False
        return f"it answers with status {answer.status}", answer.status >= 500 or answer.status in _TRY_AGAIN

    def _permit(self, one: Hook, body: bytes, intent: int) -> Permit:
        """Signed anew for each try: receivers take what is signed a few minutes ago at most."""
        seconds = self._clock.now_ns() // 10**9
        return Permit(
            request_id=self._new_id(),
            intent=intent,
            target=one.name,
            boundary=one.boundary.name,
            kind=one.boundary.kind,
            method="POST",
            url=one.url,
            headers=(
                ("content-type", "application/json"),
                ("accept", "*/*"),
                ("accept-encoding", "identity"),
                ("user-agent", f"tidegate/{__version__}"),
                (message.SIGNATURE, message.signature(one.secret, body, seconds)),
            ),
            body=body,
        )

    def _entry(self, act: str, one: Hook, body: bytes, **more: Any) -> bytes:
        said: Mapping[str, Any] = orjson.loads(body)
        return told.review_act(
            request_id=said["id"],
            ts=rfc3339(self._clock.now_ns()),
            act=act,
            review=said["review"],
            tenant="default",
            labels=said["labels"],
            level=said["level"],
            needs=said["needs"],
            state=said["event"].partition(".")[2],
            to=f"{one.name} ({one.boundary.name})",
            **more,
        )
