"""Records, version 1: an intent before dispatch, an outcome after, and what else is worth a leaf.

Canonical bytes (RFC 8785: keys sorted, no spaces, no floats) are made here once, stored, and never serialised again.
Every field is there from the first version on, empty where nothing fills it yet; later versions only add.
No text of a prompt or an answer enters a record: labels, counts, names and keyed commitments do.

The literals below stand in order of their keys: sorting them again for every record would be wasted.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson

from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.attempt import Attempt
from tidegate.core.values.caller import Caller
from tidegate.core.values.decision import Decision
from tidegate.core.values.envelope import Envelope
from tidegate.core.values.facts import RequestFacts, TargetFacts
from tidegate.core.values.finding import Classification
from tidegate.core.values.spelling import all_told
from tidegate.core.values.trimmed import trimmed

VERSION = 1


@dataclass(slots=True)
class Outcome:
    """How an exchange ended. `status`: completed, refused, failed, aborted."""

    status: str = "aborted"
    http_status: int = 0
    code: str = ""
    attempts: list[Attempt] = field(default_factory=list)
    notes: AnswerNotes = field(default_factory=AnswerNotes)
    target: str = ""
    boundary: str = ""
    cached: bool = False
    """It was given before: nothing was sent, and nothing was used up."""
    redactions: int = 0
    dropped: Sequence[str] = ()
    """What of the request the target's dialect had no word for."""
    restored: int = 0
    suppressed: int = 0
    left: int = 0
    output_labels: list[str] = field(default_factory=list)
    masked: int = 0
    bytes_out: int = 0
    response_commit: str = ""


def timestamp(ns: int) -> str:
    """RFC 3339, UTC, nine digits."""
    seconds, rest = divmod(ns, 1_000_000_000)
    return f"{_second(seconds)}.{rest:09d}Z"


@lru_cache(maxsize=8)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def commitment_key(epoch_key: bytes, request_id: str) -> bytes:
    """32 bytes for one request: derived, so nothing is stored; gone when the epoch key is destroyed."""
    return blake2b(request_id.encode(), key=epoch_key, digest_size=32, person=b"tidegate commit").digest()


def commitment(key: bytes, what: bytes, text: bytes = b"") -> blake2b:
    """Keyed BLAKE2b (RFC 7693) of 32 bytes, fed with a text and to be fed with more: a bare hash of a guessable prompt
    would be personal data. It promises what HMAC-SHA256 does at half the cost for texts as short as these.
    """
    return blake2b(text, key=key, digest_size=32, person=what)


def _attempt(attempt: Attempt) -> dict[str, Any]:
    # Spelled out: `dataclasses.asdict` copies deeply, and this is done for every request.
    return {
        "boundary": attempt.boundary,
        "effect": attempt.effect,
        "error": attempt.error,
        "provider_request_id": attempt.provider_request_id,
        "status": attempt.status,
        "target": attempt.target,
    }


class Told(NamedTuple):
    """A decision and the facts that it rests on, as an intent record has them. `size`: bytes of JSON in all of it."""

    decision: orjson.Fragment
    facts: orjson.Fragment
    targets: orjson.Fragment
    order: orjson.Fragment
    policy: str
    size: int


def told(
    facts: RequestFacts, targets: Sequence[TargetFacts], decision: Decision, order: Mapping[str, Any] | None = None
) -> Told:
    """`order`: `targets` that may be tried, in order, and what preferences `dropped`, by which `rules`; left out: what
    is permitted, as the candidates stand.
    """
    decided = [{**t._asdict(), "effect": t.effect.value} for t in decision.targets]
    if order is None:
        order = {"dropped": [], "rules": [], "targets": [t.target for t in decision.permitted]}
    described = [_plain(t) for t in targets]
    parts = [_sorted(part) for part in (decided, _plain(facts), described, order)]
    first, second, third, fourth = map(orjson.Fragment, parts)
    return Told(first, second, third, fourth, decision.policy, sum(map(len, parts)))


def _plain(facts: RequestFacts | TargetFacts) -> dict[str, Any]:
    # Field by field: `dataclasses.asdict` copies deeply.
    values = ((name, getattr(facts, name)) for name in facts.__slots__)
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in values}


def _sorted(tree: object) -> bytes:
    return trimmed(orjson.dumps(tree, option=orjson.OPT_SORT_KEYS))


def intent(
    *,
    request_id: str,
    ts: str,
    caller: Caller,
    envelope: Envelope,
    classification: Classification,
    labels: Sequence[str],
    told: Told,
    prompt_commit: str,
    epoch: str,
    review: str = "",
) -> bytes:
    """What is about to happen, and all that the decision rested on: anyone can make it again from this alone.

    `labels`: those of the classification, sorted. `review`: under which id reviewers were asked; what they said stands
    in records of its own.
    """
    findings = classification.findings
    return orjson.dumps(
        {
            "actor": {"id": caller.actor, "key": caller.key_id, "team": caller.team, "type": "loopback"},
            "blob": "",
            "bytes_in": len(envelope.body),
            "decision": told.decision,
            "detectors_failed": list(classification.failed),
            "dialect": envelope.dialect,
            "epoch": epoch,
            "facts": told.facts,
            "findings": dict(sorted(Counter(f.label for f in findings).items())) if findings else {},
            "kind": "intent",
            "labels": labels,
            "level": classification.level,
            "operation": envelope.operation,
            "order": told.order,
            "original_model": envelope.original_model,
            "parent": "",
            "policy": told.policy,
            "prompt_commit": prompt_commit,
            "request_id": request_id,
            "rest": sorted(all_told(envelope.rest)) if envelope.rest else [],
            "review": review,
            "session": caller.session,
            "sources": [],
            "stream": envelope.stream,
            "targets": told.targets,
            "tenant": caller.tenant,
            "ts": ts,
            "unscannable": len(envelope.unscannable),
            "v": VERSION,
            "workload": caller.workload,
        }
    )


def outcome(*, request_id: str, ts: str, tenant: str, intent_index: int, outcome: Outcome, duration_us: int) -> bytes:
    notes, usage = outcome.notes, outcome.notes.usage
    return orjson.dumps(
        {
            "attempts": [_attempt(attempt) for attempt in outcome.attempts],
            "boundary": outcome.boundary,
            "bytes_out": outcome.bytes_out,
            "cached": outcome.cached,
            "code": outcome.code,
            "cost_micro": -1,
            "dropped": list(outcome.dropped),
            "duration_us": duration_us,
            "finish_reasons": notes.finish_reasons,
            "http_status": outcome.http_status,
            "intent": intent_index,
            "kind": "outcome",
            "left": outcome.left,
            "lost": sorted(notes.lost),
            "masked": outcome.masked,
            "model_version": "",
            "output_labels": outcome.output_labels,
            "redactions": outcome.redactions,
            "request_id": request_id,
            "response_commit": outcome.response_commit,
            "response_id": notes.response_id,
            "response_model": notes.response_model,
            "restored": outcome.restored,
            "status": outcome.status,
            "suppressed": outcome.suppressed,
            "target": outcome.target,
            "tenant": tenant,
            "ts": ts,
            "upstream_error": notes.error,
            "usage": {
                "cache_write_tokens": usage.cache_write_tokens,
                "cached_input_tokens": usage.cached_input_tokens,
                "input_tokens": usage.input_tokens,
                "output_tokens": usage.output_tokens,
                "thinking_tokens": usage.thinking_tokens,
            },
            "v": VERSION,
        }
    )


def refusal(*, request_id: str, ts: str, tenant: str, path: str, http_status: int, code: str, bytes_in: int) -> bytes:
    """A request that was turned away before anything was decided: it was no request, or none that we serve."""
    return orjson.dumps(
        {
            "bytes_in": bytes_in,
            "code": code,
            "http_status": http_status,
            "kind": "refusal",
            "path": path,
            "request_id": request_id,
            "tenant": tenant,
            "ts": ts,
            "v": VERSION,
        }
    )


def recovered(entry: bytes, index: int, ts: str) -> bytes:
    """Closes the intent `entry` at `index`, whose process ended before its outcome was written."""
    found = orjson.loads(entry)
    return orjson.dumps(
        {
            "intent": index,
            "kind": "recovered",
            "request_id": found["request_id"],
            "status": "unknown",
            "tenant": found["tenant"],
            "ts": ts,
            "v": VERSION,
        }
    )
