"""Conditions and situations in words: a test of a fact as a rule would write it, a request by what is special in it."""

from collections.abc import Iterator

from tidegate.core.decide.expressions import (
    And,
    Atom,
    Beyond,
    Const,
    Expression,
    Flag,
    Meets,
    Not,
    OneOf,
    Or,
    Same,
    holds,
)
from tidegate.core.decide.lifecycle.facts import Value, leaves
from tidegate.core.decide.vocabulary import ATTRIBUTES, CLOSED_VALUES, LABELS, LEVEL, Attribute, FactType, Side
from tidegate.core.decide.witness import ordinary
from tidegate.core.values.facts import RequestFacts, TargetFacts

_KIND = ATTRIBUTES["resource.kind"]
_SAID_FIRST = (LABELS, LEVEL, _KIND)


def atom_text(atom: Atom) -> str:
    match atom:
        case Flag(attribute):
            return attribute.path
        case OneOf(attribute, values):
            return _one_of(attribute, sorted(values))
        case Same(left, right):
            return f"{left.path} == {right.path}"
        case Meets(attribute, values):
            return _meets(attribute, sorted(values))
        case Beyond(attribute, values):
            return (
                f"!{_list(sorted(values))}.containsAll({attribute.path})" if values else f"!{attribute.path}.isEmpty()"
            )


def read_by(atom: Atom) -> tuple[Attribute, ...]:
    return (atom.left, atom.right) if isinstance(atom, Same) else (atom.attribute,)


def value_of(attribute: Attribute, request: RequestFacts, target: TargetFacts) -> Value:
    value: Value = getattr(request if attribute.side is Side.REQUEST else target, attribute.fact)
    return value


def value_text(attribute: Attribute, value: Value) -> str:
    if isinstance(value, frozenset):
        return _list(leaves(value) if attribute == LABELS else sorted(value))
    return str(value).lower() if isinstance(value, bool) else f'"{value}"'


def deciding(expression: Expression, request: RequestFacts, target: TargetFacts) -> Iterator[Atom]:
    """The tests without which the expression could have come out otherwise, left to right, repetitions included."""
    match expression:
        case Const():
            return
        case Not(operand):
            yield from deciding(operand, request, target)
        case And(operands) | Or(operands):
            # Of a conjunction that fails the failing parts decide, of a disjunction that holds the holding ones.
            outcome = holds(expression, request, target)
            some = outcome is isinstance(expression, Or)
            for operand in operands:
                if not some or holds(operand, request, target) is outcome:
                    yield from deciding(operand, request, target)
        case _:
            yield expression


def situation(request: RequestFacts, target: TargetFacts) -> str:
    """A request and a target by what is special: `a request with phi (level restricted) to a cloud target, where …`."""
    labels = ", ".join(leaves(request.labels)) or "no label"
    kind = f"a {target.kind} target" if target.kind in CLOSED_VALUES[_KIND.path] else "a target of an unheard-of kind"
    special = list(_special(request, target))
    where = f", where {' and '.join(special)}" if special else ""
    return f"a request with {labels} (level {request.level}) to {kind}{where}"


def specialities(request: RequestFacts, target: TargetFacts) -> int:
    """How far from ordinary: the smaller the number, the plainer the example."""
    return len(request.labels) + (target.kind != ordinary(_KIND)) + sum(1 for _ in _special(request, target))


def _special(request: RequestFacts, target: TargetFacts) -> Iterator[str]:
    for attribute in ATTRIBUTES.values():
        value = value_of(attribute, request, target)
        usual: Value = frozenset() if attribute.kind is FactType.SET else ordinary(attribute)
        if attribute in _SAID_FIRST or value == usual:
            continue
        yield f"{attribute.path} is {value_text(attribute, value)}"


def _one_of(attribute: Attribute, values: list[str]) -> str:
    return f'{attribute.path} == "{values[0]}"' if len(values) == 1 else f"{_list(values)}.contains({attribute.path})"


def _meets(attribute: Attribute, values: list[str]) -> str:
    if len(values) == 1:
        return f'{attribute.path}.contains("{values[0]}")'
    return f"{attribute.path}.containsAny({_list(values)})"


def _list(values: list[str]) -> str:
    return f"[{', '.join(f'{chr(34)}{value}{chr(34)}' for value in values)}]"
