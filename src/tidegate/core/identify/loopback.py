"""Callers on loopback: no key, one actor, and headers by which a caller can only make itself stricter."""

import re
from collections.abc import Collection, Mapping
from hashlib import blake2b

from tidegate.core.values.caller import Caller
from tidegate.core.values.envelope import Envelope
from tidegate.core.values.errors import BadRequest

TENANT = "default"
_WORD = re.compile(r"[A-Za-z0-9._:@/+-]{1,200}", re.ASCII)
_ROLES = frozenset(("user",))


def identify(headers: Mapping[str, str], envelope: Envelope, *, workloads: Collection[str], secret: bytes) -> Caller:
    """`secret` (32 bytes) keys derived session ids. Raises BadRequest for a header that says what nobody declared."""
    workload = _word(headers, "x-tidegate-workload")
    if workload and workload not in workloads:
        known = ", ".join(sorted(workloads)) or "none"
        raise BadRequest("unknown_workload", f"x-tidegate-workload names no declared workload (declared: {known}).")
    named = _word(headers, "x-tidegate-session")
    session = _session(secret, "header", named) if named else _session(secret, "first", envelope.conversation)
    return Caller(
        tenant=TENANT,
        actor="local",
        key_id="loopback",
        team="",
        roles=_ROLES,
        session=session,
        workload=workload,
        residency=_word(headers, "x-tidegate-residency").lower(),
    )


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
