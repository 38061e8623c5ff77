"""Are there facts for which an expression holds? Answered without a solver, so that it can be asked at every start.

The expression is taken apart test by test: what is certain is written down and the rest made simpler by it, until it
holds, or cannot, or one test has to be tried both ways. `possible` says which tests can come out so together. Exact,
but not for ever: who has to try too much gives up and says so.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from tidegate.core.decide.expressions import (
    FALSE,
    TRUE,
    And,
    Atom,
    Const,
    Expression,
    Not,
    Or,
    atoms,
    both,
    either,
    holds,
    negation,
)
from tidegate.core.decide.space import space_of
from tidegate.core.decide.ways.possible import Possible, read_by
from tidegate.core.values.facts import RequestFacts, TargetFacts

MOST_TRIED = 2_000


class Undecided(Exception):  # noqa: N818 - an answer about one question
    """Too many tests depend on each other."""


class Example(NamedTuple):
    request: RequestFacts
    target: TargetFacts


def example(question: Expression) -> Example | None:
    """Facts for which it holds, or None where there are none. Raises Undecided."""
    return _Search(question).run()


class _Search:
    def __init__(self, question: Expression) -> None:
        self._question = _outward(question)
        self._possible = Possible(space_of([question]))
        self._tried = 0

    def run(self) -> Example | None:
        return self._solve(self._question, {})

    def _solve(self, left: Expression, known: Mapping[Atom, bool]) -> Example | None:
        certain = self._certain(left, known)
        if certain is None:
            return None
        left, known = certain
        # Most of the time the plainest facts that fit what is certain will do.
        plain = Example(*self._possible.facts(known))
        if left == TRUE or holds(left, *plain):
            return plain
        self._tried += 1
        if self._tried > MOST_TRIED:
            raise Undecided
        atom, likely = _likeliest(left)
        for outcome in (likely, not likely):
            found = self._solve(both((atom if outcome else Not(atom), left)), known)
            if found is not None:
                return found
        return None

    def _certain(self, left: Expression, known: Mapping[Atom, bool]) -> tuple[Expression, Mapping[Atom, bool]] | None:
        """The rest once everything certain is written down; None where it cannot hold."""
        while left != FALSE:
            stated = set(_units(left))
            fresh = dict(stated)
            if not fresh:
                return left, known
            known = {**known, **fresh}
            if len(fresh) < len(stated) or not self._possible.together(known, fresh):
                return None
            left = self._simpler(left, known, fresh)
        return None

    def _simpler(self, left: Expression, known: Mapping[Atom, bool], fresh: Iterable[Atom]) -> Expression:
        about = {attribute for atom in fresh for attribute in read_by(atom)}
        touched = {atom for atom in atoms(left) if not about.isdisjoint(read_by(atom))}
        decided = {atom: self._possible.follows(atom, known) for atom in touched}
        return _with(left, {atom: outcome for atom, outcome in decided.items() if outcome is not None})


def _outward(expression: Expression, *, holds: bool = True) -> Expression:
    """The same with negations moved to the tests."""
    match expression:
        case Const(value):
            return Const(value is holds)
        case Not(operand):
            return _outward(operand, holds=not holds)
        case And(operands) | Or(operands):
            parts = (_outward(operand, holds=holds) for operand in operands)
            return both(parts) if isinstance(expression, And) is holds else either(parts)
    return expression if holds else negation(expression)


def _with(expression: Expression, decided: Mapping[Atom, bool]) -> Expression:
    match expression:
        case Const():
            return expression
        case Not(operand):
            return negation(_with(operand, decided))
        case And(operands):
            return both(_with(operand, decided) for operand in operands)
        case Or(operands):
            return either(_with(operand, decided) for operand in operands)
    outcome = decided.get(expression)
    return expression if outcome is None else Const(outcome)


def _parts(expression: Expression) -> Iterable[Expression]:
    return expression.operands if isinstance(expression, And) else (expression,)


def _units(expression: Expression) -> Iterator[tuple[Atom, bool]]:
    """Tests whose outcome the expression states by itself."""
    for part in _parts(expression):
        match part:
            case And() | Or() | Const():
                continue
            case Not(operand):
                if not isinstance(operand, And | Or | Const | Not):
                    yield operand, False
            case _:
                yield part, True


def _likeliest(expression: Expression) -> tuple[Atom, bool]:
    """The first test of the shortest part, and the outcome that brings that part further."""
    parts = [part for part in _parts(expression) if isinstance(part, Or)]
    shortest = min(parts, key=lambda part: sum(1 for _ in atoms(part)))
    atom = next(atoms(shortest))
    return atom, _brings(shortest, atom)


def _brings(part: Or, atom: Atom) -> bool:
    first = part.operands[0]
    while isinstance(first, And | Or):
        first = first.operands[0]
    return first == atom
