"""Generated values that words before them give away, whatever stands in between: found from the value's side.

A pass looks for letters and digits that touch, which prose hardly has. Only there is anybody asked what the value is
called, so ordinary text costs the pass and nothing else.
"""

from bisect import bisect_left
from collections.abc import Iterator

from tidegate.core.classify.entropy import is_placeholder, is_uuid, is_varied, random_part
from tidegate.core.classify.evident import evident
from tidegate.core.classify.patterns import ALNUM, DIGITS, compile_pattern, run_length, tail_length
from tidegate.core.classify.rows import Hit
from tidegate.core.classify.secret_names import WORDS, Name, name_at

NAME = "secret_assignment"
_LABEL = "secret.generic"
SEED = rb"(?:[A-Za-z][0-9]|[0-9][A-Za-z])[0-9A-Za-z_+/=~-]{6}|[A-Za-z]{18}"
"""RE2: what runs that may be such a value have in them."""
_SEED = compile_pattern(SEED)
_RUN = ALNUM + b"_-+/.~"
_LONGEST = 2048
_BEFORE_BYTES = 72
_GAP_BYTES = 48
_EVIDENT_LEAST = 36
_RUNS = bytes(0x41 if byte in _RUN else 0x20 for byte in range(256))
_EVIDENT_RUN = b"A" * _EVIDENT_LEAST
_SEPARATORS = b"-_.~+"
_CUT = frozenset((b"..", b"**", b"##", b"<<", b"${", b"{{"))
"""What follows a value that was cut short or is put together."""
_GLUE = bytes(b for b in range(0x80) if not chr(b).isalnum())
_SPACED = bytes(b if chr(b).isalnum() else 0x20 for b in range(256))
_FILLERS = frozenset(b"as be the a an value code of x to".split())
_FEWEST = 10
_FEWEST_SAID = 12
_SHORTEST_KEY = 12
_FEWEST_BARE = 18
_PATH_SHARE = 0.75
_NUMBERED = 3
_JOINED_BYTES = 24
_TIGHT = ALNUM + b"=:|+/._~-"
_HEX_KEY_CHARS = 66
_HEX = "0123456789abcdef"
_DIGEST_CHARS = frozenset((32, 40, 64, 96, 128))
_ASSIGNS = b":=>,("
_BREAKS = compile_pattern(rb"[;}]|</|\bhref=|\bid=|[.?!] |//|\n\n\n|\x1e[^=]")
"""What ends the reach of a name."""
_HASHES = compile_pattern(
    rb"sha[1235]|md5|digest|checksum|integrity|etag|commit|fingerprint|uuid|guid|revision|hash|blake|crc"
)


def hits(data: bytes, lower: bytes, first: int = 0) -> Iterator[Hit]:
    """Values of twelve and more characters behind a name that speaks of a secret; no `SEED` begins before `first`."""
    done, size = 0, len(data)
    starts: list[int] | None = None
    while True:
        seed = _SEED.find(data, max(done, first), size)[0][0]
        if seed < 0:
            return
        if starts is not None and (near := _next_word(starts, done, size) - _LONGEST) > seed:
            near = _run_begins(data, seed, near)
            if near > seed:
                yield from _evident_runs(data, _run_begins(data, done, seed), near)
                done = near
                continue
        window = data[max(done, seed - _LONGEST) : seed]
        low = seed - len(window) + len(window.rstrip(_RUN))
        chunk = data[seed : seed + _LONGEST]
        high = done = seed + len(chunk) - len(chunk.lstrip(_RUN))
        if high - low >= _EVIDENT_LEAST and high - seed < _LONGEST:
            told = evident(data[low:high])
            if told:
                yield Hit(low, low + told[2], told[0], 0.95, told[1])
                continue
        if starts is None:
            starts = [start for start, _ in WORDS.spans(lower)]
        if high - low >= _FEWEST and high - seed < _LONGEST and (hit := _named(data, lower, starts, low, high)):
            yield hit


def _named(data: bytes, lower: bytes, starts: list[int], low: int, high: int) -> Hit | None:
    """The value in a run, or all of it, as the last word in it names it, or else the last one before it. Words begin at
    `starts`.
    """
    last = bisect_left(starts, high) - 1
    if last >= 0 and starts[last] >= low:
        hit = _inside(data, lower, starts[last], high)
        if hit:
            return hit
        last = bisect_left(starts, low) - 1
    return _behind(data, lower, starts[last], low, high) if last >= 0 and starts[last] >= low - _BEFORE_BYTES else None


def _next_word(starts: list[int], done: int, size: int) -> int:
    """Where the next run may be that a word behind `done`, or one within reach before it, names."""
    which = bisect_left(starts, done - _BEFORE_BYTES - _LONGEST)
    return starts[which] if which < len(starts) else size + _LONGEST


def _run_begins(data: bytes, least: int, at: int) -> int:
    """Where the run begins that goes on over `at`, or else `at`."""
    at = min(at, len(data))
    return at - tail_length(data[max(least, at - _LONGEST) : at], _RUN)


def _evident_runs(data: bytes, low: int, high: int) -> Iterator[Hit]:
    """Tokens without a name from `low` to `high`, where no word is near: found without looking at shorter runs."""
    runs = data[low:high].translate(_RUNS)
    at = runs.find(_EVIDENT_RUN)
    while at >= 0:
        end = runs.find(b" ", at)
        end = len(runs) if end < 0 else end
        told = evident(data[low + at : low + end]) if end - at < _LONGEST else None
        if told:
            yield Hit(low + at, low + at + told[2], told[0], 0.95, told[1])
        at = runs.find(_EVIDENT_RUN, end)


def _inside(data: bytes, lower: bytes, start: int, high: int) -> Hit | None:
    """The value in a run that holds its own name: `acme-token-…`."""
    name = name_at(lower, start, high)
    begin = name.end + run_length(data[name.end : high], _SEPARATORS) if name else high
    return _between(data, lower, name, begin, high) if name and name.end < begin < high else None


def _behind(data: bytes, lower: bytes, start: int, low: int, high: int) -> Hit | None:
    """The value from `low` to `high`, named by the word that begins at `start`."""
    if _BREAKS.find(lower, start, low + 1)[0][0] >= 0:
        return None
    name = name_at(lower, start, low)
    return _between(data, lower, name, low, high) if name else None


def _between(data: bytes, lower: bytes, name: Name, begin: int, high: int) -> Hit | None:
    """The value from `begin` to `high`, if it looks like one and `name` is its name."""
    begin += data[begin : begin + 1] == b"-"
    end = begin + len(data[begin:high].rstrip(b".-_/~"))
    end += run_length(data[end : end + 2], b"=")
    if _HASHES.find(lower, name.start, begin)[0][0] >= 0:
        return None
    begin -= _joined(lower[name.end : begin])
    gap = lower[name.end : begin]
    if len(gap) > _GAP_BYTES or data[end : end + 1] in {b"(", b"["} or data[end : end + 2] in _CUT:
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
    part = random_part(value)
    rest = len(part)
    if ("/" in value and rest < _PATH_SHARE * len(value)) or len(value) < _SHORTEST_KEY or not is_varied(part):
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
