"""Who of the permitted ones is asked, when again, and who waits for whom: `ports.Routing`.

Nobody outside the permitted set is ever looked at: a journey is given that set and works with positions in it. What it
decides with is arithmetic in `core.dispatch`; here are only the order of things and the waits.
"""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from tidegate.core.dispatch import choice, egress, retries, verdicts
from tidegate.core.dispatch.standing import Standing
from tidegate.core.dispatch.verdicts import Verdict
from tidegate.core.settle.record import Outcome
from tidegate.core.values.attempt import Attempt
from tidegate.core.values.decision import TargetDecision
from tidegate.core.values.errors import BadRequest, Refusal, UpstreamError
from tidegate.core.values.facts import Health
from tidegate.core.values.route import Lane, Route, Wanted
from tidegate.core.values.target import Target
from tidegate.ports import Answer, Clock, Entropy, Routed, Send
from tidegate.services.routed import ReadAnswer, RoutedAnswer
from tidegate.services.turns import NoTurn, Turns

_log = logging.getLogger(__name__)

Permitted = Sequence[tuple[Target, TargetDecision]]
Sleep = Callable[[float], Awaitable[object]]

_QUOTA_S = 60.0
_ERROR_S = 2.0
_HEDGE_S, _LEAST_HEDGE_S = 1.0, 0.05
_NOT_SENT = frozenset(("connect", "crowded"))
_HEALTH_S = 0.25


class Router:
    """One for each worker. `routes`: by the name under `[models]`; whoever has none gets the default."""

    def __init__(
        self,
        targets: Iterable[Target],
        *,
        clock: Clock,
        entropy: Entropy,
        routes: Mapping[str, Route] | None = None,
        lanes: Mapping[str, Lane] | None = None,
        default: Route | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._clock, self.chance, self.sleep = clock, entropy.chance, sleep
        self._routes, self._default = dict(routes or {}), default or Route()
        lanes = lanes or {}
        self.standings = {
            target.name: Standing(target.name, target.boundary.kind, lanes.get(target.name, _FREE).most)
            for target in targets
        }
        self.turns = {name: Turns(lanes.get(name, _FREE), standing) for name, standing in self.standings.items()}
        self._health: frozenset[tuple[str, Health]] = frozenset()
        self._health_until = 0.0

    def now(self) -> float:
        return self._clock.monotonic_ns() / 1e9

    def epoch_ns(self) -> int:
        return self._clock.now_ns()

    @property
    def health(self) -> frozenset[tuple[str, Health]]:
        """Of each target of which something is known. The same object for as long as nothing has changed."""
        now = self.now()
        if now >= self._health_until:
            self._health_until = now + _HEALTH_S
            found = frozenset(
                (name, health) for name, one in self.standings.items() if (health := one.health(now)) != "unknown"
            )
            if found != self._health:
                for name, health in sorted(found - self._health):
                    _log.log(logging.WARNING if health == "failing" else logging.INFO, "target %s is %s", name, health)
                self._health = found
        return self._health

    async def first_answer(self, wanted: Wanted, permitted: Permitted, send: Send, outcome: Outcome) -> Routed:
        route = self._routes.get(wanted.model, self._default)
        return await _Journey(self, route, wanted, permitted, send, outcome).run()


_FREE = Lane()


class _Journey:
    """One request's way from the first permitted target to the one that answers."""

    __slots__ = (
        "_again",
        "_asked",
        "_deadline",
        "_outcome",
        "_permitted",
        "_route",
        "_router",
        "_send",
        "_spent",
        "_told",
        "_wanted",
        "_won",
    )  # fmt: skip

    def __init__(
        self, router: Router, route: Route, wanted: Wanted, permitted: Permitted, send: Send, outcome: Outcome
    ) -> None:
        self._router, self._route, self._wanted = router, route, wanted
        self._permitted, self._send, self._outcome = permitted, send, outcome
        self._deadline = router.now() + retries.waiting_s(route.wait_s, wanted.latency)
        self._again: dict[int, float] = {}
        """Positions that are worth another try, and from when on."""
        self._asked = [0] * len(permitted)
        self._spent = False
        """It may have been worked on, and must not happen twice."""
        self._told: float | None = None
        """The shortest time that a target has asked for."""
        self._won = False

    async def run(self) -> Routed:
        """Raises Refusal when none answered."""
        due = self._order()
        while due:
            if found := await self._one_of(due):
                return found
            due = await self._pause(due)
        raise self._none_answered()

    def _order(self) -> Sequence[int]:
        """Most requests ask for nothing special, of targets that are well: they cost next to nothing here."""
        standings, now = self._router.standings, self._router.now()
        if self._wanted.as_ordered or (
            self._route.strategy == "ordered"
            and not self._wanted.latency
            and not any(standings[target.name].objection(now) for target, _ in self._permitted)
        ):
            return range(len(self._permitted))
        runners = [standings[target.name].runner(now, stream=self._wanted.stream) for target, _ in self._permitted]
        return choice.order(runners, self._route, self._wanted.latency, self._router.chance())

    async def _one_of(self, due: Sequence[int]) -> Routed | None:
        left = list(due)
        while left and not self._spent:
            at = left.pop(0)
            twin = self._twin(at, left)
            if twin is not None:
                left.remove(twin)
            found = await (self._try(at) if twin is None else self._race(at, twin))
            if found:
                return found
        return None

    async def _pause(self, order: Sequence[int]) -> Sequence[int]:
        """Waits until somebody is worth another try; empty where nobody is, in the time that there is."""
        if self._spent or not self._again:
            return ()
        now, when = self._router.now(), min(self._again.values())
        if when > self._deadline:
            return ()
        await self._router.sleep(max(when - now, 0.0))
        now = max(self._router.now(), when)
        due = [at for at, after in self._again.items() if after <= now]
        for at in due:
            del self._again[at]
        return sorted(due, key=lambda at: order.index(at) if at in order else at)

    # -- one attempt -----------------------------------------------------------------------------------------

    async def _try(self, at: int) -> Routed | None:
        target, decision = self._permitted[at]
        standing, turns = self._router.standings[target.name], self._router.turns[target.name]
        attempt = Attempt(target.name, target.boundary.name, decision.effect.value)
        self._outcome.attempts.append(attempt)
        if self._is_turned_away(at, standing, attempt):
            return None
        if not turns.enter():
            try:
                await turns.wait(self._wanted.key, max(self._deadline - self._router.now(), 0.0))
            except NoTurn as error:
                attempt.error = error.reason
                return None
            if self._is_turned_away(at, standing, attempt):  # much may have happened meanwhile
                turns.leave()
                return None
        return await self._ask(at, standing, attempt)

    def _is_turned_away(self, at: int, standing: Standing, attempt: Attempt) -> bool:
        now = self._router.now()
        attempt.error = standing.objection(now)
        if attempt.error and (attempt.error == "resting" or standing.may_come_back(now)):
            self._try_again(at, max(standing.ready_at(now), now + retries.BASE_S))
        return bool(attempt.error)

    async def _ask(self, at: int, standing: Standing, attempt: Attempt) -> Routed | None:
        """Holds a turn, which goes with the answer or is given back here."""
        router, (target, decision) = self._router, self._permitted[at]
        turns, began = router.turns[target.name], router.now()
        standing.breaker.entered()
        self._asked[at] += 1
        try:
            answer = await self._send(target, decision)
            attempt.answered(answer.status, answer.headers)
            if verdicts.speaks_of_target(answer.status):
                answer = await _looked_at(answer)
        except BaseException as error:
            turns.leave()
            if isinstance(error, BadRequest):  # it cannot be said to this target: nothing was sent
                standing.breaker.left()
                attempt.error, attempt.refusal = error.code, error
                return None
            if isinstance(error, UpstreamError):
                self._broke(at, standing, attempt, error.kind)
                return None
            standing.breaker.left()
            attempt.error = "outrun" if self._won else attempt.error
            raise
        if isinstance(answer, ReadAnswer) and self._is_targets_own(at, standing, attempt, answer):
            turns.leave()
            return None
        return Routed(target, self._won_by(answer, standing, began, turns))

    def _won_by(self, answer: Answer, standing: Standing, began: float, turns: Turns) -> RoutedAnswer:
        now, notes = self._router.now(), self._outcome.notes
        standing.went_well(now)
        if answer.status == 200:
            standing.generated(now)
        return RoutedAnswer(
            answer, standing, began=began, now=self._router.now, usage=lambda: notes.usage, leave=turns.leave
        )

    # -- what a failure means --------------------------------------------------------------------------------

    def _broke(self, at: int, standing: Standing, attempt: Attempt, kind: str) -> None:
        now = self._router.now()
        attempt.error = kind
        standing.failed(now, kind, self._router.chance())
        if kind in _NOT_SENT:
            if standing.may_come_back(now):
                self._try_again(at, max(standing.ready_at(now), now + self._jitter(at)))
            return
        self._spent = not retries.is_harmless_twice(self._wanted.capabilities)
        if kind == "cut":  # what took its whole time already is not given it again
            self._retry(at, None)

    def _is_targets_own(self, at: int, standing: Standing, attempt: Attempt, answer: ReadAnswer) -> bool:
        """Whether the status speaks of the target alone, so that another one may be asked."""
        found = verdicts.verdict(answer.status, answer.body)
        if found is Verdict.ANSWER:
            return False
        attempt.error = "status"
        now, told = self._router.now(), retries.retry_after_s(answer.headers, self._router.epoch_ns())
        told = verdicts.retry_delay_s(answer.body) if told is None else told
        if told is not None:
            self._told = told if self._told is None else min(self._told, told)
        if found is Verdict.LOADING:
            standing.loads(now)
            self._try_again(at, now + max(self._jitter(at), retries.BASE_S))
            return True
        self._blame(standing, found, answer.status, told)
        if found is Verdict.ILL:
            self._spent = not retries.is_harmless_twice(self._wanted.capabilities)
        if found is not Verdict.QUOTA and answer.headers.get("x-should-retry") != "false":
            self._retry(at, told)
        return True

    def _blame(self, standing: Standing, found: Verdict, status: int, told: float | None) -> None:
        """A limit is kept by whoever reaches it, and is no failure; 5xx are, whatever they are called."""
        now = self._router.now()
        if status >= 500:
            standing.failed(now, "status", self._router.chance())
        if found is Verdict.QUOTA:
            standing.asked_to_rest(now, max(told or 0.0, _QUOTA_S))
        elif told is not None:
            standing.asked_to_rest(now, told)
        elif status < 500:
            standing.breaker.left()

    def _retry(self, at: int, told: float | None) -> None:
        if not self._spent and self._asked[at] <= self._route.retries:
            self._try_again(at, self._router.now() + max(self._jitter(at), told or 0.0))

    def _try_again(self, at: int, when: float) -> None:
        if when <= self._deadline:
            self._again[at] = when

    def _jitter(self, at: int) -> float:
        return retries.jittered_s(max(self._asked[at] - 1, 0), self._router.chance())

    def _none_answered(self) -> Refusal:
        refusal = egress.none_answered(self._outcome.attempts)
        now = self._router.now()
        rests = [self._router.standings[target.name].ready_at(now) - now for target, _ in self._permitted]
        known = [rest for rest in (*rests, self._told or 0.0) if rest > 0]
        if refusal.status in (429, 503):
            refusal.headers = {**refusal.headers, "retry-after": str(max(math.ceil(min(known, default=1.0)), 1))}
        return refusal

    # -- hedging ---------------------------------------------------------------------------------------------

    def _twin(self, at: int, left: Sequence[int]) -> int | None:
        """The next one that would give the same answer: the same model elsewhere. None where nothing is hedged."""
        if self._wanted.operation not in self._route.hedged or self._wanted.capabilities:
            return None
        model = self._permitted[at][0].model
        return next((other for other in left if self._permitted[other][0].model == model), None)

    async def _race(self, first: int, second: int) -> Routed | None:
        """The second is asked when the first is slow, or has failed; the loser is cancelled."""
        tasks = [asyncio.ensure_future(self._try(first))]
        winner = None
        try:
            await asyncio.wait(tasks, timeout=self._hedge_s(first))
            if not (winner := _winner(tasks)):
                tasks.append(asyncio.ensure_future(self._try(second)))
            while winner is None and (running := [task for task in tasks if not task.done()]):
                await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                winner = _winner(tasks)
            return winner.result() if winner else None
        finally:
            self._won = winner is not None
            await self._stop([task for task in tasks if task is not winner])

    async def _stop(self, losers: "Sequence[asyncio.Task[Routed | None]]") -> None:
        """Also one that has answered in the same moment."""
        for task in losers:
            task.cancel()
        for late in await asyncio.gather(*losers, return_exceptions=True):
            if isinstance(late, Routed):
                attempts = [one for one in self._outcome.attempts if one.target == late.target.name]
                attempts[-1].error = "outrun"
                await late.answer.aclose()

    def _hedge_s(self, at: int) -> float:
        if self._route.hedge_after_s:
            return self._route.hedge_after_s
        usual = self._router.standings[self._permitted[at][0].name].pace.expected_s(stream=False)
        return max(2 * usual, _LEAST_HEDGE_S) if usual >= 0 else _HEDGE_S


def _winner(tasks: "Sequence[asyncio.Task[Routed | None]]") -> "asyncio.Task[Routed | None] | None":
    """One that has answered. Raises what any of them raised."""
    return next((task for task in tasks if task.done() and task.result()), None)


async def _looked_at(answer: Answer) -> ReadAnswer:
    """Its error object, as far as it fits and comes in time: without it, its status alone counts."""
    body = b""
    try:
        async with asyncio.timeout(_ERROR_S):
            body = await answer.read(verdicts.MOST_BYTES)
    except (UpstreamError, TimeoutError):
        pass
    finally:
        await answer.aclose()
    return ReadAnswer(answer.status, answer.headers, body)
