"""What a proof says, as values that print, travel as JSON and can be kept."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from tidegate.core.decide.vocabulary import CLOSED_VALUES
from tidegate.core.values.decision import Effect
from tidegate.core.values.facts import RequestFacts, TargetFacts

_KINDS = CLOSED_VALUES["resource.kind"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterexample:
    """A request and a target for which the policy does what an invariant forbids, as small as could be found."""

    request: RequestFacts
    target: TargetFacts
    effect: Effect
    rules: tuple[str, ...]
    """The permits that let it through."""

    def sentence(self) -> str:
        labels = ", ".join(_leaves(self.request.labels)) or "no label"
        residency = f", residency {self.request.residency}" if self.request.residency else ""
        kind = f"a {self.target.kind} target" if self.target.kind in _KINDS else "a target of an unheard-of kind"
        return (
            f"a request with {labels} (level {self.request.level}{residency}) goes {self.effect} to {kind}, "
            f"permitted by {', '.join(self.rules)}"
        )

    def as_json(self) -> dict[str, Any]:
        """Labels without what they imply."""
        request, target = self.request, self.target
        return {
            "sentence": self.sentence(),
            "labels": _leaves(request.labels),
            "level": request.level,
            "residency": request.residency,
            "request": _plain(request, leave_out=("labels", "level", "residency")),
            "target": {"name": target.target, **_plain(target, leave_out=("target",))},
            "effect": self.effect.value,
            "rules": list(self.rules),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class InvariantProof:
    """`proved` and no counterexample; or one; or `undecided`: the solver gave up, which counts as not proved."""

    id: str
    proved: bool
    counterexample: Counterexample | None = None
    undecided: bool = False

    def as_json(self) -> dict[str, Any]:
        shown = self.counterexample.as_json() if self.counterexample else None
        return {"id": self.id, "proved": self.proved, "counterexample": shown, "undecided": self.undecided}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofReport:
    """The answer about one policy, named by its digest.

    `space`: how many situations were covered. `coverage`: the share of forbids without which an invariant would break;
    `unpinned` are the others. `redundant` rules change no decision, `overruled` are those permits among
    them that forbids leave nothing of, `unsatisfiable` ones can never apply, `vacuous` invariants speak of nothing that
    can happen. `places`: file and line of each `rule NAME` and `invariant NAME`; not kept.
    """

    policy: str
    invariants: tuple[InvariantProof, ...]
    space: int
    coverage: float
    unpinned: tuple[str, ...]
    redundant: tuple[str, ...]
    unsatisfiable: tuple[str, ...]
    vacuous: tuple[str, ...]
    overruled: tuple[str, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict, compare=False)
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """May this policy be used? A rule that can never apply or an invariant about nothing promises in vain."""
        proved = bool(self.invariants) and all(one.proved for one in self.invariants)
        return proved and not self.unsatisfiable and not self.vacuous

    def mistakes(self) -> tuple[str, ...]:
        """Why it may not be used, a sentence each."""
        return (
            *(
                ()
                if self.invariants
                else ("invariants.toml states nothing that must never happen; state at least one thing",)
            ),
            *(self._about("invariant", one.id) + _failure(one) for one in self.invariants if not one.proved),
            *(
                self._about("rule", name) + f"the rule {name} can never apply: its condition is never true; "
                "correct or remove it"
                for name in self.unsatisfiable
            ),
            *(
                self._about("invariant", name) + f"the invariant {name} is about nothing: its condition is never true; "
                "correct or remove it"
                for name in self.vacuous
            ),
        )

    def remarks(self) -> tuple[str, ...]:
        """What is odd about it and no reason against it, a sentence each."""
        return (
            *(f"no invariant would notice if the forbid {name} were removed; state one" for name in self.unpinned),
            *(
                self._about("rule", name) + f"the permit {name} lets nothing through: forbids overrule it wherever it "
                "applies; remove it"
                for name in self.overruled
            ),
            *(
                self._about("rule", name) + f"the rule {name} changes no decision"
                for name in self.redundant
                if name not in self.overruled
            ),
        )

    def _about(self, kind: str, name: str) -> str:
        """Where it stands, to begin a sentence with."""
        place = self.places.get(f"{kind} {name}")
        return f"{place}: " if place else ""

    def lasting(self, seconds: float) -> "ProofReport":
        """The same report, with the time it took: the core has no clock."""
        return replace(self, seconds=seconds)

    def as_json(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "policy": self.policy,
            "space": self.space,
            "seconds": round(self.seconds, 3),
            "invariants": [one.as_json() for one in self.invariants],
            "coverage": self.coverage,
            "unpinned": list(self.unpinned),
            "redundant": list(self.redundant),
            "overruled": list(self.overruled),
            "unsatisfiable": list(self.unsatisfiable),
            "vacuous": list(self.vacuous),
        }


def proven_report(document: Mapping[str, Any]) -> ProofReport:
    """A kept report of a policy that proved. Raises ValueError for anything else: failures are never kept."""
    try:
        report = ProofReport(
            policy=str(document["policy"]),
            invariants=tuple(
                InvariantProof(id=str(one["id"]), proved=one["proved"] is True) for one in document["invariants"]
            ),
            space=int(document["space"]),
            seconds=float(document["seconds"]),
            coverage=float(document["coverage"]),
            unpinned=tuple(map(str, document["unpinned"])),
            redundant=tuple(map(str, document["redundant"])),
            unsatisfiable=tuple(map(str, document["unsatisfiable"])),
            vacuous=tuple(map(str, document["vacuous"])),
            overruled=tuple(map(str, document["overruled"])),
        )
    except (KeyError, TypeError) as error:
        raise ValueError("this is no report of a proof") from error
    if not report.ok or document.get("ok") is not True:
        raise ValueError("this report is not one of a proven policy")
    return report


def _failure(one: InvariantProof) -> str:
    if one.counterexample is None:
        return f"the invariant {one.id} could not be decided in time; simplify the rules that it is about"
    return f"the invariant {one.id} does not hold: {one.counterexample.sentence()}; tighten that rule or add a forbid"


def _plain(facts: RequestFacts | TargetFacts, *, leave_out: tuple[str, ...]) -> dict[str, Any]:
    values = {name: value for name, value in asdict(facts).items() if name not in leave_out}
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in values.items()}


def _leaves(labels: frozenset[str]) -> list[str]:
    return sorted(name for name in labels if not any(other.startswith(f"{name}.") for other in labels))
