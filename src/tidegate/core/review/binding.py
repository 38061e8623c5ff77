"""What an approval is bound to, and in which of it a request differs.

A hash of a text that can be guessed would tell the text to whoever guesses. So the body, and what was found in it, are
committed to under a key that is derived for this one review; the rest are names and digests that the log has anyway.
"""

import hmac
from dataclasses import fields
from hashlib import sha256

import orjson

from tidegate.core.values.decision import Effect
from tidegate.core.values.envelope import Envelope
from tidegate.core.values.facts import TargetFacts
from tidegate.core.values.keys import Keys
from tidegate.core.values.review import Binding, Question
from tidegate.core.values.target import Target

FORMAT = "tidegate review binding v1"

_WHO = ("tenant", "actor", "key", "agent", "workload")
_PASSING = ("health",)
"""Facts of a target that nobody declares and that may change from one moment to the next."""


def bind(question: Question, keys: Keys, *, review: str, until: str) -> Binding:
    """All that an approval of this very request would hold for. `targets` are those that wait for a review."""
    caller, envelope = question.caller, question.envelope
    key = commitment_key(keys, review)
    waiting = {one.target for one in question.decision.targets if one.effect is Effect.REVIEWED}
    return Binding(
        review=review,
        tenant=caller.tenant,
        actor=caller.actor,
        key=caller.key_id,
        agent=caller.agent,
        workload=caller.workload,
        dialect=envelope.dialect,
        operation=envelope.operation,
        body=hmac.digest(key, b"body\0" + _sent(envelope), "sha256").hex(),
        found=hmac.digest(key, b"found\0" + _found(question), "sha256").hex(),
        policy=question.decision.policy,
        targets=tuple(
            (target.name, target_digest(target, facts))
            for target, facts in zip(question.candidates, question.facts, strict=True)
            if target.name in waiting
        ),
        until=until,
    )


def digest(binding: Binding) -> str:
    """SHA-256 (hex) of the canonical text: what reviewers sign."""
    return sha256(text(binding)).hexdigest()


def text(binding: Binding) -> bytes:
    return orjson.dumps({"format": FORMAT, **as_json(binding)}, option=orjson.OPT_SORT_KEYS)


def as_json(binding: Binding) -> dict[str, object]:
    return {**binding._asdict(), "targets": dict(binding.targets)}


def difference(approved: Binding, here: Binding) -> str:
    """The first thing in which a request is not the one that was approved; empty where only targets may differ."""
    for name in _WHO:
        if getattr(approved, name) != getattr(here, name):
            return f"it comes from another {'caller' if name in ('tenant', 'actor') else name} than it was held for"
    if (approved.dialect, approved.operation) != (here.dialect, here.operation):
        return "it was held at another endpoint"
    if approved.body != here.body:
        return "its body (or a header that goes along) is not the very same, byte for byte"
    if approved.policy != here.policy:
        return "another policy has come to rule since it was held"
    if approved.found != here.found:
        return "what is found in it now is not what the reviewers saw"
    return ""


def same(keys: Keys, question: Question) -> bytes:
    """Equal for a request that is sent again while it waits, under the same policy."""
    caller = question.caller
    who = (caller.tenant, caller.actor, caller.key_id, caller.agent, caller.workload)
    about = orjson.dumps([*who, question.envelope.dialect, question.envelope.operation, question.decision.policy])
    key = hmac.digest(keys.commitments, b"held for review: sent again", "sha256")
    return hmac.digest(key, about + b"\0" + _sent(question.envelope), "sha256")


def commitment_key(keys: Keys, review: str) -> bytes:
    return hmac.digest(keys.commitments, f"held for review {review}".encode(), "sha256")


def target_digest(target: Target, facts: TargetFacts) -> str:
    """SHA-256 (hex) of what is declared of a target, and of what of its contract is in force."""
    told = {one.name: getattr(facts, one.name) for one in fields(facts) if one.name not in _PASSING}
    told |= {"provider": target.provider, "url": target.url, "model": target.model}
    return sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _sent(envelope: Envelope) -> bytes:
    """All of the client's own that goes along: headers of its dialect change what is asked for, as the body does."""
    carried = orjson.dumps(sorted(envelope.carried))
    return len(carried).to_bytes(8) + carried + envelope.body


def _found(question: Question) -> bytes:
    found = question.found
    spans = [(one.part, one.start, one.end, one.label) for one in found.findings]
    return orjson.dumps([sorted(found.labels), sorted(found.failed), sorted(spans)])
