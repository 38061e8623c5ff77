"""A model of the solver into a request that a person can read: few labels, and the best contract that still breaks."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from tidegate.core.decide.encode import Term, World
from tidegate.core.decide.expressions import holds
from tidegate.core.decide.policy import Policy
from tidegate.core.decide.proof import Counterexample
from tidegate.core.decide.rules import Invariant
from tidegate.core.decide.space import other_than
from tidegate.core.decide.vocabulary import ATTRIBUTES, LABELS, LEVEL, Attribute, FactType, Side
from tidegate.core.values.errors import ConfigError
from tidegate.core.values.facts import RequestFacts, TargetFacts
from tidegate.core.values.labels import close, level

# What a fact is where nothing speaks against it: an ordinary request, and a cloud with the best of contracts.
# One that is not listed is empty, or no.
_ORDINARY: Mapping[str, str | bool] = {
    "principal.id": "anyone",
    "principal.key": "key",
    "principal.team": "",
    "principal.tenant": "default",
    "resource.name": "target",
    "resource.boundary": "boundary",
    "resource.kind": "cloud",
    "resource.region": "",
    "resource.retention": "zero",
    "resource.training": "never",
    "resource.tier": "enterprise",
    "resource.contract": True,
    "resource.baa": True,
    "resource.dpa": True,
    "resource.capabilities_agreed": True,
    "resource.fields_known": True,
    "resource.approval": "unknown",
    "resource.health": "unknown",
    "context.session_level": "public",
    "context.residency": "",
    "context.workload": "",
    "context.budget": "unknown",
    "context.weekday": "monday",
    "context.hour": "12",
    "context.dialect": "openai",
    "context.operation": "chat",
    "context.tools_offered": False,
    "context.detectors_failed": False,
}


def counterexample(solver: Any, broken: Term, world: World, policy: Policy, invariant: Invariant) -> Counterexample:
    """The smallest request found for which `broken` is true, decided again by the compiled function.

    Raises ConfigError where that function says otherwise: then what was proven is not what runs.
    """
    request, target = plainest(solver, broken, world)
    decided = policy.decide(request, [target]).targets[0]
    if decided.effect not in invariant.never or not holds(invariant.when, request, target):
        raise ConfigError(
            [f"the proof of {invariant.id} and the compiled policy disagree; this is a defect of tidegate: report it"]
        )
    return Counterexample(request=request, target=target, effect=decided.effect, rules=decided.rules)


def plainest(solver: Any, broken: Term, world: World) -> tuple[RequestFacts, TargetFacts]:
    """The smallest request and target found for which `broken` is true, which must be possible.

    Raises ConfigError where the solver runs out of time.
    """
    return _facts(_smallest(solver, broken, world), world)


def ordinary(attribute: Attribute) -> str | bool:
    """What a string or a yes-or-no fact is where nothing speaks against it."""
    return _ORDINARY.get(attribute.path, False if attribute.kind is FactType.FLAG else "")


def _smallest(solver: Any, broken: Term, world: World) -> Any:
    """Keeps each wish that still leaves a model. The last check is one that was satisfiable."""
    kept = [broken]
    for wish in _wishes(world):
        if str(solver.check(*kept, wish)) == "sat":
            kept.append(wish)
    if str(solver.check(*kept)) != "sat":
        raise ConfigError(["the solver ran out of time while it made a counterexample readable; simplify the policy"])
    return solver.model()


def _wishes(world: World) -> Iterator[Term]:
    for attribute in world.members:
        yield from (world.absent(term) for term in reversed(world.unnamed[attribute].values()))
        yield from (world.absent(term) for term in reversed(world.members[attribute].values()))
    for attribute, term in world.flags.items():
        yield term == bool(ordinary(attribute))
    for attribute, term in world.strings.items():
        if attribute != LEVEL:
            yield term == world.code(str(ordinary(attribute)))
            yield world.fitting(attribute)


def _facts(model: Any, world: World) -> tuple[RequestFacts, TargetFacts]:
    others: list[int] = []
    found: dict[Side, dict[str, Any]] = {Side.REQUEST: {}, Side.TARGET: {}}
    for attribute in ATTRIBUTES.values():
        if attribute.kind is FactType.SET:
            found[attribute.side][attribute.fact] = _members(model, world, attribute)
        elif attribute != LEVEL:
            found[attribute.side][attribute.fact] = _scalar(model, world, attribute, others)
    labels = cast("frozenset[str]", found[Side.REQUEST]["labels"])
    return RequestFacts(**found[Side.REQUEST], level=level(labels)), TargetFacts(**found[Side.TARGET])


def _scalar(model: Any, world: World, attribute: Attribute, others: list[int]) -> str | bool:
    if attribute in world.flags:
        return bool(model.eval(world.flags[attribute], model_completion=True))
    if attribute in world.strings:
        return world.value(model.eval(world.strings[attribute], model_completion=True).as_long(), others)
    return ordinary(attribute)


def _members(model: Any, world: World, attribute: Attribute) -> frozenset[str]:
    if attribute not in world.members:
        return frozenset()
    here = {name for name, term in world.members[attribute].items() if model.eval(term, model_completion=True)}
    nodes = [node for node, term in world.unnamed[attribute].items() if model.eval(term, model_completion=True)]
    if attribute == LABELS and world.space.labels:
        return close(frozenset(here | {world.space.labels.unnamed(node) for node in nodes}))
    return frozenset(here | {other_than(world.members[attribute]) for _ in nodes})
