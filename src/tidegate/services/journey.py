"""One request's way from the first permitted target to the one that answers."""

import math
from collections.abc import Coroutine, Sequence
from functools import partial
from typing import Any

from tidegate.core.dispatch import choice, egress, retries, verdicts
from tidegate.core.dispatch.again import Again
from tidegate.core.dispatch.standing import Standing
from tidegate.core.dispatch.verdicts import Verdict
from tidegate.core.settle.record import Outcome
from tidegate.core.values.attempt import Attempt
from tidegate.core.values.decision import TargetDecision
from tidegate.core.values.errors import BadRequest, Refusal, UpstreamError
from tidegate.core.values.route import Route, Wanted
from tidegate.core.values.target import Target
from tidegate.ports import Routed, Send
from tidegate.services.field import Field
from tidegate.services.race import race
from tidegate.services.routed import ReadAnswer, RoutedAnswer, looked_at
from tidegate.services.turns import NoTurn, Turns

Permitted = Sequence[tuple[Target, TargetDecision]]

_QUOTA_S = 60.0
_HEDGE_S, _LEAST_HEDGE_S = 1.0, 0.05


class Journey:
    """Most requests ask for nothing special, of targets that are well: they cost next to nothing here."""

    __slots__ = ("_again", "_field", "_outcome", "_permitted", "_route", "_send", "_wanted")

    def __init__(
        self, field: Field, route: Route, wanted: Wanted, permitted: Permitted, send: Send, outcome: Outcome
    ) -> None:
        self._field, self._route, self._wanted = field, route, wanted
        self._permitted, self._send, self._outcome = permitted, send, outcome
        self._again = Again(route, wanted, field.now())

    async def run(self) -> Routed:
        """Raises Refusal when none answered."""
        order = due = self._order()
        hedges = self._wanted.operation in self._route.hedged and not self._wanted.capabilities
        while due:
            left = list(due)
            while left and not self._again.spent:
                at = left.pop(0)
                twin = self._twin(at, left) if hedges else None
                if found := await (self._try(at) if twin is None else self._race(at, twin)):
                    return found
            due = await self._pause(order)
        raise self._none_answered()

    def _order(self) -> Sequence[int]:
        """Positions among the permitted ones, best first."""
        permitted, wanted = self._permitted, self._wanted
        if wanted.as_ordered or len(permitted) == 1:
            return range(len(permitted))
        standings, now = self._field.standings, self._again.began
        if self._route.strategy == "ordered" and not wanted.latency:
            for target, _ in permitted:
                if standings[target.name].objection(now):
                    break
            else:
                return range(len(permitted))
        runners = [standings[target.name].runner(now, stream=wanted.stream) for target, _ in permitted]
        return choice.order(runners, self._route, wanted.latency, self._field.chance())

    def _twin(self, at: int, left: list[int]) -> int | None:
        """Takes the next one out that would give the same answer: the same model elsewhere."""
        model = self._permitted[at][0].model
        twin = next((other for other in left if self._permitted[other][0].model == model), None)
        if twin is not None:
            left.remove(twin)
        return twin

    def _race(self, at: int, twin: int) -> Coroutine[Any, Any, Routed | None]:
        one, other = partial(self._try, at), partial(self._try, twin)
        return race(one, other, self._hedge_s(at), self._outcome.attempts)

    def _hedge_s(self, at: int) -> float:
        if self._route.hedge_after_s:
            return self._route.hedge_after_s
        usual = self._field.standings[self._permitted[at][0].name].pace.expected_s(stream=False)
        return max(2 * usual, _LEAST_HEDGE_S) if usual >= 0 else _HEDGE_S

    async def _pause(self, order: Sequence[int]) -> Sequence[int]:
        """Waits until somebody is worth another try; empty where nobody is, in the time that there is."""
        when = self._again.next_at()
        if when is None:
            return ()
        await self._field.sleep(max(when - self._field.now(), 0.0))
        return self._again.take(max(self._field.now(), when), order)

    # -- one attempt -----------------------------------------------------------------------------------------

    async def _try(self, at: int) -> Routed | None:
        target, decision = self._permitted[at]
        turns, now = self._field.turns[target.name], self._field.now()
        attempt = Attempt(target.name, target.boundary.name, decision.effect)
        self._outcome.attempts.append(attempt)
        if self._is_turned_away(at, turns.standing, attempt, now):
            return None
        if not turns.enter():
            try:
                await turns.wait(self._wanted.key, max(self._again.until - now, 0.0))
            except NoTurn as error:
                attempt.error = error.reason
                return None
            now = self._field.now()
            if self._is_turned_away(at, turns.standing, attempt, now):  # much may have happened meanwhile
                turns.leave()
                return None
        return await self._ask(at, turns, attempt, now)

    def _is_turned_away(self, at: int, standing: Standing, attempt: Attempt, now: float) -> bool:
        attempt.error = standing.objection(now)
        if attempt.error:
            self._again.turned_away(at, standing, attempt.error, now)
        return bool(attempt.error)

    async def _ask(self, at: int, turns: Turns, attempt: Attempt, began: float) -> Routed | None:
        """Holds a turn, which goes with the answer or is given back here."""
        (target, decision), standing = self._permitted[at], turns.standing
        standing.breaker.entered()
        try:
            answer = await self._send(target, decision)
            attempt.answered(answer.status, answer.headers)
            if answer.status != 200 and verdicts.speaks_of_target(answer.status):
                answer = await looked_at(answer)
        except BaseException as error:
            turns.leave()
            if isinstance(error, UpstreamError):
                self._broke(at, standing, attempt, error.kind)
                return None
            standing.breaker.left()
            if isinstance(error, BadRequest):  # it cannot be said to this target: nothing was sent
                attempt.error, attempt.refusal = error.code, error
                return None
            raise
        now = self._field.now()
        if isinstance(answer, ReadAnswer) and self._is_targets_own(at, standing, attempt, answer, now):
            turns.leave()
            return None
        standing.went_well(now)
        if answer.status == 200:
            standing.generated(now)
        return Routed(target, RoutedAnswer(answer, turns, self._field.now, began, self._outcome.notes))

    # -- what a failure means --------------------------------------------------------------------------------

    def _broke(self, at: int, standing: Standing, attempt: Attempt, kind: str) -> None:
        now, chance = self._field.now(), self._field.chance
        attempt.error = kind
        standing.failed(now, kind, chance())
        self._again.broke(at, standing, kind, now, chance())

    def _is_targets_own(self, at: int, standing: Standing, attempt: Attempt, answer: ReadAnswer, now: float) -> bool:
        """Whether the status speaks of the target alone, so that another one may be asked."""
        found = verdicts.verdict(answer.status, answer.body)
        if found is Verdict.ANSWER:
            return False
        attempt.error = "status"
        told = retries.retry_after_s(answer.headers, self._field.epoch_ns())
        told = verdicts.retry_delay_s(answer.body) if told is None else told
        if found is Verdict.LOADING:
            standing.loads(now)
        else:
            self._blame(standing, found, answer.status, told, now)
        self._again.turned_down(at, found, answer.headers, told, now, self._field.chance())
        return True

    def _blame(self, standing: Standing, found: Verdict, status: int, told: float | None, now: float) -> None:
        """A limit is kept by whoever reaches it, and is no failure; 5xx are, whatever they are called."""
        if status >= 500:
            standing.failed(now, "status", self._field.chance())
        if found is Verdict.QUOTA:
            standing.asked_to_rest(now, max(told or 0.0, _QUOTA_S))
        elif told is not None:
            standing.asked_to_rest(now, told)
        elif status < 500:
            standing.breaker.left()

    def _none_answered(self) -> Refusal:
        refusal = egress.none_answered(self._outcome.attempts)
        now = self._field.now()
        rests = [self._field.standings[target.name].ready_at(now) - now for target, _ in self._permitted]
        known = [rest for rest in (*rests, self._again.told_s or 0.0) if rest > 0]
        if refusal.status in (429, 503):
            refusal.headers = {**refusal.headers, "retry-after": str(max(math.ceil(min(known, default=1.0)), 1))}
        return refusal
