"""Deciding where facts are missing: each is read as whatever value lets the least through.

Which value that is depends on the policy, so all that its rules can tell apart are tried. A fact that no rule reads
makes no difference, and is not missed.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, combinations, product
from math import prod
from typing import NamedTuple

from tidegate.core.decide.lifecycle.facts import Document, Value, request_of, target_of
from tidegate.core.decide.lifecycle.strength import STRENGTH
from tidegate.core.decide.policy import Policy
from tidegate.core.decide.space import OTHER, Space, space_of
from tidegate.core.decide.vocabulary import ATTRIBUTES, Attribute, FactType, Side
from tidegate.core.values.decision import TargetDecision
from tidegate.core.values.facts import RequestFacts, TargetFacts

MOST_TRIED = 4096


class TooMuchMissing(Exception):  # noqa: N818 - an answer about one document
    """So many facts are missing that not all their values can be tried."""


class Decided(NamedTuple):
    """One target's decision and the facts that it was made of. `missed`: paths of missing facts that rules read."""

    request: RequestFacts
    target: TargetFacts
    decision: TargetDecision
    missed: tuple[str, ...]


class WorstReader:
    """Decides documents by one policy. `read`: the facts that its rules read; of labels their level may be all."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._space: Space = space_of(rule.condition for rule in policy.rules)
        groups = chain.from_iterable(group for group, _ in self._space.strings)
        self.read = {*groups, *self._space.flags, *(one for one, _ in self._space.roles)}

    def decide(self, document: Document) -> list[Decided]:
        """A decision a target, in order; each is the strictest that the missing facts allow. Raises TooMuchMissing."""
        missed = [ATTRIBUTES[path] for path in document.lacking if ATTRIBUTES.get(path) in self.read]
        best: list[Decided] = []
        for guess in self._guesses(missed, document):
            request = request_of({**document.request, **guess[Side.REQUEST]})
            targets = [target_of({**target, **guess[Side.TARGET]}) for target in document.targets]
            decided = self._policy.decide(request, targets).targets
            paths = tuple(one.path for one in missed)
            found = [Decided(request, *pair, paths) for pair in zip(targets, decided, strict=True)]
            best = list(map(_stricter, best, found)) if best else found
        return best

    def _guesses(self, missed: Sequence[Attribute], document: Document) -> Iterator[dict[Side, dict[str, Value]]]:
        choices = [self._values(attribute, len(missed), document) for attribute in missed]
        if prod(len(values) for values in choices) > MOST_TRIED:
            raise TooMuchMissing
        for row in product(*choices):
            guess: dict[Side, dict[str, Value]] = {side: {} for side in Side}
            for attribute, value in zip(missed, row, strict=True):
                guess[attribute.side][attribute.fact] = value
            yield guess

    def _values(self, attribute: Attribute, fresh: int, document: Document) -> Sequence[Value]:
        if attribute.kind is FactType.FLAG:
            return (False, True)
        if attribute.kind is FactType.SET:
            return _subsets(dict(self._space.roles)[attribute])
        group, literals = next(pair for pair in self._space.strings if attribute in pair[0])
        here = {_known(one, document.request, target) for one in group for target in document.targets}
        # As many that nobody names as there are missing facts: they may all be equal, or all differ.
        others = [OTHER if place == 0 else f"{OTHER}-{place + 1}" for place in range(fresh)]
        return sorted({"", *literals, *here, *others})


def _stricter(one: Decided, other: Decided) -> Decided:
    return other if STRENGTH[other.decision.effect] < STRENGTH[one.decision.effect] else one


def _subsets(named: Sequence[str]) -> Sequence[Value]:
    values = [*named, OTHER]
    if 2 ** len(values) > MOST_TRIED:
        raise TooMuchMissing
    return [frozenset(some) for size in range(len(values) + 1) for some in combinations(values, size)]


def _known(attribute: Attribute, request: Mapping[str, Value], target: Mapping[str, Value]) -> str:
    return str((request if attribute.side is Side.REQUEST else target).get(attribute.fact, ""))
