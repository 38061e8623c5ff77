"""Text inside text: base64, percent and backslash escapes, character references. Found, decoded, and handed back to
be scanned.

What base64 hides is reported on the whole run, so that it is replaced as a whole; escapes map one by one.
"""

from binascii import a2b_base64
from collections.abc import Iterator
from typing import NamedTuple

from tidegate.core.classify.fold import SEAM, Folded
from tidegate.core.classify.patterns import ALNUM, compile_pattern, run_length, tail_length

_RUN = ALNUM + b"+/_-"
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_WINDOW_BYTES = 128
SEAM_BYTES = SEAM.encode()

# ASCII has no high bit, so of every four base64 letters the first three have one bit fixed each: three such groups in a
# row hold nine characters of text, the shortest value that is looked for, and ordinary words have next to none of them.
_QUAD = rb"[CDI-Za-f][AC-HQS-Xgi-nwyz0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/_-]"
_BASE64 = compile_pattern(rb"(?:" + _QUAD + rb"){3}")
_ESCAPE = compile_pattern(
    rb"%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\/|&#[0-9]{1,7};|&#[xX][0-9A-Fa-f]{1,6};"
)
_READABLE = compile_pattern(rb"[\t\n\r -~]{9}[\t\n\r -~]*")


class Run(NamedTuple):
    """An encoded run and the text in it."""

    start: int
    end: int
    text: bytes


def base64_runs(data: bytes) -> Iterator[Run]:
    """Runs that hold nine characters of plain text or more, standard and URL-safe alphabet, padded or not."""
    done = 0
    for seen, _ in _BASE64.spans(data):
        if seen < done:
            continue
        low = seen - tail_length(data[done:seen], _RUN)
        done = seen + run_length(data[seen:], _RUN)
        padded = done + run_length(data[done : done + 2], b"=")
        text = _text_in(data[low:done])
        if text:
            yield Run(low, padded, text)


def _text_in(run: bytes) -> bytes:
    """All of a run that is text from its first letter on; else what is readable from any of the four places a group of
    letters may begin at: something else may stand before the run, or binary data in it.
    """
    whole = _decoded_from(run, 0)
    try:
        whole.decode()
    except UnicodeDecodeError:
        phases = (whole, *(_decoded_from(run, skip) for skip in (1, 2, 3)))
        return SEAM_BYTES.join(raw[low:high] for raw in phases for low, high in _READABLE.spans(raw))
    return whole


def _decoded_from(run: bytes, skip: int) -> bytes:
    rest = run[skip:].translate(_URL_SAFE)
    rest = rest[: len(rest) - (len(rest) % 4 == 1)]
    return a2b_base64(rest + b"=" * (-len(rest) % 4))


def may_hold_escapes(data: bytes) -> bool:
    """Single bytes are asked for first: they cost next to nothing to look for."""
    return (b"\\" in data or b"%" in data or b"&" in data) and _ESCAPE.is_in(data)


def unescaped(data: bytes) -> Folded | None:
    """The text around escapes with the escapes decoded, windows side by side with seams between; None without any."""
    edits: list[tuple[int, int, bytes]] = []
    last = -2 * _WINDOW_BYTES
    for low, high in _ESCAPE.spans(data):
        if low - last > 2 * _WINDOW_BYTES:
            edits.append((max(0, last + _WINDOW_BYTES), max(0, low - _WINDOW_BYTES), SEAM_BYTES))
        edits.append((low, high, _decoded(data[low:high])))
        last = high
    if not edits:
        return None
    edits.append((min(len(data), last + _WINDOW_BYTES), len(data), SEAM_BYTES))
    return Folded(data, edits)


def _decoded(escape: bytes) -> bytes:
    if escape[:1] == b"%":
        return bytes((int(escape[1:], 16),))
    if escape == b"\\/":
        return b"/"
    if escape[:1] == b"&":
        body = escape[2:-1]
        code = int(body[1:], 16) if body[:1] in b"xX" else int(body)
    else:
        code = int(escape.removeprefix(b"\\u").removeprefix(b"\\x"), 16)
    return chr(code).encode("utf-8", "replace") if code < 0x110000 else b"?"
