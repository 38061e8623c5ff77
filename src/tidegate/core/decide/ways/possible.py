"""Which outcomes of tests can be true of one request and one target together, and what follows from those that are.

Sets are easy: whatever no test rules out may all be there at once, so it is enough to look at the largest set. That
holds for labels too, which are closed upward, and for their level: of all sets up to a level there is a largest one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tidegate.core.decide.expressions import Atom, Beyond, Flag, Meets, OneOf, Same
from tidegate.core.decide.space import ROOT, Space, level_of, other_than
from tidegate.core.decide.vocabulary import ATTRIBUTES, LABELS, LEVEL, Attribute, FactType, Side
from tidegate.core.decide.witness import ordinary
from tidegate.core.values.facts import RequestFacts, TargetFacts
from tidegate.core.values.labels import LEVELS, close, covers, level

Known = Mapping[Atom, bool]


class Possible:
    """Over the facts of one question. `space`: what the question can tell apart."""

    def __init__(self, space: Space) -> None:
        self._groups = dict(space.strings)
        self._group_of = {attribute: group for group in self._groups for attribute in group}
        self._named = dict(space.roles)
        tree = space.labels
        self._labels = [*tree.names, *(tree.unnamed(node) for node in (ROOT, *tree.names))] if tree else []

    def together(self, known: Known, fresh: Iterable[Atom]) -> bool:
        """Can all that is known be so? Only what the `fresh` tests are about is looked at."""
        about = {attribute for atom in fresh for attribute in read_by(atom)}
        groups = {self._group_of[one] for one in about if one in self._group_of}
        if any(self._strings(group, known) is None for group in groups):
            return False
        if about & {LABELS, LEVEL} and self._label_set(known) is None:
            return False
        return all(self._members(one, known) is not None for one in about if one in self._named)

    def follows(self, atom: Atom, known: Known) -> bool | None:
        """The outcome of a test where what is known leaves no other; None where it may leave one."""
        if atom in known:
            return known[atom]
        match atom:
            case OneOf(attribute, values):
                return _one_of(attribute, values, known)
            case Same(left, right):
                return _same(left, right, known)
            case Meets(attribute, values):
                return _met(attribute, values, known)
            case Beyond(attribute, values):
                inside = any(values >= one.values for one, is_so in _tests(attribute, known, Beyond) if not is_so)
                return False if inside else None
        return None

    def facts(self, known: Known) -> tuple[RequestFacts, TargetFacts]:
        """One request and one target for which all that is known is so, otherwise as ordinary as can be."""
        values: dict[Attribute, Any] = {one: known[Flag(one)] for one in _flags(known)}
        for group in self._groups:
            values.update(zip(group, self._strings(group, known) or (), strict=True))
        for attribute in self._named:
            values[attribute] = _least(self._members(attribute, known) or frozenset(), attribute, known)
        labels = self._least_labels(known)
        values |= {LABELS: labels, LEVEL: level(labels)}
        sides: dict[Side, dict[str, Any]] = {Side.REQUEST: {}, Side.TARGET: {}}
        for one in ATTRIBUTES.values():
            usual = frozenset[str]() if one.kind is FactType.SET else ordinary(one)
            sides[one.side][one.fact] = values.get(one, usual)
        return RequestFacts(**sides[Side.REQUEST]), TargetFacts(**sides[Side.TARGET])

    # -- strings -------------------------------------------------------------------------------------------------------

    def _strings(self, group: Sequence[Attribute], known: Known) -> tuple[str, ...] | None:
        """Values of facts that are compared with each other; None where there are none."""
        tests = [(atom, is_so) for atom, is_so in known.items() if isinstance(atom, OneOf | Same)]
        mine = [(atom, is_so) for atom, is_so in tests if {*read_by(atom)} & {*group}]
        return next(self._assigned(group, mine, {}), None)

    def _assigned(
        self, group: Sequence[Attribute], tests: Sequence[tuple[Atom, bool]], begun: dict[Attribute, str]
    ) -> Iterator[tuple[str, ...]]:
        if len(begun) == len(group):
            yield tuple(begun[one] for one in group)
            return
        attribute = group[len(begun)]
        for value in self._candidates(group, attribute, begun):
            now = {**begun, attribute: value}
            if all(_is_so(atom, now) in (None, is_so) for atom, is_so in tests if attribute in read_by(atom)):
                yield from self._assigned(group, tests, now)

    def _candidates(
        self, group: Sequence[Attribute], attribute: Attribute, begun: Mapping[Attribute, str]
    ) -> list[str]:
        """The usual value first; then the literals, the others that are used already, and one fresh."""
        literals = self._groups[tuple(group)]
        taken = {*literals, *begun.values()}
        return list(dict.fromkeys((str(ordinary(attribute)), *begun.values(), *literals, other_than(taken))))

    # -- sets ----------------------------------------------------------------------------------------------------------

    def _members(self, attribute: Attribute, known: Known) -> frozenset[str] | None:
        """The largest set that no test rules out; None where a test asks for more than is left."""
        names = self._named[attribute]
        left = _left((*names, other_than(names)), attribute, known)
        return left if _suits(left, attribute, known) else None

    def _label_set(self, known: Known) -> frozenset[str] | None:
        """The largest closed set that no test about labels or their level rules out; of several the lowest."""
        left = _left(self._labels, LABELS, known)
        whole = [label for label in self._labels if close(frozenset((label,))) <= left]
        allowed, excluded = _choice(LEVEL, known)
        if allowed is None and not excluded:
            every = frozenset(whole)
            return every if _suits(every, LABELS, known) else None
        levels = [name for name in LEVELS if (allowed is None or name in allowed) and name not in excluded]
        some = (labels for name in levels for labels in _of_level(name, whole))
        return next((labels for labels in some if _suits(labels, LABELS, known)), None)

    def _least_labels(self, known: Known) -> frozenset[str]:
        """As few as will do: none, one for each test that asks for some, or what is left when none more can go."""
        found = self._label_set(known) or frozenset()
        asked = frozenset(min(one.values & found) for one, is_so in _tests(LABELS, known, Meets) if is_so)
        for few in (frozenset[str](), close(asked)):
            if _suits(few, LABELS, known) and _has_level(few, known):
                return few
        for label in sorted(found, reverse=True):
            less = frozenset(one for one in found if not covers(label, one))
            if _suits(less, LABELS, known) and _has_level(less, known):
                found = less
        return found


def _of_level(name: str, whole: Sequence[str]) -> Iterator[frozenset[str]]:
    """All closed sets of a level that are not part of a larger one: some label of that level has nothing below it."""
    if name == level(frozenset()):
        yield frozenset()
    lower = [label for label in whole if LEVELS.index(level_of(label)) <= LEVELS.index(name)]
    for top in lower:
        if level_of(top) == name:
            yield close(frozenset(label for label in lower if label == top or not covers(top, label)))


def _flags(known: Known) -> Iterator[Attribute]:
    return (atom.attribute for atom in known if isinstance(atom, Flag))


def read_by(atom: Atom) -> tuple[Attribute, ...]:
    return (atom.left, atom.right) if isinstance(atom, Same) else (atom.attribute,)


def _choice(attribute: Attribute, known: Known) -> tuple[frozenset[str] | None, frozenset[str]]:
    """Of a string: the values that it must be one of, where there are such; and those that it is not."""
    allowed: frozenset[str] | None = None
    excluded = frozenset[str]()
    for atom, is_so in known.items():
        if not isinstance(atom, OneOf) or atom.attribute != attribute:
            continue
        if is_so:
            allowed = atom.values if allowed is None else allowed & atom.values
        else:
            excluded |= atom.values
    return (None if allowed is None else allowed - excluded), excluded


def _is_so(atom: Atom, values: Mapping[Attribute, str]) -> bool | None:
    if isinstance(atom, Same):
        return values[atom.left] == values[atom.right] if {atom.left, atom.right} <= values.keys() else None
    return values[atom.attribute] in atom.values if isinstance(atom, OneOf) else None


def _tests(attribute: Attribute, known: Known, kind: type[Meets] | type[Beyond]) -> Iterator[tuple[Any, bool]]:
    return ((atom, is_so) for atom, is_so in known.items() if isinstance(atom, kind) and atom.attribute == attribute)


def _one_of(attribute: Attribute, values: frozenset[str], known: Known) -> bool | None:
    allowed, excluded = _choice(attribute, known)
    if allowed is not None and (allowed <= values or not allowed & values):
        return allowed <= values
    return False if values <= excluded else None


def _same(left: Attribute, right: Attribute, known: Known) -> bool | None:
    one, other = (_choice(attribute, known)[0] for attribute in (left, right))
    if one is None or other is None:
        return None
    if not one & other:
        return False
    return True if len(one) == len(other) == 1 else None


def _met(attribute: Attribute, values: frozenset[str], known: Known) -> bool | None:
    gone = frozenset[str]().union(*(one.values for one, is_so in _tests(attribute, known, Meets) if not is_so))
    if all(_above(attribute, value) & gone for value in values):
        return False
    there = (one.values for one, is_so in _tests(attribute, known, Meets) if is_so)
    return True if any(all(_above(attribute, value) & values for value in one) for one in there) else None


def _above(attribute: Attribute, value: str) -> frozenset[str]:
    """What is there whenever `value` is."""
    one = frozenset((value,))
    return close(one) if attribute == LABELS else one


def _left(names: Iterable[str], attribute: Attribute, known: Known) -> frozenset[str]:
    left = frozenset(names)
    for one, is_so in _tests(attribute, known, Meets):
        left = left if is_so else left - one.values
    for one, is_so in _tests(attribute, known, Beyond):
        left = left if is_so else left & one.values
    return left


def _suits(members: frozenset[str], attribute: Attribute, known: Known) -> bool:
    return all(bool(members & one.values) is is_so for one, is_so in _tests(attribute, known, Meets)) and all(
        bool(members - one.values) is is_so for one, is_so in _tests(attribute, known, Beyond)
    )


def _least(members: frozenset[str], attribute: Attribute, known: Known) -> frozenset[str]:
    for one in sorted(members, reverse=True):
        less = members - {one}
        members = less if _suits(less, attribute, known) else members
    return members


def _has_level(labels: frozenset[str], known: Known) -> bool:
    allowed, excluded = _choice(LEVEL, known)
    return (allowed is None or level(labels) in allowed) and level(labels) not in excluded
