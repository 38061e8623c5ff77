"""Which tag stands for which value: derived, never stored, and never two values behind one tag."""

import hmac

from tidegate.core.transform.normal import normalise
from tidegate.core.values import tags
from tidegate.core.values.errors import TidegateError
from tidegate.core.values.keys import Keys

_SPELLING = 2
_LONGEST = 40
_HASH_CHARS = 16


def session_key(keys: Keys, tenant: str, key_id: str, session: str) -> bytes:
    """The key of one session's tags: nobody else's session, key or tenant leads to the same tags."""
    parts = (tenant.encode(), key_id.encode(), session.encode())
    # Lengths in front: no choice of names makes two sessions read alike.
    message = b"".join([len(part).to_bytes(4) + part for part in parts])
    return hmac.digest(keys.tags, b"tidegate session\0" + message, "sha256")


class Pseudonyms:
    """The tags of one request.

    The first 8 characters of a code follow from the normalised value, so that a model sees that two spellings mean the
    same. A spelling that is not the normal form gets two characters more of its own, so that an answer gets back the
    very spelling that it quotes. Where codes collide all the same, the later value's grows until it is free.
    """

    __slots__ = ("_key", "_tags", "_values")

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._tags: dict[str, str] = {}
        self._values: dict[str, str] = {}

    def tag(self, label: str, value: str) -> str:
        """A value keeps the tag, and so the label, that it was given first."""
        return self._tags.get(value) or self._issue(label, value)

    def digest(self, label: str, value: str) -> str:
        """What says "the same as elsewhere in this session" and nothing more: 80 bits that lead nowhere."""
        return f"{label}#{tags.encode(self._digest('hash', label, normalise(label, value)), _HASH_CHARS)}"

    def _issue(self, label: str, value: str) -> str:
        normal = normalise(label, value)
        code = tags.encode(self._digest("value", label, normal), tags.IDENTITY)
        for extra in range(0 if value == normal else _SPELLING, _LONGEST, _SPELLING):
            spelled = tags.encode(self._digest("spelling", label, value), extra) if extra else ""
            tag = tags.render(label, code + spelled)
            if self._values.setdefault(tag, value) == value:
                self._tags[value] = tag
                return tag
        raise TidegateError("Two values of a request cannot be told apart by their tags: nothing is sent.")

    def _digest(self, what: str, label: str, text: str) -> bytes:
        return hmac.digest(self._key, f"{what}\0{label}\0{text}".encode(), "sha256")
