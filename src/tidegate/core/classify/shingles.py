"""A text as a set of numbers that pieces of it share, and that say nothing to whoever lacks the key.

Winnowing, turned round so that it needs no arithmetic. Letters and digits alone are kept, so wrapping, quoting, spacing
and punctuation make no difference. Cuts are made at a few letters of the key's choice, so they fall in a piece where
they fall in the whole. What lies between two cuts, three words or so, is one shingle: a changed word changes the
shingles that it stands in and no others. Every step is one call of a C function over all of the text.
"""

import re
from functools import cached_property
from hashlib import blake2b
from zlib import crc32

from tidegate.core.classify.fold import SEAM, SURROGATES, fold, unescape

LEAST_BYTES = 7
"""Of a shingle: what is shorter is in every text."""

_CUTTING = ("hr", "nd", "od", "il", "sh", "al", "sr", "id", "nl", "ol")
"""Letters that are 11 or 12 of 100 together in English: shingles are as long whichever the key takes."""
_CUT, _SEAM = 0, ord(SEAM)
_KEPT = bytes(byte for byte in range(256) if byte >= 0x80 or chr(byte) in "0123456789abcdefghijklmnopqrstuvwxyz")
_DROPPED = bytes(byte for byte in range(256) if byte not in _KEPT and byte != _SEAM)
_LAST_BYTES = range(0x80, 0xC0)
"""In UTF-8 every letter beyond ASCII ends with one of them; five of them cut other scripts as finely."""

_COMMON = (
    "Let me know if you have any questions or need further assistance.",
    "Please let me know if you have any other questions or if there is anything else I can help you with.",
    "If you have any further questions or need more information, feel free to ask.",
    "Feel free to reach out if you need anything else or would like me to elaborate on any of these points.",
    "Is there anything else I can help you with today? I hope this helps! I hope this information is helpful.",
    "Let me know if you would like me to make any changes or if you need any additional information.",
    "Would you like me to help you with anything else? Would you like me to explain any part in more detail?",
    "I'm sorry, but I can't help with that. I'm sorry, but I cannot assist with that request.",
    "As an AI language model, I do not have access to personal information or real-time data.",
    "As an AI assistant, I don't have personal opinions, feelings or experiences.",
    "It is important to note that this is general information and should not be considered professional advice.",
    "It is always a good idea to consult with a qualified professional before making any decisions.",
    "Sure! Here is a summary of the text that you provided. Certainly! Here is the revised version of the text.",
    "Here is a step-by-step guide. Here are some key points to consider. Here are a few examples of how to do this.",
    "Based on the information provided, it appears that. According to the information that you have provided.",
    "Thank you for your question. Thank you for reaching out. You're welcome! I apologize for the confusion.",
    "Please provide more information or context so that I can better understand what you are looking for.",
    "In conclusion, in summary, on the other hand, for example, in addition to this, as a result of this.",
    "Please don't hesitate to contact me if you have any questions or concerns. I look forward to hearing from you.",
    "I hope this email finds you well. Thank you for your time and consideration. Best regards, [Your Name]",
)
"""What models say whatever they are asked: nobody gives anything away with it."""

_ESCAPED = re.compile(rb"(?:\\u[0-9a-fA-F]{4})+")


class Shingling:
    """One key's way of cutting and numbering; another key's numbers have nothing in common with it."""

    def __init__(self, key: bytes) -> None:
        """`key`: at most 64 bytes."""

        def in_order_of(purpose: bytes, things: bytes) -> list[int]:
            return sorted(things, key=lambda thing: blake2b(bytes((thing,)), key=key, person=purpose).digest())

        table = bytearray(range(256))
        for byte, other in zip(_KEPT, in_order_of(b"letters", _KEPT), strict=True):
            table[byte] = other
        cutting = _CUTTING[in_order_of(b"cuts", bytes(range(len(_CUTTING))))[0]].encode()
        digit, others = in_order_of(b"cuts", b"0123456789")[:1], in_order_of(b"cuts", bytes(_LAST_BYTES))[:5]
        for byte in (*cutting, *digit, *others, _SEAM):
            table[byte] = _CUT
        self._table = bytes(table)

    def pieces(self, lower: bytes) -> list[bytes]:
        """What lies between cuts, in order; a cut takes one byte. `lower`: folded UTF-8 in lower case."""
        return lower.translate(self._table, _DROPPED).split(b"\0")

    def of(self, text: str) -> frozenset[int]:
        """The shingles of a text, 32 bits each, without those of common sentences."""
        return self._all(text) - self._common

    def _all(self, text: str) -> frozenset[int]:
        pieces = self.pieces(plain(text).lower())
        return frozenset(map(crc32, (piece for piece in pieces if len(piece) >= LEAST_BYTES)))

    @cached_property
    def _common(self) -> frozenset[int]:
        return frozenset().union(*map(self._all, _COMMON))


def plain(text: str) -> bytes:
    """As detectors see it: hidden forms made plain, half characters as invisible ones."""
    try:
        source = text.encode()
    except UnicodeEncodeError:
        source = text.translate(SURROGATES).encode()
    if b"\\u" in source:
        source = _ESCAPED.sub(_unescaped, source)
    folded = None if source.isascii() else fold(source)
    return unescape(folded.data if folded else source)


def _unescaped(escapes: re.Match[bytes]) -> bytes:
    """JSON's escapes for letters beyond ASCII; two of them may be one letter."""
    units = bytes.fromhex(escapes[0].replace(b"\\u", b"").decode())
    return units.decode("utf-16-be", "ignore").encode()
