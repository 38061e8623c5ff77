"""Fingerprints of found values, as the side index keeps them."""

from typing import NamedTuple


class Print(NamedTuple):
    """A keyed fingerprint of one found value, for the erasable side index: `tag` is searchable, `sealed` encrypted."""

    tag: bytes
    epoch: str
    sealed: bytes
