"""A recorded decision made again, from its record alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tidegate.core.decide.lifecycle.explained import TargetReading, explain
from tidegate.core.decide.lifecycle.facts import Document, WrongFact, read_receipt
from tidegate.core.decide.lifecycle.worst import TooMuchMissing, WorstReader
from tidegate.core.decide.policy import Policy
from tidegate.core.decide.vocabulary import NOT_PROVEN
from tidegate.core.values.decision import Effect, TargetDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """`recorded` is empty for facts that were never a record. `missed`: facts read as their worst value."""

    policy: str
    recorded_policy: str
    recorded: tuple[TargetDecision, ...]
    readings: tuple[TargetReading, ...]
    missed: tuple[str, ...]

    @property
    def same_policy(self) -> bool:
        return self.recorded_policy == self.policy

    @property
    def agrees(self) -> bool:
        """Same effects by the same rules, target by target, in the same order."""
        return self.recorded == tuple(one.decided for one in self.readings)

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
            }
        return {
            "ok": self.ok,
            "policy": self.policy,
            "recorded": recorded,
            "missed": list(self.missed),
            "targets": [one.as_json() for one in self.readings],
        }


def again(policy: Policy, record: Mapping[str, Any]) -> Again:
    """An intent record, decided by `policy`. Raises WrongFact for a record that holds too little."""
    recorded = recorded_decision(record)
    if any(NOT_PROVEN in one.rules for one in recorded):
        policy = policy.only_local()  # that day it had not been proven yet, and decided so
    readings, missed = _read(policy, read_receipt(record))
    return Again(
        policy=policy.digest,
        recorded_policy=str(record.get("policy", "")),
        recorded=recorded,
        readings=readings,
        missed=missed,
    )


def decide_written(policy: Policy, document: Document) -> Again:
    """Facts that a person wrote, decided by `policy`."""
    readings, missed = _read(policy, document)
    return Again(policy=policy.digest, recorded_policy="", recorded=(), readings=readings, missed=missed)


def recorded_decision(record: Mapping[str, Any]) -> tuple[TargetDecision, ...]:
    """Raises WrongFact for a record without one."""
    try:
        return tuple(
            TargetDecision(str(one["target"]), str(one["boundary"]), Effect(one["effect"]), tuple(one["rules"]))
            for one in record["decision"]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise WrongFact("it holds no decision", "it was written by a version that kept none") from error


def _read(policy: Policy, document: Document) -> tuple[tuple[TargetReading, ...], tuple[str, ...]]:
    try:
        found = WorstReader(policy).decide(document)
    except TooMuchMissing as error:
        raise WrongFact("too many facts are missing that rules read", "it was written by an older version") from error
    return tuple(explain(policy, one.request, one.target) for one in found), _missed([one.missed for one in found])


def _missed(rows: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return rows[0] if rows else ()
