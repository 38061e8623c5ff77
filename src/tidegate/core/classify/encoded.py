r"""Text inside text: base64, hexadecimal, percent and backslash escapes, character references.

What base64 or hexadecimal hides is reported on the whole run, so that it is replaced as a whole; escapes map one by
one. A run that is no text may be one that nobody can look into: `opaque.py` says which.
"""

import re
from binascii import a2b_base64
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from tidegate.core.classify.fold import SEAM, Edit, Folded
from tidegate.core.classify.patterns import ALNUM, compile_pattern, run_length, tail_length

SEAM_BYTES = SEAM.encode()
WINDOW_BYTES = 128

_LETTERS = ALNUM + b"+/_-"
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_SPACES = b" \t\r\n"

# ASCII has no high bit, so of every four base64 letters the first three have one bit fixed each: three such groups in a
# row hold nine characters of text, the shortest value that is looked for, and ordinary words have next to none of them.
_QUAD = (rb"[CDI-Za-f]", rb"[AC-HQS-Xgi-nwyz0-3]", rb"[ABEFIJMNQRUVYZcdghklopstwx014589]", rb"[A-Za-z0-9+/_-]")
_PLAIN = rb"(?:" + b"".join(_QUAD) + rb"){3}"
_PLAIN_BYTES = 12
_SPACED = rb"(?:" + b"".join(letter + rb"[ \t\r\n]*" for letter in _QUAD) + rb"){6}"
_SPACED_LETTERS = 24
_HEX_BYTES = 20
_HEX_LETTERS = b"0123456789abcdefABCDEF :"
_HEX = rb"(?:[2-7][0-9A-Fa-f]){10}|(?:[2-7][0-9A-Fa-f][ :]){8}"
ENCODED = _PLAIN + b"|" + _HEX + b"|" + _SPACED
"""How an encoded run gives itself away: base64, hexadecimal, base64 that is broken by white space."""

ESCAPES = (
    rb"(?:%[0-9A-Fa-f]{2})+|(?:\\+u[0-9A-Fa-f]{4})+|(?:\\+x[0-9A-Fa-f]{2})+|\\/"
    rb"|&#[0-9]{1,7};?|&#[xX][0-9A-Fa-f]{1,6};?|&[A-Za-z]{2,16};"
)
# Linear: no alternative can give up what it took, and behind a backslash none begins that would read it once more.
_EACH_ESCAPE = re.compile(
    rb"((?:%[0-9A-Fa-f]{2})++|(?<!\\)(?:\\++u[0-9A-Fa-f]{4})++|(?<!\\)(?:\\++x[0-9A-Fa-f]{2})++|\\/"
    rb"|&#[0-9]{1,7}+;?|&#[xX][0-9A-Fa-f]{1,6}+;?|&[A-Za-z]{2,16}+;)"
)
"""`ESCAPES` for splitting a text at all of them in one call."""
_NAMED = {
    b"amp": b"&", b"lt": b"<", b"gt": b">", b"quot": b'"', b"apos": b"'", b"nbsp": b" ", b"ensp": b" ", b"emsp": b" ",
    b"thinsp": b" ", b"Tab": b"\t", b"NewLine": b"\n", b"commat": b"@", b"period": b".", b"comma": b",", b"colon": b":",
    b"semi": b";", b"sol": b"/", b"bsol": b"\\", b"lowbar": b"_", b"UnderBar": b"_", b"hyphen": b"-", b"dash": b"-",
    b"ndash": b"-", b"mdash": b"-", b"minus": b"-", b"plus": b"+", b"equals": b"=", b"num": b"#", b"lpar": b"(",
    b"rpar": b")", b"excl": b"!", b"dollar": b"$", b"percnt": b"%", b"ast": b"*", b"verbar": b"|", b"quest": b"?",
    b"shy": b"", b"zwj": b"", b"zwnj": b"", b"lrm": b"", b"rlm": b"", b"ZeroWidthSpace": b"", b"NoBreak": b"",
}  # fmt: skip
"""Character references of HTML that stand for ASCII or for nothing; the rest are read as they are."""

_READABLE = compile_pattern(rb"[\t\n\r -~]{9}[\t\n\r -~]*")
_RUN = compile_pattern(rb"[A-Za-z0-9+/_-]*")
_NEXT_LINE = compile_pattern(rb"(?:[ \t]*\r? ?\n[ \t>]*|[ \t]+)([A-Za-z0-9+/_-]+)")
_SPACED_RUN = compile_pattern(rb"[A-Za-z0-9+/_\-=]+(?:[ \t\r\n]+[A-Za-z0-9+/_\-=]+)*")
_HEX_RUN = compile_pattern(rb"(?:[0-9A-Fa-f]{2}[ :])+(?:[0-9A-Fa-f]{2})?|(?:[0-9A-Fa-f]{2})+")
_LONG = bytes(0x41 if byte in _LETTERS else 0x20 for byte in range(256))
_LONG_LETTERS = 60
_SHORT_LETTERS = 256
_BETWEEN_LINES = frozenset((b" ", b"\t", b"\r", b"\n"))
_ALL_LETTERS = b"A" * _LONG_LETTERS
_LINE_BREAK = b" \t\r\n>"
_LINE_BREAK_BYTES = 8
_LINE_LETTERS = 12
"""Lines of a broken run are as long as its first, which is no shorter; the last one may be."""


def is_plain(match: bytes) -> bool:
    return len(match) == _PLAIN_BYTES and match.isascii() and not match.translate(None, _LETTERS)


def is_hex(match: bytes) -> bool:
    return (len(match) == _HEX_BYTES or match[2:3] in {b" ", b":"}) and not match.translate(None, _HEX_LETTERS)


def is_spaced(match: bytes) -> bool:
    letters = match.translate(None, _SPACES)
    return len(letters) >= _SPACED_LETTERS and not letters.translate(None, _LETTERS)


class Run(NamedTuple):
    """An encoded run: its bytes, and what they decode to, in pieces of text with seams between them."""

    start: int
    end: int
    letters: bytes
    raw: bytes
    text: bytes


def base64_at(data: bytes, seen: int, done: int) -> Run:
    """The run around `seen`, which may begin at `done` or later, with its further lines where it goes on over them."""
    low = seen - tail_length(data[done:seen], _LETTERS)
    end = _run_end(data, seen)
    if end - low >= _LONG_LETTERS:
        low = _first_line(data, low, end - low, done)
        end = _run_end(data, low)
    letters, end = _with_further_lines(data, data[low:end], end)
    raw = _decoded_from(letters, 0)
    return Run(low, end + _padding(data, end), letters, raw, _text_in(letters, raw))


def _run_end(data: bytes, at: int) -> int:
    chunk = data[at : at + _SHORT_LETTERS]
    size = run_length(chunk, _LETTERS)
    return at + size if size < len(chunk) else _RUN.match(data, at, len(data))[0][1]


def _first_line(data: bytes, low: int, size: int, done: int) -> int:
    """Where lines of this size begin, of which the one at `low` is one."""
    while True:
        gap = data[max(done, low - _LINE_BREAK_BYTES) : low]
        end = low - len(gap) + len(gap.rstrip(_LINE_BREAK))
        start = end - size
        if b"\n" not in data[end:low] or start < done or data[start:end].translate(None, _LETTERS):
            return low
        low = start


def _with_further_lines(data: bytes, first: bytes, end: int) -> tuple[bytes, int]:
    """A run that goes on over lines, or pieces between spaces, as long as its first; the last one may be shorter, where
    it does not read worse for it.
    """
    lines = [first]
    if len(first) < _LINE_LETTERS or data[end : end + 1] not in _BETWEEN_LINES:
        return first, end
    while True:
        low, high = _NEXT_LINE.match(data, end, len(data))[1]
        size = high - low
        if low < 0 or size > len(first):
            break
        if size < len(first):
            whole = b"".join(lines)
            if _is_readable(whole + data[low:high]) or (len(lines) > 1 and not _is_readable(whole)):
                return whole + data[low:high], high
            return whole, end
        lines.append(data[low:high])
        end = high
    return b"".join(lines), end


def _is_readable(letters: bytes) -> bool:
    raw = _decoded_from(letters, 0)
    return _READABLE.match(raw, 0, len(raw))[0][1] == len(raw)


def spaced_base64_at(data: bytes, start: int, done: int) -> Run | None:
    """Base64 that white space has broken into pieces of any length, as far as it is text; or into long lines, whatever
    it is.
    """
    line = _RUN.match(data, start, len(data))[0][1] - start
    if line + tail_length(data[max(done, start - _LONG_LETTERS) : start], _LETTERS) >= _LONG_LETTERS:
        return base64_at(data, start, done)
    reach, last = 2 * _SPACED_LETTERS, -1
    while True:
        end = _SPACED_RUN.match(data, start, min(len(data), start + reach))[0][1]
        letters = data[start:end].translate(None, _SPACES + b"=")
        raw = _decoded_from(letters, 0)
        size = _READABLE.match(raw, 0, len(raw))[0][1]
        if size < len(raw) or end == last:
            break
        reach, last = 2 * reach, end
    if size < _SPACED_LETTERS // 2:
        return None
    used = min(-(-size * 4 // 3), len(letters))
    stop = _place_behind(data, start, end, used)
    return Run(start, stop + _padding(data, stop), letters[:used], raw[:size], raw[:size])


def _place_behind(data: bytes, start: int, end: int, letters: int) -> int:
    """Where so many letters have gone by."""
    at = start
    while letters:
        stop = min(end, at + letters)
        letters -= len(data[at:stop].translate(None, _SPACES + b"="))
        at = stop
    return at


def hex_at(data: bytes, start: int) -> Run | None:
    end = _HEX_RUN.match(data, start, len(data))[0][1]
    letters = data[start:end].translate(None, b" :")
    raw = bytes.fromhex(letters[: len(letters) // 2 * 2].decode())
    text = SEAM_BYTES.join(raw[low:high] for low, high in _READABLE.spans(raw))
    return Run(start, end - (data[end - 1 : end] in {b" ", b":"}), letters, raw, text) if text else None


def holds_long_run(data: bytes) -> bool:
    return len(data) >= _LONG_LETTERS and _ALL_LETTERS in data.translate(_LONG)


def long_runs(data: bytes, known: Sequence[Run]) -> Iterator[Run]:
    """Runs of sixty letters of base64 or more that are not `known`. Words, names and paths seldom are as long."""
    letters = data.translate(_LONG) if len(data) >= _LONG_LETTERS else b""
    at = letters.find(_ALL_LETTERS)
    while at >= 0:
        end = taken = _taken(known, at)
        if not taken:
            run = base64_at(data, at, at)
            yield run
            end = run.end
        at = letters.find(_ALL_LETTERS, end)


def _taken(runs: Sequence[Run], place: int) -> int:
    """The end of the run that a place is in; 0 where it is in none."""
    at = bisect_right(runs, (place, 1 << 62)) - 1
    return runs[at].end if at >= 0 and runs[at].end > place else 0


def outside(edits: Iterable[Edit], runs: Sequence[Run]) -> Iterable[Edit]:
    """Edits that are in no run."""
    return [edit for edit in edits if not _taken(runs, edit.low)] if runs else edits


def _padding(data: bytes, end: int) -> int:
    return 2 if data[end : end + 2] == b"==" else int(data[end : end + 1] == b"=")


def _text_in(run: bytes, whole: bytes) -> bytes:
    """All of a run that is text from its first letter on; else what is readable from any of the four places a group of
    letters may begin at: something else may stand before the run, or binary data in it.
    """
    if whole.count(0) * 3 > len(whole):  # sixteen bits a character
        return whole.translate(None, b"\x00\xff\xfe")
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


def unescaped(escapes: bytes, start: int) -> Iterator[Edit]:
    """Edits that read a match of `ESCAPES`, which begins at `start`, as what it stands for."""
    if escapes[:1] == b"%":
        yield Edit(start, start + len(escapes), bytes.fromhex(escapes.translate(None, b"%").decode()), 3)
    elif escapes == rb"\/":
        yield Edit(start, start + 2, b"/")
    elif escapes[:1] == b"\\":
        yield from _backslashed(escapes, start)
    elif (plain := _referred(escapes)) is not None:
        yield Edit(start, start + len(escapes), plain)


def _backslashed(escapes: bytes, start: int) -> Iterator[Edit]:
    """Escapes by code, behind one backslash or as many as escaping escapes has made."""
    head = len(escapes) - len(escapes.lstrip(b"\\"))
    digits = 4 if escapes[head : head + 1] == b"u" else 2
    units = bytes.fromhex(escapes.translate(None, b"\\ux").decode())
    text = units.decode("utf-16-be", "replace") if digits == 4 else units.decode("latin-1")
    if len(escapes) * digits == (head + 1 + digits) * 2 * len(units):
        yield from _characters(text, start, head + 1 + digits)
    else:  # not all are escaped alike
        yield Edit(start, start + len(escapes), text.encode("utf-8", "replace"))


def _characters(text: str, start: int, stride: int) -> Iterator[Edit]:
    """Escapes of equal length, one a character or, beyond the Basic Multilingual Plane, two."""
    plain = text.encode("utf-8", "replace")
    least, most = min(text), max(text)
    if most < "\x80" or (least >= "\x80" and most < "\u0800") or (least >= "\u0800" and most < "\U00010000"):
        size = len(plain) // len(text)  # each of them as many bytes
        if stride % size == 0:
            yield Edit(start, start + stride * len(text), plain, stride // size)
            return
    for char in text:
        end = start + stride * (1 + (char > "\uffff"))
        yield Edit(start, end, char.encode())
        start = end


def _referred(reference: bytes) -> bytes | None:
    body = reference[1:].rstrip(b";")
    if body[:1] != b"#":
        return _NAMED.get(body)
    digits = body[1:]
    code = int(b"0" + digits, 16) if digits[:1] in b"xX" else int(digits)
    return chr(code).encode("utf-8", "replace") if code < 0x110000 else b"?"


class Unescaped:
    """A text that is full of escapes, read all at once and mapped only where somebody asks; as `Folded` otherwise."""

    __slots__ = ("_folded", "_froms", "_pieces", "_starts", "data")

    def __init__(self, source: bytes) -> None:
        self._pieces = _EACH_ESCAPE.split(source)  # text, escape, text, ... text
        escapes = self._pieces[1::2]
        plain = {escape: _read(escape) for escape in set(escapes)}
        read = self._pieces.copy()
        read[1::2] = map(plain.__getitem__, escapes)
        self.data = b"".join(read)
        self._starts = list(accumulate(map(len, read), initial=0))
        self._froms: list[int] = []
        self._folded: dict[int, Folded] = {}

    def __len__(self) -> int:
        """How many escapes or rows of them there are."""
        return len(self._pieces) // 2

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Source bytes that a non-empty span of `data` stands for."""
        if not self._froms:
            self._froms = list(accumulate(map(len, self._pieces), initial=0))
        return self._byte(start)[0], self._byte(end - 1)[1]

    def _byte(self, at: int) -> tuple[int, int]:
        which = bisect_right(self._starts, at) - 1
        piece, base, at = self._pieces[which], self._froms[which], at - self._starts[which]
        if which % 2 == 0:
            return base + at, base + at + 1
        if which not in self._folded:
            self._folded[which] = Folded(piece, unescaped(piece, 0))
        low, high = self._folded[which].span(at, at + 1)
        return base + low, base + high


def _read(escape: bytes) -> bytes:
    """What a match of `ESCAPES` stands for; itself where that is nothing of ours."""
    return Folded(escape, unescaped(escape, 0)).data


def windows(data: bytes, edits: Sequence[Edit], reach: int = WINDOW_BYTES) -> Folded:
    """The text around edits with the edits made, windows side by side with seams between."""
    shown: list[Edit] = []
    last = -2 * reach
    for edit in edits:
        if edit.low - last > 2 * reach:
            shown.append(Edit(max(0, last + reach), max(0, edit.low - reach), SEAM_BYTES))
        shown.append(edit)
        last = edit.high
    shown.append(Edit(min(len(data), last + reach), len(data), SEAM_BYTES))
    return Folded(data, shown)
