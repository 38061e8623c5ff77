"""Facts as plain documents: of a receipt, a test case, a file. Their fields and types are read off the classes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from difflib import get_close_matches
from typing import Any, NamedTuple, get_type_hints

from tidegate.core.decide.vocabulary import ATTRIBUTES, CLOSED_VALUES, LABELS, LEVEL, Attribute, FactType, Side
from tidegate.core.decide.witness import ordinary
from tidegate.core.values.facts import RequestFacts, TargetFacts
from tidegate.core.values.labels import close, level
from tidegate.core.values.target import Contract

Value = str | bool | frozenset[str]

_CLASSES: Mapping[Side, type] = {Side.REQUEST: RequestFacts, Side.TARGET: TargetFacts}
_PYTHON: Mapping[FactType, type] = {FactType.STRING: str, FactType.FLAG: bool, FactType.SET: list}
_EMPTY: Mapping[FactType, Value] = {FactType.STRING: "", FactType.FLAG: False, FactType.SET: frozenset()}
# What a value must be, and how it is written.
_WANTED: Mapping[FactType, tuple[str, str]] = {
    FactType.STRING: ("a string", 'put it in quotes: "…"'),
    FactType.FLAG: ("true or false", "write true or false, without quotes"),
    FactType.SET: ("a list of strings", 'write ["…", "…"]'),
}


class WrongFact(Exception):  # noqa: N818 - an answer about one value, gathered with the others
    """`what` is wrong, and `advice` what to do."""

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(f"{what}; {advice}")
        self.what, self.advice = what, advice


class Fact(NamedTuple):
    """`name` is the field, as receipts spell it; `attribute` what rules call it, None where they cannot read it."""

    name: str
    kind: FactType
    attribute: Attribute | None

    def read(self, given: object) -> Value:
        """The value of a document as the fact has it; labels are closed. Raises WrongFact."""
        if type(given) is not _PYTHON[self.kind] or (
            isinstance(given, list) and not all(type(one) is str for one in given)
        ):
            wanted, advice = _WANTED[self.kind]
            raise WrongFact(f"{self.name} must be {wanted}", advice)
        known = CLOSED_VALUES.get(self.attribute.path) if self.attribute else None
        for value in given if isinstance(given, list) else [given]:
            if known is not None and value not in known:
                raise WrongFact(f'{self.name} is never "{value}"', did_you_mean(str(value), known))
        if isinstance(given, list):
            return close(frozenset(given)) if self.attribute == LABELS else frozenset(given)
        return given if isinstance(given, bool) else str(given)


def _facts(side: Side) -> dict[str, Fact]:
    attributes = {one.fact: one for one in ATTRIBUTES.values() if one.side is side}
    hints = get_type_hints(_CLASSES[side])
    names = [field.name for field in fields(_CLASSES[side])]
    return {name: Fact(name, _kind(hints[name], attributes.get(name)), attributes.get(name)) for name in names}


def _kind(hint: object, attribute: Attribute | None) -> FactType:
    if attribute is not None:
        return attribute.kind
    if hint == frozenset[str]:
        return FactType.SET
    return FactType.FLAG if hint is bool else FactType.STRING


FACTS: Mapping[Side, Mapping[str, Fact]] = {side: _facts(side) for side in Side}


def fact_named(side: Side, name: str) -> Fact | None:
    """By the name of receipts (`actor`) or by a rule's word for it (`id` of `principal.id`)."""
    found = FACTS[side].get(name)
    if found is not None:
        return found
    return next((one for one in FACTS[side].values() if one.attribute and _word(one.attribute) == name), None)


def names_of(side: Side) -> list[str]:
    """Every name that `fact_named` knows."""
    both = [(one.name, _word(one.attribute) if one.attribute else one.name) for one in FACTS[side].values()]
    return list(dict.fromkeys(name for pair in both for name in pair))


def request_of(given: Mapping[str, Value]) -> RequestFacts:
    """What is not given is ordinary: nobody in particular, who asks for nothing special. The level is worked out."""
    values = {name: given.get(name, _ordinary(fact)) for name, fact in FACTS[Side.REQUEST].items()}
    labels = close(frozenset(values[LABELS.fact]))  # type: ignore[arg-type]  # labels are a set, as their kind says
    return RequestFacts(**{**values, LABELS.fact: labels, LEVEL.fact: level(labels)})  # type: ignore[arg-type]


def target_of(given: Mapping[str, Value]) -> TargetFacts:
    """What is not given is as in a configuration that does not state it: no contract, the worst terms."""
    values = {name: given.get(name, _unstated(fact)) for name, fact in FACTS[Side.TARGET].items()}
    return TargetFacts(**values)  # type: ignore[arg-type]


def plain(facts: RequestFacts | TargetFacts) -> dict[str, Any]:
    """As receipts have them; sets are sorted lists."""
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in asdict(facts).items()}


def leaves(labels: frozenset[str]) -> list[str]:
    """Labels without what they imply."""
    return sorted(name for name in labels if not any(other.startswith(f"{name}.") for other in labels))


def did_you_mean(name: str, known: Sequence[str]) -> str:
    close_ones = get_close_matches(name, known, n=1)
    return f'did you mean "{close_ones[0]}"?' if close_ones else f"it is one of {', '.join(known)}"


class Document(NamedTuple):
    """A request, one or more targets, and what was recorded of them, where the document is a receipt.

    `lacking`: names of facts that an older receipt does not have, the targets' with `resource.` before them.
    """

    request: dict[str, Value]
    targets: tuple[dict[str, Value], ...]
    lacking: tuple[str, ...]


def read_receipt(record: Mapping[str, Any]) -> Document:
    """The facts of an intent record. Raises WrongFact for one that has none, or in a shape that is not ours.

    What a record has beyond our facts is not looked at: a version that came later, or a fact that went away.
    """
    given, targets = record.get("facts"), record.get("targets")
    if not isinstance(given, dict) or not isinstance(targets, list) or not all(isinstance(t, dict) for t in targets):
        raise WrongFact("it holds no facts", "it was written by a version that kept none")
    request = _present(Side.REQUEST, given)
    found = tuple(_present(Side.TARGET, one) for one in targets)
    if LABELS.fact not in request:
        raise WrongFact("it holds no labels", "it was written by a version that kept none")
    lacking = [_path(fact) for name, fact in FACTS[Side.REQUEST].items() if name not in request and name != LEVEL.fact]
    lacking += [_path(fact) for name, fact in FACTS[Side.TARGET].items() if any(name not in target for target in found)]
    return Document(request, found, tuple(lacking))


def read_case(given: Mapping[str, Any]) -> Document:
    """Facts that a person wrote: the request's, and under `target` the target's. Raises WrongFact at what is wrong."""
    target = given.get("target")
    if not isinstance(target, dict) or "kind" not in target:
        raise WrongFact("there is no target with a kind", 'write a target: {"kind": "cloud"}')
    request = {name: value for name, value in given.items() if name != "target"}
    return Document(_written(Side.REQUEST, request), (_written(Side.TARGET, target),), ())


def _written(side: Side, given: Mapping[str, Any]) -> dict[str, Value]:
    read = [read_one(side, name, value) for name, value in given.items()]
    return {fact.name: value for fact, value in read}


def read_one(side: Side, name: str, value: object) -> tuple[Fact, Value]:
    """Raises WrongFact."""
    fact = fact_named(side, name)
    if fact is None:
        owner = "request" if side is Side.REQUEST else "target"
        raise WrongFact(f"{name} is no fact of a {owner}", did_you_mean(name, names_of(side)))
    if fact.attribute == LEVEL:
        raise WrongFact("the level follows from the labels", "leave it out")
    return fact, fact.read(value)


def _present(side: Side, given: Mapping[str, Any]) -> dict[str, Value]:
    return {name: fact.read(given[name]) for name, fact in FACTS[side].items() if name in given}


def _path(fact: Fact) -> str:
    return fact.attribute.path if fact.attribute else fact.name


def _word(attribute: Attribute) -> str:
    return attribute.path.partition(".")[2]


def _ordinary(fact: Fact) -> Value:
    if fact.attribute is None or fact.kind is FactType.SET:
        return _EMPTY[fact.kind]
    return ordinary(fact.attribute)


def _unstated(fact: Fact) -> Value:
    """There is no contract, so that whatever one would state is the worst; all else is ordinary."""
    if fact.name == "contract":
        return False
    worst = getattr(Contract(), fact.name, None)
    return worst if isinstance(worst, str | bool) else _ordinary(fact)
