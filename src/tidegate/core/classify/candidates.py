"""Values that can be told by their looks: one pass of one RE2 alternation, then code and validators at each place.

The alternation has no groups: a match's first byte says which detectors are to look at it.
"""

from collections.abc import Callable, Iterable

from tidegate.core.classify import addresses, assignments, money, tokens
from tidegate.core.classify.limits import ADDRESS, Looks, OverrunError
from tidegate.core.classify.patterns import DIGITS, LETTERS, compile_pattern, touches
from tidegate.core.classify.rows import Hit, Shaped
from tidegate.core.classify.shaped import Shapes

_Look = Callable[[bytes, bytes, int, int, list[Hit], Looks], int]
"""(text, text in lower case, start, end, where hits go, looks in vain) -> where the pass goes on: behind the candidate,
or inside it where it came to nothing and may hide the next.
"""

_IBAN_HEAD_BYTES = 9
_UNDERSCORE, _COLON = b"_:"
_HEX = b"0123456789abcdefABCDEF:"
_WIDE_GROUP, _ALL_COLONS = 3, 7
_GROUPS = compile_pattern(rb"(?:[0-9A-Fa-f]{1,4}:)+")
"""Where an address has not begun none begins: the next would stand behind a colon."""
_GLOBAL = {b"2", b"3"}
"""What opens a global unicast address; of others all eight groups must stand."""
_SEPARATORS = b" ().-/"
_OPENS_NUMBER = bytes(byte in b"+(0123456789" for byte in range(256))
_PHRASE_BODY = rb"(?:[ ().\-/]{0,3}\d){6}(?:[ ().\-/]{0,3}\d)*"
_PHRASE = compile_pattern(rb"\d" + _PHRASE_BODY)


class ControlCharactersError(Exception):
    """Control characters split the text: it must be folded first."""


class Candidates:
    """Immutable after construction."""

    def __init__(self, rows: Iterable[Shaped]) -> None:
        self._shapes = Shapes(rows)
        self._find = compile_pattern(_alternation(self._shapes.lettered_patterns), max_mem=32 << 20).find
        self._match_lettered = compile_pattern(b"|".join((*self._shapes.lettered_patterns, rb"\A\z\A"))).match
        self._looks: list[_Look] = [_control] * 256
        for bytes_, look in (
            (DIGITS, self._digit),
            (b"+(", self._phrase),
            (LETTERS, self._letter),
            (b"@", _at_sign),
            (b";", _semicolon),
        ):
            for byte in bytes_:
                self._looks[byte] = look

    def hits(self, data: bytes, lower: bytes, close: Looks | None = None) -> list[Hit]:
        """Raises ControlCharactersError, DetectorFailedError and OverrunError."""
        close = close or Looks(len(data))
        hits: list[Hit] = []
        find, looks, sure = self._find, self._looks, self._shapes.sure
        at, size = 0, len(data)
        while True:
            start, end = find(data, at, size)[0]
            if start < 0:
                return hits
            first = data[start]
            if first == _UNDERSCORE:
                start += 1
                first = data[start]
            if _OPENS_NUMBER[first]:
                found = sure(data, start, end)
                if found is False:
                    at = end
                    continue
                if found is not True:
                    hits.append(found)
                    at = found[1]
                    continue
            if len(hits) > close.most_hits:
                raise OverrunError("findings")
            at = looks[first](data, lower, start, end, hits, close)

    def _phrase(self, data: bytes, lower: bytes, start: int, end: int, hits: list[Hit], close: Looks) -> int:
        hits += self._shapes.numbers(data, lower, start, end, close)
        return end

    def _digit(self, data: bytes, lower: bytes, start: int, end: int, hits: list[Hit], close: Looks) -> int:
        rest = data[start:end].translate(None, DIGITS)
        if (data[end - 1] not in DIGITS and b" " in rest) or b"\n" in rest:
            hit = self._lettered(data, lower, start)
            if not addresses.is_inside(data, start):
                hit = addresses.numbered(data, start) or hit
                if hit is None:
                    close.count(ADDRESS)
            end = start + 1
        elif rest == b"...":
            hit = tokens.ipv4(data, lower, start, end)
        elif not rest.strip(_SEPARATORS):
            hits += self._shapes.numbers(data, lower, start, end, close)
            return end
        else:
            hit = self._digit_and_more(data, lower, start, end)
        if hit:
            hits.append(hit)
            return hit.end
        behind = _PHRASE.match(data, start, len(data))[0][1]
        if behind < 0:
            return max(start + 4, _GROUPS.match(data, start, len(data))[0][1]) if b":" in rest else end
        found = self._shapes.sure(data, start, behind)
        if isinstance(found, Hit):
            hits.append(found)
            return found.end
        return self._phrase(data, lower, start, behind, hits, close) if found else behind

    def _lettered(self, data: bytes, lower: bytes, start: int) -> Hit | None:
        """An identifier that looked like the beginning of an address."""
        end = self._match_lettered(data, start, len(data))[0][1]
        return self._shapes.lettered(data, lower, start, end) if end > 0 else None

    def _digit_and_more(self, data: bytes, lower: bytes, start: int, end: int) -> Hit | None:
        text = data[start:end]
        if self._shapes.is_lettered(text):
            return self._shapes.lettered(data, lower, start, end)
        if _is_mac(text):
            return tokens.mac(data, start, end)
        if b":" in text:
            return _ipv6(data, start, text)
        return _bitcoin(data, start, end)

    def _letter(self, data: bytes, lower: bytes, start: int, end: int, hits: list[Hit], close: Looks) -> int:
        text = data[start:end]
        shaped = self._shapes.is_lettered(text)
        hit = self._shapes.lettered(data, lower, start, end) if shaped else None
        if hit is None and text[2:4].isdigit():
            hit = tokens.bank_iban(data, start)
        elif hit is None and text[2] in b", " and text[-1] in DIGITS and text[:2].isupper():
            hit = addresses.placed(data, start, end)
        grouped = text[-1] == _COLON and not text.translate(None, _HEX)
        if hit is None and grouped:
            hit = _ipv6(data, start, text)
        if hit is None and _is_mac(text):
            hit = tokens.mac(data, start, end)
        if hit:
            hits.append(hit)
            return hit.end
        if grouped:
            return max(start + 2, _GROUPS.match(data, start, len(data))[0][1])
        looked = shaped or (text[-1] in DIGITS and text[:2].isupper() and text[2] in b", ")
        if looked or (text[2:4].isdigit() and end - start <= _IBAN_HEAD_BYTES) or _is_mac(text):
            return start + 2
        hit, begin = assignments.assignment(data, lower, start, end)
        if hit:
            hits.append(hit)
        elif pieces := assignments.pieces_read(data, begin):
            close.count(pieces)
        return max(begin, start + 2)


def _at_sign(data: bytes, _: bytes, start: int, _end: int, hits: list[Hit], _close: Looks) -> int:
    hit = tokens.email(data, start)
    if hit is None:
        return start + 1
    hits.append(hit)
    return hit.end


def _semicolon(data: bytes, _: bytes, start: int, _end: int, hits: list[Hit], _close: Looks) -> int:
    hit = tokens.track2(data, start)
    if hit is None:
        return start + 1
    hits.append(hit)
    return hit.end


def _control(_data: bytes, _: bytes, _start: int, _end: int, _hits: list[Hit], _close: Looks) -> int:
    raise ControlCharactersError


def _ipv6(data: bytes, start: int, head: bytes) -> Hit | None:
    """An address from its first groups on; where all of them are pairs it is a fingerprint or a longer MAC address."""
    hit = tokens.ipv6(data, start)
    if hit is None or max(map(len, data[start : hit.end].split(b":"))) < _WIDE_GROUP:
        return None
    return hit if head[:1] in _GLOBAL or data[start : hit.end].count(b":") == _ALL_COLONS else None


def _bitcoin(data: bytes, start: int, end: int) -> Hit | None:
    """A double SHA-256 says that it is an address: no words are needed."""
    if touches(data, start, end) or not money.bitcoin(data[start:end].decode("ascii")):
        return None
    return Hit(start, end, "bank.crypto_wallet", 0.95, "bitcoin_address")


def _is_mac(text: bytes) -> bool:
    return (len(text) == 17 and text[2] in b":-") or (len(text) == 14 and text[4] == text[9] == 0x2E)


def _alternation(lettered: Iterable[bytes]) -> bytes:
    """Earlier alternatives first."""
    at_edge = (
        addresses.PREFIX,
        rb"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}",
        *lettered,
        rb"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}",
        rb"[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}",
        rb"[23][0-9A-Fa-f]{3}:[0-9A-Fa-f]*:",
        rb"(?:[0-9A-Fa-f]{1,4}:){4}",
        rb"\d" + _PHRASE_BODY,
        rb"[13][1-9]{0,6}[A-HJ-NP-Za-km-z][1-9A-HJ-NP-Za-km-z]{17}[1-9A-HJ-NP-Za-km-z]+",
        rb"[A-Za-z]{2}\d{2}[ -]?[0-9A-Za-z]{4}",
        rb"[A-Z]{2},? \d{5}\b(?:-\d{4}\b)?",
    )
    anywhere = (
        rb"[+(]\(?\+?\d" + _PHRASE_BODY,
        rb"@[0-9A-Za-z\x80-\xff]",
        rb";\d{13,19}=\d{4}",
        assignments.PATTERN,
        rb"[\x00-\x08\x0b\x0c\x0e-\x1d\x1f\x7f]",
    )
    return rb"(?:\b|_)(?:" + b"|".join(at_edge) + b")|" + b"|".join(anywhere)
