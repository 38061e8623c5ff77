"""A policy with preferences beside its rules. What it permits, and so what is proven, is what the rules permit."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

from tidegate.core.decide.policy import Policy, compile_policy
from tidegate.core.decide.preferences.rules import Ordered, Preferences
from tidegate.core.values.decision import Decision
from tidegate.core.values.errors import ConfigError
from tidegate.core.values.facts import RequestFacts, TargetFacts

PREFERENCES = "preferences.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferringPolicy(Policy):
    """`digest` covers the preferences too; without the file it is the digest of the rules and invariants alone."""

    preferences: Preferences

    def reason(self, rule: str) -> str:
        return self.preferences.reason(rule) or Policy.reason(self, rule)


def compile_whole(sources: Mapping[str, str], *, schema: str) -> Policy:
    """As `compile_policy`, of a policy that may also have preferences. Raises ConfigError with every mistake."""
    if PREFERENCES not in sources:
        return compile_policy(sources, schema=schema)
    # Only policies that have preferences pay for what reads them.
    from tidegate.core.decide.preferences.reading import read_preferences

    text = sources[PREFERENCES].replace("\r\n", "\n").replace("\r", "\n")
    preferences, mistakes = read_preferences(PREFERENCES, text)
    try:
        policy = compile_policy({name: one for name, one in sources.items() if name != PREFERENCES}, schema=schema)
    except ConfigError as error:
        raise ConfigError([*error.mistakes, *mistakes]) from None
    mistakes += _shared_ids(policy, preferences)
    if mistakes:
        raise ConfigError(mistakes)
    rest = {one.name: getattr(policy, one.name) for one in fields(Policy) if one.name != "digest"}
    preferences = replace(preferences, digest=hashlib.sha256(text.encode()).hexdigest())
    return PreferringPolicy(**rest, digest=_digest(policy.digest, preferences.digest), preferences=preferences)


def preferences_of(policy: Policy) -> Preferences:
    return policy.preferences if isinstance(policy, PreferringPolicy) else _NONE


def ordered(policy: Policy, request: RequestFacts, targets: Sequence[TargetFacts], decision: Decision) -> Ordered:
    """What may be tried, in order: the permitted targets as the candidates stand, or as preferences have them."""
    return preferences_of(policy).order(request, targets, decision.permitted)


_NONE = Preferences()


def _shared_ids(policy: Policy, preferences: Preferences) -> list[str]:
    """A refusal names one id: a rule and a preference must not share one."""
    rules = {rule.id: f"{rule.file}:{rule.line}" for rule in policy.rules}
    return [
        f'{PREFERENCES}:{one.line}: the id "{one.id}" is already used at {rules[one.id]}; choose another one'
        for one in preferences.rules
        if one.id in rules
    ]


def _digest(policy: str, preferences: str) -> str:
    return hashlib.sha256(f"tidegate policy with preferences v1\n{policy}\n{preferences}\n".encode()).hexdigest()
