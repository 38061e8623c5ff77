"""The small language that rules and invariants are read into: no errors, no order, no functions.

Every expression is total: given facts of the right types it is true or false. Both the Python function and the proof
are made from these values, so what is proven is what runs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tidegate.core.decide.vocabulary import Attribute, FactType, Side
from tidegate.core.values.facts import RequestFacts, TargetFacts


@dataclass(frozen=True, slots=True)
class Const:
    value: bool


@dataclass(frozen=True, slots=True)
class Flag:
    """A boolean fact."""

    attribute: Attribute


@dataclass(frozen=True, slots=True)
class OneOf:
    """A string fact is one of `values`."""

    attribute: Attribute
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Same:
    """Two string facts are equal."""

    left: Attribute
    right: Attribute


@dataclass(frozen=True, slots=True)
class Meets:
    """A set fact has at least one of `values`."""

    attribute: Attribute
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Beyond:
    """A set fact has something outside `values`; with none given: it is not empty."""

    attribute: Attribute
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Not:
    operand: "Expression"


@dataclass(frozen=True, slots=True)
class And:
    operands: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Or:
    operands: tuple["Expression", ...]


Atom = Flag | OneOf | Same | Meets | Beyond
Expression = Const | Atom | Not | And | Or

TRUE, FALSE = Const(True), Const(False)


def both(operands: Iterable[Expression]) -> Expression:
    """Conjunction, flattened; constants are folded."""
    flat: list[Expression] = []
    for operand in operands:
        flat.extend(operand.operands if isinstance(operand, And) else (operand,))
    if FALSE in flat:
        return FALSE
    kept = tuple(dict.fromkeys(operand for operand in flat if operand != TRUE))
    return kept[0] if len(kept) == 1 else And(kept) if kept else TRUE


def either(operands: Iterable[Expression]) -> Expression:
    """Disjunction, flattened; constants are folded."""
    flat: list[Expression] = []
    for operand in operands:
        flat.extend(operand.operands if isinstance(operand, Or) else (operand,))
    if TRUE in flat:
        return TRUE
    kept = tuple(dict.fromkeys(operand for operand in flat if operand != FALSE))
    return kept[0] if len(kept) == 1 else Or(kept) if kept else FALSE


def negation(operand: Expression) -> Expression:
    match operand:
        case Const(value):
            return Const(not value)
        case Not(inner):
            return inner
    return Not(operand)


def atoms(expression: Expression) -> Iterator[Atom]:
    """Every test of a fact, left to right, repetitions included."""
    match expression:
        case Const():
            return
        case Not(operand):
            yield from atoms(operand)
        case And(operands) | Or(operands):
            for operand in operands:
                yield from atoms(operand)
        case _:
            yield expression


def attributes(expression: Expression) -> Iterator[Attribute]:
    for atom in atoms(expression):
        if isinstance(atom, Same):
            yield from (atom.left, atom.right)
        else:
            yield atom.attribute


def holds(expression: Expression, request: RequestFacts, target: TargetFacts) -> bool:
    """The plain reading, for explanations and as a check on the generated function; it is not fast."""
    match expression:
        case Const(value):
            return value
        case Not(operand):
            return not holds(operand, request, target)
        case And(operands):
            return all(holds(operand, request, target) for operand in operands)
        case Or(operands):
            return any(holds(operand, request, target) for operand in operands)
    return _atom_holds(expression, request, target)


def _atom_holds(atom: Atom, request: RequestFacts, target: TargetFacts) -> bool:
    match atom:
        case Flag(attribute):
            return bool(_fact(attribute, request, target))
        case OneOf(attribute, values):
            return _fact(attribute, request, target) in values
        case Same(left, right):
            return _fact(left, request, target) == _fact(right, request, target)
        case Meets(attribute, values):
            return bool(_members(attribute, request, target) & values)
        case Beyond(attribute, values):
            return bool(_members(attribute, request, target) - values)


def _fact(attribute: Attribute, request: RequestFacts, target: TargetFacts) -> object:
    return getattr(request if attribute.side is Side.REQUEST else target, attribute.fact)


def _members(attribute: Attribute, request: RequestFacts, target: TargetFacts) -> frozenset[str]:
    assert attribute.kind is FactType.SET
    found = _fact(attribute, request, target)
    assert isinstance(found, frozenset)
    return found
