"""Callers on loopback: no key, one actor, and headers by which a caller can only make itself stricter."""

import re
from collections.abc import Mapping
from hashlib import blake2b

from tidegate.core.values.caller import Caller
from tidegate.core.values.envelope import Envelope
from tidegate.core.values.errors import BadRequest, PolicyRefusal
from tidegate.core.values.facts import Latency
from tidegate.core.values.wish import about, all_regions
from tidegate.core.values.workload import Workload

TENANT = "default"
_WORD = re.compile(r"[A-Za-z0-9._:@/+-]{1,200}", re.ASCII)
_ROLES = frozenset(("user",))
_INTERACTIVE_MS, _NORMAL_MS = 2_000, 30_000
_LONGEST_MS = 3_600_000
_UNBOUND = Workload()
_SAID = frozenset(
    f"x-tidegate-{word}"
    for word in ("agent", "consent", "latency-budget-ms", "residency", "session", "subject", "workload")
)
"""Headers by which callers say something of themselves; most say nothing."""
_ANYBODY = Caller(
    tenant=TENANT,
    actor="local",
    key_id="loopback",
    team="",
    roles=_ROLES,
    workload="",
    residency="",
    agent="",
    task="",
    latency="",
    consent=frozenset(),
    session="",
    thread="",
    subject="",
    consent_of=None,
)


def identify(
    headers: Mapping[str, str], envelope: Envelope, *, workloads: Mapping[str, Workload], secret: bytes
) -> Caller:
    """`secret` (32 bytes) keys derived session ids. Raises BadRequest for a header that says what nobody declared, and
    PolicyRefusal for a model that the workload may not ask for.
    """
    if _SAID.isdisjoint(headers):
        return Caller(*_ANYBODY[:-4], _session(secret, "first", envelope.conversation), "", "", None)
    workload = _word(headers, "x-tidegate-workload")
    bound = workloads.get(workload, _UNBOUND) if workload else _UNBOUND
    if workload and bound is _UNBOUND:
        known = ", ".join(sorted(workloads)) or "none"
        raise BadRequest("unknown_workload", f"x-tidegate-workload names no declared workload (declared: {known}).")
    if bound.models is not None and envelope.original_model not in bound.models:
        known = ", ".join(sorted(bound.models))
        message = f"Workload {workload} may not ask for this model (workloads.{workload}.models: {known})."
        raise PolicyRefusal("model_not_for_workload", message, rule="workload-models", param="model")
    named = _word(headers, "x-tidegate-session")
    session = _session(secret, "header", named) if named else _session(secret, "first", envelope.conversation)
    person = _word(headers, "x-tidegate-subject")
    subject = about(secret, TENANT, "subject", person) if person else ""
    return _ANYBODY._replace(
        session=session,
        thread=session if named else "",
        subject=subject,
        consent_of=_consent_of(bound, subject, about(secret, TENANT, "session", named) if named else ""),
        workload=workload,
        residency=all_regions((bound.residency, _word(headers, "x-tidegate-residency").lower())),
        agent=_agent(headers, bound),
        task=bound.task,
        latency=_latency(headers, bound.latency_ms),
        consent=_consent(headers, bound.consent),
    )


def _agent(headers: Mapping[str, str], bound: Workload) -> str:
    """An agent speaks only for work that it was declared for: an undeclared name is refused, not passed on."""
    agent = _word(headers, "x-tidegate-agent")
    if agent and agent not in bound.agents:
        known = ", ".join(sorted(bound.agents)) or "none"
        raise BadRequest("unknown_agent", f"x-tidegate-agent names no agent of the workload (declared: {known}).")
    return agent


def _consent_of(bound: Workload, subject: str, session: str) -> str | None:
    if bound.consent_from == "workload":
        return None
    return subject if bound.consent_from == "subject" else session


def _consent(headers: Mapping[str, str], declared: frozenset[str]) -> frozenset[str]:
    """A header only narrows what was declared; `none` leaves nothing."""
    named = headers.get("x-tidegate-consent")
    if named is None or not declared:
        return declared
    return declared & {word.strip().lower() for word in named.split(",")}


def _latency(headers: Mapping[str, str], declared_ms: int | None) -> Latency:
    """The shorter of what the work can wait for and what the caller says."""
    stated = headers.get("x-tidegate-latency-budget-ms")
    budgets = [] if declared_ms is None else [declared_ms]
    if stated is not None:
        if not (stated.isascii() and stated.isdigit() and len(stated) <= 7 and 0 < int(stated) <= _LONGEST_MS):
            message = f"x-tidegate-latency-budget-ms must be whole milliseconds, 1 to {_LONGEST_MS}."
            raise BadRequest("invalid_header", message, param="x-tidegate-latency-budget-ms")
        budgets.append(int(stated))
    if not budgets:
        return ""
    shortest = min(budgets)
    return "interactive" if shortest <= _INTERACTIVE_MS else "normal" if shortest <= _NORMAL_MS else "patient"


def _session(secret: bytes, origin: str, text: str) -> str:
    message = f"session\0{TENANT}\0loopback\0{origin}\0{text}"
    return blake2b(message.encode(), key=secret, digest_size=16).hexdigest()


def _word(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name)
    if value is None:
        return ""
    if not _WORD.fullmatch(value):
        raise BadRequest("invalid_header", f"{name} must be 1 to 200 letters, digits or . _ : @ / + -", param=name)
    return value
