"""What is asked of a policy about a way, as one expression: whoever finds facts for which it holds has the answer."""

from collections.abc import Collection, Mapping, Sequence

from tidegate.core.decide.expressions import And, Expression, OneOf, Same, atoms, both, either, negation
from tidegate.core.decide.rules import Rule
from tidegate.core.decide.space import other_than
from tidegate.core.decide.vocabulary import ACTIONS, Attribute
from tidegate.core.decide.ways.terms import COMPARED, Terms, read_by, told
from tidegate.core.values.decision import Effect


class Questions:
    """About one policy's rules."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._permitted = {effect: _permitted(rules, action) for action, effect in ACTIONS.items()}
        self._read: Collection[Attribute] = read_by(rules)
        self._named = _named(rules)
        self._told: dict[int, tuple[Terms, Expression]] = {}

    def ends(self, contexts: Sequence[Terms], target: Terms) -> Expression:
        """What is declared of both ends of a way, as far as the rules can tell it from something else."""
        return both((self._told_of(target), either(self._told_of(one) for one in contexts)))

    def passes(self, ends: Expression) -> list[Expression]:
        """Some request within `ends` has an effect: a question for each, strongest first."""
        return [both((ends, permitted)) for permitted in self._permitted.values()]

    def is_kept_back(self, ends: Expression, enough: Collection[Effect]) -> Expression:
        """Some content within `ends` has none of the effects that are `enough`."""
        return both((ends, *(negation(self._permitted[effect]) for effect in enough)))

    def _told_of(self, terms: Terms) -> Expression:
        """Ways share their ends: each is told once. It is held on to, so that its id stays its own."""
        if id(terms) not in self._told:
            self._told[id(terms)] = terms, both(self._plainer(one) for one in _operands(told(terms, self._read)))
        return self._told[id(terms)][1]

    def _plainer(self, term: Expression) -> Expression:
        """A name that no rule knows is as good as any other such name, so that ways alike are the same question."""
        if not isinstance(term, OneOf) or term.attribute not in self._named:
            return term
        known = self._named[term.attribute]
        return OneOf(term.attribute, term.values & known | ({other_than(known)} if term.values - known else set()))


def _operands(expression: Expression) -> Sequence[Expression]:
    return expression.operands if isinstance(expression, And) else (expression,)


def _named(rules: Sequence[Rule]) -> Mapping[Attribute, frozenset[str]]:
    """The values that rules name, of facts that are compared with nothing else, in rules or in what is declared."""
    tests = {atom for rule in rules for atom in atoms(rule.condition)}
    compared = {one for test in tests if isinstance(test, Same) for one in (test.left, test.right)} | {*COMPARED}
    named: dict[Attribute, frozenset[str]] = {}
    for test in tests:
        if isinstance(test, OneOf) and test.attribute not in compared:
            named[test.attribute] = named.get(test.attribute, frozenset()) | test.values
    return named


def _permitted(rules: Sequence[Rule], action: str) -> Expression:
    permits, forbids = (
        either(rule.condition for rule in rules if rule.effect == effect and action in rule.actions)
        for effect in ("permit", "forbid")
    )
    return both((permits, negation(forbids)))
