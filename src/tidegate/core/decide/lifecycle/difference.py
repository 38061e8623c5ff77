"""Two policies compared over every request that could come: where does one let more through than the other?

More is: none < reviewed < redacted < raw, for the same request and target. The answer is a proof, or the plainest
request for each way in which they differ. z3 is imported only when it is asked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tidegate.core.decide.encode import Term, World
from tidegate.core.decide.expressions import holds
from tidegate.core.decide.lifecycle.facts import plain
from tidegate.core.decide.lifecycle.strength import STRENGTH
from tidegate.core.decide.lifecycle.words import situation, specialities
from tidegate.core.decide.policy import Policy
from tidegate.core.decide.prove import TIMEOUT_MS
from tidegate.core.decide.rules import Invariant
from tidegate.core.decide.space import space_of
from tidegate.core.decide.witness import plainest
from tidegate.core.values.decision import Effect, TargetDecision
from tidegate.core.values.errors import ConfigError
from tidegate.core.values.facts import RequestFacts, TargetFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The plainest request that one policy lets through as `before` and the other as `after`, and the rules behind."""

    request: RequestFacts
    target: TargetFacts
    before: TargetDecision
    after: TargetDecision

    def sentence(self) -> str:
        old, new = self.before, self.after
        return (
            f"{situation(self.request, self.target)}: {_outcome(old.effect)} before ({', '.join(old.rules)}), "
            f"{_outcome(new.effect)} after ({', '.join(new.rules)})"
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "sentence": self.sentence(),
            "before": {"effect": self.before.effect.value, "rules": list(self.before.rules)},
            "after": {"effect": self.after.effect.value, "rules": list(self.after.rules)},
            "facts": plain(self.request),
            "targets": [plain(self.target)],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Weakened:
    """An invariant of the old policy whose promise the new one's invariants no longer make in full."""

    invariant: str
    effect: Effect
    request: RequestFacts
    target: TargetFacts

    def sentence(self) -> str:
        return (
            f"the invariant {self.invariant} promised that {situation(self.request, self.target)} is never "
            f"{_outcome(self.effect)}; no invariant of the new policy does"
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "sentence": self.sentence(),
            "invariant": self.invariant,
            "effect": self.effect.value,
            "facts": plain(self.request),
            "targets": [plain(self.target)],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`looser` and `stricter`: an example for each pair of effects that occurs, the plainest first.

    `undecided`: questions that the solver gave up on; while there are any, nothing is proven.
    """

    old: str
    new: str
    space: int
    looser: tuple[Change, ...]
    stricter: tuple[Change, ...]
    weakened: tuple[Weakened, ...]
    undecided: tuple[str, ...]
    seconds: float = 0.0

    @property
    def nowhere_looser(self) -> bool:
        """Proven: no request gets more than before, and no promise was dropped."""
        return not (self.looser or self.weakened or self.undecided)

    @property
    def nowhere_stricter(self) -> bool:
        return not (self.stricter or self.undecided)

    @property
    def equivalent(self) -> bool:
        """Proven: every request has the same effect at every target. The rules behind it may differ."""
        return not (self.looser or self.stricter or self.undecided)

    def lasting(self, seconds: float) -> "Difference":
        return replace(self, seconds=seconds)

    def as_json(self) -> dict[str, Any]:
        return {
            "ok": self.nowhere_looser,
            "old": self.old,
            "new": self.new,
            "equivalent": self.equivalent,
            "nowhere_looser": self.nowhere_looser,
            "nowhere_stricter": self.nowhere_stricter,
            "space": self.space,
            "seconds": round(self.seconds, 3),
            "looser": [one.as_json() for one in self.looser],
            "stricter": [one.as_json() for one in self.stricter],
            "weakened": [one.as_json() for one in self.weakened],
            "undecided": list(self.undecided),
        }


def difference(old: Policy, new: Policy) -> Difference:
    """Raises ConfigError where the solver and a generated function disagree, which would be a defect of tidegate."""
    return _Comparison(old, new).report()


class _Comparison:
    def __init__(self, old: Policy, new: Policy) -> None:
        import z3

        self._z3 = z3
        self._old, self._new = old, new
        self._world = World(space_of(_conditions(old) + _conditions(new)))
        self._solver = z3.Solver()
        self._solver.set("timeout", TIMEOUT_MS)
        self._solver.add(self._world.constraints)
        self._effects = [self._outcomes("old", old), self._outcomes("new", new)]
        self._undecided: list[str] = []

    def report(self) -> Difference:
        pairs = [(before, after) for before in STRENGTH for after in STRENGTH if before is not after]
        looser = self._changes([pair for pair in pairs if STRENGTH[pair[0]] < STRENGTH[pair[1]]], "looser")
        stricter = self._changes([pair for pair in pairs if STRENGTH[pair[0]] > STRENGTH[pair[1]]], "stricter")
        return Difference(
            old=self._old.digest,
            new=self._new.digest,
            space=self._world.space.points,
            looser=looser,
            stricter=stricter,
            weakened=tuple(self._weakened()),
            undecided=tuple(self._undecided),
        )

    def _changes(self, pairs: Sequence[tuple[Effect, Effect]], which: str) -> tuple[Change, ...]:
        """One question first: most of the time the whole answer is that nothing is so."""
        old, new = self._effects
        terms = {pair: self._z3.And(old[pair[0]], new[pair[1]]) for pair in pairs}
        if not self._possible(self._z3.Or(list(terms.values())), f"whether anything is {which}"):
            return ()
        asked = {pair: f"whether anything goes from {pair[0]} to {pair[1]}" for pair in pairs}
        found = [self._change(pair, term) for pair, term in terms.items() if self._possible(term, asked[pair])]
        return tuple(sorted(found, key=lambda one: specialities(one.request, one.target)))

    def _possible(self, term: Term, asked: str) -> bool:
        verdict = self._solver.check(term)
        if verdict == self._z3.unknown:
            self._undecided.append(asked)
        return bool(verdict == self._z3.sat)

    def _change(self, pair: tuple[Effect, Effect], term: Term) -> Change:
        request, target = plainest(self._solver, term, self._world)
        before, after = (policy.decide(request, [target]).targets[0] for policy in (self._old, self._new))
        if (before.effect, after.effect) != pair:
            raise ConfigError(
                ["the comparison and the compiled policies disagree; this is a defect of tidegate: report it"]
            )
        return Change(request=request, target=target, before=before, after=after)

    def _weakened(self) -> Iterator[Weakened]:
        for invariant in self._old.invariants:
            for effect in (one for one in Effect if one in invariant.never):
                broken = self._z3.And(self._world.term(invariant.when), self._z3.Not(self._promised(effect)))
                if self._possible(broken, f"whether the invariant {invariant.id} still stands for {effect}"):
                    yield self._witnessed(invariant, effect, broken)
                    break  # one example an invariant; the strongest effect comes first

    def _witnessed(self, invariant: Invariant, effect: Effect, broken: Term) -> Weakened:
        request, target = plainest(self._solver, broken, self._world)
        promises = [one for one in self._new.invariants if effect in one.never]
        if not holds(invariant.when, request, target) or any(holds(one.when, request, target) for one in promises):
            raise ConfigError(["the comparison and the invariants disagree; this is a defect of tidegate: report it"])
        return Weakened(invariant=invariant.id, effect=effect, request=request, target=target)

    def _promised(self, effect: Effect) -> Term:
        whens = [self._world.term(one.when) for one in self._new.invariants if effect in one.never]
        return self._z3.Or(whens)

    def _outcomes(self, which: str, policy: Policy) -> dict[Effect, Term]:
        """One variable a condition and an effect, so that every query after the first reuses what was learnt."""
        hits = [self._named(f"{which} rule {rule.id}", self._world.term(rule.condition)) for rule in policy.rules]
        outcomes = self._world.outcomes(policy.rules, hits)
        sent = {effect: self._named(f"{which} {effect}", term) for effect, term in outcomes.items()}
        return {**sent, Effect.NONE: self._z3.Not(self._z3.Or(list(sent.values())))}

    def _named(self, name: str, term: Term) -> Term:
        variable = self._z3.Bool(name)
        self._solver.add(variable == term)
        return variable


def _conditions(policy: Policy) -> list[Any]:
    return [*(rule.condition for rule in policy.rules), *(one.when for one in policy.invariants)]


def _outcome(effect: Effect) -> str:
    return "not sent" if effect is Effect.NONE else f"sent {effect}" if effect is not Effect.REVIEWED else "reviewed"
