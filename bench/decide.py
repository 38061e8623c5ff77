"""What a decision costs: CPU time of the baseline for 6 targets, each raw and redacted, as `make bench` prints it.

python bench/decide.py
"""

import resource
import statistics
import time
from itertools import product

from tidegate.adapters.policy.folder import read_baseline
from tidegate.core.decide.policy import Policy, compile_policy
from tidegate.core.values.facts import RequestFacts, TargetFacts
from tidegate.core.values.labels import close, level

ROUNDS, CALLS = 15, 2_000

LABEL_SETS = (
    (),
    ("pii.email",),
    ("pii.email", "pii.phone", "pii.person"),
    ("code.source",),
    ("gov.us_ssn", "pii.person"),
    ("secret.aws_access_key", "code.source"),
    ("phi.mrn", "pii.dob"),
    ("unknown",),
)


def requests() -> list[RequestFacts]:
    return [
        RequestFacts(
            tenant="default",
            actor="key-1",
            key="key-1",
            agent="",
            team="care",
            roles=frozenset({"developer"}),
            workload="support",
            task="",
            latency="normal",
            dialect="openai",
            operation="chat",
            labels=close(frozenset(labels)),
            level=level(close(frozenset(labels))),
            session_level="public",
            has_history=False,
            residency=residency,
            consent=frozenset(),
            tools_offered=tools,
            tools=frozenset({"search"} if tools else ()),
            tools_called=frozenset(),
            tools_external=tools,
            capabilities=frozenset(),
            detectors=frozenset({"pii", "gov", "secret"}),
            detectors_failed=False,
            budget="unknown",
            weekday="monday",
            hour="12",
        )
        for labels, residency, tools in product(LABEL_SETS, ("", "eu"), (False, True))
    ]


def targets() -> list[TargetFacts]:
    shapes = (
        ("llama", "on-prem", "local", "", "unknown", "unknown", "unknown", False),
        ("qwen", "on-prem", "local", "", "unknown", "unknown", "unknown", False),
        ("vpc", "colo", "private", "eu", "unknown", "unknown", "unknown", True),
        ("claude", "cloud-eu", "cloud", "eu", "zero", "never", "enterprise", True),
        ("gpt", "cloud-us", "cloud", "us", "zero", "never", "enterprise", False),
        ("cheap", "cloud-us", "cloud", "us", "30d", "opt-out", "consumer", False),
    )
    return [
        TargetFacts(
            target=name,
            boundary=boundary,
            kind=kind,  # type: ignore[arg-type]
            region=region,
            contract=kind == "cloud",
            retention=retention,
            training=training,
            tier=tier,
            baa=baa,
            dpa=True,
            capabilities_agreed=True,
            fields_known=True,
            approval="unknown",
            health="unknown",
        )
        for name, boundary, kind, region, retention, training, tier, baa in shapes
    ]


def decision_us(policy: Policy) -> list[float]:
    """CPU microseconds a decision, one figure a round."""
    wanted, candidates = requests(), targets()
    figures = []
    for _ in range(ROUNDS):
        began = time.process_time_ns()
        for call in range(CALLS):
            policy.decide(wanted[call % len(wanted)], candidates)
        figures.append((time.process_time_ns() - began) / CALLS / 1000)
    return figures


def main() -> None:
    began = time.process_time_ns()
    import cedarpy  # noqa: F401 - its import is what is measured

    imported = time.process_time_ns()
    sources, schema = read_baseline()
    policy = compile_policy(sources, schema=schema)
    compiled = time.process_time_ns()
    figures = decision_us(policy)
    print(f"cedarpy import      {(imported - began) / 1e6:8.1f} ms CPU")
    print(f"compile baseline    {(compiled - imported) / 1e6:8.1f} ms CPU, {len(policy.rules)} rules")
    print(f"memory so far       {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.1f} MB")
    print(f"decide 6 targets    {statistics.median(figures):8.2f} µs CPU median of {ROUNDS}, {min(figures):.2f} least")
    began = time.process_time_ns()
    from tidegate.core.decide.prove import prove

    report = prove(policy)
    print(
        f"prove with import   {(time.process_time_ns() - began) / 1e6:8.1f} ms CPU, {len(report.invariants)} invariants"
    )


if __name__ == "__main__":
    main()
