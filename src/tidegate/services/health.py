"""Asks targets how they are, beside the path: so that no request has to find out, and none waits for an answer.

A question is a GET without a body; the target's credential goes along, because the provider adds it, and nothing else.
It leaves by a permit and through the seal like everything. A target to which policy lets nothing go is asked nothing.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from tidegate.core.dispatch import egress, runtimes
from tidegate.core.dispatch.breaker import FIRST_REST_S
from tidegate.core.dispatch.runtimes import Told
from tidegate.core.values.errors import SealBroken, UpstreamError
from tidegate.core.values.target import Target
from tidegate.ports import Entropy, Provider
from tidegate.services.routing import Router

_log = logging.getLogger(__name__)

INSIDE_S = 5.0
"""Local runtimes are asked at least this often: their queues and what they have in memory change quickly."""
_TICK_S = FIRST_REST_S / 4
"""Shorter than any rest: who has just gone is watched before a request could be the one to try it."""
_ANSWER_S = 5.0
_NOT_IMPLEMENTED = 501


class HealthWatch:
    """`permits`: whether policy, as it is now, lets anything go there. `interval_s`: how often each is asked, give or
    take a fifth; 0 asks nobody. `connect_s`: what a connection may take; a question may take more, so that nobody
    there is told from somebody slow.
    """

    def __init__(
        self,
        router: Router,
        targets: Iterable[Target],
        providers: Mapping[str, Provider],
        *,
        permits: Callable[[Target], bool],
        entropy: Entropy,
        interval_s: float,
        connect_s: float = 5.0,
    ) -> None:
        self._router, self._providers, self._permits, self._entropy = router, providers, permits, entropy
        self._interval_s, self._question_s = interval_s, connect_s + _ANSWER_S
        self._targets = [target for target in targets if runtimes.paths(target.provider)]
        self._due: dict[str, float] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._watching: asyncio.Task[None] | None = None
        self._broken: set[str] = set()

    def begin(self) -> None:
        """In the running event loop, once."""
        if self._interval_s and self._targets:
            self._watching = asyncio.ensure_future(self._watch())

    async def aclose(self) -> None:
        tasks = [*self._asking.values(), *([self._watching] if self._watching else ())]
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _watch(self) -> None:
        """Each target has a task of its own while it is asked: one that is silent keeps nobody else waiting."""
        while True:
            now = self._router.now()
            for target in self._targets:
                self._watches(target, now)
                if self._is_due(target, now):
                    task = asyncio.ensure_future(self.ask(target))
                    self._asking[target.name] = task
                    task.add_done_callback(partial(self._asked, target.name))
            await asyncio.sleep(_TICK_S)

    def _asked(self, name: str, _: "asyncio.Task[None]") -> None:
        self._asking.pop(name, None)

    def _watches(self, target: Target, now: float) -> None:
        breaker = self._router.standings[target.name].breaker
        if breaker.is_gone and self._permits(target):
            breaker.watch(now, self._question_s + 4 * _TICK_S)

    def _is_due(self, target: Target, now: float) -> bool:
        standing = self._router.standings[target.name]
        if target.name in self._asking or not standing.breaker.may_be_asked(now):
            return False
        if standing.breaker.state(now) == "closed" and now < self._due.get(target.name, 0.0):
            return False
        interval = self._interval(target)
        self._due[target.name] = now + interval * (0.8 + 0.4 * self._entropy.chance())
        tells_more = target.provider in runtimes.QUESTIONS
        return (tells_more or standing.is_unheard(now, interval)) and self._permits(target)

    def _interval(self, target: Target) -> float:
        return min(self._interval_s, INSIDE_S) if target.provider in runtimes.QUESTIONS else self._interval_s

    async def ask(self, target: Target) -> None:
        """All that may be asked there. Never raises."""
        standing = self._router.standings[target.name]
        first, *others = runtimes.paths(target.provider)
        standing.breaker.entered()
        try:
            told = {first: await self._told(target, first)}
            for path in others:
                told[path] = await self._told(target, path)
        except UpstreamError as error:
            # Who was gone and is silent now is no less gone for that.
            kind = "connect" if standing.breaker.is_gone else error.kind
            standing.failed(self._router.now(), kind, self._entropy.chance())
            return
        except SealBroken as error:
            standing.breaker.left()
            self._tell(target, error)
            return
        load, status, now = runtimes.read(target.provider, told, target.model), told[first].status, self._router.now()
        if load.warmth == "loading":
            standing.loads(now)
        elif status >= 500 and status != _NOT_IMPLEMENTED:
            standing.failed(now, "status", self._entropy.chance())
        else:
            standing.was_seen(now)
            standing.told(load, now)

    async def _told(self, target: Target, path: str) -> Told:
        """Raises UpstreamError, SealBroken."""
        permit = egress.asking(self._entropy.uuid7(), target, path)
        try:
            async with asyncio.timeout(self._question_s):
                answer = await self._providers[target.name].send(permit, permit.body)
                try:
                    return Told(answer.status, await answer.read(runtimes.MOST_BYTES))
                finally:
                    await answer.aclose()
        except TimeoutError:
            raise UpstreamError("timeout", f"it did not answer a question within {self._question_s:g} s.") from None

    def _tell(self, target: Target, error: SealBroken) -> None:
        if target.name not in self._broken:  # once, not with every question
            self._broken.add(target.name)
            _log.error("%s", error)
