"""How one target stands: all that choosing, waiting and policy's fact `health` rest on. Times as in `breaker`."""

from tidegate.core.dispatch.breaker import Breaker
from tidegate.core.dispatch.choice import Runner
from tidegate.core.dispatch.pace import Pace
from tidegate.core.values.facts import Health
from tidegate.core.values.route import UNTOLD, Load
from tidegate.core.values.target import BoundaryKind

LONGEST_REST_S = 60.0
"""However long a target asks not to be called, it is tried again after this."""
STALE_S = 120.0
"""What a runtime told of its queue so long ago says nothing any more."""
_SEEN_S = 60.0
_NOBODY = frozenset(("connect",))
_NEUTRAL = frozenset(("crowded", "too_large"))


class Standing:
    """One for each target, for as long as the gateway runs. Every worker has its own: it learns from what it sees."""

    __slots__ = (
        "_alive_at", "_load", "_load_at", "_rests_until", "breaker", "in_flight", "kind", "most", "name", "pace",
        "waiting",
    )  # fmt: skip

    def __init__(self, name: str, kind: BoundaryKind, most: int = 0) -> None:
        """`most`: requests that it is given at once, 0 for no limit."""
        self.name, self.kind, self.most = name, kind, most
        self.breaker, self.pace = Breaker(), Pace()
        self.in_flight = self.waiting = 0
        self._load, self._load_at = UNTOLD, 0.0
        self._rests_until = 0.0
        self._alive_at: float | None = None

    # -- asked before a request is sent --------------------------------------------------------------------

    def objection(self, now: float) -> str:
        """Why it is not called now, as an attempt's `error`; empty: it may be."""
        if self.breaker.rests_until is not None and not self.breaker.admits(now):
            return "breaker_open"
        return "resting" if now < self._rests_until else ""

    def ready_at(self, now: float) -> float:
        return max(self.breaker.retry_at(now), self._rests_until)

    def may_come_back(self, now: float) -> bool:
        """It lies inside and was there a moment ago, or loads its model: what restarts is worth waiting for."""
        if self.kind == "cloud":
            return False
        if self._load.warmth == "loading" and now - self._load_at < _SEEN_S:
            return True
        return self._alive_at is not None and now - self._alive_at < _SEEN_S

    def is_unheard(self, now: float, for_s: float) -> bool:
        return self._alive_at is None or now - self._alive_at >= for_s

    def runner(self, now: float, *, stream: bool) -> Runner:
        load, pace = self._load, self.pace
        ahead, slots, warmth = self.in_flight + self.waiting, self.most, load.warmth
        if load is not UNTOLD:
            if now - self._load_at < STALE_S:
                ahead, slots = max(ahead, max(load.running, 0) + max(load.waiting, 0)), max(slots, load.slots)
            else:
                warmth = "unknown"
        resting = now < self._rests_until or not self.breaker.admits(now)
        return Runner(
            self.name, resting, warmth, pace.expected_s(stream=stream), pace.waits_s(), ahead, slots if slots > 0 else 1
        )

    def health(self, now: float) -> Health:
        return self.breaker.health(now)

    @property
    def load(self) -> Load:
        return self._load

    # -- told afterwards -----------------------------------------------------------------------------------

    def went_well(self, now: float) -> None:
        """It answered, whatever it answered."""
        self._alive_at = now
        self._rests_until = 0.0
        self.breaker.succeeded(now)

    def was_seen(self, now: float) -> None:
        """It answered a question of how it is: which says nothing of limits, and little of its answers."""
        self._alive_at = now
        self.breaker.seen(now)

    def generated(self, now: float) -> None:
        """Its model has answered, so it is in memory."""
        if self._load.warmth in ("loading", "cold"):
            self._load, self._load_at = self._load._replace(warmth="warm"), now

    def failed(self, now: float, kind: str, chance: float) -> None:
        """`kind`: an UpstreamError's, or `status`. What is nobody's fault there changes nothing."""
        if kind in _NEUTRAL:
            self.breaker.left()
            return
        self.breaker.failed(now, chance, at_once=kind in _NOBODY)

    def asked_to_rest(self, now: float, seconds: float) -> None:
        """It is there and wants to be left alone for a while."""
        self._alive_at = now
        self.breaker.left()
        self._rests_until = max(self._rests_until, now + min(seconds, LONGEST_REST_S))

    def loads(self, now: float) -> None:
        """It is there, its model is not yet."""
        self._alive_at = now
        self.breaker.left()
        self._load, self._load_at = self._load._replace(warmth="loading"), now

    def told(self, load: Load, now: float) -> None:
        self._load, self._load_at = load, now
