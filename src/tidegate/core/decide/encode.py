"""Expressions into z3, with the world that they are about: a proof is only worth what these constraints leave out."""

from collections.abc import Iterable, Sequence
from typing import Any

from tidegate.core.decide.expressions import And, Atom, Beyond, Const, Expression, Flag, Meets, Not, OneOf, Or, Same
from tidegate.core.decide.rules import Rule
from tidegate.core.decide.space import OTHER, ROOT, LabelTree, Space, level_of
from tidegate.core.decide.vocabulary import ACTIONS, LABELS, LEVEL, Attribute
from tidegate.core.values.decision import Effect
from tidegate.core.values.labels import LEVELS

Term = Any  # z3 carries no types


class World:
    """One z3 variable a fact. Strings are integers: literals have fixed numbers, any other number is some other string.

    `constraints` says what every real request obeys: labels are closed upward, and the level follows from them.
    """

    def __init__(self, space: Space) -> None:
        import z3

        self._z3 = z3
        self.space = space
        self._codes = {value: code for code, value in enumerate(_literals(space))}
        self.flags: dict[Attribute, Term] = {one: z3.Bool(one.path) for one in space.flags}
        self.strings: dict[Attribute, Term] = {one: z3.Int(one.path) for group, _ in space.strings for one in group}
        self.members: dict[Attribute, dict[str, Term]] = {
            one: self._member_terms(one, values) for one, values in space.roles
        }
        self.unnamed: dict[Attribute, dict[str, Term]] = {
            one: self._unnamed_terms(one, [ROOT]) for one, _ in space.roles
        }
        self.constraints: list[Term] = []
        if space.labels:
            self.members[LABELS] = self._member_terms(LABELS, space.labels.names)
            self.unnamed[LABELS] = self._unnamed_terms(LABELS, space.labels.children)
            self.constraints += self._closure(space.labels)
        if space.labels and space.level_read:
            self.strings[LEVEL] = self._level(space.labels)

    def term(self, expression: Expression) -> Term:
        match expression:
            case Const(value):
                return self._z3.BoolVal(value)
            case Not(operand):
                return self._z3.Not(self.term(operand))
            case And(operands):
                return self._z3.And([self.term(operand) for operand in operands])
            case Or(operands):
                return self._z3.Or([self.term(operand) for operand in operands])
        return self._atom(expression)

    def outcomes(self, rules: Sequence[Rule], hits: Sequence[Term]) -> dict[Effect, Term]:
        """When each effect comes out, by when each rule applies: the strongest permitted action wins, forbids first."""
        stronger: list[Term] = []
        outcomes: dict[Effect, Term] = {}
        for action, effect in ACTIONS.items():
            permits, forbids = (self._any(rules, hits, kind, action) for kind in ("permit", "forbid"))
            permitted = self._z3.And(permits, self._z3.Not(forbids))
            outcomes[effect] = self._z3.And([permitted, *(self._z3.Not(other) for other in stronger)])
            stronger.append(permitted)
        return outcomes

    def _any(self, rules: Sequence[Rule], hits: Sequence[Term], kind: str, action: str) -> Term:
        pairs = zip(rules, hits, strict=True)
        return self._z3.Or([hit for rule, hit in pairs if rule.effect == kind and action in rule.actions])

    def code(self, value: str) -> Term:
        """The number of a literal; a negative one for what is no literal of these rules."""
        return self._z3.IntVal(self._codes.get(value, -1))

    def value(self, number: int, others: list[int]) -> str:
        """The string behind a number of a model; unnamed ones are numbered in the order in which they are met."""
        if 0 <= number < len(self._codes):
            return list(self._codes)[number]
        if number not in others:
            others.append(number)
        place = others.index(number)
        return OTHER if place == 0 else f"{OTHER}-{place + 1}"

    def absent(self, term: Term) -> Term:
        return self._z3.Not(term)

    def fitting(self, attribute: Attribute) -> Term:
        """Wishes for a string that rules compare this fact with, or one that no rule names at all."""
        own = {value for group, values in self.space.strings if attribute in group for value in values}
        foreign = [self.strings[attribute] == code for value, code in self._codes.items() if value not in own]
        return self._z3.Not(self._z3.Or(foreign))

    def _atom(self, atom: Atom) -> Term:
        either = self._z3.Or
        match atom:
            case Flag(attribute):
                return self.flags[attribute]
            case OneOf(attribute, values):
                return either([self.strings[attribute] == self.code(value) for value in sorted(values)])
            case Same(left, right):
                return self.strings[left] == self.strings[right]
            case Meets(attribute, values):
                return either([self.members[attribute][value] for value in sorted(values)])
            case Beyond(attribute, values):
                named = [term for name, term in self.members[attribute].items() if name not in values]
                return either([*named, *self.unnamed[attribute].values()])

    def _member_terms(self, attribute: Attribute, names: Iterable[str]) -> dict[str, Term]:
        return {name: self._z3.Bool(f"{attribute.path} has {name}") for name in names}

    def _unnamed_terms(self, attribute: Attribute, nodes: Iterable[str]) -> dict[str, Term]:
        return {node: self._z3.Bool(f"{attribute.path} has another below {node}") for node in nodes}

    def _closure(self, tree: LabelTree) -> list[Term]:
        """A label is never there without its parent."""
        here, implies = self.members[LABELS], self._z3.Implies
        named = [implies(here[child], here[node]) for node in tree.names for child in tree.children[node]]
        return named + [implies(self.unnamed[LABELS][node], here[node]) for node in tree.names]

    def _level(self, tree: LabelTree) -> Term:
        """The strictest level among the labels that have nothing below them."""
        found: dict[str, list[Term]] = {name: [] for name in LEVELS}
        for node in tree.children:
            found[level_of(tree.unnamed(node))].append(self.unnamed[LABELS][node])
        for name in tree.names:
            found[level_of(name)].append(self._is_leaf(tree, name))
        term = self.code(LEVELS[0])
        for name in LEVELS[1:]:
            term = self._z3.If(self._z3.Or(found[name]), self.code(name), term)
        return term

    def _is_leaf(self, tree: LabelTree, name: str) -> Term:
        here = self.members[LABELS]
        below = [here[child] for child in tree.children[name]] + [self.unnamed[LABELS][name]]
        return self._z3.And(here[name], self._z3.Not(self._z3.Or(below)))


def _literals(space: Space) -> list[str]:
    found = {value for _, values in space.strings for value in values} | set(LEVELS)
    return sorted(found)
