"""What goes to one target, and the sentences for when none may or can answer."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from tidegate import __version__
from tidegate.core.dispatch.credentials import headers_of
from tidegate.core.dispatch.endpoints import ENDPOINTS, Header, always_sent
from tidegate.core.dispatch.retries import is_harmless_twice
from tidegate.core.dispatch.verdicts import refuses_content
from tidegate.core.values.attempt import Attempt
from tidegate.core.values.decision import Decision
from tidegate.core.values.envelope import Envelope
from tidegate.core.values.errors import PolicyRefusal, Refusal, SealBroken, TidegateError, Unavailable, UpstreamError
from tidegate.core.values.permit import NO_RECORD, Permit
from tidegate.core.values.target import Target


@cache
def _headers(wanted: str) -> tuple[Header, ...]:
    """`wanted`: the media type of the answer."""
    return (
        ("content-type", "application/json"),
        ("accept", wanted),
        ("accept-encoding", "identity"),
        ("user-agent", f"tidegate/{__version__}"),
    )


# The target does not let us in, or does not know its own model: the operator's matter, nothing a client could mend.
_MISCONFIGURED = frozenset((401, 403, 404, 405, 407))


# Nothing is wrong with a target that was left out for these: it has enough to do.
_BUSY = frozenset(("crowded", "queue_full", "queue_late", "resting"))

_ASKING = (("accept", "*/*"), ("accept-encoding", "identity"), ("user-agent", f"tidegate/{__version__}"))


class Outgoing(NamedTuple):
    """A body as one target will see it, and what is needed to put the answer right again."""

    body: bytes
    originals: Mapping[str, str] = MappingProxyType({})
    absent: tuple[bytes, ...] = ()
    redactions: int = 0
    withheld: frozenset[str] = frozenset()
    """Tags of secrets: nothing leads back, and an answer that quotes them is counted."""
    dialect: str = ""
    """In which it is written; empty where the target has none for what is asked."""
    dropped: tuple[str, ...] = ()
    """Names of what that dialect has no word for."""

    def __repr__(self) -> str:
        return f"Outgoing({len(self.body)} bytes)"  # never its text


def permit(request_id: str, intent: int, target: Target, envelope: Envelope, outgoing: Outgoing) -> Permit:
    """Call this only with the index of a durable intent record: no record, no permit."""
    endpoint = ENDPOINTS[target.provider][outgoing.dialect]
    headers = _headers(endpoint.streams if envelope.stream else "application/json")
    carried = envelope.carried if outgoing.dialect == envelope.dialect else ()
    if carried or endpoint.headers:
        headers = (*headers, *without(endpoint.headers, carried), *carried)
    return Permit(
        request_id=request_id,
        intent=intent,
        target=target.name,
        boundary=target.boundary.name,
        kind=target.boundary.kind,
        method="POST",
        url=endpoint.url(target, stream=envelope.stream),
        headers=headers,
        body=outgoing.body,
        absent=outgoing.absent,
        credential=headers_of(target),
        once=not is_harmless_twice(envelope.capabilities),
    )


def asking(request_id: str, target: Target, path: str) -> Permit:
    """To ask a target how it is. It rests on no record, so the seal lets nothing but a GET without a body through."""
    return Permit(
        request_id=request_id,
        intent=NO_RECORD,
        target=target.name,
        boundary=target.boundary.name,
        kind=target.boundary.kind,
        method="GET",
        url=target.url + path,
        headers=(*_ASKING, *always_sent(target.provider)),
        body=b"",
        credential=headers_of(target),
    )


def without(headers: Sequence[Header], replaced: Sequence[Header]) -> Sequence[Header]:
    """What an endpoint sends by itself, but for what the client has said itself."""
    if not replaced or not headers:
        return headers
    names = {name for name, _ in replaced}
    return [header for header in headers if header[0] not in names]


def refused_by_policy(decision: Decision, reason_of: Callable[[str], str]) -> PolicyRefusal:
    """Names the first rule that stood in the way and its reason. `reason_of`: rule id to sentence."""
    rule = next((rule for t in decision.targets for rule in t.rules), "default-deny")
    reason = reason_of(rule) or "No rule permits any target of this model."
    return PolicyRefusal("policy_refusal", f"Policy permits no target: {reason}", rule=rule)


def refused_by_preference(rule: str, reason_of: Callable[[str], str]) -> PolicyRefusal:
    """Policy permits something, and the preference `rule` was the last of those that left nothing of it."""
    message = f"Policy permits a target, but its preferences leave none: {reason_of(rule)}"
    return PolicyRefusal("policy_refusal", message, rule=rule)


def none_answered(attempts: Sequence[Attempt]) -> Refusal:
    """429 when every permitted target is busy, else 503. Names targets and kinds of failure. Where the request could be
    said to none of them, it is at fault itself.
    """
    if attempts and (unsaid := attempts[-1].refusal) and all(a.refusal for a in attempts):
        return unsaid
    told = ", ".join(f"{a.target} ({a.error}{f' {a.status}' if a.status else ''})" for a in attempts)
    if attempts and all(a.status == 429 or a.error in _BUSY for a in attempts):
        return Refusal("rate_limited", f"Every permitted target is at its limit: {told}.", status=429)
    return Unavailable("no_target_available", f"No permitted target answered: {told}.")


def misconfigured(target: str, status: int, body: bytes) -> Refusal | None:
    """What a client is told when a target turns the gateway itself away, rather than what it was asked."""
    if status not in _MISCONFIGURED or refuses_content(body):
        return None
    return Refusal(
        "target_misconfigured",
        f"Target {target} answered {status}: its url, model or api_key is wrong. `tidegate doctor` checks them.",
        status=502,
    )


def told(target: str, error: TidegateError) -> Refusal:
    """What a client is told of a failure that is none of its own."""
    if isinstance(error, UpstreamError):
        return Refusal(f"upstream_{error.kind}", f"Target {target} gave no usable answer: {error.message}", status=502)
    if isinstance(error, SealBroken):
        return Unavailable("seal_broken", "The egress seal stopped this request: what was to leave was not decided.")
    return Unavailable("record_unavailable", "No record can be kept, so nothing is sent. `tidegate doctor` says why.")
