"""The same questions asked of z3, in the world that the policy's invariants are proven in."""

from tidegate.core.decide.encode import World
from tidegate.core.decide.expressions import Expression
from tidegate.core.decide.prove import TIMEOUT_MS
from tidegate.core.decide.space import space_of
from tidegate.core.decide.ways.search import Example, Undecided
from tidegate.core.decide.witness import plainest


def example(question: Expression) -> Example | None:
    """Facts for which it holds, or None: then there are none. Imports z3. Raises Undecided."""
    import z3

    world = World(space_of([question]))
    solver = z3.Solver()
    solver.set("timeout", TIMEOUT_MS)
    solver.add(world.constraints)
    term = world.term(question)
    verdict = solver.check(term)
    if verdict == z3.unknown:
        raise Undecided
    return Example(*plainest(solver, term, world)) if verdict == z3.sat else None
