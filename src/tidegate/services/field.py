"""All targets as one worker knows them: how each stands, the turns there are, and what time it is."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping

from tidegate.core.dispatch.standing import Standing
from tidegate.core.values.facts import Health
from tidegate.core.values.route import Lane
from tidegate.core.values.target import Target
from tidegate.ports import Clock, Entropy
from tidegate.services.turns import Turns

_log = logging.getLogger(__name__)

Sleep = Callable[[float], Awaitable[object]]

_FREE = Lane()
_HEALTH_S = 0.25


class Field:
    """What requests on their way learn from, and tell each other by. `lanes`: by target; whoever has none is free."""

    def __init__(
        self,
        targets: Iterable[Target],
        *,
        clock: Clock,
        entropy: Entropy,
        lanes: Mapping[str, Lane] | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.epoch_ns, self._monotonic_ns = clock.now_ns, clock.monotonic_ns
        self.chance, self.sleep = entropy.chance, sleep
        lanes = lanes or {}
        self.standings = {
            target.name: Standing(target.name, target.boundary.kind, lanes.get(target.name, _FREE).most)
            for target in targets
        }
        self.turns = {name: Turns(lanes.get(name, _FREE), standing) for name, standing in self.standings.items()}
        self._health: frozenset[tuple[str, Health]] = frozenset()
        self._health_until = 0.0

    def now(self) -> float:
        """Seconds, for durations only."""
        return self._monotonic_ns() / 1e9

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
