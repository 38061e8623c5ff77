"""Facts and policies as tests write them down: only what a case is about is named."""

from typing import Any

from tidegate.adapters.policy.folder import read_baseline
from tidegate.core.decide.policy import Policy, compile_policy
from tidegate.core.values.errors import ConfigError
from tidegate.core.values.facts import RequestFacts, TargetFacts
from tidegate.core.values.labels import close, level

SCHEMA = read_baseline().schema

LOCAL = """
@id("local") @reason("Local sees everything.")
permit (principal, action == Action::"send_raw", resource) when { resource.kind == "local" };
"""


def request(*labels: str, **changes: Any) -> RequestFacts:
    closed = close(frozenset(labels))
    plain = {
        "tenant": "default",
        "actor": "alice",
        "key": "key-1",
        "agent": "",
        "team": "care",
        "roles": frozenset(),
        "workload": "",
        "task": "",
        "latency": "",
        "dialect": "openai",
        "operation": "chat",
        "labels": closed,
        "level": level(closed),
        "session_level": "public",
        "has_history": False,
        "residency": "",
        "consent": frozenset(),
        "tools_offered": False,
        "tools": frozenset(),
        "tools_called": frozenset(),
        "tools_external": False,
        "capabilities": frozenset(),
        "detectors": frozenset(),
        "detectors_failed": False,
        "budget": "unknown",
        "weekday": "monday",
        "hour": "12",
    }
    return RequestFacts(**{**plain, **changes})


def target(kind: str, **changes: Any) -> TargetFacts:
    """Of a cloud: the best of contracts, unless changed."""
    plain = {
        "target": f"a-{kind}",
        "boundary": f"some-{kind}",
        "kind": kind,
        "region": "eu",
        "contract": True,
        "retention": "zero",
        "training": "never",
        "tier": "enterprise",
        "baa": True,
        "dpa": True,
        "capabilities_agreed": True,
        "fields_known": True,
        "approval": "unknown",
        "health": "unknown",
    }
    return TargetFacts(**{**plain, **changes})


def policy(cedar: str, invariants: str = "") -> Policy:
    sources = {"rules.cedar": cedar, **({"invariants.toml": invariants} if invariants else {})}
    return compile_policy(sources, schema=SCHEMA)


def rule(condition: str, *, name: str = "the-rule", effect: str = "forbid", action: str = "action") -> str:
    """One statement; its condition stands on the statement's third line."""
    return f'@id("{name}") @reason("A reason.")\n{effect} (principal, {action}, resource)\nwhen {{ {condition} }};\n'


def invariant(when: str, *, name: str = "never", never: str = '["raw", "redacted", "reviewed"]') -> str:
    return f"[[invariant]]\nid = \"{name}\"\nreason = \"A reason.\"\nnever = {never}\nwhen = '''{when}'''\n"


def mistakes(cedar: str, invariants: str = "") -> tuple[str, ...]:
    """All sentences that the compiler has to say; empty if it accepts."""
    try:
        policy(cedar, invariants)
    except ConfigError as error:
        return error.mistakes
    return ()
