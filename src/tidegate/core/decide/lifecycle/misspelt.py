"""Labels in rules and cases that nothing finds, and that look like one that something does.

A label of one's own may be named before anything finds it, so this is a warning. But a rule about `pii.emial` is silent
for ever, and a case with it proves nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import NamedTuple, Protocol

from tidegate.core.decide.expressions import Beyond, Expression, Meets, atoms
from tidegate.core.decide.lifecycle.facts import leaves
from tidegate.core.decide.policy import INVARIANTS, Policy
from tidegate.core.decide.preferences.policy import PREFERENCES, preferences_of
from tidegate.core.decide.vocabulary import LABELS
from tidegate.core.values.facts import RequestFacts
from tidegate.core.values.labels import LEVEL_OF_PREFIX, UNKNOWN, UNSCANNABLE, close, covers

_AS_ALIKE = 0.84
"""One or two letters of a usual label."""


class Written(Protocol):
    """A case of whatever kind, and where it stands."""

    @property
    def request(self) -> RequestFacts: ...

    @property
    def file(self) -> str: ...

    @property
    def line(self) -> int: ...


class Named(NamedTuple):
    label: str
    where: str


def in_rules(policy: Policy) -> list[Named]:
    """Every label that a rule, an invariant or a preference names."""
    return [
        *(Named(label, f"{rule.file}:{rule.line}") for rule in policy.rules for label in _labels(rule.condition)),
        *(Named(label, f"{INVARIANTS}:{one.line}") for one in policy.invariants for label in _labels(one.when)),
        *(
            Named(label, f"{PREFERENCES}:{one.line}")
            for one in preferences_of(policy).rules
            for trait in (*one.when, *one.unless)
            if trait.fact == LABELS.fact
            for label in sorted(map(str, trait.values))
        ),
    ]


def in_cases(cases: Iterable[Written]) -> list[Named]:
    return [Named(label, f"{case.file}:{case.line}") for case in cases for label in leaves(case.request.labels)]


def warnings(named: Sequence[Named], findable: Collection[str]) -> Iterator[str]:
    """A sentence for each, once a label. `findable`: what some detector finds."""
    known = close(frozenset(findable) | {UNKNOWN, UNSCANNABLE} | {prefix for prefix, _ in LEVEL_OF_PREFIX})
    told: set[str] = set()
    for label, where in named:
        if label in told or any(covers(label, one) for one in known):
            continue
        told.add(label)
        if alike := get_close_matches(label, sorted(known), n=1, cutoff=_AS_ALIKE):
            yield f'{where}: no detector finds the label "{label}"; did you mean "{alike[0]}"?'


def _labels(condition: Expression) -> list[str]:
    sets = [one for one in atoms(condition) if isinstance(one, Meets | Beyond) and one.attribute == LABELS]
    return sorted({label for one in sets for label in one.values})
