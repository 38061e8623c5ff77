"""Proves every invariant over the whole open world, or shows a request that breaks it.

The proof is about the same expressions that the generated function is made of; each counterexample is decided once more
by that function before anybody is shown it. Nothing here is needed to decide, and z3 is imported only here.
"""

from collections.abc import Iterable, Sequence

from tidegate.core.decide.encode import Term, World
from tidegate.core.decide.policy import INVARIANTS, Policy
from tidegate.core.decide.proof import InvariantProof, ProofReport
from tidegate.core.decide.rules import Invariant
from tidegate.core.decide.space import space_of
from tidegate.core.decide.vocabulary import ACTIONS
from tidegate.core.decide.witness import counterexample
from tidegate.core.values.decision import Effect

TIMEOUT_MS = 20_000  # a query; a solver that gives up has proven nothing


def prove(policy: Policy, invariants: Sequence[Invariant] | None = None) -> ProofReport:
    """A report on `invariants` (the policy's own unless given). Imports z3; takes CPU time but no other effect.

    Raises ConfigError where the solver and the generated function disagree, which would be a defect of tidegate.
    """
    return _Proof(policy, policy.invariants if invariants is None else tuple(invariants)).report()


class _Proof:
    def __init__(self, policy: Policy, invariants: tuple[Invariant, ...]) -> None:
        import z3

        self._z3 = z3
        self._policy, self._invariants = policy, invariants
        conditions = [*(rule.condition for rule in policy.rules), *(one.when for one in invariants)]
        self._world = World(space_of(conditions))
        self._solver = z3.Solver()
        self._solver.set("timeout", TIMEOUT_MS)
        self._solver.add(self._world.constraints)
        self._rules = [self._named(f"rule {rule.id}", self._world.term(rule.condition)) for rule in policy.rules]
        self._whens = [self._named(f"invariant {one.id}", self._world.term(one.when)) for one in invariants]
        self._effects = self._world.outcomes(policy.rules, self._rules)
        # Every rule behind a switch: "what if this one were missing" is then one more question to the same solver.
        self._switches = [z3.Bool(f"keep {rule.id}") for rule in policy.rules]
        switched = [z3.And(pair) for pair in zip(self._switches, self._rules, strict=True)]
        self._switched_effects = self._world.outcomes(
            policy.rules, [self._named(f"kept {place}", term) for place, term in enumerate(switched)]
        )

    def report(self) -> ProofReport:
        proofs = tuple(self._prove(place) for place in range(len(self._invariants)))
        forbids = [place for place, rule in enumerate(self._policy.rules) if rule.effect == "forbid"]
        held = [place for place, proof in enumerate(proofs) if proof.proved]
        breaks = self._named("some break", self._z3.Or([self._breaks(one, self._switched_effects) for one in held]))
        unpinned = [place for place in forbids if not self._certain([breaks, *self._without(place)])]
        never = [place for place, term in enumerate(self._rules) if not self._possible([term])]
        differs = self._named("some difference", self._differs())
        idle = [
            place
            for place in range(len(self._rules))
            if place not in never and not self._possible([differs, *self._without(place)])
        ]
        overruled = [place for place in idle if self._is_overruled(place)]
        return ProofReport(
            policy=self._policy.digest,
            invariants=proofs,
            space=self._world.space.points,
            coverage=(len(forbids) - len(unpinned)) / len(forbids) if forbids else 1.0,
            unpinned=self._ids(unpinned),
            redundant=self._ids(idle),
            unsatisfiable=self._ids(never),
            vacuous=tuple(
                one.id for one, when in zip(self._invariants, self._whens, strict=True) if not self._possible([when])
            ),
            overruled=self._ids(overruled),
            places=self._places(),
        )

    def _prove(self, place: int) -> InvariantProof:
        invariant = self._invariants[place]
        broken = self._breaks(place, self._effects)
        verdict = self._solver.check(broken)
        if verdict == self._z3.unsat:
            return InvariantProof(id=invariant.id, proved=True)
        if verdict == self._z3.unknown:
            return InvariantProof(id=invariant.id, proved=False, undecided=True)
        found = counterexample(self._solver, broken, self._world, self._policy, invariant)
        return InvariantProof(id=invariant.id, proved=False, counterexample=found)

    def _breaks(self, place: int, effects: dict[Effect, Term]) -> Term:
        never = self._invariants[place].never
        return self._z3.And(self._whens[place], self._z3.Or([effects[effect] for effect in Effect if effect in never]))

    def _differs(self) -> Term:
        """Some decision is another one with the rules that are switched on."""
        pairs = ((self._effects[effect], self._switched_effects[effect]) for effect in ACTIONS.values())
        return self._z3.Or([one != other for one, other in pairs])

    def _without(self, place: int) -> list[Term]:
        """All switches on but one."""
        return [self._z3.Not(term) if here == place else term for here, term in enumerate(self._switches)]

    def _is_overruled(self, place: int) -> bool:
        """A permit that forbids leave nothing of."""
        rule, hits = self._policy.rules[place], zip(self._policy.rules, self._rules, strict=True)
        forbids = [(other, hit) for other, hit in hits if other.effect == "forbid"]
        left = [
            self._z3.Not(self._z3.Or([hit for other, hit in forbids if action in other.actions]))
            for action in rule.actions
        ]
        return rule.effect == "permit" and not self._possible([self._rules[place], self._z3.Or(left)])

    def _places(self) -> dict[str, str]:
        invariants = {f"invariant {one.id}": f"{INVARIANTS}:{one.line}" for one in self._invariants}
        return {**invariants, **{f"rule {rule.id}": f"{rule.file}:{rule.line}" for rule in self._policy.rules}}

    def _possible(self, terms: Sequence[Term]) -> bool:
        """An answer that was not found in time counts as possible here: these are about quality, not about safety."""
        return bool(self._solver.check(*terms) != self._z3.unsat)

    def _certain(self, terms: Sequence[Term]) -> bool:
        return bool(self._solver.check(*terms) == self._z3.sat)

    def _named(self, name: str, term: Term) -> Term:
        """One variable a condition, so that every query after the first reuses what was learnt about it."""
        variable = self._z3.Bool(name)
        self._solver.add(variable == term)
        return variable

    def _ids(self, places: Iterable[int]) -> tuple[str, ...]:
        return tuple(self._policy.rules[place].id for place in places)
