"""When an answer may be given again: to the same caller, for the same bytes, under the same decision.

Whatever an answer could differ by is in the key, and whoever it could betray: two requests of which anything here
differs never share one. What policy permits is asked anew for each of them, before anybody looks for an answer.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import orjson

from tidegate.core.values.caller import Caller
from tidegate.core.values.envelope import Envelope
from tidegate.core.values.permit import Permit
from tidegate.core.values.target import Target

_PERSON = b"tidegate reuse"
_TIMES = ("hour", "weekday")
"""Facts that only the decision rests on, and that is made anew."""
_LENGTH = 8


def may_be_reused(envelope: Envelope, *, sampled: bool = False) -> bool:
    """Whether the same request gets the same answer: embeddings, and what asks for temperature 0. Whatever asks a
    provider to keep, fetch or do something never does. `sampled`: whether others may be taken for such.
    """
    if envelope.capabilities:
        return False
    if envelope.operation != "chat":
        return envelope.operation == "embeddings"
    return sampled or _temperature(envelope.document) == 0


def _temperature(document: Mapping[str, Any]) -> float | None:
    """Wherever dialects have it."""
    places = (document, document.get("options"), document.get("generationConfig"), document.get("inferenceConfig"))
    found = [place["temperature"] for place in places if isinstance(place, dict) and "temperature" in place]
    sole = found[0] if len(found) == 1 else None
    return sole if isinstance(sole, int | float) and not isinstance(sole, bool) else None


def scope(secret: bytes, facts: bytes, policy: str, caller: Caller) -> bytes:
    """Of one request: `facts` are all that policy knows of it, as the record has them (labels, the session's level,
    who asks and for what among them).
    """
    known = {name: value for name, value in orjson.loads(facts).items() if name not in _TIMES}
    return _hashed(
        secret,
        orjson.dumps(known, option=orjson.OPT_SORT_KEYS),
        policy.encode(),
        caller.tenant.encode(),
        caller.actor.encode(),
        caller.key_id.encode(),
        caller.subject.encode(),
        (caller.consent_of or "").encode(),
    )


def key(secret: bytes, scope: bytes, target: Target, effect: str, dialect: str, permit: Permit) -> bytes:
    """Of one answer to it: `dialect` is the target's, `permit` what would be sent there."""
    return _hashed(
        secret,
        scope,
        target.name.encode(),
        target.boundary.name.encode(),
        target.boundary.kind.encode(),
        effect.encode(),
        dialect.encode(),
        permit.method.encode(),
        permit.url.encode(),
        orjson.dumps(permit.headers),
        permit.body,
    )


def _hashed(secret: bytes, *fields: bytes) -> bytes:
    """Each with its length, so that no two rows of fields look alike."""
    found = blake2b(key=secret, digest_size=32, person=_PERSON)
    for field in fields:
        found.update(len(field).to_bytes(_LENGTH, "big"))
        found.update(field)
    return found.digest()
