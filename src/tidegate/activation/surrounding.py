"""What surrounds a policy here: what the configuration declares, and what becomes of each of its ways."""

import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict

from tidegate import app
from tidegate.activation.desk import closed_here
from tidegate.adapters.policy.bundles import Bundle
from tidegate.config import Settings
from tidegate.config.ways import ways_of
from tidegate.core.decide.bundle.manifest import SURROUNDINGS, Untrusted
from tidegate.core.decide.bundle.surroundings import (
    Surroundings,
    promises_more,
    read_surroundings,
    surroundings_of,
)
from tidegate.core.decide.policy import Policy
from tidegate.core.decide.ways.search import example
from tidegate.core.decide.ways.survey import Ask, Found, Verdict, knowingly, mistakes_of, survey
from tidegate.core.dispatch import plan
from tidegate.core.values.errors import ConfigError


def surroundings_here(settings: Settings, labels: Callable[[], Iterable[str]] | None = None) -> Surroundings:
    """What the configuration declares and what is looked for. Raises ConfigError."""
    beside = {name: asdict(table) for name, table in settings.detectors.items()}
    found = labels() if labels else app.labels_found(settings)
    return surroundings_of(settings.targets.values(), found, beside)


def pinned(bundle: Bundle) -> Surroundings | None:
    """What the bundle takes for granted; None where it says nothing of it. Raises ConfigError."""
    if SURROUNDINGS not in bundle.members:
        return None
    try:
        return read_surroundings(bundle.members[SURROUNDINGS])
    except Untrusted as error:
        raise ConfigError([f"{bundle.where}: {error}"]) from None


def check_surroundings(settings: Settings, bundle: Bundle, labels: Callable[[], Iterable[str]] | None) -> None:
    """Raises ConfigError where what is here promises more than the bundle was signed for."""
    taken = pinned(bundle)
    if taken is None:
        return
    mistakes = promises_more(surroundings_here(settings, labels), taken)
    if mistakes:
        raise ConfigError([f"{one}; correct the configuration, or sign the policy for it" for one in mistakes])


def ways_here(
    settings: Settings, policy: Policy, ask: Ask = example, *, closed: Collection[str] | None = ()
) -> list[Found]:
    """What becomes of every way of the configuration under a policy, today. `closed`: see `opened`."""
    return knowingly(survey(policy, ways_of(settings, plan.day(time.time_ns())), ask), closed)


def proven_ways(settings: Settings, policy: Policy) -> list[Found]:
    """The same, answered by the solver. Imports z3.

    Raises ConfigError where it and the quick answer differ, which would be a defect of tidegate.
    """
    from tidegate.core.decide.ways import solver

    closed = closed_here(settings)
    quick, proven = (ways_here(settings, policy, ask, closed=closed) for ask in (example, solver.example))
    for one, other in zip(quick, proven, strict=True):
        if one.verdict is not other.verdict and Verdict.UNDECIDED not in (one.verdict, other.verdict):
            raise ConfigError([f"{one.way.path}: two answers differ; this is a defect of tidegate: report it"])
    return proven


def check_ways(settings: Settings, policy: Policy, closed: Collection[str] | None) -> tuple[Found, ...]:
    """Those that are idle or closed. Raises ConfigError where another leads nowhere, or carries what may not go."""
    found = ways_here(settings, policy, closed=closed)
    if wrong := mistakes_of(found):
        raise ConfigError(wrong)
    return tuple(one for one in found if one.verdict in (Verdict.IDLE, Verdict.CLOSED))
