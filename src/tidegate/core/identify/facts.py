"""What policy may know of a request, drawn together."""

from functools import lru_cache

from tidegate.core.values.caller import Caller
from tidegate.core.values.envelope import Envelope
from tidegate.core.values.facts import Circumstances, RequestFacts
from tidegate.core.values.finding import Classification
from tidegate.core.values.labels import close


def facts_of(
    envelope: Envelope, caller: Caller, found: Classification, around: Circumstances, *, tools_external: bool
) -> RequestFacts:
    return RequestFacts(
        tenant=caller.tenant,
        actor=caller.actor,
        key=caller.key_id,
        agent=caller.agent,
        team=caller.team,
        roles=caller.roles,
        workload=caller.workload,
        task=caller.task,
        latency=caller.latency,
        dialect=envelope.dialect,
        operation=envelope.operation,
        labels=close(found.labels),
        level=found.level,
        session_level=around.session_level,
        has_history=envelope.has_history,
        residency=caller.residency,
        consent=caller.consent,
        tools_offered=envelope.tools_offered,
        tools=envelope.tools,
        tools_called=envelope.tools_called,
        tools_external=tools_external,
        capabilities=envelope.capabilities,
        detectors=around.detectors,
        detectors_failed=bool(found.failed),
        budget="unknown",
        weekday=around.now.weekday,
        hour=around.now.hour,
    )


@lru_cache(maxsize=256)
def looked(labels: frozenset[str], beside: tuple[str, ...], failed: tuple[str, ...]) -> frozenset[str]:
    """Families of labels that were looked for, and names of detectors beside the engine that have looked.

    `labels`: all that the engine can find; `beside`: the other detectors; `failed`: names of those that did not look.
    Where one of the engine's own failed, nobody can say which family is whole, so none is.
    """
    families = frozenset(label.partition(".")[0] for label in labels)
    engine_failed = any(name not in beside for name in failed)
    return (frozenset() if engine_failed else families) | {name for name in beside if name not in failed}
