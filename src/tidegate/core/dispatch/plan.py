"""Which targets, in which order, and when the next one may be tried: never outside what policy permitted."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import get_args

from tidegate.core.values.caller import Caller
from tidegate.core.values.envelope import Envelope
from tidegate.core.values.errors import BadRequest
from tidegate.core.values.facts import Health, Moment, TargetFacts, Weekday
from tidegate.core.values.route import Wanted
from tidegate.core.values.target import Contract, Target

_WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
_NOTHING: frozenset[str] = frozenset()


def candidates(models: Mapping[str, Sequence[Target]], model: str) -> Sequence[Target]:
    """Best first. Raises BadRequest for a model that nobody configured."""
    found = models.get(model)
    if found is None:
        known = ", ".join(sorted(models))
        raise BadRequest("model_not_found", f"No such model. There are: {known}.", status=404, param="model")
    return found


def wanted(envelope: Envelope, caller: Caller, *, as_ordered: bool) -> Wanted:
    """What choosing among the permitted ones may look at. `as_ordered`: policy has said which goes first."""
    return Wanted(
        envelope.original_model,
        (caller.tenant, caller.key_id),
        caller.latency,
        envelope.operation,
        envelope.stream,
        envelope.capabilities,
        as_ordered,
    )


def facts_of(
    target: Target,
    *,
    rest: frozenset[str],
    today: date,
    capabilities: frozenset[str] = _NOTHING,
    health: Health = "unknown",
) -> TargetFacts:
    """A target's declared facts at the day of deciding. What no contract in force states reads as the worst.

    `rest`: fields that the dialect does not model. `capabilities`: what the request asks for beyond an answer.
    """
    contract = target.contract if target.contract and in_force(target.contract, today) else Contract()
    return TargetFacts(
        target=target.name,
        boundary=target.boundary.name,
        kind=target.boundary.kind,
        region=target.boundary.region or contract.region,
        contract=contract is target.contract,
        retention=contract.retention,
        training=contract.training,
        tier=contract.tier,
        baa=contract.baa,
        dpa=contract.dpa,
        capabilities_agreed=capabilities <= contract.capabilities,
        fields_known=rest <= target.allow_fields,
        approval=target.approval,
        health=health,
    )


def day(ns: int) -> date:
    """The day in UTC, of nanoseconds since the epoch."""
    return moment(ns).day


def moment(ns: int) -> Moment:
    """Day, weekday and hour in UTC, of nanoseconds since the epoch."""
    return _moment(ns // 3_600_000_000_000)


@lru_cache(maxsize=4)
def _moment(hours: int) -> Moment:
    days, hour = divmod(hours, 24)
    today = date.fromordinal(date(1970, 1, 1).toordinal() + days)
    return Moment(today, _WEEKDAYS[today.weekday()], f"{hour:02}")


def in_force(contract: Contract, today: date) -> bool:
    """No date is expired; the last day still counts."""
    return contract.expires is not None and today <= contract.expires
