"""`[[order]]` in `tests/*.toml`: a request, several targets, and the order in which they must be tried."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from tidegate.core.decide.lifecycle.cases import CaseReader, Mistake, check_all, tables
from tidegate.core.decide.lifecycle.facts import request_of, target_of
from tidegate.core.decide.policy import Policy
from tidegate.core.decide.preferences.policy import ordered, preferences_of
from tidegate.core.decide.preferences.rules import Ordered
from tidegate.core.decide.vocabulary import Side
from tidegate.core.values.facts import RequestFacts, TargetFacts

_OWN_KEYS = ("name", "targets", "tried", "rules")
_TARGETS = 'write targets = [{ name = "a", kind = "local" }, { name = "b", kind = "cloud" }], each with its name'
_TRIED = 'write tried = ["a", "b"], names of its targets; [] where none is left'


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCase:
    """`rules`: ids of the preferences that must have dropped or moved something; None where the case does not say."""

    name: str
    request: RequestFacts
    targets: tuple[TargetFacts, ...]
    tried: tuple[str, ...]
    rules: frozenset[str] | None
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderOutcome:
    """What became of one. `why` is empty where that is what it says."""

    case: OrderCase
    found: Ordered
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
            "expected": {"tried": list(case.tried), "rules": None if case.rules is None else sorted(case.rules)},
            "found": {"tried": list(self.found.names), "rules": list(self.found.rules)},
            "why": self.why,
        }


def read_orders(sources: Mapping[str, str], policy: Policy) -> tuple[OrderCase, ...]:
    """Those of all files, in order. Raises ConfigError with every mistake: `file:line: what; what to do`."""
    known = [rule.id for rule in preferences_of(policy).rules]
    mistakes: list[Mistake] = []
    found = [
        case
        for file, text in sorted(sources.items())
        for reader, table in tables(file, text, "order", mistakes)
        for case in _order(reader, table, known, mistakes)
    ]
    check_all(found, mistakes)
    return tuple(found)


def outcome(policy: Policy, case: OrderCase) -> OrderOutcome:
    found = ordered(policy, case.request, case.targets, policy.decide(case.request, case.targets))
    why = ""
    by = f" by {', '.join(found.rules)}" if found.rules else ""
    if found.names != case.tried:
        why = f"expected {_list(case.tried)}, found {_list(found.names)}{by}"
    elif case.rules is not None and case.rules != frozenset(found.rules):
        why = f"expected it by {_list(sorted(case.rules))}, found it by {_list(found.rules)}"
    return OrderOutcome(case=case, found=found, why=why)


def _order(
    reader: CaseReader, table: Mapping[str, Any], known: Sequence[str], mistakes: Sequence[Mistake]
) -> Iterator[OrderCase]:
    before = len(mistakes)
    name, targets = reader.name(table), _targets(reader, table.get("targets"))
    tried, rules = _tried(reader, table, [one.target for one in targets]), _rules(reader, table, known)
    request = reader.values(Side.REQUEST, {k: v for k, v in table.items() if k not in _OWN_KEYS})
    if len(mistakes) == before:
        yield OrderCase(
            name=name,
            request=request_of(request),
            targets=targets,
            tried=tried,
            rules=rules,
            file=reader.file,
            line=reader.line,
        )


def _targets(reader: CaseReader, given: object) -> tuple[TargetFacts, ...]:
    if not isinstance(given, list) or not given or not all(isinstance(one, dict) for one in given):
        reader.say("targets", "targets must list tables of facts", _TARGETS)
        return ()
    if not all("kind" in one and ("name" in one or "target" in one) for one in given):
        reader.say("targets", "a target here has no name or no kind", _TARGETS)
        return ()
    found = tuple(target_of(reader.values(Side.TARGET, one)) for one in given)
    if len({one.target for one in found}) != len(found):
        reader.say("targets", "two targets here have one name", "give each its own")
    return found


def _tried(reader: CaseReader, table: Mapping[str, Any], names: Sequence[str]) -> tuple[str, ...]:
    tried = table.get("tried")
    if not isinstance(tried, list) or not all(type(one) is str for one in tried):
        reader.say("tried", "tried must list what is tried, in order", _TRIED)
        return ()
    for one in tried:
        if names and one not in names:
            close = get_close_matches(one, names, n=1)
            reader.say("tried", f'no target here is called "{one}"', f'did you mean "{close[0]}"?' if close else _TRIED)
    return tuple(tried)


def _rules(reader: CaseReader, table: Mapping[str, Any], known: Sequence[str]) -> frozenset[str] | None:
    if "rules" not in table:
        return None
    rules = table["rules"]
    if not isinstance(rules, list) or not all(type(one) is str for one in rules):
        reader.say("rules", "rules must list ids of preferences", 'write rules = ["cheap-summaries"], or leave it out')
        return None
    for one in rules:
        if one not in known:
            close = get_close_matches(one, known, n=1)
            advice = f'did you mean "{close[0]}"?' if close else "name one that preferences.toml has"
            reader.say("rules", f'no preference of this policy is called "{one}"', advice)
    return frozenset(rules)


def _list(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"
