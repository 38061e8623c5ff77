"""Values that only the name they are given to gives away: `password = …`, `"api_key": "…"`, `export TOKEN=…`."""

from tidegate.core.classify.entropy import is_placeholder, looks_chosen, looks_random
from tidegate.core.classify.patterns import run_length
from tidegate.core.classify.rows import Hit

FIRST_BYTES = 5
PATTERN = (
    rb"(?i:passw|passphrase|passcode|pwd|secret|token|api[ _-]?key|access[ _-]?key|private[ _-]?key|credential|auth|[_-]key|key)"
    rb"[0-9A-Za-z_-]*"
    rb"(?:[\"'\])]*[ \t]*\x1e?(?:[:=]+[>~]?|\|\|:|\?=|>)|[\"'][ \t]*,|[ \t]+(?i:is|was)[ \t]*:?[ \t])"
    rb"[ \t(\[]*[\"'`]*[^\s\"'`()<>{}\[\]:,;=\x00-\x1f]{5}"
)
"""RE2 alternative: a name that speaks of a secret, an assignment, and the first bytes of the value."""

_PASSWORD_WORDS = (b"passw", b"passphrase", b"passcode", b"pwd")
_STOPS = b"".join(bytes((b,)) for b in range(0x80) if chr(b).isspace() or b < 0x21 or chr(b) in "\"'`<>()[]{},;|\\")
_VALUE = bytes(b for b in range(256) if b not in _STOPS)
_WORDS_BYTES = 256


def assignment(data: bytes, lower: bytes, start: int, end: int) -> Hit | None:
    """The value that `PATTERN`, matched from `start` to `end`, stopped in."""
    begin = end - FIRST_BYTES
    chunk = data[begin : begin + _WORDS_BYTES]
    size = run_length(chunk, _VALUE)
    while size and chunk[size - 1] in b".:?!&":
        size -= 1
    if data[begin + size : begin + size + 1] in {
        b"(",
        b"[",
    }:  # a call or a look-up: code that gets a value, not a value
        return None
    value = chunk[:size].decode("utf-8", "replace")
    name = lower[start : start + 24]
    if is_placeholder(value) or _is_reference(value):
        return None
    quoted = data[begin - 1 : begin] in {b'"', b"'", b"`"}
    if any(word in name for word in _PASSWORD_WORDS):
        if looks_chosen(value) and (quoted or not _is_variable(value)):
            return Hit(begin, begin + size, "secret.password", 0.85, "password_assignment")
        return None
    if looks_random(value) and not _is_identifier(value):
        return Hit(begin, begin + size, "secret.generic", 0.75, "secret_assignment")
    return None


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
    return all(
        word.rstrip("0123456789").isalpha() and len(word) - len(word.rstrip("0123456789")) <= 2 for word in words
    )
