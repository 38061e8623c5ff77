"""Detectors that are code: e-mail, IP and MAC addresses, IBAN, magnetic stripes, URLs with credentials, private keys.

Each is given where a pass saw the beginning of one, looks at a bounded piece of text, and answers with a hit or None.
"""

from functools import partial

from tidegate.core.classify.context import around, has_cue
from tidegate.core.classify.entropy import is_placeholder
from tidegate.core.classify.money import IBAN_LENGTHS, iban, pan
from tidegate.core.classify.patterns import (
    ALNUM,
    DIGITS,
    LETTERS,
    begins_word,
    compile_pattern,
    ends_word,
    run_length,
    tail_length,
    touches,
)
from tidegate.core.classify.rows import REPORTED, Hit

_hit = partial(tuple.__new__, Hit)
"""What `Hit._make` does, in half the time."""
_HEX = DIGITS + b"abcdefABCDEF"
_ASCII_LOCAL = ALNUM + b"._%+'-"
_BEYOND_ASCII = bytes(range(0x80, 0x100))
_LOCAL = _ASCII_LOCAL + _BEYOND_ASCII
_DOMAIN = ALNUM + b".-" + _BEYOND_ASCII
_NO_LOCAL_HEAD = b".'%-" + _BEYOND_ASCII
_TOP = LETTERS + _BEYOND_ASCII
_FILE_ENDINGS = frozenset(b"png jpg jpeg gif svg webp css scss js ts jsx tsx json html dll".split())
_IP_CUES = (
    b" ip ",
    *(b" " + word for word in b"ipv ip4 addr host server client peer remote src dst ping ssh gateway from dns".split()),
    *(b" " + word for word in b"subnet node firewall login blocked traffic".split()),
)
_VERSION_CUES = (
    b" v ",
    b" ver ",
    *(b" " + word for word in b"version release section oid chapter build package clause upgrade".split()),
)


def email(data: bytes, at: int) -> Hit | None:
    """RFC 5321 mailbox around the @ at `at`, without quoted local parts; the last label holds letters."""
    before = data[at - 64 : at] if at > 64 else data[:at]
    local = before[len(before.rstrip(_LOCAL)) :]
    local = local.lstrip(_NO_LOCAL_HEAD if len(local) > 1 and local[-1] < 0x80 else b".'%-")
    if not local:
        return None
    behind = data[at + 1 : at + 254]
    host, _, top = behind[: len(behind) - len(behind.lstrip(_DOMAIN))].rstrip(b".-").rpartition(b".")
    if not top.isalpha() and not top.startswith(b"xn--"):
        top = top[: run_length(top, _TOP)]
    if not host or len(top) < 2 or top.lower() in _FILE_ENDINGS or b".." in host:
        return None
    return _hit((at - len(local), at + 2 + len(host) + len(top), "pii.email", 0.98, "email"))


def ipv4(data: bytes, lower: bytes, start: int, end: int) -> Hit | None:
    """Four octets that are an address somebody can be reached at, and no version number."""
    goes_on = data[end : end + 1] == b"." and data[end + 1 : end + 2].isdigit()
    if touches(data, start, end) or goes_on or data[max(0, start - 1) : start] == b".":
        return None
    octets = [int(part) for part in data[start:end].split(b".") if part and (len(part) == 1 or part[:1] != b"0")]
    if len(octets) != 4 or max(octets) > 255 or not _is_public(octets[0], octets[1]):
        return None
    context = around(lower, start, end)
    score = 0.8 if max(octets) >= 20 else 0.4
    if has_cue(context, _VERSION_CUES):
        score -= 0.45
    if has_cue(context, _IP_CUES):
        score += 0.15
    return Hit(start, end, "pii.ip", score, "ipv4") if score >= REPORTED else None


def _is_public(first: int, second: int) -> bool:
    """Not this host, private (RFC 1918), shared (RFC 6598), loopback, link-local, multicast, reserved."""
    if first in {0, 10, 127} or first >= 224:
        return False
    return not (
        (first == 100 and 64 <= second <= 127)
        or (first == 169 and second == 254)
        or (first == 172 and 16 <= second <= 31)
        or (first == 192 and second == 168)
    )


def ipv6(data: bytes, start: int) -> Hit | None:
    """A global unicast address (2000::/3, RFC 4291): eight groups of hexadecimal digits, or fewer and one `::`."""
    chunk = data[start : start + 46]
    text = chunk[: run_length(chunk, _HEX + b":.")].rstrip(b":.")
    head, colon, tail = text.rpartition(b":")
    if b"." in text and tail.count(b".") != 3:  # the end of a sentence, or something else
        text = text.partition(b".")[0]
    groups = text.split(b":") if b"." not in text else [*head.split(b":"), b"0", b"0"]
    gaps = groups.count(b"")
    complete = (len(groups) == 8 and not gaps) or (gaps == 1 and 3 <= len(groups) <= 8)
    end = start + len(text)
    if (
        not (colon and complete)
        or max(map(len, groups)) > 4
        or touches(data, start, end)
        or data[start - 1 : start] == b":"
    ):
        return None
    return Hit(start, end, "pii.ip", 0.9, "ipv6")


def mac(data: bytes, start: int, end: int) -> Hit | None:
    """EUI-48: six pairs or three groups of four; longer chains are fingerprints. Broadcast and zero are nobody's."""
    text = data[start:end]
    separator = text[4:5] if text[4:5] == b"." else text[2:3]
    groups = text.split(separator)
    if len({len(group) for group in groups}) != 1 or len(groups) not in {3, 6} or len(set(b"".join(groups))) == 1:
        return None
    if touches(data, start, end) or data[end : end + 1] == separator or data[max(0, start - 1) : start] == separator:
        return None
    return Hit(start, end, "pii.mac", 0.85, "mac")


def bank_iban(data: bytes, start: int) -> Hit | None:
    """An IBAN that begins at `start`, grouped by single spaces or dashes as people like."""
    size = IBAN_LENGTHS.get(data[start : start + 2].upper().decode("ascii", "replace"))
    if size is None or not begins_word(data, start):
        return None
    end, text = start, ""
    for end, byte in enumerate(data[start : start + size + size // 2], start):
        if byte in ALNUM:
            text += chr(byte)
            if len(text) == size:
                break
        elif byte not in b" -" or data[end - 1] in b" -":
            break
    one_case = text in {text.upper(), text.lower()}
    if one_case and len(text) == size and ends_word(data, end + 1) and iban(text.upper()):
        return Hit(start, end + 1, "bank.iban", 0.99, "iban")
    return None


def track2(data: bytes, start: int) -> Hit | None:
    """ISO/IEC 7813 track 2: `;`, card number, `=`, digits, `?`."""
    chunk = data[start + 1 : start + 48]
    size = run_length(chunk, DIGITS)
    rest = run_length(chunk[size + 1 :], DIGITS)
    if not pan(chunk[:size].decode()):
        return None
    end = start + 2 + size + rest
    return Hit(start, end + (data[end : end + 1] == b"?"), "pci.track", 0.98, "track2")


_CREDENTIALS = compile_pattern(
    rb"://[^\s/?#:@\"'`<>\\\x1e]*:([^\s/@\"'`<>\x1e]+)@[A-Za-z0-9\x80-\xff._-]+(?::\d+)?(?:[/?][^\s\"'`<>()\x1e]*)?"
)
_TRIVIAL_PASSWORDS = frozenset(
    (b"password", b"pass", b"pwd", b"passwd", b"pw", b"secret", b"xxx", b"xxxx", b"token", b"tiger", b"guest", b"test")
)


def connection_string(data: bytes, at: int) -> Hit | None:
    """The URL around the `://` at `at`, if it carries a password that is not the word for one."""
    if data.find(b"@", at, at + 512) < 0:
        return None
    (_, end), (low, high) = _CREDENTIALS.match(data, at, min(len(data), at + 512))
    if end < 0:
        return None
    password = data[low:high]
    scheme = tail_length(data[max(0, at - 24) : at], ALNUM + b"+.-")
    trivial = password.lower() in _TRIVIAL_PASSWORDS or password[:1] in b"*["
    if not scheme or trivial or is_placeholder(password.decode("utf-8", "replace")):
        return None
    return Hit(at - scheme, end, "secret.connection_string", 0.95, "connection_string")


_BASE64URL = ALNUM + b"_-"
_JWT_PART_BYTES = 8192
_JWT_FEWEST = 12


def jwt(data: bytes, at: int) -> Hit | None:
    """RFC 7519, from the `eyJ` at `at`: two JSON objects in base64url and a signature, which may be cut off."""
    if at and data[at - 1] in _BASE64URL:
        return None
    header = run_length(data[at : at + _JWT_PART_BYTES], _BASE64URL)
    payload_at = at + header + 1
    if header < _JWT_FEWEST or data[payload_at - 1 : payload_at + 3] != b".eyJ":
        return None
    end = payload_at + run_length(data[payload_at : payload_at + _JWT_PART_BYTES], _BASE64URL)
    if data[end : end + 1] == b".":
        end += 1 + run_length(data[end + 1 : end + 1 + _JWT_PART_BYTES], _BASE64URL)
    return Hit(at, end, "secret.jwt", 0.95, "jwt") if end - payload_at >= _JWT_FEWEST else None


_KEY_HEADER = compile_pattern(rb"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----")
_KEY_BODY = compile_pattern(
    rb"(?:[\s>|#*]*[A-Za-z][A-Za-z0-9-]*: [^\n\"'`-]*(?:-[^\n\"'`-]+)*\n"
    rb"|(?:[\s>|#*]|\\+[nr]?|[\"'`][ \t]*[+.,;\\]?[ \t]*\n[ \t]*[\"'`])*[A-Za-z0-9+/=]{16}[A-Za-z0-9+/=]*)*"
)
"""Lines of base64 and headers before them, also quoted, commented or joined by a language's operators."""
_KEY_END = compile_pattern(rb"(?:[^-]|-[^-]){0,64}-----END [A-Z0-9 ]*-----")
_KEY_BODY_BYTES = 16 << 10
_KEY_FEWEST = 16


def private_key(data: bytes, at: int) -> Hit | None:
    """The block at `at` with its footer or, cut off, to where its body ends. A header alone is a mention."""
    head = _KEY_HEADER.match(data, at, min(len(data), at + 64))[0][1]
    if head < 0:
        return None
    end = _KEY_BODY.match(data, head, min(len(data), head + _KEY_BODY_BYTES))[0][1]
    if end - head < _KEY_FEWEST:
        return None
    foot = _KEY_END.match(data, end, min(len(data), end + 128))[0][1]
    return Hit(at, max(end, foot), "secret.private_key", 0.99, "private_key")
