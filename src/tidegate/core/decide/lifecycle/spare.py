"""Rules that a policy could do without: those whose decisions its other rules make as well.

Two rules that say the same are each redundant, and yet one of them is needed. So the question is asked rule by rule,
each time without those that have turned out to be spare. z3 is imported only when it is asked.
"""

from collections.abc import Sequence

from tidegate.core.decide.encode import World
from tidegate.core.decide.policy import Policy
from tidegate.core.decide.prove import TIMEOUT_MS
from tidegate.core.decide.space import space_of


def spare_rules(policy: Policy, candidates: Sequence[str]) -> tuple[str, ...]:
    """Ids of `candidates` which can all be removed together without one decision changing; later ones go first.

    What the solver cannot decide in time is kept.
    """
    if not candidates:
        return ()
    import z3

    world = World(space_of([rule.condition for rule in policy.rules]))
    solver = z3.Solver()
    solver.set("timeout", TIMEOUT_MS)
    solver.add(world.constraints)
    terms = []
    for rule in policy.rules:
        terms.append(z3.Bool(f"rule {rule.id}"))
        solver.add(terms[-1] == world.term(rule.condition))
    switches = {rule.id: z3.Bool(f"keep {rule.id}") for rule in policy.rules}
    kept = [z3.And(switches[rule.id], term) for rule, term in zip(policy.rules, terms, strict=True)]
    whole, part = world.outcomes(policy.rules, terms), world.outcomes(policy.rules, kept)
    solver.add(z3.Or([whole[effect] != part[effect] for effect in whole]))
    spare: list[str] = []
    for name in reversed(candidates):
        without = {name, *spare}
        if solver.check(*[z3.Not(on) if here in without else on for here, on in switches.items()]) == z3.unsat:
            spare.append(name)
    return tuple(reversed(spare))
