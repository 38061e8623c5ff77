"""Values that only the name they are given to gives away: `password = …`, `"api_key": "…"`, `export TOKEN=…`."""

from tidegate.core.classify.entropy import is_placeholder, looks_chosen, looks_random
from tidegate.core.classify.patterns import run_length, tail_length
from tidegate.core.classify.rows import Hit

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

_PASSWORD_WORDS = (b"passw", b"passphrase", b"passcode", b"pwd")
_STOPS = b"".join(bytes((b,)) for b in range(0x80) if b <= 0x20 or b == 0x7F or chr(b) in "\"'`<>()[]{},;|\\")
_VALUE = bytes(b for b in range(256) if b not in _STOPS)
_FIRST = bytes(b for b in _VALUE if b not in b":=")
_VALUE_BYTES = 512
_BARE_BYTES = 16


def assignment(data: bytes, lower: bytes, start: int, end: int) -> tuple[Hit | None, int]:
    """The value that `PATTERN`, matched from `start` to `end`, stopped in; and where that value begins."""
    begin = end - tail_length(data[start:end], _FIRST)
    chunk = data[begin : begin + _VALUE_BYTES]
    body = chunk[: run_length(chunk, _VALUE)].rstrip(b".:&")
    stop = begin + len(body)
    if (
        data[stop : stop + 1] in {b"(", b"["} or data[stop : stop + 2] == b".."
    ):  # code that gets a value; a value cut short
        return None, begin
    value = body.decode("utf-8", "replace")
    if is_placeholder(value) or _is_reference(value):
        return None, begin
    label, detector, score = _kind(value, data, lower, start, begin)
    return (Hit(begin, stop, label, score, detector) if label else None), begin


def _kind(value: str, data: bytes, lower: bytes, start: int, begin: int) -> tuple[str, str, float]:
    quoted = data[begin - 1 : begin] in {b'"', b"'", b"`"}
    assigned = not data[start:begin].rstrip(b"\"'`").endswith((b" ", b"\t")) or any(
        c in data[start:begin] for c in b":=>,"
    )
    if any(word in lower[start:begin] for word in _PASSWORD_WORDS):
        said = assigned or b" is " in lower[start:begin] or b" was " in lower[start:begin]
        if said and looks_chosen(value) and (quoted or not _is_variable(value)):
            return "secret.password", "password_assignment", 0.85
    elif looks_random(value) and not _is_identifier(value) and (assigned or _stands_alone(value, lower[start:begin])):
        return "secret.generic", "secret_assignment", 0.75 if assigned else 0.6
    return "", "", 0.0


def _stands_alone(value: str, name: bytes) -> bool:
    """Without an assignment it takes more: and `--recv-keys` and fingerprints are public."""
    return len(value) >= _BARE_BYTES and not name.startswith((b"keys", b"authentic", b"author"))


def _is_variable(text: str) -> bool:
    """What code would call a password: `user.password2`, `new_pwd_1`."""
    return _is_identifier(text) and (
        not text.isalnum() or any(word.decode() in text.lower() for word in _PASSWORD_WORDS)
    )


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
