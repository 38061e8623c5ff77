"""One policy out of several: the baseline, and members of the library that add to it.

Members only forbid, so no composition lets more through than the baseline. A rule that others make superfluous is
left out as a comment, never an invariant: whoever takes those others away is told what is missing now.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tidegate.core.decide.lifecycle.cases import Case, read_cases
from tidegate.core.decide.lifecycle.spare import spare_rules
from tidegate.core.decide.policy import INVARIANTS, Policy, compile_policy
from tidegate.core.values.decision import Effect

_RULES = re.compile(r"^rules = .*$", re.MULTILINE)
_CASE = "[[case]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A set of rules by the name that a user asks for it. `rules`: texts by the names that their files get.

    `instead`: its rules stand in place of the baseline's, not beside them; the baseline's invariants hold all the same.
    `cases`: the text of its cases; each is a paragraph, without empty lines.
    """

    name: str
    rules: Mapping[str, str]
    invariants: str
    cases: str
    instead: bool = False


def compose(baseline: Member, members: Sequence[Member], *, schema: str) -> dict[str, str]:
    """The files of a policy by their paths in its folder: rules, `invariants.toml`, `tests/<member>.toml`.

    Imports cedarpy and z3. Raises ConfigError where a member is unsound.
    """
    sources = _sources(baseline, members)
    policy = compile_policy(sources, schema=schema)
    theirs = {name for one in members for name in one.rules}
    spare = spare_rules(policy, [rule.id for rule in policy.rules if rule.file in theirs])
    for rule in policy.rules:
        if rule.id in spare:
            sources[rule.file] = sources[rule.file].replace(rule.text, _left_out(rule.text))
    composed = compile_policy(sources, schema=schema)
    files = dict(sources)
    for one in (baseline, *members):
        alone = compile_policy(_sources(baseline, [] if one is baseline else [one]), schema=schema)
        files[f"tests/{one.name}.toml"] = _carried(one, alone, composed)
    return files


def _sources(baseline: Member, members: Sequence[Member]) -> dict[str, str]:
    ground = {} if any(one.instead for one in members) else baseline.rules
    invariants = [baseline.invariants, *(f"# -- {one.name} {'-' * 40}\n\n{one.invariants}" for one in members)]
    rules = {name: text for one in members for name, text in one.rules.items()}
    return {**ground, **rules, INVARIANTS: "\n".join(invariants)}


def _left_out(rule: str) -> str:
    lines = "\n".join(f"// {line}".rstrip() for line in rule.splitlines())
    return f"// Left out, because other rules of this policy already refuse all that it would:\n{lines}"


def _carried(member: Member, alone: Policy, composed: Policy) -> str:
    """The member's cases as they come out in the composition, where more rules may refuse what one refused."""
    cases = iter(read_cases({member.name: member.cases}, alone))
    return "\n\n".join(_paragraphs(member.cases.rstrip("\n"), cases, composed)) + "\n"


def _paragraphs(text: str, cases: Iterator[Case], composed: Policy) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        if not paragraph.startswith(_CASE):
            yield paragraph
            continue
        case = next(cases)
        (found,) = composed.decide(case.request, [case.target]).targets
        by = ", ".join(sorted(found.rules))
        if found.effect is not case.effect:
            sent = "refuses" if found.effect is Effect.NONE else f"makes {found.effect}"
            yield f'# Left out: "{case.name}", which this policy {sent} ({by}).'
        elif case.rules is not None and case.rules != frozenset(found.rules):
            yield _RULES.sub(f"rules = {json.dumps(sorted(found.rules))}", paragraph)
        else:
            yield paragraph
