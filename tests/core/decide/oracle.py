"""Cedar's own engine as the judge of the generated function: the same facts, three questions a target, the same answer.

As a program it compares one shard of the baseline's whole quotient space, or all of it:

    python -m tests.core.decide.oracle          # everything: about an hour on one core
    python -m tests.core.decide.oracle 7 4000   # the eighth of four thousand shards
"""

import json
import sys
from collections.abc import Iterator, Sequence

import cedarpy

from tests.core.decide.quotient import Quotient
from tidegate.adapters.policy.folder import read_baseline
from tidegate.core.decide.policy import Policy, compile_policy
from tidegate.core.decide.vocabulary import ACTIONS, ATTRIBUTES, DEFAULT_DENY
from tidegate.core.values.decision import Effect
from tidegate.core.values.facts import RequestFacts, TargetFacts

_PRINCIPAL, _RESOURCE = {"type": "Actor", "id": "a"}, {"type": "Target", "id": "t"}


class Oracle:
    """Asks Cedar. Raises AssertionError where Cedar reports an evaluation error: the schema makes that impossible."""

    def __init__(self, policy: Policy, schema: str) -> None:
        self._policies = cedarpy.PolicySet.from_str("\n".join(rule.text for rule in policy.rules))
        self._names = {f"policy{place}": rule.id for place, rule in enumerate(policy.rules)}
        self._order = {rule.id: place for place, rule in enumerate(policy.rules)}
        self._schema = cedarpy.Schema.from_str(schema)

    def decide(self, requests: Sequence[RequestFacts], target: TargetFacts) -> list[tuple[Effect, tuple[str, ...]]]:
        """Effect and deciding rules for each request at one target. All requests must have the same principal."""
        entities = cedarpy.Entities.from_json_str(json.dumps(_entities(requests[0], target)), self._schema)
        asked = [question for request in requests for question in _questions(request)]
        answers = cedarpy.is_authorized_batch(asked, self._policies, entities)
        return [self._strongest(answers[place : place + 3]) for place in range(0, len(answers), 3)]

    def _strongest(self, answers: Sequence[cedarpy.AuthzResult]) -> tuple[Effect, tuple[str, ...]]:
        forbids: set[str] = set()
        for effect, answer in zip(ACTIONS.values(), answers, strict=True):
            assert not answer.diagnostics.errors
            rules = {self._names[name] for name in answer.diagnostics.reasons}
            if answer.allowed:
                return effect, self._sorted(rules)
            forbids |= rules
        return Effect.NONE, self._sorted(forbids) or (DEFAULT_DENY,)

    def _sorted(self, rules: set[str]) -> tuple[str, ...]:
        return tuple(sorted(rules, key=self._order.__getitem__))


def _questions(request: RequestFacts) -> Iterator[dict]:
    context = json.dumps(_attributes("context", request))
    for action in ACTIONS:
        yield {
            "principal": _PRINCIPAL,
            "action": {"type": "Action", "id": action},
            "resource": _RESOURCE,
            "context": context,
        }


def _entities(request: RequestFacts, target: TargetFacts) -> list[dict]:
    return [
        {"uid": _PRINCIPAL, "attrs": _attributes("principal", request), "parents": []},
        {"uid": _RESOURCE, "attrs": _attributes("resource", target), "parents": []},
    ]


def _attributes(variable: str, facts: RequestFacts | TargetFacts) -> dict:
    found = {
        path.split(".")[1]: getattr(facts, one.fact)
        for path, one in ATTRIBUTES.items()
        if path.startswith(f"{variable}.")
    }
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in found.items()}


def disagreements(policy: Policy, schema: str, shard: int, shards: int) -> tuple[int, list[str]]:
    """How many classes one shard of the quotient space has, and where Cedar and the generated function differ."""
    oracle, compared, found = Oracle(policy, schema), 0, list[str]()
    for requests, targets in Quotient([rule.condition for rule in policy.rules]).blocks():
        for place, target in enumerate(targets):
            mine = requests[(shard - place) % shards :: shards]
            if not mine:
                continue
            compared += len(mine)
            for request, expected in zip(mine, oracle.decide(mine, target), strict=True):
                decided = policy.decide(request, [target]).targets[0]
                if (decided.effect, decided.rules) != expected:
                    found.append(f"{request} {target}: {decided} instead of {expected}")
    return compared, found


def main() -> None:
    shard, shards = (int(word) for word in (sys.argv[1:] or ("0", "1")))
    sources, schema = read_baseline()
    compared, found = disagreements(compile_policy(sources, schema=schema), schema, shard, shards)
    print(f"{compared} classes compared with Cedar, {len(found)} disagreements")  # noqa: T201 - a program that people run
    sys.exit("\n".join(found[:10]) if found else 0)


if __name__ == "__main__":
    main()
