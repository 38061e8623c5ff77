"""A circuit breaker for one target: who keeps failing is left alone for a while, then tried by one request at a time.

           failures            rest is over                 trial answers
  closed ───────────► open ────────────────► half-open ─────────────────► closed
                       ▲                         │ trial fails: a longer rest
                       └─────────────────────────┘

Times are seconds of any clock that only goes forward; chance is uniform in [0, 1).
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Literal

from tidegate.core.values.facts import Health

State = Literal["closed", "open", "half-open"]

CONSECUTIVE = 5
WINDOW, LEAST, SHARE = 20, 10, 0.5
"""Of the last `WINDOW` answers, once there are `LEAST`: this share of failures opens it."""
FIRST_REST_S, LONGEST_REST_S = 1.0, 30.0
STEADY_S = 10.0
"""How long a target has to stay well before it counts as healthy again: policy may read that, so it moves rarely."""
FORGOTTEN_S = 60.0
"""Nobody has tried for so long after a rest that nothing is known any more."""


@dataclass(slots=True)
class Breaker:
    """Only failures of the target's own making are told to it: 4xx that a client deserves are successes here."""

    rests_until: float | None = None
    """None: it is closed."""
    _rests: int = 0
    _consecutive: int = 0
    _recent: deque[bool] = field(default_factory=lambda: deque(maxlen=WINDOW))
    _trial: bool = False
    _closed_at: float | None = None
    _well: bool = False
    _gone: bool = False
    _watched_until: float = 0.0

    def state(self, now: float) -> State:
        if self.rests_until is None:
            return "closed"
        return "open" if now < self.rests_until else "half-open"

    def admits(self, now: float) -> bool:
        """Whether a request may be sent now."""
        if self.rests_until is None:
            return True
        return now >= self.rests_until and not self._trial and not (self._gone and now < self._watched_until)

    def retry_at(self, now: float) -> float:
        """When the next request may be sent, as far as can be told."""
        return now if self.rests_until is None else max(self.rests_until, now)

    def entered(self) -> None:
        """A request is on its way; of a half-open one it is the only one."""
        self._trial = self.rests_until is not None

    def left(self) -> None:
        """It ended without telling anything of the target: its client went away, or it never left."""
        self._trial = False

    def succeeded(self, now: float) -> None:
        self._trial, self._well, self._consecutive = False, True, 0
        self._recent.append(True)
        if self.rests_until is not None:
            self.rests_until, self._closed_at = None, now
            self._recent.clear()
        elif self._closed_at is not None and now - self._closed_at >= STEADY_S:
            self._closed_at, self._rests = None, 0

    def may_be_asked(self, now: float) -> bool:
        """Whether a question of how it is could change anything: it does not where answers have failed."""
        return self.rests_until is None or (self._gone and now >= self.rests_until and not self._trial)

    @property
    def is_gone(self) -> bool:
        """It was not there when it was last tried."""
        return self.rests_until is not None and self._gone

    def watch(self, now: float, for_s: float) -> None:
        """Somebody asks it beside all requests, so that none of them has to find out that it is still gone: a host
        without a word costs whoever tries it a whole timeout.
        """
        self._watched_until = now + for_s

    def seen(self, now: float) -> None:
        """It answers questions. That closes it where nobody was there; where answers failed, only an answer does."""
        if self.rests_until is None:
            self._well = True
        elif self._gone and now >= self.rests_until:
            self.succeeded(now)

    def failed(self, now: float, chance: float, *, at_once: bool = False) -> None:
        """`at_once`: nobody is there, so that one failure says enough."""
        trial, self._trial = self._trial, False
        self._consecutive += 1
        self._recent.append(False)
        if self.rests_until is not None and not trial:
            return  # an answer to a request from before it opened: this failure has been counted already
        if trial or at_once or self._is_too_much():
            self._gone = at_once
            self._open(now, chance)

    def health(self, now: float) -> Health:
        if self.rests_until is not None:
            return "unknown" if now > self.rests_until + FORGOTTEN_S and not self._trial else "failing"
        if self._closed_at is not None and now - self._closed_at < STEADY_S:
            return "failing"
        return "healthy" if self._well else "unknown"

    def _is_too_much(self) -> bool:
        recent = self._recent
        return self._consecutive >= CONSECUTIVE or (len(recent) >= LEAST and sum(recent) <= len(recent) * (1 - SHARE))

    def _open(self, now: float, chance: float) -> None:
        """Each rest is twice as long as the one before, up to a bound; shortened by chance, so that many gateways do
        not come back in the same moment.
        """
        rest = min(FIRST_REST_S * 2**self._rests, LONGEST_REST_S)
        self._rests = min(self._rests + 1, 16)
        self.rests_until, self._closed_at = now + rest * (1 - chance / 2), None
        self._consecutive = 0
        self._recent.clear()
