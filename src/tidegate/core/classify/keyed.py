"""Keys without a prefix: a vendor's name, a word or sign that links, and a value of that vendor's length and alphabet.

A shape is written as a letter for its alphabet and its length or lengths: `h32`, `m20-40`, `uuid`.

    h hexadecimal    l lower case and digits    u upper case and digits    m both cases and digits
    w m with _ and -    b base64    x base64 of either alphabet    d digits
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

from tidegate.core.classify.entropy import is_placeholder, random_part, reads_as_words
from tidegate.core.classify.fold import SEAM
from tidegate.core.classify.patterns import Pattern, begins_word, compile_pattern, ends_word
from tidegate.core.classify.rows import Hit

ALPHABETS = {
    "h": "0-9a-fA-F",
    "l": "0-9a-z",
    "u": "0-9A-Z",
    "m": "0-9A-Za-z",
    "w": "0-9A-Za-z_-",
    "b": "0-9A-Za-z+/",
    "x": "0-9A-Za-z+/_-",
    "d": "0-9",
}
_WORDS_OF = {
    "h": "hexadecimal digits",
    "l": "lower-case letters and digits",
    "u": "capitals and digits",
    "m": "letters and digits",
    "w": "letters, digits, _ and -",
    "b": "base64",
    "x": "letters, digits, +, /, _ and -",
    "d": "digits",
}
_UUID = rb"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_REACH_BYTES = 160
_GAP_BYTES = 64
_FEWEST_DISTINCT = 5
_SHORTEST_BARE = 16
_LONGEST_WORD = 24
_JOINTS = frozenset((b"-", b"_", b"/"))
_SEAM = SEAM.encode()
_SPACED = bytes(b if chr(b).isalnum() and b < 0x80 else 0x20 for b in range(256))
_RUN = compile_pattern(rb"[0-9A-Za-z_+/=-]{8}")
_SECRET = compile_pattern(
    rb"key|token|secret|auth|access|priv|pass|pwd|cred|api|pat|jwt|bearer|sid|app|client|account|license|\bid\b|_id"
)
_OTHER = compile_pattern(rb"sha[125]|md5|digest|checksum|integrity|etag|commit|fingerprint|revision|[.?] |[;{}!]|//")


class Shape(NamedTuple):
    """`kind` is a letter of `ALPHABETS`, or `uuid`."""

    kind: str
    least: int
    most: int


def shapes(spec: str) -> tuple[Shape, ...]:
    """`"h32 m20-40 uuid"` → its shapes. Raises ValueError, KeyError for what is none."""
    return tuple(map(_shape, spec.split()))


def _shape(word: str) -> Shape:
    if word == "uuid":
        return Shape("uuid", 36, 36)
    least, _, most = word[1:].partition("-")
    assert ALPHABETS[word[0]]
    return Shape(word[0], int(least), int(most or least))


def in_words(spec: str) -> str:
    return " or ".join(
        "a UUID" if kind == "uuid" else f"{least if least == most else f'{least} to {most}'} {_WORDS_OF[kind]}"
        for kind, least, most in shapes(spec)
    )


@cache
def _pattern(kind: str) -> Pattern:
    if kind == "uuid":
        return compile_pattern(rb"(" + _UUID + rb")")
    one = f"[{ALPHABETS[kind]}]".encode()
    padding = rb"={0,2}" if kind in "bx" else b""
    return compile_pattern(one + rb"{8}" + one + rb"*" + padding)


def look_for(spec: str, label: str, name: str, score: float) -> Callable[[bytes, int, int], Iterable[Hit]]:
    """A look for `rows.Called`: the first value of one of the shapes that is linked to the name before it."""
    wanted = tuple((shape, _pattern(shape.kind)) for shape in shapes(spec))

    def look(data: bytes, _: int, end: int) -> Iterable[Hit]:
        stop = min(len(data), end + _REACH_BYTES)
        seam = data.find(_SEAM, end, stop)
        if seam >= 0 and data[seam + 1 : seam + 2] != b"=":
            stop = seam
        first = _RUN.find(data, end, stop)[0][0]
        if 0 <= first <= end + _GAP_BYTES:
            for shape, pattern in wanted:
                low, high = _first(data, end, stop, shape, pattern)
                if low >= 0:
                    return (Hit(low, high, label, score, name),)
        return ()

    return look


def _first(data: bytes, end: int, stop: int, shape: Shape, pattern: Pattern) -> tuple[int, int]:
    at = end
    while True:
        low, high = pattern.find(data, at, min(len(data), stop + shape.most))[0]
        if low < 0 or low > end + _GAP_BYTES:
            return -1, -1
        at = high
        low += _leading(data, low, high, shape)
        if shape.least <= high - low <= shape.most and begins_word(data, low) and ends_word(data, high):
            gap = data[end:low].lower()
            if _is_value(data[low:high].decode(), shape) and _is_linked(gap, high - low):
                return low, high


def _leading(data: bytes, low: int, high: int, shape: Shape) -> int:
    """How much too long a run is that began with its name: `acme-secret-…` where dashes belong to the alphabet."""
    over = high - low - shape.most
    return (
        over
        if over > 0 and shape.kind in "wbx" and data[low + over - 1 : low + over] in {b"-", b"_", b"=", b"/"}
        else 0
    )


def _is_value(value: str, shape: Shape) -> bool:
    """Varied, no placeholder, no words. An exact length is evidence, so there a digit is enough against words."""
    if len(set(value)) < _FEWEST_DISTINCT or is_placeholder(value):
        return False
    if shape.kind in {"h", "d", "uuid"}:
        return True
    if shape.least < shape.most:
        return 2 * len(random_part(value)) >= len(value)
    return any(c.isdigit() for c in value) or (value.isalnum() and not _is_word(value))


def _is_word(letters: str) -> bool:
    return len(letters) < _LONGEST_WORD and reads_as_words(letters)


def _is_linked(gap: bytes, size: int) -> bool:
    """A word or a sign says that the value is the vendor's; a bare value stands right behind its name and is long."""
    if _OTHER.is_in(gap):
        return False
    if _SECRET.is_in(gap):
        return True
    words = len(gap.translate(_SPACED).split())
    if any(c in gap for c in b"=:>"):
        return words <= 3
    return words <= 1 and size >= _SHORTEST_BARE
