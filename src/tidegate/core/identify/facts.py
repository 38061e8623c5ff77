"""What policy may know of a request, drawn together."""

from tidegate.core.values.caller import Caller
from tidegate.core.values.envelope import Envelope
from tidegate.core.values.facts import RequestFacts
from tidegate.core.values.finding import Classification
from tidegate.core.values.labels import close


def facts_of(envelope: Envelope, caller: Caller, found: Classification) -> RequestFacts:
    return RequestFacts(
        tenant=caller.tenant,
        actor=caller.actor,
        team=caller.team,
        roles=caller.roles,
        workload=caller.workload,
        dialect=envelope.dialect,
        operation=envelope.operation,
        labels=close(found.labels),
        level=found.level,
        residency=caller.residency,
        tools_offered=envelope.tools_offered,
        detectors_failed=bool(found.failed),
    )
