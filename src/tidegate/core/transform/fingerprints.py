"""Fingerprints of found values: "where did this customer's data go?" without keeping the texts.

    tag     HMAC(fingerprint key, tenant, label, normalised value), 16 bytes: equal for all spellings of one value
    sealed  nonce and AES-256-GCM of what was seen, under a key of its own for each epoch and tag

Whoever holds the index alone can neither search it nor read it. Destroying an epoch's key erases the epoch, deleting
the rows of a tag a subject. The nonce is a keyed hash of tag and content, so the core needs no randomness, and the
same nonce under the same key means the same plaintext.
"""

import hmac
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tidegate.core.transform.normal import normalise
from tidegate.core.values.envelope import Part
from tidegate.core.values.errors import TidegateError
from tidegate.core.values.finding import Finding
from tidegate.core.values.keys import Keys
from tidegate.core.values.labels import covers
from tidegate.core.values.operators import PASSAGES
from tidegate.core.values.prints import Print

_TAG_BYTES = 16
_NONCE_BYTES = 12


class Sighting(NamedTuple):
    """What a print says to whoever has the key. `targets`: where the request could go, empty where nobody noted it."""

    request_id: str
    label: str
    ts: str
    targets: tuple[str, ...]


def prints(
    parts: Sequence[Part],
    findings: Iterable[Finding],
    keys: Keys,
    *,
    tenant: str,
    request_id: str,
    ts: str,
    targets: Sequence[str] = (),
) -> list[Print]:
    """One a distinct value and label, in order of finding. `ts` is RFC 3339."""
    seen: dict[bytes, Print] = {}
    for finding in findings:
        if any(covers(label, finding.label) for label in PASSAGES):
            continue
        value = parts[finding.part].text[finding.start : finding.end]
        tag = search_tag(keys, tenant, finding.label, value)
        if tag not in seen:
            seen[tag] = _seal(keys, tenant, tag, Sighting(request_id, finding.label, ts, tuple(targets)))
    return list(seen.values())


def search_tag(keys: Keys, tenant: str, label: str, value: str) -> bytes:
    """What to look for, whatever the spelling. A value that could bear several labels has a tag for each."""
    return _hash(keys.fingerprints, "tag", tenant, label, normalise(label, value))[:_TAG_BYTES]


def unseal(keys: Keys, tenant: str, found: Print) -> Sighting:
    """Raises TidegateError where the print belongs to another key, tenant or epoch, or was altered."""
    nonce, sealed = found.sealed[:_NONCE_BYTES], found.sealed[_NONCE_BYTES:]
    try:
        plain = _cipher(keys, found.epoch, found.tag).decrypt(nonce, sealed, _context(tenant, found.epoch, found.tag))
    except (InvalidTag, ValueError):
        raise TidegateError(
            f"A fingerprint of key epoch {found.epoch} cannot be opened with the keys of epoch {keys.epoch}: it was "
            "altered, or its key has been destroyed."
        ) from None
    request_id, label, ts, targets = orjson.loads(plain)
    return Sighting(request_id, label, ts, tuple(targets))


def _seal(keys: Keys, tenant: str, tag: bytes, sighting: Sighting) -> Print:
    plain = orjson.dumps(list(sighting))
    nonce = _keyed(keys.fingerprints, b"nonce", tag, plain)[:_NONCE_BYTES]
    sealed = _cipher(keys, keys.epoch, tag).encrypt(nonce, plain, _context(tenant, keys.epoch, tag))
    return Print(tag, keys.epoch, nonce + sealed)


def _cipher(keys: Keys, epoch: str, tag: bytes) -> AESGCM:
    return AESGCM(_keyed(keys.fingerprints, b"seal", epoch.encode(), tag))


def _context(tenant: str, epoch: str, tag: bytes) -> bytes:
    return _joined(tenant.encode(), epoch.encode(), tag)


def _hash(key: bytes, *parts: str) -> bytes:
    return _keyed(key, *(part.encode() for part in parts))


def _keyed(key: bytes, *parts: bytes) -> bytes:
    return hmac.digest(key, _joined(*parts), "sha256")


def _joined(*parts: bytes) -> bytes:
    # Lengths in front: no choice of texts makes two lists read alike.
    return b"".join([len(part).to_bytes(4) + part for part in parts])
