"""A recorded decision made again, from its record alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tidegate.core.decide.lifecycle.explained import TargetReading, explain
from tidegate.core.decide.lifecycle.facts import Document, WrongFact, read_receipt
from tidegate.core.decide.lifecycle.worst import Decided, TooMuchMissing, WorstReader
from tidegate.core.decide.policy import Policy
from tidegate.core.decide.preferences.policy import ordered
from tidegate.core.decide.preferences.rules import Ordered
from tidegate.core.decide.vocabulary import EXPIRED, IN_DOUBT, NOT_PROVEN
from tidegate.core.values.decision import Decision, Effect, TargetDecision

_ONLY_LOCAL = (NOT_PROVEN, EXPIRED, IN_DOUBT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """`recorded` is empty for facts that were never a record. `missed`: facts read as their worst value. `order`: what
    would be tried, in order, and `recorded_order` what was to be; None where the record does not say.
    """

    policy: str
    recorded_policy: str
    recorded: tuple[TargetDecision, ...]
    readings: tuple[TargetReading, ...]
    missed: tuple[str, ...]
    order: Ordered
    recorded_order: tuple[str, ...] | None = None

    @property
    def same_policy(self) -> bool:
        return self.recorded_policy == self.policy

    @property
    def agrees(self) -> bool:
        """Same effects by the same rules, target by target, and tried in the same order."""
        same_order = self.recorded_order is None or self.recorded_order == self.order.names
        return same_order and self.recorded == tuple(one.decided for one in self.readings)

    @property
    def ok(self) -> bool:
        """False only where the same policy with all facts decides otherwise than is recorded: that must not be."""
        return not self.recorded_policy or not self.same_policy or self.agrees or bool(self.missed)

    def as_json(self) -> dict[str, Any]:
        recorded = None
        if self.recorded_policy:
            recorded = {
                "policy": self.recorded_policy,
                "same_policy": self.same_policy,
                "agrees": self.agrees,
                "targets": [{**one._asdict(), "effect": one.effect.value} for one in self.recorded],
                "order": None if self.recorded_order is None else list(self.recorded_order),
            }
        return {
            "ok": self.ok,
            "policy": self.policy,
            "recorded": recorded,
            "missed": list(self.missed),
            "targets": [one.as_json() for one in self.readings],
            "order": self.order.as_json(),
        }


def again(policy: Policy, record: Mapping[str, Any]) -> Again:
    """An intent record, decided by `policy`. Raises WrongFact for a record that holds too little."""
    recorded = recorded_decision(record)
    # That day only local targets were served, and it decided so.
    for rule in _ONLY_LOCAL:
        if any(rule in one.rules for one in recorded):
            policy = policy.only_local(rule)
    found = _decided(policy, read_receipt(record))
    return Again(
        policy=policy.digest,
        recorded_policy=str(record.get("policy", "")),
        recorded=recorded,
        readings=_readings(policy, found),
        missed=_missed(found),
        order=order_of(policy, found),
        recorded_order=recorded_order(record) if "order" in record else None,
    )


def decide_written(policy: Policy, document: Document) -> Again:
    """Facts that a person wrote, decided by `policy`."""
    found = _decided(policy, document)
    return Again(
        policy=policy.digest,
        recorded_policy="",
        recorded=(),
        readings=_readings(policy, found),
        missed=_missed(found),
        order=order_of(policy, found),
    )


def recorded_decision(record: Mapping[str, Any]) -> tuple[TargetDecision, ...]:
    """Raises WrongFact for a record without one."""
    try:
        return tuple(
            TargetDecision(str(one["target"]), str(one["boundary"]), Effect(one["effect"]), tuple(one["rules"]))
            for one in record["decision"]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise WrongFact("it holds no decision", "it was written by a version that kept none") from error


def recorded_order(record: Mapping[str, Any]) -> tuple[str, ...]:
    """What was to be tried, in order; of an older record, what it permitted, in its order. Raises WrongFact."""
    order = record.get("order")
    if order is None:
        return tuple(one.target for one in Decision(recorded_decision(record), "").permitted)
    try:
        return tuple(str(one) for one in order["targets"])
    except (KeyError, TypeError) as error:
        raise WrongFact("its order cannot be read", "the record was not written by us") from error


def order_of(policy: Policy, found: Sequence[Decided]) -> Ordered:
    """What `policy` would try, in order. All of one request."""
    if not found:
        return Ordered(())
    decision = Decision(tuple(one.decision for one in found), policy.digest)
    return ordered(policy, found[0].request, [one.target for one in found], decision)


def _decided(policy: Policy, document: Document) -> list[Decided]:
    try:
        return WorstReader(policy).decide(document)
    except TooMuchMissing as error:
        raise WrongFact("too many facts are missing that rules read", "it was written by an older version") from error


def _readings(policy: Policy, found: Sequence[Decided]) -> tuple[TargetReading, ...]:
    return tuple(explain(policy, one.request, one.target) for one in found)


def _missed(found: Sequence[Decided]) -> tuple[str, ...]:
    return found[0].missed if found else ()
