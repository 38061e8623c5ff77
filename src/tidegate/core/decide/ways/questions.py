"""What is asked of a policy about a way, as one expression: whoever finds facts for which it holds has the answer."""

from collections.abc import Collection, Sequence

from tidegate.core.decide.expressions import Expression, both, either, negation
from tidegate.core.decide.rules import Rule
from tidegate.core.decide.vocabulary import ACTIONS, Attribute
from tidegate.core.decide.ways.terms import Terms, read_by, told
from tidegate.core.values.decision import Effect


class Questions:
    """About one policy's rules."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._permitted = {effect: _permitted(rules, action) for action, effect in ACTIONS.items()}
        self._read: Collection[Attribute] = read_by(rules)

    def ends(self, contexts: Sequence[Terms], target: Terms) -> Expression:
        """What is declared of both ends of a way, as far as the rules read it."""
        return both((told(target, self._read), either(told(one, self._read) for one in contexts)))

    def passes(self, ends: Expression) -> list[Expression]:
        """Some request within `ends` has an effect: a question for each, strongest first."""
        return [both((ends, permitted)) for permitted in self._permitted.values()]

    def is_kept_back(self, ends: Expression, enough: Collection[Effect]) -> Expression:
        """Some content within `ends` has none of the effects that are `enough`."""
        return both((ends, *(negation(self._permitted[effect]) for effect in enough)))


def _permitted(rules: Sequence[Rule], action: str) -> Expression:
    permits, forbids = (
        either(rule.condition for rule in rules if rule.effect == effect and action in rule.actions)
        for effect in ("permit", "forbid")
    )
    return both((permits, negation(forbids)))
