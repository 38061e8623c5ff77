"""In which order permitted targets are tried. What goes in comes out, permuted: nothing is added, nothing is left out,
and whoever is not permitted is not even seen.

Chance is one number, uniform in [0, 1): the same state and the same number give the same order.
"""

from collections.abc import Sequence
from typing import NamedTuple

from tidegate.core.values.facts import Latency
from tidegate.core.values.route import Route, Warmth

EXPLORED = 0.05
"""So often a choice by speed tries another one first, or it would never learn that a slow target has recovered."""

_LOADING_S, _COLD_S = 5.0, 10.0
_BELOW_ONE = 1 - 2**-53
_FITS_S: dict[Latency, float] = {"interactive": 2.0, "normal": 30.0}


class Runner(NamedTuple):
    """One permitted target as a choice sees it. `resting`: it would be turned away now, or asked not to be called.

    `expected_s`, `waits_s`: until an answer, until its first piece; -1 where nothing is known. `ahead`: requests that
    work or wait there; `slots`: how many it works on at once, at least 1.
    """

    name: str
    resting: bool = False
    warmth: Warmth = "unknown"
    expected_s: float = -1.0
    waits_s: float = -1.0
    ahead: int = 0
    slots: int = 1


def order(runners: Sequence[Runner], route: Route, latency: Latency, chance: float) -> tuple[int, ...]:
    """Positions in `runners`, best first. `runners`: in order of preference."""
    if len(runners) == 1:
        return (0,)
    if route.strategy == "weighted":
        found = _weighted(runners, route, chance)
    elif route.strategy == "fastest" and latency != "patient":
        found = _fastest(runners, chance)
    elif route.strategy == "least-loaded":
        found = sorted(range(len(runners)), key=lambda at: _load(runners[at]))
    else:
        found = list(range(len(runners)))
    if latency in _FITS_S or any(runner.resting for runner in runners):
        limit = _FITS_S.get(latency)
        # Sorting is stable: among those that fit alike, the strategy's order stays.
        found.sort(key=lambda at: (runners[at].resting, limit is not None and not _fits(runners[at], limit)))
    return tuple(found)


def _weighted(runners: Sequence[Runner], route: Route, chance: float) -> list[int]:
    """Drawn one after the other, each by its weight among those that are left. What of the number the first draw did
    not use up is as uniform as the number was, so one is enough.
    """
    left, found = list(range(len(runners))), list[int]()
    while left:
        weights = [max(route.weights.get(runners[at].name, 1), 0) for at in left]
        total = sum(weights)
        if total == 0:
            return found + left
        at, chance = _drawn([weight / total for weight in weights], chance)
        found.append(left.pop(at))
    return found


def _drawn(shares: Sequence[float], chance: float) -> tuple[int, float]:
    """Where `chance` falls, and what is left of it."""
    low, last = 0.0, 0
    for at, share in enumerate(shares):
        if share and chance < low + share:
            return at, min(max((chance - low) / share, 0.0), _BELOW_ONE)
        low, last = low + share, at if share else last
    return last, _BELOW_ONE  # shares add up to a little less than one


def _fastest(runners: Sequence[Runner], chance: float) -> list[int]:
    """Whoever was never timed comes first: so every one is, once."""
    found = sorted(range(len(runners)), key=lambda at: _expected(runners[at].expected_s, runners[at]))
    if chance < EXPLORED:
        found.insert(0, found.pop(1 + int(chance / EXPLORED * (len(found) - 1))))
    return found


def _expected(known_s: float, runner: Runner) -> float:
    """Those ahead take their time first, as many at once as there are slots; a model has to be in memory."""
    memory = {"cold": _COLD_S, "loading": _LOADING_S}.get(runner.warmth, 0.0)
    return max(known_s, 0.0) * (1 + max(runner.ahead - runner.slots + 1, 0) / runner.slots) + memory


def _load(runner: Runner) -> float:
    memory = {"cold": 1.0, "loading": 0.5}.get(runner.warmth, 0.0)
    return runner.ahead / runner.slots + memory


def _fits(runner: Runner, limit_s: float) -> bool:
    if runner.warmth in ("cold", "loading") and limit_s <= _FITS_S["interactive"]:
        return False
    return _expected(runner.waits_s, runner) <= limit_s
