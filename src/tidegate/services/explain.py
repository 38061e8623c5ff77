"""What would be found in a text, and where it might go: the path's own stages, without record and dispatch."""

import asyncio
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from tidegate.core.classify.combine import combine
from tidegate.core.classify.engine import Engine
from tidegate.core.decide.policy import Policy
from tidegate.core.decide.preferences.policy import ordered
from tidegate.core.dispatch import plan
from tidegate.core.identify.facts import looked
from tidegate.core.values.envelope import Part, Position
from tidegate.core.values.facts import Health, Moment, RequestFacts
from tidegate.core.values.finding import Classification, Detected
from tidegate.core.values.labels import close
from tidegate.core.values.target import Target
from tidegate.ports import Detector

_NOTHING_FOUND = Classification((), frozenset(), "public")
_NOTHING_KNOWN: Mapping[str, Health] = MappingProxyType({})


class Explainer:
    """`targets`: every configured one. A text is judged as one user message from loopback, without tools."""

    def __init__(
        self, engine: Engine, policy: Policy, targets: Sequence[Target], detectors: Sequence[Detector] = ()
    ) -> None:
        self.engine, self.policy, self.detectors = engine, policy, detectors
        self._targets = targets

    async def beside(self, text: str) -> Sequence[Detected]:
        """What the detectors beside the engine say of `text`: to be handed to `explain`."""
        return await asyncio.gather(*[detector.find((_part(text),)) for detector in self.detectors])

    def permits(self, target: Target, now: Moment) -> bool:
        """Whether a text in which nothing was found may go to `target`, raw or redacted, were it well."""
        facts = plan.facts_of(target, rest=frozenset(), today=now.day)
        return bool(self.policy.decide(_facts(_NOTHING_FOUND, now, self._ran(_NOTHING_FOUND)), (facts,)).permitted)

    def explain(
        self, text: str, now: Moment, more: Sequence[Detected] = (), health: Mapping[str, Health] = _NOTHING_KNOWN
    ) -> dict[str, Any]:
        """Offsets count characters of `text`. Values are never repeated. `health`: of targets, by name."""
        found = combine(self.engine.classify((_part(text),)), more)
        facts = [
            plan.facts_of(target, rest=frozenset(), today=now.day, health=health.get(target.name, "unknown"))
            for target in self._targets
        ]
        about = _facts(found, now, self._ran(found))
        decision = self.policy.decide(about, facts)
        return {
            "labels": sorted(found.labels),
            "level": found.level,
            "findings": [
                {"label": f.label, "start": f.start, "end": f.end, "score": f.score, "detector": f.detector}
                for f in found.findings
            ],
            "decision": {
                "targets": [
                    {"target": t.target, "boundary": t.boundary, "effect": t.effect.value, "rules": list(t.rules)}
                    for t in decision.targets
                ],
                "order": ordered(self.policy, about, facts, decision).as_json(),
                "policy": decision.policy,
            },
        }

    def _ran(self, found: Classification) -> frozenset[str]:
        return looked(self.engine.labels, tuple(detector.name for detector in self.detectors), found.failed)


def _part(text: str) -> Part:
    return Part(Position.USER, ("text",), text)


def _facts(found: Classification, now: Moment, detectors: frozenset[str]) -> RequestFacts:
    return RequestFacts(
        tenant="default",
        actor="local",
        key="loopback",
        agent="",
        team="",
        roles=frozenset(("user",)),
        workload="",
        task="",
        latency="",
        dialect="text",
        operation="chat",
        labels=close(found.labels),
        level=found.level,
        session_level="public",
        has_history=False,
        residency="",
        consent=frozenset(),
        tools_offered=False,
        tools=frozenset(),
        tools_called=frozenset(),
        tools_external=False,
        capabilities=frozenset(),
        detectors=detectors,
        detectors_failed=bool(found.failed),
        budget="unknown",
        weekday=now.weekday,
        hour=now.hour,
    )
