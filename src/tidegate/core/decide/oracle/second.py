"""A share of decisions is made twice: by the generated function, and by Cedar's own engine before anybody acts on it.

Where the two differ, or Cedar gives no answer, one of them is wrong and nobody here can say which: nothing is sent, and
whoever runs the gateway is told. However late, an answer is an answer.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from tidegate.core.decide.lifecycle.facts import plain
from tidegate.core.decide.oracle.cedar import NoAnswer, Opinion, Oracle
from tidegate.core.decide.policy import Policy
from tidegate.core.decide.vocabulary import DEFAULT_DENY, IN_DOUBT, RESERVED
from tidegate.core.values.decision import Decision, Effect, TargetDecision
from tidegate.core.values.facts import RequestFacts, TargetFacts

# What the gateway says by itself, without any rule: Cedar knows nothing of it, and it lets nothing through.
_BESIDE_RULES = frozenset(RESERVED) - {DEFAULT_DENY}


class Doubt(NamedTuple):
    """A decision that Cedar does not share; `opinion` is None where it gave no answer, and `why` says so."""

    policy: str
    request: RequestFacts
    target: TargetFacts
    decided: TargetDecision
    opinion: Opinion | None
    why: str = ""

    def sentence(self) -> str:
        decided = f"{self.decided.effect} by {', '.join(self.decided.rules)}"
        if self.opinion is None:
            return f"Cedar's own engine gave no answer ({self.why}) where the compiled policy says {decided}"
        return (
            f"Cedar's own engine says {self.opinion.effect} by {', '.join(self.opinion.rules)}, "
            f"the compiled policy {decided}"
        )

    def as_json(self) -> dict[str, Any]:
        opinion = None if self.opinion is None else _told(self.opinion.effect, self.opinion.rules)
        return {
            "sentence": self.sentence(),
            "decided": _told(self.decided.effect, self.decided.rules),
            "cedar": opinion,
            "facts": plain(self.request),
            "targets": [plain(self.target)],
        }


class SecondOpinion:
    """`share`: of decisions, 0 to 1. `draw`: a number from 0 to below 1, by chance. `tell`: what hears of a doubt
    before the decision is given back. `oracle`: made when it is first needed for a policy, in about a millisecond.
    """

    def __init__(
        self,
        share: float,
        draw: Callable[[], float],
        tell: Callable[[Doubt], None],
        oracle: Callable[[Policy], Oracle] = lambda policy: Oracle(policy.rules),
    ) -> None:
        self._share, self._draw, self._tell, self._make = share, draw, tell, oracle
        self._asked: tuple[str, Oracle] | None = None

    def of(self, policy: Policy, request: RequestFacts, targets: Sequence[TargetFacts], decision: Decision) -> Decision:
        """The decision; where it is asked about and not shared, one that lets nothing through."""
        if not policy.rules or self._draw() >= self._share:
            return decision
        for target, decided in zip(targets, decision.targets, strict=True):
            doubt = self._doubt(policy, request, target, decided)
            if doubt is not None:
                self._tell(doubt)
                return withheld(decision)
        return decision

    def _doubt(
        self, policy: Policy, request: RequestFacts, target: TargetFacts, decided: TargetDecision
    ) -> Doubt | None:
        if decided.effect is Effect.NONE and not _BESIDE_RULES.isdisjoint(decided.rules):
            return None
        try:
            (opinion,) = self._oracle(policy).decide([request], target)
        except NoAnswer as error:
            return Doubt(policy.digest, request, target, decided, None, str(error))
        if opinion == (decided.effect, decided.rules):
            return None
        return Doubt(policy.digest, request, target, decided, opinion)

    def _oracle(self, policy: Policy) -> Oracle:
        """Raises NoAnswer where Cedar will not take the rules."""
        if self._asked is None or self._asked[0] != policy.digest:
            try:
                self._asked = policy.digest, self._make(policy)
            except Exception as error:  # noqa: BLE001 - whatever it was, there is no answer
                raise NoAnswer(type(error).__name__) from None
        return self._asked[1]


def withheld(decision: Decision) -> Decision:
    """The same with nothing let through."""
    targets = tuple(one._replace(effect=Effect.NONE, rules=(IN_DOUBT,)) for one in decision.targets)
    return Decision(targets, decision.policy)


def is_withheld(decision: Decision) -> bool:
    """Nothing is let through, and doubt is the only reason."""
    return bool(decision.targets) and all(one.rules == (IN_DOUBT,) for one in decision.targets)


def _told(effect: Effect, rules: Sequence[str]) -> dict[str, Any]:
    return {"effect": effect.value, "rules": list(rules)}
