"""Records, version 1: an intent before dispatch, an outcome after, and what else is worth a leaf.

Canonical bytes (RFC 8785: keys sorted, no spaces, no floats) are made here once, stored, and never serialised again.
Every field is there from the first version on, empty where nothing fills it yet; later versions only add.
No text of a prompt or an answer enters a record: labels, counts, names and keyed commitments do.
"""

import hmac
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson

from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.attempt import Attempt
from tidegate.core.values.caller import Caller
from tidegate.core.values.decision import Decision, TargetDecision
from tidegate.core.values.envelope import Envelope
from tidegate.core.values.facts import RequestFacts, TargetFacts
from tidegate.core.values.finding import Classification

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
    redactions: int = 0
    restored: int = 0
    suppressed: int = 0
    left: int = 0
    bytes_out: int = 0
    response_commit: str = ""


def timestamp(ns: int) -> str:
    """RFC 3339, UTC, nine digits."""
    seconds, rest = divmod(ns, 1_000_000_000)
    return f"{_second(seconds)}.{rest:09d}Z"


@lru_cache(maxsize=8)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def commitment_key(epoch_key: bytes, request_id: str, what: bytes) -> bytes:
    """HKDF-Expand (RFC 5869, 2.3) of one block: derived, so nothing is stored; gone when the epoch key is destroyed."""
    return hmac.digest(epoch_key, b"tidegate " + what + b"\0" + request_id.encode() + b"\x01", "sha256")


def commit(epoch_key: bytes, request_id: str, what: bytes, text: bytes) -> str:
    """A keyed commitment: a bare hash of a guessable prompt would be personal data."""
    return hmac.digest(commitment_key(epoch_key, request_id, what), text, "sha256").hex()


def _dump(record: dict[str, Any]) -> bytes:
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)


def _attempt(attempt: Attempt) -> dict[str, Any]:
    # Spelled out: `dataclasses.asdict` copies deeply, and this is done for every request.
    return {
        "target": attempt.target,
        "boundary": attempt.boundary,
        "effect": attempt.effect,
        "status": attempt.status,
        "error": attempt.error,
        "provider_request_id": attempt.provider_request_id,
    }


@lru_cache(maxsize=1024)
def _target_facts(facts: TargetFacts) -> orjson.Fragment:
    return orjson.Fragment(_dump(asdict(facts)))


@lru_cache(maxsize=4096)
def _decided(decided: TargetDecision) -> orjson.Fragment:
    return orjson.Fragment(
        _dump(
            {
                "target": decided.target,
                "boundary": decided.boundary,
                "effect": decided.effect.value,
                "rules": decided.rules,
            }
        )
    )


@lru_cache(maxsize=1024)
def _request_facts(facts: RequestFacts) -> orjson.Fragment:
    plain = asdict(facts)
    for name in ("roles", "labels"):
        plain[name] = sorted(plain[name])
    return orjson.Fragment(_dump(plain))


def intent(
    *,
    request_id: str,
    ts: str,
    caller: Caller,
    envelope: Envelope,
    classification: Classification,
    facts: RequestFacts,
    targets: Sequence[TargetFacts],
    decision: Decision,
    prompt_commit: str,
    epoch: str,
) -> bytes:
    """What is about to happen, and all that the decision rested on: anyone can make it again from this alone."""
    findings = classification.findings
    return _dump(
        {
            "v": VERSION,
            "kind": "intent",
            "ts": ts,
            "tenant": caller.tenant,
            "request_id": request_id,
            "session": caller.session,
            "parent": "",
            "sources": [],
            "actor": {"type": "loopback", "id": caller.actor, "key": caller.key_id, "team": caller.team},
            "workload": caller.workload,
            "dialect": envelope.dialect,
            "operation": envelope.operation,
            "stream": envelope.stream,
            "original_model": envelope.original_model,
            "bytes_in": len(envelope.body),
            "labels": sorted(classification.labels),
            "level": classification.level,
            "findings": dict(Counter(f.label for f in findings)) if findings else {},
            "detectors_failed": list(classification.failed),
            "unscannable": len(envelope.unscannable),
            "rest": sorted(envelope.rest),
            "facts": _request_facts(facts),
            "targets": [_target_facts(t) for t in targets],
            "decision": [_decided(t) for t in decision.targets],
            "policy": decision.policy,
            "prompt_commit": prompt_commit,
            "epoch": epoch,
            "blob": "",
        }
    )


def outcome(*, request_id: str, ts: str, tenant: str, intent_index: int, outcome: Outcome, duration_us: int) -> bytes:
    notes, usage = outcome.notes, outcome.notes.usage
    return _dump(
        {
            "v": VERSION,
            "kind": "outcome",
            "ts": ts,
            "tenant": tenant,
            "request_id": request_id,
            "intent": intent_index,
            "status": outcome.status,
            "http_status": outcome.http_status,
            "code": outcome.code,
            "target": outcome.target,
            "boundary": outcome.boundary,
            "attempts": [_attempt(attempt) for attempt in outcome.attempts],
            "response_model": notes.response_model,
            "model_version": "",
            "response_id": notes.response_id,
            "finish_reasons": notes.finish_reasons,
            "upstream_error": notes.error,
            "usage": {
                "input_tokens": usage.input_tokens,
                "output_tokens": usage.output_tokens,
                "cached_input_tokens": usage.cached_input_tokens,
            },
            "cost_micro": -1,
            "redactions": outcome.redactions,
            "restored": outcome.restored,
            "suppressed": outcome.suppressed,
            "left": outcome.left,
            "output_labels": [],
            "bytes_out": outcome.bytes_out,
            "response_commit": outcome.response_commit,
            "duration_us": duration_us,
        }
    )


def refusal(*, request_id: str, ts: str, tenant: str, path: str, http_status: int, code: str, bytes_in: int) -> bytes:
    """A request that was turned away before anything was decided: it was no request, or none that we serve."""
    return _dump(
        {
            "v": VERSION,
            "kind": "refusal",
            "ts": ts,
            "tenant": tenant,
            "request_id": request_id,
            "path": path,
            "http_status": http_status,
            "code": code,
            "bytes_in": bytes_in,
        }
    )


def recovered(entry: bytes, index: int, ts: str) -> bytes:
    """Closes the intent `entry` at `index`, whose process ended before its outcome was written."""
    found = orjson.loads(entry)
    return _dump(
        {
            "v": VERSION,
            "kind": "recovered",
            "ts": ts,
            "tenant": found["tenant"],
            "request_id": found["request_id"],
            "intent": index,
            "status": "unknown",
        }
    )
