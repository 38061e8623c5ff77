"""What a configuration declares of facts, as expressions: the same that rules are read into.

A fact of which nothing is declared may be anything. Where something is, the expression is an upper bound of what it can
be: whoever is told "no request at all" is told the truth.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import NamedTuple

from tidegate.core.decide.expressions import (
    Beyond,
    Expression,
    Flag,
    OneOf,
    Same,
    attributes,
    both,
    either,
    negation,
)
from tidegate.core.decide.rules import Rule
from tidegate.core.decide.vocabulary import ATTRIBUTES, Attribute, FactType, Side
from tidegate.core.values.facts import RequestFacts, TargetFacts
from tidegate.core.values.workload import Workload

Terms = Mapping[Attribute, Expression]
"""By the fact that each is about."""

_AGREED, _ASKED = ATTRIBUTES["resource.capabilities_agreed"], ATTRIBUTES["context.capabilities"]
_CONTRACT, _REGION, _APPROVAL = (ATTRIBUTES[f"resource.{name}"] for name in ("contract", "region", "approval"))
_STATED = tuple(ATTRIBUTES[f"resource.{name}"] for name in ("retention", "training", "tier", "baa", "dpa"))
_WORST: Mapping[str, str | bool] = {
    "retention": "unknown",
    "training": "unknown",
    "tier": "unknown",
    "baa": False,
    "dpa": False,
}
# What the configuration does not fix: which fields a request has, and how the target feels.
_BY_REQUEST = (ATTRIBUTES["resource.fields_known"], ATTRIBUTES["resource.health"])
COMPARED = (ATTRIBUTES["context.residency"], _REGION)
"""Facts that terms compare with each other."""
_OPEN_APPROVALS = ("unknown", "pending")


class Leads(NamedTuple):
    """Where a way leads: `today`, and with the best that could still be agreed, `ever`. `facts`: see `leads`."""

    facts: TargetFacts
    agreed: frozenset[str]
    today: Terms
    ever: Terms

    def facts_for(self, request: RequestFacts) -> TargetFacts:
        """Today's, of a request none of whose fields is unknown there."""
        return replace(self.facts, capabilities_agreed=request.capabilities <= self.agreed, fields_known=True)


def leads(facts: TargetFacts, *, agreed: frozenset[str] = frozenset(), region_stated: bool = True) -> Leads:
    """`facts`: of a request that asks for no capability. `agreed`: capabilities of the contract in force.

    `region_stated`: the boundary's region is stated, so that no contract can name another one.
    """
    targets = [one for one in ATTRIBUTES.values() if one.side is Side.TARGET and one not in _BY_REQUEST]
    today = {one: _is(one, facts) for one in targets} | {_AGREED: _agreed(agreed)}
    open_ = {*_STATED, _CONTRACT, _AGREED}
    if not region_stated:
        open_.add(_REGION)
    if facts.approval in _OPEN_APPROVALS:
        open_.add(_APPROVAL)
    ever = {one: term for one, term in today.items() if one not in open_} | {
        _CONTRACT: either((Flag(_CONTRACT), both(_worst(one) for one in _STATED))),
        _AGREED: either((Flag(_AGREED), Beyond(_ASKED, frozenset()))),
    }
    return Leads(facts, agreed, today, ever)


def nobody() -> Terms:
    """A request that names no workload."""
    return working("", Workload())


def working(name: str, workload: Workload) -> Terms:
    """A request of a declared workload. Labels that it is expected to hold bind nobody, so they are no part of it."""
    terms = {
        _context("workload"): OneOf(_context("workload"), frozenset((name,))),
        _context("task"): OneOf(_context("task"), frozenset((workload.task,))),
        _context("consent"): negation(Beyond(_context("consent"), workload.consent)),
        ATTRIBUTES["principal.agent"]: OneOf(ATTRIBUTES["principal.agent"], workload.agents | {""}),
    }
    if workload.residency:
        terms[_context("residency")] = _stays_in(workload.residency)
    return terms


def content() -> Terms:
    """What is carried without being asked for: data of every kind, of anybody, and no wish of a provider."""
    return {
        _context("capabilities"): negation(Beyond(_context("capabilities"), frozenset())),
        _context("tools"): negation(Beyond(_context("tools"), frozenset())),
        _context("tools_called"): negation(Beyond(_context("tools_called"), frozenset())),
        _context("tools_offered"): negation(Flag(_context("tools_offered"))),
        _context("tools_external"): negation(Flag(_context("tools_external"))),
        **{one: Flag(one) for one in _BY_REQUEST if one.kind is FactType.FLAG},
    }


def told(terms: Terms, read: Collection[Attribute]) -> Expression:
    """All that the terms say of the facts that are `read`."""
    return both(term for attribute, term in terms.items() if attribute in read)


def read_by(rules: Collection[Rule]) -> frozenset[Attribute]:
    return frozenset(attribute for rule in rules for attribute in attributes(rule.condition))


def _context(name: str) -> Attribute:
    return ATTRIBUTES[f"context.{name}"]


def _is(attribute: Attribute, facts: TargetFacts) -> Expression:
    value = getattr(facts, attribute.fact)
    if attribute.kind is FactType.FLAG:
        return Flag(attribute) if value else negation(Flag(attribute))
    return OneOf(attribute, frozenset((value,)))


def _worst(attribute: Attribute) -> Expression:
    value = _WORST[attribute.fact]
    return OneOf(attribute, frozenset((value,))) if isinstance(value, str) else negation(Flag(attribute))


def _agreed(agreed: frozenset[str]) -> Expression:
    flag, beyond = Flag(_AGREED), Beyond(_ASKED, agreed)
    return either((both((flag, negation(beyond))), both((negation(flag), beyond))))


def _stays_in(region: str) -> Expression:
    """That region; or, where the caller names another one as well, a region that no target lies in."""
    residency = _context("residency")
    nowhere = both((negation(OneOf(residency, frozenset(("",)))), negation(Same(residency, _REGION))))
    return either((OneOf(residency, frozenset((region,))), nowhere))
