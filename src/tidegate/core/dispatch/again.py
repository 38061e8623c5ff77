"""Who of one request's targets is worth another try, and from when on: what its failures mean for the request itself.

What they mean for the target is in `standing`. Times are seconds of any clock that only goes forward; chance is
uniform in [0, 1).
"""

from collections.abc import Mapping, Sequence

from tidegate.core.dispatch import retries
from tidegate.core.dispatch.standing import Standing
from tidegate.core.dispatch.verdicts import Verdict
from tidegate.core.values.route import Route, Wanted

_NOT_SENT = frozenset(("connect", "crowded"))


class Again:
    """`at`: a target's position among the permitted ones."""

    __slots__ = ("_failures", "_from", "_route", "_wanted", "began", "spent", "told_s")

    def __init__(self, route: Route, wanted: Wanted, began: float) -> None:
        self._route, self._wanted, self.began = route, wanted, began
        self._from: dict[int, float] = {}
        self._failures: dict[int, int] = {}
        self.spent = False
        """It may have been worked on, and must not happen twice."""
        self.told_s: float | None = None
        """The shortest time that a target has asked for."""

    @property
    def until(self) -> float:
        """Nobody is waited for any longer."""
        return self.began + retries.waiting_s(self._route.wait_s, self._wanted.latency)

    # -- told ------------------------------------------------------------------------------------------------

    def turned_away(self, at: int, standing: Standing, why: str, now: float) -> None:
        """It could not be called; `why` is its standing's objection."""
        if why == "resting" or standing.may_come_back(now):
            self._note(at, max(standing.ready_at(now), now + retries.BASE_S))

    def broke(self, at: int, standing: Standing, kind: str, now: float, chance: float) -> None:
        """It gave no answer; `kind` is an UpstreamError's."""
        later = now + self._jitter_s(at, chance)
        if kind in _NOT_SENT:
            if standing.may_come_back(now):
                self._note(at, max(standing.ready_at(now), later))
            return
        self._may_have_happened()
        if kind == "cut":  # what took its whole time already is not given it again
            self._retry(at, later)

    def turned_down(
        self, at: int, verdict: Verdict, headers: Mapping[str, str], told_s: float | None, now: float, chance: float
    ) -> None:
        """Its status speaks of the target alone; `told_s`: how long it asks to be left alone."""
        later = now + self._jitter_s(at, chance)
        if told_s is not None:
            self.told_s = told_s if self.told_s is None else min(self.told_s, told_s)
        if verdict is Verdict.LOADING:
            self._note(at, max(later, now + retries.BASE_S))
            return
        if verdict is Verdict.ILL:
            self._may_have_happened()
        if verdict is not Verdict.QUOTA and headers.get("x-should-retry") != "false":
            self._retry(at, max(later, now + (told_s or 0.0)))

    def _jitter_s(self, at: int, chance: float) -> float:
        """One more failure of that one, and how far away another try is at least."""
        before = self._failures.get(at, 0)
        self._failures[at] = before + 1
        return retries.jittered_s(before, chance)

    def _may_have_happened(self) -> None:
        self.spent = not retries.is_harmless_twice(self._wanted.capabilities)

    def _retry(self, at: int, when: float) -> None:
        if not self.spent and self._failures[at] <= self._route.retries:
            self._note(at, when)

    def _note(self, at: int, when: float) -> None:
        if when <= self.until:
            self._from[at] = when

    # -- asked -----------------------------------------------------------------------------------------------

    def next_at(self) -> float | None:
        """When the next one is due; None where there is none, in the time that there is."""
        if self.spent or not self._from:
            return None
        when = min(self._from.values())
        return when if when <= self.until else None

    def take(self, now: float, order: Sequence[int]) -> Sequence[int]:
        """Those that are due, in the order of the first round."""
        due = [at for at, when in self._from.items() if when <= now]
        for at in due:
            del self._from[at]
        return sorted(due, key=lambda at: order.index(at) if at in order else at)
