"""A policy, compiled: what it decides, why, and by which digest anyone can tell it from another."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tidegate.core.decide.expressions import holds
from tidegate.core.decide.generate import Function, function_of
from tidegate.core.decide.invariants import read_invariants
from tidegate.core.decide.reading import MAX_RULES, Reading
from tidegate.core.decide.rules import Invariant, Rule
from tidegate.core.decide.vocabulary import ACTIONS, DEFAULT_DENY, NO_POLICY, NOT_PROVEN, RESERVED
from tidegate.core.values.decision import Decision, Effect, TargetDecision
from tidegate.core.values.errors import ConfigError
from tidegate.core.values.facts import RequestFacts, TargetFacts

INVARIANTS = "invariants.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionOutcome:
    """How one action fares at one target: the rules whose conditions hold. Forbids win."""

    action: str
    permitted: bool
    permits: tuple[str, ...]
    forbids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """`digest` is the SHA-256 (hex) of all files; `source` is the generated function, for those who want to read it."""

    digest: str
    rules: tuple[Rule, ...]
    invariants: tuple[Invariant, ...]
    source: str = field(repr=False)
    _function: Function = field(repr=False)

    def decide(self, request: RequestFacts, targets: Sequence[TargetFacts]) -> Decision:
        """One entry a target, in the order given. Never raises: facts that cannot be read are denied."""
        return Decision(self._function(request, targets), self.digest)

    def explain(self, request: RequestFacts, target: TargetFacts) -> tuple[ActionOutcome, ...]:
        """Action by action, strongest first, by reading the rules one by one: slower than `decide`, the same answer."""
        hits = [rule for rule in self.rules if holds(rule.condition, request, target)]
        return tuple(_outcome(action, hits) for action in ACTIONS)

    def reason(self, rule: str) -> str:
        """The sentence behind a rule id of a decision; empty for an id that this policy does not know."""
        return next((known.reason for known in self.rules if known.id == rule), RESERVED.get(rule, ""))

    def only_local(self, rule: str = NOT_PROVEN) -> "Policy":
        """The same policy while nobody has proven it, or for the reason of `rule`: whatever it says, a target that is
        not local gets nothing.
        """
        return replace(self, _function=_guarded(self._function, rule))


def compile_policy(sources: Mapping[str, str], *, schema: str) -> Policy:
    """A policy from its files: `*.cedar`, and `invariants.toml` where it has one; names as a user would look for them.

    Raises ConfigError with every mistake, each as `file:line: what; what to do`. Imports cedarpy (decisions don't).
    """
    texts = {name: text.replace("\r\n", "\n").replace("\r", "\n") for name, text in sorted(sources.items())}
    reading = Reading(schema)
    rules = [rule for name, text in texts.items() if name.endswith(".cedar") for rule in reading.rules(name, text)]
    invariants = read_invariants(reading, INVARIANTS, texts[INVARIANTS]) if INVARIANTS in texts else []
    mistakes = reading.mistakes + _between_files(texts, rules, invariants)
    if mistakes or not rules:
        raise ConfigError(mistakes or [_empty(texts)])
    function, source = function_of(rules)
    return Policy(
        digest=_digest(texts), rules=tuple(rules), invariants=tuple(invariants), source=source, _function=function
    )


def closed_policy() -> Policy:
    """What rules where no usable policy could be loaded: local targets raw, nothing else."""
    function = _guarded(_nothing_forbidden, NO_POLICY)
    return Policy(digest=_digest({}), rules=(), invariants=(), source="", _function=function)


def _between_files(texts: Mapping[str, str], rules: Sequence[Rule], invariants: Sequence[Invariant]) -> list[str]:
    mistakes = [
        f"{name}:1: this file is no part of a policy; a policy has *.cedar files and {INVARIANTS}"
        for name in texts
        if not name.endswith(".cedar") and name != INVARIANTS
    ]
    first: dict[str, str] = {}
    for kind, file, line, name in (
        *(("rule", rule.file, rule.line, rule.id) for rule in rules),
        *(("invariant", INVARIANTS, invariant.line, invariant.id) for invariant in invariants),
    ):
        where = first.setdefault(f"{kind} {name}", f"{file}:{line}")
        if where != f"{file}:{line}":
            mistakes.append(f'{file}:{line}: the {kind} id "{name}" is already used at {where}; choose another one')
    if len(rules) > MAX_RULES:
        mistakes.append(
            f"{rules[-1].file}:1: {len(rules)} rules in all files, at most {MAX_RULES} can be proven; merge some"
        )
    return mistakes


def _empty(texts: Mapping[str, str]) -> str:
    name = next((name for name in texts if name.endswith(".cedar")), "policy")
    return (
        f"{name}:1: there are no rules, so nothing would be permitted; write one, or remove [policy] for the baseline"
    )


def _digest(texts: Mapping[str, str]) -> str:
    """SHA-256 over names and texts in order of names, each with its length, so that no two sets of files read alike."""
    told = hashlib.sha256(b"tidegate policy v1\n")
    for name, text in sorted(texts.items()):
        for piece in (name.encode(), text.encode()):
            told.update(b"%d:" % len(piece) + piece)
    return told.hexdigest()


def _outcome(action: str, hits: Sequence[Rule]) -> ActionOutcome:
    permits, forbids = (
        tuple(rule.id for rule in hits if rule.effect == effect and action in rule.actions)
        for effect in ("permit", "forbid")
    )
    return ActionOutcome(action=action, permitted=bool(permits) and not forbids, permits=permits, forbids=forbids)


def _guarded(function: Function, rule: str) -> Function:
    def decide(request: RequestFacts, targets: Sequence[TargetFacts]) -> tuple[TargetDecision, ...]:
        return tuple(
            decided
            if getattr(target, "kind", "") == "local" or decided.effect is Effect.NONE
            else _refused(decided, rule)
            for decided, target in zip(function(request, targets), targets, strict=True)
        )

    return decide


def _refused(decided: TargetDecision, rule: str) -> TargetDecision:
    return decided._replace(effect=Effect.NONE, rules=(rule,))


def _nothing_forbidden(_request: RequestFacts, targets: Sequence[TargetFacts]) -> tuple[TargetDecision, ...]:
    return tuple(TargetDecision(target.target, target.boundary, Effect.RAW, (NO_POLICY,)) for target in targets)


__all__ = ["DEFAULT_DENY", "ActionOutcome", "Policy", "closed_policy", "compile_policy"]
