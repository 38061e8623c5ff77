"""A second policy beside the one that rules: what it would have decided, counted, without any effect.

It shares facts and targets with the decision that counts, and what it found is kept with that decision for requests
alike. So a request costs one more addition, and one more decision where nothing was kept.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from tidegate.core.decide.lifecycle.strength import STRENGTH
from tidegate.core.decide.lifecycle.tally import LOOSER, REROUTED, STRICTER, UNCHANGED
from tidegate.core.decide.policy import Policy
from tidegate.core.decide.preferences.policy import ordered
from tidegate.core.values.decision import Decision, TargetDecision
from tidegate.core.values.facts import RequestFacts, TargetFacts

MOST_KINDS = 64
_MOST_TOLD_APART = 4096


class Kind(NamedTuple):
    """One way in which both differ: at which target, from which effect to which, by which rules."""

    bucket: str
    target: str
    before: str
    before_rules: tuple[str, ...]
    after: str
    after_rules: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {**self._asdict(), "before_rules": list(self.before_rules), "after_rules": list(self.after_rules)}


class Compared:
    """All requests of which the same was found. `bucket` is unchanged, stricter or looser; looser anywhere is looser.

    `rerouted`: another target comes first. `requests`: counted by whoever decides them, in place.
    """

    __slots__ = ("bucket", "kinds", "requests", "rerouted")

    def __init__(self, bucket: str, kinds: tuple[Kind, ...], *, rerouted: bool) -> None:
        self.bucket, self.kinds, self.rerouted, self.requests = bucket, kinds, rerouted, 0


class Shadow:
    """One event loop's thread uses it."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._found: dict[tuple[str, bool, tuple[Kind, ...]], Compared] = {}
        self._known: set[Kind] = set()

    def compare(
        self, request: RequestFacts, targets: Sequence[TargetFacts], decision: Decision, first: str
    ) -> Compared:
        """What this policy makes of the facts on which `decision` was made; the same object for what is the same.

        `first`: the target that is tried first.
        """
        mine = self.policy.decide(request, targets)
        before, after = decision.targets, mine.targets
        pairs = [(one, other) for one, other in zip(before, after, strict=True) if one.effect is not other.effect]
        kinds = tuple(_kind(one, other) for one, other in pairs)
        looser = any(kind.bucket == LOOSER for kind in kinds)
        bucket = LOOSER if looser else STRICTER if kinds else UNCHANGED
        rerouted = first != ordered(self.policy, request, targets, mine).first
        if len(self._found) >= _MOST_TOLD_APART:
            kinds = ()
        return self._found.setdefault((bucket, rerouted, kinds), Compared(bucket, kinds, rerouted=rerouted))

    def news(self) -> list[Kind]:
        """Kinds that have been counted since this was last asked, each once, and no more than MOST_KINDS in all."""
        counted = dict.fromkeys(kind for one in self._found.values() if one.requests for kind in one.kinds)
        told = [kind for kind in counted if kind not in self._known][: MOST_KINDS - len(self._known)]
        self._known.update(told)
        return told

    def as_json(self) -> dict[str, Any]:
        """Requests by bucket, and by kind, the most frequent first; rerouted ones are among the others."""
        buckets = dict.fromkeys((UNCHANGED, STRICTER, LOOSER, REROUTED), 0)
        kinds: Counter[Kind] = Counter()
        for one in self._found.values():
            buckets[one.bucket] += one.requests
            buckets[REROUTED] += one.requests * one.rerouted
            kinds.update(dict.fromkeys(one.kinds, one.requests))
        return {
            "policy": self.policy.digest,
            "requests": sum(one.requests for one in self._found.values()),
            **buckets,
            "kinds": [{**kind.as_json(), "requests": count} for kind, count in kinds.most_common(MOST_KINDS) if count],
        }


def _kind(before: TargetDecision, after: TargetDecision) -> Kind:
    bucket = LOOSER if STRENGTH[after.effect] > STRENGTH[before.effect] else STRICTER
    return Kind(bucket, before.target, before.effect.value, before.rules, after.effect.value, after.rules)
