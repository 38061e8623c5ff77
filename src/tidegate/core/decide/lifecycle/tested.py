"""A policy's cases, run; and which of its rules they exercise."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tidegate.core.decide.expressions import holds
from tidegate.core.decide.lifecycle.cases import Case
from tidegate.core.decide.policy import Policy
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
    """In how many cases a rule's condition held, and in how many it decided."""

    id: str
    file: str
    line: int
    fired: int
    decided: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesReport:
    policy: str
    outcomes: tuple[CaseOutcome, ...]
    rules: tuple[RuleUse, ...]

    @property
    def ok(self) -> bool:
        return all(one.ok for one in self.outcomes)

    @property
    def failed(self) -> tuple[CaseOutcome, ...]:
        return tuple(one for one in self.outcomes if not one.ok)

    @property
    def never(self) -> tuple[RuleUse, ...]:
        """Rules whose condition held in no case: nobody would notice what they do."""
        return tuple(rule for rule in self.rules if not rule.fired)

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
            "rules": [{"id": rule.id, "fired": rule.fired, "decided": rule.decided} for rule in self.rules],
            "results": [one.as_json() for one in self.outcomes],
        }


def run_cases(policy: Policy, cases: Sequence[Case]) -> CasesReport:
    outcomes = tuple(_outcome(policy, case) for case in cases)
    decided = Counter(name for one in outcomes for name in set(one.rules))
    fired = Counter(
        rule.id for case in cases for rule in policy.rules if holds(rule.condition, case.request, case.target)
    )
    rules = tuple(
        RuleUse(id=rule.id, file=rule.file, line=rule.line, fired=fired[rule.id], decided=decided[rule.id])
        for rule in policy.rules
    )
    return CasesReport(policy=policy.digest, outcomes=outcomes, rules=rules)


def _outcome(policy: Policy, case: Case) -> CaseOutcome:
    (found,) = policy.decide(case.request, [case.target]).targets
    by = ", ".join(found.rules)
    why = ""
    if found.effect is not case.effect:
        why = f"expected {case.effect}, found {found.effect} by {by}"
    elif case.rules is not None and case.rules != frozenset(found.rules):
        why = f"expected {case.effect} by {', '.join(sorted(case.rules))}, found it by {by}"
    return CaseOutcome(case=case, effect=found.effect, rules=found.rules, why=why)
