"""What a declared workload binds its requests to, as the path knows it."""

from tidegate.config.declaration import Workload as WorkloadTable
from tidegate.core.values.workload import Workload


def bound(table: WorkloadTable) -> Workload:
    return Workload(
        residency=table.residency or "",
        models=None if table.models is None else frozenset(table.models),
        task=table.task or "",
        latency_ms=table.latency_ms,
        consent=frozenset(table.consent),
        consent_from=table.consent_from,  # type: ignore[arg-type]  # the declared choice is the type's
        agents=frozenset(table.agents),
    )
