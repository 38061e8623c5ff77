"""Held text, encrypted: AES-256-GCM under a key of its own for each review, bound to what the review is about.

The nonce is a keyed hash of the content, so the core needs no randomness: the same nonce under the same key means the
same plaintext. Without the gateway's root key the store tells nothing of what was held.
"""

import hmac
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tidegate.core.review.binding import digest
from tidegate.core.values.keys import Keys
from tidegate.core.values.review import Binding

_NONCE_BYTES = 12


def seal(keys: Keys, binding: Binding, contents: dict[str, Any]) -> bytes:
    plain, said = orjson.dumps(contents), _said(keys, binding)
    nonce = hmac.digest(_key(keys, "nonce", binding), said + plain, "sha256")[:_NONCE_BYTES]
    return nonce + AESGCM(_key(keys, "seal", binding)).encrypt(nonce, plain, said)


def unseal(keys: Keys, binding: Binding, sealed: bytes) -> dict[str, Any] | None:
    """None where it was erased, altered, or sealed with other keys."""
    try:
        plain = AESGCM(_key(keys, "seal", binding)).decrypt(
            sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _said(keys, binding)
        )
    except (InvalidTag, ValueError):
        return None
    found: dict[str, Any] = orjson.loads(plain)
    return found


def _said(keys: Keys, binding: Binding) -> bytes:
    return f"{keys.epoch} {digest(binding)}".encode()


def _key(keys: Keys, purpose: str, binding: Binding) -> bytes:
    return hmac.digest(
        keys.detection, f"held for review {purpose} {binding.tenant} {binding.review}".encode(), "sha256"
    )
