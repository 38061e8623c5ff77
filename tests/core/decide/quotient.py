"""Every class of requests and targets that given expressions can tell apart, one representative each.

Written apart from the solver's encoding on purpose: it builds real facts, of which it only knows how labels close and
which level they have, so that a mistake in the encoding shows as a difference.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, product

from tidegate.core.decide.expressions import Beyond, Expression, Meets, OneOf, atoms
from tidegate.core.decide.space import ROOT, LabelTree, Space, other_than, patterns, space_of
from tidegate.core.decide.vocabulary import ATTRIBUTES, LABELS, LEVEL, FactType, Side
from tidegate.core.values.facts import RequestFacts, TargetFacts
from tidegate.core.values.labels import LEVELS, close, level

_PLAIN = {
    "tenant": "default",
    "dialect": "openai",
    "operation": "chat",
    "kind": "cloud",
    "target": "t",
    "boundary": "b",
}


class Quotient:
    """`blocks` yields (requests, targets): every pair of a block is one class, and each class is in one block."""

    def __init__(self, expressions: Sequence[Expression]) -> None:
        self._tests = list(dict.fromkeys(atom for expression in expressions for atom in atoms(expression)))
        self.space: Space = space_of(expressions)
        self.label_sets = self._label_sets()

    @property
    def size(self) -> int:
        return sum(len(requests) * len(targets) for requests, targets in self.blocks())

    def blocks(self) -> Iterator[tuple[list[RequestFacts], list[TargetFacts]]]:
        crossing = [group for group in self.space.strings if len({attribute.side for attribute in group[0]}) > 1]
        for values in product(*(patterns(*group) for group in crossing)):
            fixed = {
                attribute.path: value
                for (members, _), row in zip(crossing, values, strict=True)
                for attribute, value in zip(members, row, strict=True)
            }
            yield self._requests(fixed), self._targets(fixed)

    def _requests(self, fixed: dict[str, str]) -> list[RequestFacts]:
        return [
            RequestFacts(**{**facts, "labels": labels, "level": level(labels)})
            for facts in self._facts(Side.REQUEST, fixed)
            for labels in self.label_sets
        ]

    def _targets(self, fixed: dict[str, str]) -> list[TargetFacts]:
        return [TargetFacts(**facts) for facts in self._facts(Side.TARGET, fixed)]

    def _facts(self, side: Side, fixed: dict[str, str]) -> Iterator[dict]:
        flags = [attribute for attribute in self.space.flags if attribute.side is side]
        axes: list[list[dict]] = [[{one.fact: False}, {one.fact: True}] for one in flags]
        for members, values in self.space.strings:
            if {attribute.side for attribute in members} == {side}:
                axes.append(
                    [{a.fact: v for a, v in zip(members, row, strict=True)} for row in patterns(members, values)]
                )
        for attribute, values in self.space.roles:
            if attribute.side is side:
                named = [*values, other_than(values)]
                axes.append(
                    [
                        {attribute.fact: frozenset(some)}
                        for n in range(len(named) + 1)
                        for some in combinations(named, n)
                    ]
                )
        given = {ATTRIBUTES[path].fact: value for path, value in fixed.items() if ATTRIBUTES[path].side is side}
        for row in product(*axes):
            yield {**self._plain(side), **given, **{name: value for one in row for name, value in one.items()}}

    def _plain(self, side: Side) -> dict:
        empty = {FactType.STRING: "", FactType.FLAG: False, FactType.SET: frozenset()}
        mine = [one for one in ATTRIBUTES.values() if one.side is side and one not in (LABELS, LEVEL)]
        return {one.fact: _PLAIN.get(one.fact, empty[one.kind]) for one in mine}

    def _label_sets(self) -> list[frozenset[str]]:
        """One closed set for each way in which the tests about labels and levels can come out."""
        tree = self.space.labels
        if tree is None:
            return [frozenset()]
        found: dict[tuple, frozenset[str]] = {self._sign(frozenset()): frozenset()}
        for some in [*(_below(tree, top) for top in tree.children[ROOT]), [frozenset({tree.unnamed(ROOT)})]]:
            wanted = {self._sign(one): one for one in (frozenset(), *some)}
            found = {self._sign(one | other): one | other for one in found.values() for other in wanted.values()}
        return list({self._outcome(one): one for one in found.values()}.values())

    def _sign(self, labels: frozenset[str]) -> tuple:
        """What a set adds to a union: its answers, and its level as a height, since the higher one wins."""
        return (self._answers(labels), LEVELS.index(level(labels)))

    def _outcome(self, labels: frozenset[str]) -> tuple:
        tested = tuple(level(labels) in t.values for t in self._tests if isinstance(t, OneOf) and t.attribute == LEVEL)
        return (self._answers(labels), tested)

    def _answers(self, labels: frozenset[str]) -> tuple[bool, ...]:
        return tuple(
            bool(labels & test.values) if isinstance(test, Meets) else bool(labels - test.values)
            for test in self._tests
            if isinstance(test, Meets | Beyond) and test.attribute == LABELS
        )


def _below(tree: LabelTree, node: str) -> list[frozenset[str]]:
    """All closed sets that hold `node` and whatever hangs below it, unnamed labels included."""
    choices = [[frozenset(), *_below(tree, child)] for child in tree.children[node]]
    choices.append([frozenset(), frozenset({tree.unnamed(node)})])
    return [close(frozenset({node}).union(*row)) for row in product(*choices)]
