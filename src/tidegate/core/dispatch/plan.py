"""Which targets, in which order, and when the next one may be tried: never outside what policy permitted."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from tidegate.core.values.decision import Decision, TargetDecision
from tidegate.core.values.errors import BadRequest
from tidegate.core.values.facts import TargetFacts
from tidegate.core.values.target import Contract, Target

# The target is unwell or busy. Any other status is an answer to this request and goes to the client as it is:
# a refusal on content never falls through to another boundary.
_TRY_NEXT = frozenset((408, 429, 500, 502, 503, 504, 529))


def candidates(models: Mapping[str, Sequence[Target]], model: str) -> Sequence[Target]:
    """Best first. Raises BadRequest for a model that nobody configured."""
    found = models.get(model)
    if found is None:
        known = ", ".join(sorted(models))
        raise BadRequest("model_not_found", f"No such model. There are: {known}.", status=404, param="model")
    return found


def attempts(decision: Decision) -> Sequence[TargetDecision]:
    """Candidate order is preference order; policy only removes."""
    return decision.permitted


def may_fall_back(status: int) -> bool:
    return status in _TRY_NEXT


def facts_of(target: Target, *, rest: frozenset[str], today: date) -> TargetFacts:
    """A target's declared facts at the day of deciding. What no contract in force states reads as the worst."""
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
        fields_known=rest <= target.allow_fields,
    )


def day(ns: int) -> date:
    """The day in UTC, of nanoseconds since the epoch."""
    return _day(ns // 86_400_000_000_000)


@lru_cache(maxsize=4)
def _day(number: int) -> date:
    return date.fromordinal(date(1970, 1, 1).toordinal() + number)


def in_force(contract: Contract, today: date) -> bool:
    """No date is expired; the last day still counts."""
    return contract.expires is not None and today <= contract.expires
