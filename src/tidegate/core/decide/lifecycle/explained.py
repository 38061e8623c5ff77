"""Why a policy decides as it does about one request: target by target, action by action, rule by rule."""

from dataclasses import dataclass
from typing import Any

from tidegate.core.decide.expressions import Atom, atoms, holds
from tidegate.core.decide.lifecycle.facts import plain
from tidegate.core.decide.lifecycle.words import atom_text, deciding, read_by, value_of, value_text
from tidegate.core.decide.policy import ActionOutcome, Policy
from tidegate.core.decide.rules import Rule
from tidegate.core.values.decision import TargetDecision
from tidegate.core.values.facts import RequestFacts, TargetFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTest:
    """One test of a condition. `decides`: had it come out otherwise, the condition might have."""

    text: str
    values: tuple[str, ...]
    holds: bool
    decides: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleReading:
    rule: Rule
    holds: bool
    tests: tuple[FactTest, ...]

    def as_json(self) -> dict[str, Any]:
        rule = self.rule
        return {
            "id": rule.id,
            "effect": rule.effect,
            "actions": list(rule.actions),
            "holds": self.holds,
            "file": rule.file,
            "line": rule.line,
            "reason": rule.reason,
            "tests": [
                {"text": one.text, "values": list(one.values), "holds": one.holds, "decides": one.decides}
                for one in self.tests
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetReading:
    """`decided` is the compiled function's answer; `actions` and `rules` come from the plain reading."""

    request: RequestFacts
    target: TargetFacts
    decided: TargetDecision
    actions: tuple[ActionOutcome, ...]
    rules: tuple[RuleReading, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "target": self.target.target,
            "boundary": self.target.boundary,
            "effect": self.decided.effect.value,
            "rules": list(self.decided.rules),
            "actions": [
                {
                    "action": one.action,
                    "permitted": one.permitted,
                    "permits": list(one.permits),
                    "forbids": list(one.forbids),
                }
                for one in self.actions
            ],
            "read": [one.as_json() for one in self.rules],
            "facts": plain(self.request),
            "target_facts": plain(self.target),
        }


def explain(policy: Policy, request: RequestFacts, target: TargetFacts) -> TargetReading:
    (decided,) = policy.decide(request, [target]).targets
    return TargetReading(
        request=request,
        target=target,
        decided=decided,
        actions=policy.explain(request, target),
        rules=tuple(_reading(rule, request, target) for rule in policy.rules),
    )


def _reading(rule: Rule, request: RequestFacts, target: TargetFacts) -> RuleReading:
    because = set(deciding(rule.condition, request, target))
    tests = tuple(
        _tested(atom, request, target, decides=atom in because) for atom in dict.fromkeys(atoms(rule.condition))
    )
    return RuleReading(rule=rule, holds=holds(rule.condition, request, target), tests=tests)


def _tested(atom: Atom, request: RequestFacts, target: TargetFacts, *, decides: bool) -> FactTest:
    values = tuple(value_text(one, value_of(one, request, target)) for one in read_by(atom))
    return FactTest(text=atom_text(atom), values=values, holds=holds(atom, request, target), decides=decides)
