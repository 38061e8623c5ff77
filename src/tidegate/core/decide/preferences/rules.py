"""Preferences once they have been read, and what they make of what is permitted.

Rules that drop come first, in the order of the file; then all that order are one sort, in which an earlier rule counts
more than a later one, and the order of the candidates counts last. Whatever comes out was handed in: a target that
policy did not permit is not there to be preferred.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from tidegate.core.values.decision import TargetDecision
from tidegate.core.values.facts import RequestFacts, TargetFacts

What = Literal["first", "last", "by", "keep", "drop"]
Measure = Literal["cost", "latency_ms", "quality"]


class Stated(NamedTuple):
    """What the document says of a target beside its facts; None where it does not say.

    `cost`: of a million tokens, all in one currency. `latency_ms`: the usual one. `quality`: more is better.
    """

    tags: frozenset[str] = frozenset()
    cost: float | None = None
    latency_ms: float | None = None
    quality: float | None = None


class Candidate(NamedTuple):
    """A target that policy permits, as preferences see it."""

    facts: TargetFacts
    decision: TargetDecision
    stated: Stated


class Trait(NamedTuple):
    """One fact is, or has, one of `values`. `read` gets it of a request's facts or a candidate; `text`: for people."""

    fact: str
    read: Callable[[object], object]
    values: frozenset[object]
    text: str

    def of(self, facts: object) -> bool:
        found = self.read(facts)
        return not self.values.isdisjoint(found) if isinstance(found, frozenset) else found in self.values


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """Does `what` with the targets for which all `targets` hold, where all of `when` hold and not all of `unless`.

    `unless_last`: it drops nothing where nothing would be left. `measure`: what a rule `by` compares.
    """

    id: str
    reason: str
    line: int
    what: What
    when: tuple[Trait, ...] = ()
    unless: tuple[Trait, ...] = ()
    targets: tuple[Trait, ...] = ()
    measure: Measure = "cost"
    unless_last: bool = False

    def applies(self, request: RequestFacts) -> bool:
        return _all(self.when, request) and not (self.unless and _all(self.unless, request))

    @property
    def drops(self) -> bool:
        return self.what in ("keep", "drop")

    def sentence(self) -> str:
        """What it does, in the file's own words."""
        if self.what == "by":
            return f"orders by {self.measure}"
        told = " and ".join(trait.text for trait in self.targets)
        words = {"first": "puts first", "last": "puts last", "keep": "keeps only", "drop": "drops"}
        return f"{words[self.what]} targets with {told}{', unless none is left' if self.unless_last else ''}"

    def left(self, candidates: Sequence[Candidate]) -> Sequence[Candidate]:
        """Those that a rule which drops leaves."""
        keeps = self.what == "keep"
        left = [one for one in candidates if _all(self.targets, one) is keeps]
        return candidates if self.unless_last and not left else left

    def place(self, candidate: Candidate) -> float:
        """Where a rule which orders puts it: smaller is earlier. What states no figure comes after all that do."""
        if self.what == "by":
            figure: float | None = getattr(candidate.stated, self.measure)
            if figure is None:
                return float("inf")
            return -figure if self.measure == "quality" else figure
        return float(_all(self.targets, candidate) is (self.what == "last"))


class Dropped(NamedTuple):
    target: str
    rule: str


class Ordered(NamedTuple):
    """`permitted`: what may be tried, in order. `rules`: ids of those that dropped or moved something, in the file's
    order.
    """

    permitted: tuple[TargetDecision, ...]
    dropped: tuple[Dropped, ...] = ()
    rules: tuple[str, ...] = ()

    def as_json(self) -> dict[str, list[Any]]:
        """Names and ids, in the order of a record's keys."""
        return {
            "dropped": [one._asdict() for one in self.dropped],
            "rules": list(self.rules),
            "targets": list(self.names),
        }

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(one.target for one in self.permitted)

    @property
    def first(self) -> str:
        """The target that is tried first; empty where there is none."""
        return self.permitted[0].target if self.permitted else ""


@dataclass(frozen=True, slots=True)
class Preferences:
    """`stated`: by the names of targets. `digest`: SHA-256 (hex) of the document; empty where there is none."""

    rules: tuple[Preference, ...] = ()
    stated: Mapping[str, Stated] = field(default_factory=dict)
    digest: str = ""

    def order(
        self, request: RequestFacts, targets: Sequence[TargetFacts], permitted: Sequence[TargetDecision]
    ) -> Ordered:
        """`targets`: facts of all that were decided on. The result holds each of `permitted` at most once, no other."""
        applying = [rule for rule in self.rules if rule.applies(request)]
        if not applying or not permitted:
            return Ordered(tuple(permitted))
        facts = {one.target: one for one in targets}
        nothing = Stated()
        left: Sequence[Candidate] = [
            Candidate(facts[one.target], one, self.stated.get(one.target, nothing)) for one in permitted
        ]
        left, dropped = _without(left, [rule for rule in applying if rule.drops])
        left, moving = _sorted(left, [rule for rule in applying if not rule.drops])
        acted = {*moving, *(one.rule for one in dropped)}
        ids = tuple(rule.id for rule in applying if rule.id in acted)
        return Ordered(tuple(one.decision for one in left), tuple(dropped), ids)

    @property
    def read(self) -> frozenset[str]:
        """Names of the request's facts that some rule reads."""
        return frozenset(trait.fact for rule in self.rules for trait in (*rule.when, *rule.unless))

    @property
    def names(self) -> frozenset[str]:
        """Of targets that it speaks of by name."""
        traits = (trait for rule in self.rules for trait in rule.targets if trait.fact == "target")
        return frozenset(self.stated).union(str(name) for trait in traits for name in trait.values)

    def reason(self, rule: str) -> str:
        """The sentence behind an id; empty for one that is not ours."""
        return next((one.reason for one in self.rules if one.id == rule), "")


def _without(candidates: Sequence[Candidate], rules: Iterable[Preference]) -> tuple[Sequence[Candidate], list[Dropped]]:
    dropped: list[Dropped] = []
    for rule in rules:
        left = rule.left(candidates)
        dropped += [Dropped(one.decision.target, rule.id) for one in candidates if one not in left]
        candidates = left
    return candidates, dropped


def _sorted(candidates: Sequence[Candidate], rules: Sequence[Preference]) -> tuple[Sequence[Candidate], list[str]]:
    """Also which rules have made a difference."""
    places = [[rule.place(one) for rule in rules] for one in candidates]
    ordered, moving = list(range(len(candidates))), []
    for count, rule in enumerate(rules, 1):
        so_far = [place[:count] for place in places]
        further = sorted(range(len(candidates)), key=so_far.__getitem__)
        if further != ordered:
            moving.append(rule.id)
        ordered = further
    return [candidates[number] for number in ordered], moving


def _all(traits: Iterable[Trait], facts: object) -> bool:
    return all(trait.of(facts) for trait in traits)
