"""How a name under `[models]` is routed, and what one target bears."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, get_args

from tidegate.config import kinds
from tidegate.config.forms import setting, values
from tidegate.config.kinds import near
from tidegate.core.values.route import HEDGED, Lane, Route, Strategy

_TARGET = kinds.text("the name of a target", pattern=kinds.NAME, example="on-prem")


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTable:
    strategy: str = setting(
        kinds.choice(*get_args(Strategy)),
        "Who of the permitted targets is tried first: the first in the list; one by `weights`; the one that has been "
        "quickest of late; the one with the fewest requests ahead. Preferences of a policy go before it.",
        default="ordered",
    )
    weights: Mapping[str, int] = values(
        kinds.whole(0, 1000), _TARGET, "Shares for `weighted`; 1 where nothing is said, and 0 only where others fail."
    )
    retries: int = setting(
        kinds.whole(0, 10),
        "How often a target is tried again, after all others, where trying again is harmless and may help.",
        default=1,
    )
    wait_s: float = setting(
        kinds.seconds(0, 600),
        "How long a request may wait, all in all, for a turn, a rest or a model that loads. A caller's shorter budget "
        "goes before it.",
        default=10,
    )
    hedge: tuple[str, ...] = setting(
        kinds.many(kinds.choice("embeddings", "count_tokens", "chat"), "a list of operations"),
        "Operations of which a second permitted target with the same model is asked while the first is slow.",
        default=list(HEDGED),
    )
    hedge_after_ms: int = setting(
        kinds.whole(0, 60_000), "How slow that is; 0: twice what it usually takes.", default=0
    )


class Borne(Protocol):
    """The part of a target's table that is about what it bears."""

    @property
    def concurrency(self) -> int: ...
    @property
    def queue(self) -> int: ...
    @property
    def queue_timeout_s(self) -> float: ...


def route(table: RouteTable) -> Route:
    return Route(
        strategy=table.strategy,  # type: ignore[arg-type]  # the declared choice is Strategy
        weights=table.weights,
        retries=table.retries,
        wait_s=table.wait_s,
        hedged=frozenset(table.hedge),
        hedge_after_s=table.hedge_after_ms / 1000,
    )


def lane(table: Borne) -> Lane:
    return Lane(most=table.concurrency, queue=table.queue, queue_s=table.queue_timeout_s)


def disagreements(name: str, table: RouteTable, models: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """(key within the route's table, what is wrong). What could not be read is falsy, and passed over."""
    if name not in models:
        yield "", f"there is no model {name}{near(name, models)}; add it under [models] or remove the route"
        return
    if table.weights and table.strategy and table.strategy != "weighted":
        yield "weights", 'they only count with strategy = "weighted"; write it, or remove them'
    for target in table.weights or ():
        if models[name] and target not in models[name]:
            yield "weights", f"models.{name} does not name {target}{near(target, models[name])}; correct it"
