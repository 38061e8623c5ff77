"""Rules into one Python function that decides every target of a request.

The text is made of names from the vocabulary and of string literals through repr, never of a policy's own text. What
only depends on the request is computed once, before the loop over targets; a test of a target that rules share, once a
target. Expressions are total once the types of the facts are checked, so evaluating one early or late changes nothing.
Whatever goes wrong all the same denies.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

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
    atoms,
    attributes,
)
from tidegate.core.decide.rules import Rule
from tidegate.core.decide.vocabulary import (
    ACTIONS,
    ATTRIBUTES,
    DEFAULT_DENY,
    EVALUATION_ERROR,
    LABELS,
    LEVEL,
    Attribute,
    FactType,
    Side,
)
from tidegate.core.values.decision import Effect, TargetDecision
from tidegate.core.values.facts import RequestFacts, TargetFacts
from tidegate.core.values.labels import close, level

Function = Callable[[RequestFacts, Sequence[TargetFacts]], tuple[TargetDecision, ...]]

_BITS = {action: 1 << place for place, action in enumerate(ACTIONS)}
_TYPES = {FactType.STRING: "str", FactType.SET: "frozenset", FactType.FLAG: "bool"}
# Facts of the target that every decision reads, whatever the rules say.
_NAMED = (ATTRIBUTES["resource.name"], ATTRIBUTES["resource.boundary"])


def function_of(rules: Sequence[Rule]) -> tuple[Function, str]:
    """The function and its text. Its answers have one entry a target, in the targets' order."""
    source = _Writer(rules).source()
    scope: dict[str, Any] = {
        "TargetDecision": TargetDecision,
        "failed": failed,
        "close": close,
        "level_of": level,
        **{effect.name: effect for effect in Effect},
    }
    exec(compile(source, "<policy>", "exec"), scope)  # noqa: S102 - text made above from vocabulary and literals only
    function: Function = scope["decide"]
    return function, source


def failed(target: object) -> TargetDecision:
    """The decision on a target whose facts could not be read."""
    name, boundary = (str(getattr(target, field, "")) for field in ("target", "boundary"))
    return TargetDecision(name, boundary, Effect.NONE, (EVALUATION_ERROR,))


class _Writer:
    """Writes the function's text for one set of rules."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._hoisted: dict[Expression, str] = {}
        self._shared = self._shared_tests()
        read = {LABELS, LEVEL, *_NAMED} | {attribute for rule in rules for attribute in attributes(rule.condition)}
        self._read = sorted(read)

    def source(self) -> str:
        # The loop is written first: what it needs from the request becomes the part before it.
        loop = list(self._loop())
        before = list(self._before())
        return "\n".join(
            [
                "def decide(request, targets):",
                "    try:",
                *_indented(before, 8),
                "    except Exception:",
                "        return tuple([failed(target) for target in targets])",
                "    decided = []",
                "    for target in targets:",
                "        try:",
                *_indented(loop, 12),
                "        except Exception:",
                "            decided.append(failed(target))",
                "    return tuple(decided)",
                "",
            ]
        )

    def _shared_tests(self) -> dict[Atom, str]:
        counted = Counter(
            atom for rule in self._rules for atom in set(atoms(rule.condition)) if _sides(atom) == {Side.TARGET}
        )
        return {atom: f"t{place}" for place, (atom, count) in enumerate(sorted(counted.items(), key=repr)) if count > 1}

    def _before(self) -> Iterator[str]:
        yield from self._read_facts("request", [one for one in self._read if one.side is Side.REQUEST])
        # A proof covers only facts that agree with each other: anything else is an error, and errors deny.
        yield f"if close({_local(LABELS)}) != {_local(LABELS)} or level_of({_local(LABELS)}) != {_local(LEVEL)}:"
        yield "    raise ValueError"
        for expression, name in self._hoisted.items():
            yield f"{name} = {self._plain(expression)}"

    def _loop(self) -> Iterator[str]:
        yield from self._read_facts("target", [one for one in self._read if one.side is Side.TARGET])
        for atom, name in self._shared.items():
            yield f"{name} = {_atom(atom)}"
        yield "denied = 0"
        yield "rules = []"
        for rule in self._chosen("forbid"):
            yield f"if {self._text(rule.condition)}:"
            yield f"    denied |= {sum(_BITS[action] for action in rule.actions)}"
            yield f"    rules.append({rule.id!r})"
        for action, effect in ACTIONS.items():
            yield from self._permitted(action, effect)
        yield f"decided.append({_outcome(Effect.NONE, f'tuple(rules) or ({DEFAULT_DENY!r},)')})"

    def _permitted(self, action: str, effect: Effect) -> Iterator[str]:
        permits = [rule for rule in self._chosen("permit") if action in rule.actions]
        if not permits:
            return
        yield f"if not denied & {_BITS[action]}:"
        yield "    permits = ()"
        for rule in permits:
            yield f"    if {self._text(rule.condition)}:"
            yield f"        permits += ({rule.id!r},)"
        yield "    if permits:"
        yield f"        decided.append({_outcome(effect, 'permits')})"
        yield "        continue"

    def _chosen(self, effect: str) -> list[Rule]:
        return [rule for rule in self._rules if rule.effect == effect]

    def _read_facts(self, source: str, wanted: Sequence[Attribute]) -> Iterator[str]:
        for attribute in wanted:
            yield f"{_local(attribute)} = {source}.{attribute.fact}"
        for kind, type_name in _TYPES.items():
            names = [_local(attribute) for attribute in wanted if attribute.kind is kind]
            if names:
                # `is`: a subclass could carry its own equality, and None would make a negated test true.
                yield f"if not ({' is '.join([type_name, *(f'{name}.__class__' for name in names)])}):"
                yield "    raise TypeError"

    def _text(self, expression: Expression) -> str:
        """The text inside the loop: request parts become names, shared tests too."""
        if isinstance(expression, Const):
            return repr(expression.value)
        if _sides(expression) == {Side.REQUEST}:
            return self._hoisted.setdefault(expression, f"r{len(self._hoisted)}")
        match expression:
            case Not(operand):
                return f"(not {self._text(operand)})"
            case And(operands):
                return self._joined(And, " and ", operands)
            case Or(operands):
                return self._joined(Or, " or ", operands)
        return self._shared.get(expression) or _atom(expression)

    def _joined(self, kind: type[And | Or], word: str, operands: Iterable[Expression]) -> str:
        """Request parts together and first: most rules end there."""
        operands = tuple(operands)
        early = tuple(one for one in operands if _sides(one) == {Side.REQUEST})
        late = [one for one in operands if one not in early]
        first = [early[0] if len(early) == 1 else kind(early)] if early else []
        return f"({word.join(self._text(one) for one in (*first, *late))})"

    def _plain(self, expression: Expression) -> str:
        match expression:
            case Const(value):
                return repr(value)
            case Not(operand):
                return f"(not {self._plain(operand)})"
            case And(operands):
                return f"({' and '.join(self._plain(one) for one in operands)})"
            case Or(operands):
                return f"({' or '.join(self._plain(one) for one in operands)})"
        return _atom(expression)


def _atom(atom: Atom) -> str:
    match atom:
        case Flag(attribute):
            return _local(attribute)
        case OneOf(attribute, values):
            return f"({' or '.join(f'{_local(attribute)} == {value!r}' for value in sorted(values)) or 'False'})"
        case Same(left, right):
            return f"({_local(left)} == {_local(right)})"
        case Meets(attribute, values):
            return _meets(_local(attribute), tuple(sorted(values)))
        case Beyond(attribute, values):
            return f"({_local(attribute)}.difference({tuple(sorted(values))!r}) != frozenset())"


def _meets(name: str, values: tuple[str, ...]) -> str:
    return f"({values[0]!r} in {name})" if len(values) == 1 else f"(not {name}.isdisjoint({values!r}))"


def _outcome(effect: Effect, rules: str) -> str:
    name, boundary = (_local(attribute) for attribute in _NAMED)
    return f"TargetDecision({name}, {boundary}, {effect.name}, {rules})"


def _local(attribute: Attribute) -> str:
    return attribute.path.replace(".", "_")


def _sides(expression: Expression) -> set[Side]:
    return {attribute.side for attribute in attributes(expression)}


def _indented(lines: Iterable[str], width: int) -> Iterator[str]:
    return (" " * width + line for line in lines)
