"""Facts, decision, and what a record says of both: the middle of the path, for one request.

All of it is a pure function of few facts, and requests alike are many. So a judgement is kept for as long as nothing
that it rests on differs: every fact that policy may look at is in the key, whether a rule reads it or not, because the
record tells them all. Time is in it by the hour, and with it the day on which contracts expire.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from tidegate.core.classify.engine import Engine
from tidegate.core.decide.lifecycle.shadow import Compared, Shadow
from tidegate.core.decide.oracle.second import SecondOpinion, is_withheld
from tidegate.core.decide.policy import Policy
from tidegate.core.decide.preferences.policy import ordered
from tidegate.core.decide.preferences.rules import Dropped, Ordered
from tidegate.core.decide.vocabulary import IN_DOUBT
from tidegate.core.dispatch import egress, plan
from tidegate.core.identify.facts import facts_of, looked
from tidegate.core.restore.external import EXTERNAL_TOOLS, is_external
from tidegate.core.settle.record import Told, told
from tidegate.core.values.caller import Caller
from tidegate.core.values.decision import Decision, Effect, TargetDecision
from tidegate.core.values.envelope import Envelope
from tidegate.core.values.errors import Refusal, Unavailable
from tidegate.core.values.facts import Circumstances, Health, TargetFacts
from tidegate.core.values.finding import Classification
from tidegate.core.values.labels import Level
from tidegate.core.values.target import Target
from tidegate.ports import Detector

MOST_KEPT_BYTES = 8 << 20
"""What kept judgements may take by their own count: two thousand of them, where clients name few tools and fields."""

_JUDGEMENT_BYTES = 2500
_NAME_BYTES = 100
"""What CPython takes for one and for each name in it, beside what it says."""

_NOTHING_KNOWN: frozenset[tuple[str, Health]] = frozenset()


def circumstances(
    began_ns: int, session_level: Level, engine: Engine, beside: Sequence[Detector], found: Classification
) -> Circumstances:
    """`found`: what the engine and the detectors `beside` it say of this request."""
    names = tuple([detector.name for detector in beside]) if beside else ()
    return Circumstances(plan.moment(began_ns), session_level, looked(engine.labels, names, found.failed))


class Judgement(NamedTuple):
    """`permitted`: what may be tried, in order. `told`: the decision and its facts as the intent record has them.

    `dropped`: what policy permits and its preferences do not want. `reason`: the sentence behind a rule of the policy
    that decided, whichever rules by now. `shadowed`: what another policy would have made of it, where one goes along.
    `candidates` and their `facts`: what was decided on; `prefer`: what preferences make of a decision on them.
    `needs_review`: policy permits nothing by itself, and something if a person approves it. `preferred`: preferences
    have put them in order, so that routing does not. `review`: under which id reviewers are asked; `withheld`: why what
    they said, or doubt, lets nothing go.
    """

    decision: Decision
    permitted: tuple[tuple[Target, TargetDecision], ...]
    dropped: tuple[Dropped, ...]
    told: Told
    reason: Callable[[str], str]
    shadowed: Compared | None
    candidates: tuple[Target, ...]
    facts: tuple[TargetFacts, ...]
    prefer: Callable[[Decision], Ordered]
    needs_review: bool
    preferred: bool = False
    review: str = ""
    withheld: Refusal | None = None

    @property
    def grounds(self) -> tuple[Decision, Sequence[Target], Sequence[TargetFacts]]:
        """What reviewers are asked about: the decision, and what it was about."""
        return self.decision, self.candidates, self.facts

    def reviewed(self, review: str, said: Mapping[str, Effect] | Refusal) -> "Judgement":
        """With what reviewers said: of targets that wait for it, and of no others, the approved ones are permitted."""
        if isinstance(said, Refusal):
            return self._replace(review=review, withheld=said)
        decided = tuple(
            one._replace(effect=said.get(one.target, one.effect)) if one.effect is Effect.REVIEWED else one
            for one in self.decision.targets
        )
        order = self.prefer(Decision(decided, self.decision.policy))
        permitted = _by_name(order, self.candidates)
        return self._replace(review=review, permitted=permitted, dropped=order.dropped, preferred=_moved(order))

    def refusal(self) -> Refusal:
        """Where nothing is permitted, or preferences leave nothing of it."""
        if self.withheld:
            return self.withheld
        if self.dropped:
            return egress.refused_by_preference(self.dropped[-1].rule, self.reason)
        return egress.refused_by_policy(self.decision, self.reason)


class Judge:
    """Judges by one policy. Swapped whole with it: what was kept goes with the policy that it was kept for.

    `external`: tools whose arguments leave the house, as `core.restore.external` compares them. `second`: who is asked
    about a share of what is decided anew; what it does not share lets nothing through.
    """

    def __init__(
        self,
        policy: Policy,
        external: Collection[str] = EXTERNAL_TOOLS,
        shadow: Shadow | None = None,
        second: SecondOpinion | None = None,
    ) -> None:
        self.policy, self.shadow, self._second = policy, shadow, second
        self._external = external
        self._kept: dict[tuple[object, ...], Judgement] = {}
        self._kept_bytes = 0

    def ruled_by(self, policy: Policy) -> "Judge":
        """The same judge by another policy, with nothing kept yet."""
        return Judge(policy, self._external, self.shadow, self._second)

    def beside(self, shadow: Shadow | None) -> "Judge":
        """The same judge with another policy going along, without effect."""
        return Judge(self.policy, self._external, shadow, self._second)

    def judge(
        self,
        envelope: Envelope,
        caller: Caller,
        found: Classification,
        candidates: Sequence[Target],
        around: Circumstances,
        health: frozenset[tuple[str, Health]] = _NOTHING_KNOWN,
    ) -> Judgement:
        """`health`: of targets of which something is known, by name; the same object for as long as it is the same."""
        key = (
            envelope.original_model,
            envelope.rest,
            envelope.tools_offered,
            envelope.tools,
            envelope.tools_called,
            envelope.capabilities,
            envelope.has_history,
            envelope.dialect,
            envelope.operation,
            found.labels,
            found.level,
            bool(found.failed),
            caller[:-4],  # all but what leads to the facts
            around,
            health,
        )
        judged = self._kept.get(key)
        if judged is None:
            judged = self._judge(envelope, caller, found, candidates, around, dict(health))
            self._keep(key, judged, envelope)
        if judged.shadowed is not None:
            judged.shadowed.requests += 1
        return judged

    def _keep(self, key: tuple[object, ...], judged: Judgement, envelope: Envelope) -> None:
        """Clients choose names of tools and of fields, so what is kept is counted by its size."""
        names = len(envelope.tools) + len(envelope.tools_called) + len(envelope.rest)
        size = _JUDGEMENT_BYTES + _NAME_BYTES * names + judged.told.size + sum(map(len, envelope.rest))
        if size > MOST_KEPT_BYTES:
            return
        if self._kept_bytes + size > MOST_KEPT_BYTES:
            self._kept.clear()
            self._kept_bytes = 0
        self._kept[key] = judged
        self._kept_bytes += size

    def _judge(
        self,
        envelope: Envelope,
        caller: Caller,
        found: Classification,
        candidates: Sequence[Target],
        around: Circumstances,
        health: Mapping[str, Health],
    ) -> Judgement:
        tools_external = any(is_external(tool, self._external) for tool in envelope.tools)
        facts = facts_of(envelope, caller, found, around, tools_external=tools_external)
        targets = [
            plan.facts_of(
                target,
                rest=envelope.rest,
                today=around.now.day,
                capabilities=envelope.capabilities,
                health=health.get(target.name, "unknown"),
            )
            for target in candidates
        ]
        decision = self.policy.decide(facts, targets)
        if self._second is not None:
            decision = self._second.of(self.policy, facts, targets, decision)
        prefer = partial(ordered, self.policy, facts, targets)
        order = prefer(decision)
        shadowed = self.shadow.compare(facts, targets, decision, order.first) if self.shadow else None
        return Judgement(
            decision=decision,
            permitted=_by_name(order, candidates),
            dropped=order.dropped,
            told=told(facts, targets, decision, order.as_json()),
            reason=self.policy.reason,
            shadowed=shadowed,
            candidates=tuple(candidates),
            facts=tuple(targets),
            prefer=prefer,
            needs_review=not decision.permitted and any(one.effect is Effect.REVIEWED for one in decision.targets),
            preferred=_moved(order),
            withheld=_in_doubt(self.policy) if is_withheld(decision) else None,
        )


def _in_doubt(policy: Policy) -> Refusal:
    return Unavailable("decision_in_doubt", policy.reason(IN_DOUBT), rule=IN_DOUBT)


def _moved(order: Ordered) -> bool:
    """Whether a preference has put one before another, rather than dropped one."""
    return bool({*order.rules}.difference(one.rule for one in order.dropped))


def _by_name(order: Ordered, candidates: Sequence[Target]) -> tuple[tuple[Target, TargetDecision], ...]:
    by_name = {target.name: target for target in candidates}
    return tuple((by_name[one.target], one) for one in order.permitted)
