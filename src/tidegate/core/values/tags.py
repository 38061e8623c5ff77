"""Tags: what stands in a request for a value that may not leave, as `⟦pii.email:k7f2q9m3⟧`.

A label, a colon, and a code: at least 40 bits of a keyed hash in lower-case Crockford base32, which has no i, l, o or u
to be misread. The code is identity and MAC in one: the same value has the same tag all through a session without
anything being stored, and nobody without the session's key can make one that means something.
"""

import re

OPEN, CLOSE = "\u27e6", "\u27e7"
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
IDENTITY = 8
"""Characters of a code that say whose value it is: 40 bits."""

TAG = re.compile(rf"{OPEN}[a-z][a-z0-9._-]*:[{ALPHABET}]{{{IDENTITY},}}{CLOSE}")

_PAIRS = tuple(first + second for first in ALPHABET for second in ALPHABET)


def render(label: str, code: str) -> str:
    return f"{OPEN}{label}:{code}{CLOSE}"


def encode(digest: bytes, length: int) -> str:
    """The first `length` characters, an even number, of 5 bits each. `digest` has 32 bytes."""
    number = int.from_bytes(digest)
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(246, 246 - 5 * length, -10)])
