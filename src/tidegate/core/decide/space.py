"""The open world: every request and target that could ever come, cut down to what rules can tell apart.

Rules read strings only by comparing them with literals or with each other, and sets only by asking for literals. So of
all strings that no rule names, only their being equal or not matters; of all labels that no rule names, only where they
hang in the tree of dotted names (their parents are always present, and their level follows from their prefix).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from math import prod

from tidegate.core.decide.expressions import Atom, Beyond, Expression, Flag, Meets, OneOf, Same, atoms
from tidegate.core.decide.vocabulary import LABELS, LEVEL, Attribute
from tidegate.core.values.labels import LEVEL_OF_PREFIX, Level, level

OTHER = "other"
ROOT = ""


@dataclass(frozen=True, slots=True)
class LabelTree:
    """Named labels with all their prefixes, and below each (and below the root) the labels that nobody names.

    `children` has every node as key, parents before children; ROOT is no label itself.
    """

    children: Mapping[str, tuple[str, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name in self.children if name != ROOT)

    def unnamed(self, node: str) -> str:
        """A label directly below `node` that is none of the names."""
        words = (OTHER if place == 0 else f"{OTHER}{place + 1}" for place in count())
        return next(name for word in words if (name := f"{node}.{word}".lstrip(".")) not in self.children)

    def points(self, node: str = ROOT) -> int:
        """How many closed sets there are below `node`, which is present: each child or not, an unnamed one or not."""
        return 2 * prod(1 + self.points(child) for child in self.children[node])


def other_than(values: Iterable[str]) -> str:
    """A string that is none of `values`."""
    taken = set(values)
    names = (OTHER if place == 0 else f"{OTHER}-{place + 1}" for place in count())
    return next(name for name in names if name not in taken)


def label_tree(names: Iterable[str]) -> LabelTree:
    nodes = {".".join(words[:n]) for name in names for words in [name.split(".")] for n in range(1, len(words) + 1)}
    ordered = [ROOT, *sorted(nodes)]
    below: dict[str, list[str]] = {node: [] for node in ordered}
    for node in ordered[1:]:
        below[node.rpartition(".")[0]].append(node)
    return LabelTree({node: tuple(found) for node, found in below.items()})


def level_of(label: str) -> Level:
    """The level of one label that has nothing below it."""
    return level(frozenset({label}))


@dataclass(frozen=True, slots=True)
class Space:
    """What the given expressions can tell apart, axis by axis; what they never read is one point.

    `strings`: groups of string facts that are compared with each other, and the literals a group is compared with.
    """

    labels: LabelTree | None
    level_read: bool
    roles: tuple[tuple[Attribute, tuple[str, ...]], ...]
    strings: tuple[tuple[tuple[Attribute, ...], tuple[str, ...]], ...]
    flags: tuple[Attribute, ...]

    @property
    def points(self) -> int:
        """How many situations the expressions could tell apart by what they read."""
        labels = self.labels.points() if self.labels else 1
        roles = prod(2 ** (len(values) + 1) for _, values in self.roles)
        strings = prod(len(patterns(group, values)) for group, values in self.strings)
        return int(labels * roles * strings * 2 ** len(self.flags))


def space_of(expressions: Iterable[Expression]) -> Space:
    tests = list(dict.fromkeys(atom for expression in expressions for atom in atoms(expression)))
    sets = _named_in_sets(tests)
    named = sets.pop(LABELS, None)
    level_read = any(LEVEL in _read(test) for test in tests)
    prefixes = [prefix for prefix, _ in LEVEL_OF_PREFIX] if level_read else []
    return Space(
        labels=label_tree([*(named or ()), *prefixes]) if named is not None or level_read else None,
        level_read=level_read,
        roles=tuple((attribute, tuple(sorted(values))) for attribute, values in sorted(sets.items())),
        strings=tuple(_groups(tests)),
        flags=tuple(sorted({test.attribute for test in tests if isinstance(test, Flag)})),
    )


def patterns(group: Sequence[Attribute], values: Sequence[str]) -> list[tuple[str, ...]]:
    """All values of a group's facts up to renaming what nobody names: one literal each, or one of few others."""
    found: list[tuple[str, ...]] = [()]
    for _ in group:
        found = [(*begun, value) for begun in found for value in _next_values(begun, values)]
    return found


def _next_values(begun: Sequence[str], values: Sequence[str]) -> list[str]:
    """The literals, the others that are used already, and one fresh."""
    used = [value for value in dict.fromkeys(begun) if value not in values]
    return [*values, *used, other_than([*values, *used])]


def _named_in_sets(tests: Iterable[Atom]) -> dict[Attribute, set[str]]:
    found: dict[Attribute, set[str]] = {}
    for test in tests:
        if isinstance(test, Meets | Beyond):
            found.setdefault(test.attribute, set()).update(test.values)
    return found


def _read(test: Atom) -> tuple[Attribute, ...]:
    return (test.left, test.right) if isinstance(test, Same) else (test.attribute,)


def _groups(tests: Sequence[Atom]) -> list[tuple[tuple[Attribute, ...], tuple[str, ...]]]:
    """String facts joined wherever two are compared. The level is left out: it follows from the labels."""
    group: dict[Attribute, set[Attribute]] = {}
    literals: dict[Attribute, set[str]] = {}
    for test in tests:
        if isinstance(test, OneOf | Same):
            read = _read(test)
            joined = set().union(*(group.get(attribute, {attribute}) for attribute in read))
            group.update(dict.fromkeys(joined, joined))
            literals.setdefault(read[0], set()).update(test.values if isinstance(test, OneOf) else ())
    distinct = {tuple(sorted(members)) for members in group.values()} - {(LEVEL,)}
    return [(members, _all_literals(members, literals)) for members in sorted(distinct)]


def _all_literals(members: Iterable[Attribute], literals: Mapping[Attribute, set[str]]) -> tuple[str, ...]:
    return tuple(sorted(set().union(*(literals.get(attribute, set()) for attribute in members))))
