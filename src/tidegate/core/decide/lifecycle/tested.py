"""A policy's cases, run; and which of its rules they exercise."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tidegate.core.decide.expressions import holds
from tidegate.core.decide.lifecycle import orders
from tidegate.core.decide.lifecycle.cases import Case
from tidegate.core.decide.lifecycle.orders import OrderCase, OrderOutcome
from tidegate.core.decide.policy import Policy
from tidegate.core.decide.preferences.policy import PREFERENCES, preferences_of
from tidegate.core.values.decision import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOutcome:
    """What became of a case. `why` is empty where that is what it says."""

    case: Case
    effect: Effect
    rules: tuple[str, ...]
    why: str

    @property
    def ok(self) -> bool:
        return not self.why

    def as_json(self) -> dict[str, Any]:
        case = self.case
        return {
            "name": case.name,
            "ok": self.ok,
            "file": case.file,
            "line": case.line,
            "expected": {
                "effect": case.effect.value,
                "rules": None if case.rules is None else sorted(case.rules),
            },
            "found": {"effect": self.effect.value, "rules": list(self.rules)},
            "why": self.why,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleUse:
    """In how many cases a rule's condition held, and in how many it decided: of a preference, dropped or moved."""

    id: str
    file: str
    line: int
    fired: int
    decided: int

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "fired": self.fired, "decided": self.decided}


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesReport:
    policy: str
    outcomes: tuple[CaseOutcome | OrderOutcome, ...]
    rules: tuple[RuleUse, ...]
    preferences: tuple[RuleUse, ...] = ()

    @property
    def ok(self) -> bool:
        return all(one.ok for one in self.outcomes)

    @property
    def failed(self) -> tuple[CaseOutcome | OrderOutcome, ...]:
        return tuple(one for one in self.outcomes if not one.ok)

    @property
    def never(self) -> tuple[RuleUse, ...]:
        """Rules whose condition held in no case: nobody would notice what they do."""
        return tuple(rule for rule in self.rules if not rule.fired)

    @property
    def never_moved(self) -> tuple[RuleUse, ...]:
        """Preferences that drop or move nothing in any case."""
        return tuple(one for one in self.preferences if not one.decided)

    @property
    def fired(self) -> float:
        """The share of rules whose condition held in a case."""
        return 1 - len(self.never) / len(self.rules) if self.rules else 1.0

    @property
    def decided(self) -> float:
        """The share of rules that decided a case."""
        return sum(bool(rule.decided) for rule in self.rules) / len(self.rules) if self.rules else 1.0

    def as_json(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "policy": self.policy,
            "cases": len(self.outcomes),
            "failed": len(self.failed),
            "coverage": {"fired": round(self.fired, 4), "decided": round(self.decided, 4)},
            "never": [rule.id for rule in self.never],
            "rules": [rule.as_json() for rule in self.rules],
            "preferences": [one.as_json() for one in self.preferences],
            "results": [one.as_json() for one in self.outcomes],
        }


def run_cases(policy: Policy, cases: Sequence[Case], order_cases: Sequence[OrderCase] = ()) -> CasesReport:
    outcomes = tuple(_outcome(policy, case) for case in cases)
    decided = Counter(name for one in outcomes for name in set(one.rules))
    fired = Counter(
        rule.id for case in cases for rule in policy.rules if holds(rule.condition, case.request, case.target)
    )
    rules = tuple(
        RuleUse(id=rule.id, file=rule.file, line=rule.line, fired=fired[rule.id], decided=decided[rule.id])
        for rule in policy.rules
    )
    tried = tuple(orders.outcome(policy, case) for case in order_cases)
    return CasesReport(
        policy=policy.digest, outcomes=(*outcomes, *tried), rules=rules, preferences=_preferences(policy, tried)
    )


def _preferences(policy: Policy, tried: Sequence[OrderOutcome]) -> tuple[RuleUse, ...]:
    acted = Counter(name for one in tried for name in one.found.rules)
    return tuple(
        RuleUse(
            id=rule.id,
            file=PREFERENCES,
            line=rule.line,
            fired=sum(rule.applies(one.case.request) for one in tried),
            decided=acted[rule.id],
        )
        for rule in preferences_of(policy).rules
    )


def _outcome(policy: Policy, case: Case) -> CaseOutcome:
    (found,) = policy.decide(case.request, [case.target]).targets
    by = ", ".join(found.rules)
    why = ""
    if found.effect is not case.effect:
        why = f"expected {case.effect}, found {found.effect} by {by}"
    elif case.rules is not None and case.rules != frozenset(found.rules):
        why = f"expected {case.effect} by {', '.join(sorted(case.rules))}, found it by {by}"
    return CaseOutcome(case=case, effect=found.effect, rules=found.rules, why=why)
