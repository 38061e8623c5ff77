"""Hashing of texts as short as requests are."""

from hashlib import blake2b

_KEPT = 2047
"""The most bytes that `hashlib` hashes without letting other threads in (CPython, HASHLIB_GIL_MINSIZE)."""
_SHORT = 16_384


def feed(digest: blake2b, text: bytes) -> None:
    """As `digest.update`. A short text in pieces: a change of threads costs more than hashing it does."""
    if len(text) > _SHORT:
        digest.update(text)
        return
    for at in range(0, len(text), _KEPT):
        digest.update(text[at : at + _KEPT])
