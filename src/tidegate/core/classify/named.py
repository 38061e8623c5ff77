"""Generated values that words before them give away, whatever stands in between: found from the value's side.

A pass looks for letters and digits that touch, which prose hardly has. Only there is anybody asked what the value is
called, so ordinary text costs the pass and nothing else.
"""

from collections.abc import Iterator

from tidegate.core.classify.entropy import is_placeholder, is_uuid, looks_random, random_part
from tidegate.core.classify.fold import SEAM
from tidegate.core.classify.patterns import ALNUM, DIGITS, compile_pattern, run_length, tail_length
from tidegate.core.classify.rows import Hit
from tidegate.core.classify.secret_names import Name, last_name

NAME = "secret_assignment"
_LABEL = "secret.generic"
_SEED = compile_pattern(rb"(?:[A-Za-z][0-9]|[0-9][A-Za-z])[0-9A-Za-z_+/=~-]{5}")
_RUN = ALNUM + b"_-+/.~"
_LONGEST = 512
_BEFORE_BYTES = 96
_GAP_BYTES = 48
_SEAM = SEAM.encode()
_SEPARATORS = b"-_.~+"
_GLUE = bytes(b for b in range(0x80) if not chr(b).isalnum())
_SPACED = bytes(b if chr(b).isalnum() else 0x20 for b in range(256))
_FILLERS = frozenset(b"as be the a an value code of x to".split())
_FEWEST = 10
_FEWEST_SAID = 12
_FEWEST_BARE = 18
_PATH_SHARE = 0.75
_NUMBERED = 3
_JOINED_BYTES = 24
_TIGHT = ALNUM + b"=:|+/._~-"
_HEX_KEY_CHARS = 66
_HEX = "0123456789abcdef"
_DIGEST_CHARS = frozenset((32, 40, 64, 96, 128))
_ASSIGNS = b":=>,("
_STOPS = (b";", b"}", b". ", b"\n\n\n", b"? ", b"! ", b"//", b"{")
_HASHES = compile_pattern(
    rb"sha[1235]|md5|digest|checksum|integrity|etag|commit|fingerprint|uuid|guid|revision|hash|blake|crc"
)


def hits(data: bytes, lower: bytes) -> Iterator[Hit]:
    """Values of twelve and more characters behind a name that speaks of a secret."""
    done, size = 0, len(data)
    find = _SEED.find
    while True:
        seed = find(data, done, size)[0][0]
        if seed < 0:
            return
        low = seed - tail_length(data[max(done, seed - _LONGEST) : seed], _RUN)
        high = seed + run_length(data[seed : seed + _LONGEST], _RUN)
        done = high
        if high - low >= _FEWEST and high - seed < _LONGEST:
            hit = _hit(data, lower, low, high)
            if hit:
                yield hit


def _hit(data: bytes, lower: bytes, low: int, high: int) -> Hit | None:
    inside = last_name(lower, low, high)
    if inside and inside.end < high:
        begin = inside.end + run_length(data[inside.end : high], _SEPARATORS)
        hit = _between(data, lower, inside, begin, high) if begin > inside.end else None
        if hit:
            return hit
    name = last_name(lower, max(0, low - _BEFORE_BYTES), low)
    return _between(data, lower, name, low, high) if name else None


def _between(data: bytes, lower: bytes, name: Name, begin: int, high: int) -> Hit | None:
    """The value from `begin` to `high`, if it looks like one and `name` is its name."""
    end = begin + len(data[begin:high].rstrip(b".-_/~"))
    end += run_length(data[end : end + 2], b"=")
    if _HASHES.find(lower, name.start, begin)[0][0] >= 0:
        return None
    begin -= _joined(lower[name.end : begin])
    gap = lower[name.end : begin]
    if len(gap) > _GAP_BYTES or data[end : end + 1] in {b"(", b"["} or data[end : end + 2] == b"..":
        return None
    linked = _link(gap)
    if linked and _is_secret(data[begin:end].decode(), name, linked, gap):
        return Hit(begin, end, _LABEL, 0.75 if linked == 2 else 0.6, NAME)
    return None


def _joined(gap: bytes) -> int:
    """How many bytes before a value belong to it: `1234567:` of `token: 1234567:AbC…`."""
    if not gap or gap[-1] not in b"=:|":
        return 0
    head = gap[-tail_length(gap, _TIGHT) :].lstrip(b":=|")
    return len(head) if len(head) <= _JOINED_BYTES and head.translate(None, DIGITS) != head else 0


def _link(gap: bytes) -> int:
    """2: assigned, 1: said, 0: the name belongs to something else."""
    if any(stop in gap for stop in _STOPS) or (_SEAM in gap and _SEAM + b"=" not in gap):
        return 0
    if gap[_NUMBERED:].translate(None, DIGITS) != gap[_NUMBERED:]:  # another value stands in between
        return 0
    if any(c in gap for c in _ASSIGNS):
        return 2
    words = gap.translate(_SPACED).split()
    if words and words[-1] in {b"is", b"was"}:
        return 2
    return 1 if sum(word not in _FILLERS for word in words) <= 1 else 0


def _is_secret(value: str, name: Name, linked: int, gap: bytes) -> bool:
    if value[0] in "/." or is_placeholder(value):
        return False
    if is_uuid(value):
        return name.weight >= 2 and (linked == 2 or not gap.translate(None, _GLUE))
    rest = len(random_part(value))
    if ("/" in value and rest < _PATH_SHARE * len(value)) or not looks_random(value):
        return False
    if linked == 2:
        return rest >= _FEWEST and not (value[:2] in {"0x", "0X"} and len(value) < _HEX_KEY_CHARS)
    return _is_said(value, rest, name, gap)


def _is_said(value: str, rest: int, name: Name, gap: bytes) -> bool:
    """Without an assignment: longer, no address in memory, and no digest that another word stands before."""
    if gap.translate(_SPACED).split():
        digest = len(value) in _DIGEST_CHARS and not value.strip(_HEX)
        return name.weight > 1 and rest >= _FEWEST_SAID and not digest and value[:2] != "0x"
    return rest >= (_FEWEST_SAID if name.weight > 1 else _FEWEST_BARE)
