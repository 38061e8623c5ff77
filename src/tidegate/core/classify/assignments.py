"""Values that only the name they are given to gives away: `password = …`, `"api_key": "…"`, `export TOKEN=…`.

Passwords that people choose, and keys that `named.py` does not see because no digit touches a letter in them.
"""

from tidegate.core.classify.entropy import (
    SHORTEST_KEY,
    is_placeholder,
    is_uuid,
    looks_chosen,
    looks_random,
    random_part,
)
from tidegate.core.classify.patterns import ALNUM, LETTERS, compile_pattern, run_length, tail_length
from tidegate.core.classify.rows import Hit
from tidegate.core.classify.secret_names import PASSWORDS, is_public, speaks_of_password, weight

_NAMES = (
    rb"passw|passphrase|passcode|pwd|secret|token|credential|auth|bearer|key|private|access"
    rb"|api[ _-]?key|access[ _-]?key|private[ _-]?key"
)
PATTERN = (
    rb"(?i:" + _NAMES + rb")[0-9A-Za-z_-]*"
    rb"(?:[\"'\])]*[ \t]*(?:[a-z]+[ \t]+)?\x1e?(?:[:=]+[>~]?|[.?|+:]+=|>[ \t\r\n]*)[ \t(\[]*[\"'`]*"
    rb"|[\"'][ \t]*,[ \t]*[\"']"
    rb"|[ \t]+(?i:is|was)[ \t]*:?[ \t]+[\"'`]?"
    rb"|[ \t]+[\"'`]?[A-Za-z_-]*[0-9])"
    rb"[^\s\"'`()<>{}\[\]:,;=\x00-\x1f]{5}"
)
"""RE2 alternative: a name that speaks of a secret, an assignment, and the first bytes of the value."""

_STOPS = b"".join(bytes((b,)) for b in range(0x80) if b <= 0x20 or b == 0x7F or chr(b) in "\"'`<>()[]{},;|\\")
_VALUE = bytes(b for b in range(256) if b not in _STOPS)
_FIRST = bytes(b for b in _VALUE if b not in b":=")
_IDENTIFIER = LETTERS + b"0123456789_-"
_NAME_BYTES = 32
_VALUE_BYTES = 512
_FREE_PIECES = 8
_PASSWORD_BYTES = 128
_BARE_BYTES = 16
_ENTITY = compile_pattern(rb"&(?:quot|amp|lt|gt|apos|nbsp|#)")
_PATH_SHARE = 0.6


def assignment(data: bytes, lower: bytes, start: int, end: int) -> tuple[Hit | None, int]:
    """The value that `PATTERN`, matched from `start` to `end`, stopped in; and where that value begins."""
    begin = end - tail_length(data[start:end], _FIRST)
    chunk = data[begin : begin + _VALUE_BYTES]
    body = chunk[: run_length(chunk, _VALUE)].rstrip(b".:&")
    if b"&" in body:
        body = body[: _ENTITY.find(body + b"&lt", 0, len(body) + 3)[0][0]].rstrip(b".:&")
    stop = begin + len(body)
    if (
        (len(body) > _PASSWORD_BYTES and lower[start : start + 2] in {b"pa", b"pw"})
        or data[stop : stop + 1] in {b"(", b"["}
        or data[stop : stop + 2] == b".."
    ):  # longer than passwords are; code that gets a value; a value cut short
        return None, begin
    password = speaks_of_password(lower[start:begin])
    if not password and len(body) < SHORTEST_KEY:
        return None, begin
    value = body.decode("utf-8", "replace")
    if is_placeholder(value) or _is_reference(value):
        return None, begin
    label, detector, score = _kind(value, data, lower, start, begin, password=password)
    return (Hit(begin, stop, label, score, detector) if label else None), begin


def pieces_read(data: bytes, begin: int) -> int:
    """How much longer a value that begins there took to judge than values do: each of its pieces may be a word."""
    chunk = data[begin : begin + _VALUE_BYTES]
    signs = chunk[: run_length(chunk, _VALUE)].translate(None, ALNUM)
    return max(0, len(signs) - _FREE_PIECES)


def _kind(value: str, data: bytes, lower: bytes, start: int, begin: int, *, password: bool) -> tuple[str, str, float]:
    quoted = data[begin - 1 : begin] in {b'"', b"'", b"`"}
    named = data[start:begin]
    assigned = not named.rstrip(b"\"'`").endswith((b" ", b"\t")) or named.translate(None, b":=>,") != named
    if password:
        said = assigned or b" is " in lower[start:begin] or b" was " in lower[start:begin]
        if said and looks_chosen(value) and (quoted or not _is_variable(value)):
            return "secret.password", "password_assignment", 0.85
        return "", "", 0.0
    first = start - tail_length(data[max(0, start - _NAME_BYTES) : start], _IDENTIFIER)
    stop = start + run_length(named, _IDENTIFIER)
    if not is_public(lower, first, stop) and _is_key(value, weight(lower, first, stop, start), assigned=assigned):
        return "secret.generic", "secret_assignment", 0.75 if assigned else 0.6
    return "", "", 0.0


def _is_key(value: str, weight_: int, *, assigned: bool) -> bool:
    if is_uuid(value):
        return assigned and weight_ > 1
    if not looks_random(value):
        return False
    if "/" in value and len(random_part(value)) < _PATH_SHARE * len(value):
        return False
    return assigned or (weight_ > 1 and len(value) >= _BARE_BYTES)


def _is_variable(text: str) -> bool:
    """What code would call a password: `user.password2`, `new_pwd_1`."""
    return _is_identifier(text) and (not text.isalnum() or any(word.decode() in text.lower() for word in PASSWORDS))


def _is_reference(text: str) -> bool:
    """A path, an address or an environment variable: where a secret is, not what it is."""
    return "://" in text or text.startswith(
        ("/", "./", "../", "~/", "env:", "file:", "process.env", "os.environ", "%", "arn:")
    )


def _is_identifier(text: str) -> bool:
    """Names joined by dots, dashes or underscores, with at most a short number at the end of each."""
    words = text.replace("-", " ").replace("_", " ").replace(".", " ").split()
    heads = [word.rstrip("0123456789") for word in words]
    if len(words) == 1 and len(text) >= 20:
        return False
    return all(head.isalpha() and len(word) - len(head) <= 2 for word, head in zip(words, heads, strict=True))
