"""Every way by which a configuration lets something leave, each with its path in the file.

A new thing that sends anything anywhere is one more line in `STANDING`: the policy is held against it from then on,
wherever a configuration is loaded or a policy activated.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from tidegate.config.settings import Settings
from tidegate.config.workloads import bound
from tidegate.core.decide.ways.terms import Leads, Terms, content, leads, nobody, working
from tidegate.core.decide.ways.way import Carries, Way
from tidegate.core.dispatch import plan
from tidegate.core.dispatch.provenance import may_be_asked
from tidegate.core.values.target import Boundary, Contract, Target


def ways_of(settings: Settings, today: date) -> list[Way]:
    """In the order of the file: aliases, what workloads name, then what goes without being asked about."""
    ends = {name: _leads(target, today) for name, target in settings.targets.items()}
    callers = {name: working(name, bound(table)) for name, table in settings.workloads.items()}
    return [
        *_aliases(settings, ends, callers),
        *_cached(settings, ends, callers),
        *_named_by_workloads(settings, ends, callers),
        *_mcp(settings, today, callers),
        *(way for source in STANDING for way in source(settings, today)),
    ]


def standing_way(path: str, carries: Carries, boundary: Boundary | None, contract: Contract | None, today: date) -> Way:
    """A way that nobody asks the policy about each time. `boundary`: None where the configuration names none."""
    if boundary is None:
        return Way(path=path, carries=carries, leads=None, contexts=(content(),))
    end = Target(name=path, provider="", url="", model="", boundary=boundary, contract=contract)
    return Way(path=path, carries=carries, leads=_leads(end, today), contexts=(content(),))


def _aliases(settings: Settings, ends: Mapping[str, Leads], callers: Mapping[str, Terms]) -> Iterator[Way]:
    """Of whoever may ask for the model: a request of no workload, or of one that the alias is open to."""
    unbound = nobody()
    for model, candidates in settings.models.items():
        bidden = [name for name, table in settings.workloads.items() if model in (table.models or (model,))]
        contexts = (unbound, *(callers[name] for name in bidden))
        for place, target in enumerate(candidates):
            path = f"models.{model}[{place}] -> targets.{target}"
            yield Way(path=path, carries=Carries.REQUEST, leads=ends[target], contexts=contexts)


def _cached(settings: Settings, ends: Mapping[str, Leads], callers: Mapping[str, Terms]) -> Iterator[Way]:
    """An answer is given again only to whom policy permits the target that gave it, asked each time."""
    if settings.cache.bytes:
        yield from (replace(way, path=f"cache -> {way.path}") for way in _aliases(settings, ends, callers))


def _named_by_workloads(settings: Settings, ends: Mapping[str, Leads], callers: Mapping[str, Terms]) -> Iterator[Way]:
    """A workload that names no model may ask for each, and names no target by it."""
    for name, table in settings.workloads.items():
        context = (callers[name],)
        for model in table.models or ():
            for place, target in enumerate(settings.models.get(model, ())):
                path = f"workloads.{name} -> models.{model}[{place}] -> targets.{target}"
                yield Way(path=path, carries=Carries.REQUEST, leads=ends[target], contexts=context)


def _mcp(settings: Settings, today: date, callers: Mapping[str, Terms]) -> Iterator[Way]:
    """What clients of `tidegate mcp` are told is asked about each time. Without a boundary they are told nothing."""
    if settings.mcp.boundary.name in settings.boundaries:
        path = f"mcp.boundary -> boundaries.{settings.mcp.boundary.name}"
        contexts = (nobody(), *callers.values())
        yield Way(path=path, carries=Carries.REQUEST, leads=_leads(settings.mcp, today), contexts=contexts)


def _webhooks(settings: Settings, today: date) -> Iterator[Way]:
    """What is told of reviews."""
    for name, table in settings.review.webhooks.items():
        yield standing_way(f"review.webhooks.{name}", Carries.NAMES, settings.boundaries[table.boundary], None, today)


def _probes(settings: Settings, today: date) -> Iterator[Way]:
    """Targets are asked for their models and how they are: by `tidegate doctor`, and beside all requests."""
    askers = ["doctor", *(["upstream.probe_interval_s"] if settings.upstream.probe_interval_s else [])]
    for asker in askers:
        for name, target in settings.targets.items():
            path = f"{asker} -> targets.{name}"
            yield standing_way(path, Carries.CREDENTIAL, target.boundary, target.contract, today)
    for name, target in settings.targets.items():
        if may_be_asked(target):
            path = f"provenance -> targets.{name}"
            yield standing_way(path, Carries.CREDENTIAL, target.boundary, target.contract, today)


STANDING: tuple[Callable[[Settings, date], Iterator[Way]], ...] = (_webhooks, _probes)


def _leads(target: Target, today: date) -> Leads:
    contract = target.contract
    return leads(
        plan.facts_of(target, rest=frozenset(), today=today),
        agreed=contract.capabilities if contract and plan.in_force(contract, today) else frozenset(),
        region_stated=bool(target.boundary.region),
    )
