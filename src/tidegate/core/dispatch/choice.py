"""In which order permitted targets are tried. What goes in comes out, permuted: nothing is added, nothing is left out,
and whoever is not permitted is not even seen.

Chance is one number, uniform in [0, 1): the same state and the same number give the same order.
"""

from collections.abc import Mapping, Sequence
from math import inf
from typing import NamedTuple

from tidegate.core.values.facts import Latency
from tidegate.core.values.route import Route, Warmth

EXPLORED = 0.05
"""So often a choice by speed tries another one first, or it would never learn that a slow target has recovered."""

_MEMORY_S: Mapping[Warmth, float] = {"unknown": 0.0, "warm": 0.0, "loading": 5.0, "cold": 10.0}
_MEMORY_LOAD: Mapping[Warmth, float] = {"unknown": 0.0, "warm": 0.0, "loading": 0.5, "cold": 1.0}
_BELOW_ONE = 1 - 2**-53
_FITS_S: Mapping[Latency, float] = {"interactive": 2.0, "normal": 30.0}


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
        found = _by([_load(runner) for runner in runners])
    else:
        found = list(range(len(runners)))
    limit_s = _FITS_S.get(latency, inf)
    misfits = [2 * runner.resting + (limit_s < inf and not _fits(runner, limit_s)) for runner in runners]
    if any(misfits):
        found.sort(key=misfits.__getitem__)  # sorting is stable: among those that fit alike, the strategy's order stays
    return tuple(found)


def _by(figures: Sequence[float]) -> list[int]:
    return sorted(range(len(figures)), key=figures.__getitem__)


def _weighted(runners: Sequence[Runner], route: Route, chance: float) -> list[int]:
    """Drawn one after the other, each by its weight among those that are left. What of the number a draw did not use up
    is as uniform as the number was, so one is enough for all of them.
    """
    shares = [route.weights.get(runner.name, 1) for runner in runners]
    left, total, found = list(range(len(runners))), sum(shares), list[int]()
    while total > 0 and len(left) > 1:
        point, low = chance * total, 0
        for at in left:
            if point < low + shares[at]:
                break
            low += shares[at]
        else:  # rounding, at the very end
            at = max(one for one in left if shares[one])
            point = low = total
        chance = min((point - low) / shares[at], _BELOW_ONE)
        found.append(at)
        left.remove(at)
        total -= shares[at]
    return found + left


def _fastest(runners: Sequence[Runner], chance: float) -> list[int]:
    """Whoever was never timed comes first: so every one is, once."""
    found = _by([_expected(runner.expected_s, runner) for runner in runners])
    if chance < EXPLORED:
        found.insert(0, found.pop(1 + int(chance / EXPLORED * (len(found) - 1))))
    return found


def _expected(known_s: float, runner: Runner) -> float:
    """Those ahead take their time first, as many at once as there are slots; a model has to be in memory."""
    seconds = max(known_s, 0.0)
    if runner.ahead >= runner.slots:
        seconds *= 1 + (runner.ahead - runner.slots + 1) / runner.slots
    return seconds + _MEMORY_S[runner.warmth]


def _load(runner: Runner) -> float:
    return runner.ahead / runner.slots + _MEMORY_LOAD[runner.warmth]


def _fits(runner: Runner, limit_s: float) -> bool:
    if limit_s <= _FITS_S["interactive"] and runner.warmth in ("cold", "loading"):
        return False
    return _expected(runner.waits_s, runner) <= limit_s
