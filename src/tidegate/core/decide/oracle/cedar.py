"""Cedar's own engine as the judge of the generated function: the same facts, three questions a target.

It knows nothing of our reading of a rule: it gets the rules' texts as they were written, and facts as Cedar's JSON.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tidegate.core.decide.rules import Rule
from tidegate.core.decide.vocabulary import ACTIONS, ATTRIBUTES, DEFAULT_DENY, Attribute
from tidegate.core.values.decision import Effect
from tidegate.core.values.facts import RequestFacts, TargetFacts

_PRINCIPAL, _RESOURCE = {"type": "Actor", "id": "a"}, {"type": "Target", "id": "t"}
_WORD = re.compile(r"\w+")
_ASKED = [{"type": "Action", "id": action} for action in ACTIONS]


class NoAnswer(Exception):  # noqa: N818 - said of an engine that was asked
    """Cedar gave no answer: an evaluation error, which validated rules cannot have, or one of its own."""


class Opinion(NamedTuple):
    """The effect, and the rules behind it in the policy's order, as a decision has them."""

    effect: Effect
    rules: tuple[str, ...]


class Oracle:
    """Asks Cedar about one set of rules. Imports cedarpy. It is told only of facts that the rules' texts name."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        import cedarpy

        self._cedar = cedarpy
        self._policies = cedarpy.PolicySet.from_str("\n".join(rule.text for rule in rules))
        self._names = {f"policy{place}": rule.id for place, rule in enumerate(rules)}
        self._order = {rule.id: place for place, rule in enumerate(rules)}
        # By the words of the texts: what our reading folds away, Cedar still reads.
        words = {word for rule in rules for word in _WORD.findall(rule.text)}
        self._principal, self._resource, self._context = (
            tuple(
                one
                for path, one in ATTRIBUTES.items()
                if {variable, _name(path)} <= words and path.startswith(variable)
            )
            for variable in ("principal", "resource", "context")
        )

    def decide(self, requests: Sequence[RequestFacts], target: TargetFacts) -> list[Opinion]:
        """One for each request at one target. All requests must have the same principal. Raises NoAnswer."""
        entities = json.dumps(
            [
                {"uid": _PRINCIPAL, "attrs": _facts(self._principal, requests[0]), "parents": []},
                {"uid": _RESOURCE, "attrs": _facts(self._resource, target), "parents": []},
            ]
        )
        asked = [question for request in requests for question in self._questions(request)]
        try:
            known = self._cedar.Entities.from_json_str(entities)
            answers = self._cedar.is_authorized_batch(asked, self._policies, known)
        except Exception as error:  # noqa: BLE001 - whatever it was, there is no answer
            raise NoAnswer(type(error).__name__) from None
        return [self._strongest(answers[place : place + 3]) for place in range(0, len(answers), 3)]

    def _questions(self, request: RequestFacts) -> Iterator[dict[str, Any]]:
        context = json.dumps(_facts(self._context, request))
        for action in _ASKED:
            yield {"principal": _PRINCIPAL, "action": action, "resource": _RESOURCE, "context": context}

    def _strongest(self, answers: Sequence[Any]) -> Opinion:
        forbids: set[str] = set()
        for effect, answer in zip(ACTIONS.values(), answers, strict=True):
            if answer.diagnostics.errors:
                raise NoAnswer("evaluation error")
            rules = {self._names[name] for name in answer.diagnostics.reasons}
            if answer.allowed:
                return Opinion(effect, self._sorted(rules))
            forbids |= rules
        return Opinion(Effect.NONE, self._sorted(forbids) or (DEFAULT_DENY,))

    def _sorted(self, rules: set[str]) -> tuple[str, ...]:
        return tuple(sorted(rules, key=self._order.__getitem__))


def _facts(wanted: Sequence[Attribute], facts: RequestFacts | TargetFacts) -> Mapping[str, Any]:
    found = {_name(one.path): getattr(facts, one.fact) for one in wanted}
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in found.items()}


def _name(path: str) -> str:
    return path.partition(".")[2]
