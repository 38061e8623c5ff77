"""Credentials in the arguments of commands, and what else about passwords takes more than a pattern."""

from binascii import Error, a2b_base64
from collections.abc import Iterable
from itertools import pairwise

from tidegate.core.classify.entropy import is_placeholder, looks_chosen
from tidegate.core.classify.fold import SEAM
from tidegate.core.classify.patterns import ALNUM, compile_pattern, ends_word
from tidegate.core.classify.rows import Hit

_REACH_BYTES = 200
_SEAM = SEAM.encode()
_ALPHABET = b"abcdefghijklmnop"
_FEWEST = 4
_GOOGLE_KEY_BYTES = 39
_GOOGLE = ALNUM + b"_-"
_TRIVIAL = frozenset(
    word
    for line in (
        "password passwd passphrase pass pswd pwd secret token key apikey api_key test string text true false null",
        "none required optional user username name value changeit hunter admin root foo bar baz prompt stdin env file",
    )
    for word in line.split()
)

_CURL_USER = compile_pattern(
    rb"\s(?:-u|--user|-U|--proxy-user)[ =]*(?:\"([^\"\s\x1e]+)\"|'([^'\s\x1e]+)'|([^\s\"'\x1e]+))"
)
_ARGUMENT = compile_pattern(
    rb"\s(?:--?(?:password|passwd|pass|pw|http-password|ftp-password)[ =]|-[pPwa] ?|/p:|/user:\S+ )"
    rb"[\"']?([^\s\"'\x1e|;&<>-][^\s\"'\x1e|;&<>]*)"
)
_HTPASSWD = compile_pattern(
    rb" -[a-zA-Z]*b[a-zA-Z]*(?: -\S+)* \S+ \S+ ([^\s\x1e|;&<>]+)| -[a-zA-Z]*nb \S+ ([^\s\x1e|;&<>]+)"
)
_LINE_END = compile_pattern(rb"[^\\]\n|\x1e")
_BASE64_LINES = compile_pattern(rb"[ \t]*\d+(?:\s|\\r|\\n)+((?:[A-Za-z0-9+/=]+(?:\s|\\r|\\n)*)+)")
_PUTTY_BYTES = 8192
_FEWEST_KEY = 40
_FEWEST_SAID = 7
_SIGNS = "!@#$%^&*?+~"


def is_password(text: str) -> bool:
    """Anything but a reference, a word for a password, or what else stands for a value in documentation."""
    return (
        len(text) >= _FEWEST and text.lower() not in _TRIVIAL and not is_placeholder(text) and text[0] not in "$%<*[{("
    )


def is_strong(text: str) -> bool:
    """A password that could be nothing else: letters with digits between them, capitals within, or a sign."""
    if not is_password(text) or not any(map(str.isdigit, text)) or not any(map(str.isalpha, text)):
        return False
    mixed = any(map(str.isupper, text[1:])) and any(map(str.islower, text))
    between = sum(a.isdigit() and b.isalpha() for a, b in pairwise(text)) > 1
    return len(text) >= _FEWEST_SAID and (mixed or between or any(c in _SIGNS for c in text))


def is_user_and_password(text: str) -> bool:
    """Base64 of `user:password`."""
    try:
        user, colon, password = a2b_base64(text + "=" * (-len(text) % 4)).decode().partition(":")
    except (Error, ValueError):
        return False
    return bool(user and colon) and password.isprintable() and is_password(password)


def curl_user(data: bytes, start: int, end: int) -> Iterable[Hit]:
    """`curl -u user:password`, also a key that stands alone before or behind the colon."""
    spans = _CURL_USER.find(data, end, _end_of_command(data, start))
    low, high = next(((low, high) for low, high in spans[1:] if low >= 0), (-1, -1))
    if low < 0:
        return ()
    user, colon, password = data[low:high].decode("utf-8", "replace").partition(":")
    if user[:1] in {"<", "[", "{", "$"}:
        return ()
    if password and password != user and is_password(password):
        return (Hit(data.find(b":", low) + 1, high, "secret.basic_auth", 0.9, "curl_user"),)
    if colon and not password and looks_chosen(user) and is_password(user):
        return (Hit(low, high - 1, "secret.basic_auth", 0.9, "curl_user"),)
    return ()


def password_argument(data: bytes, start: int, end: int) -> Iterable[Hit]:
    """The password among a command's arguments."""
    stop = _end_of_command(data, start)
    pattern = _HTPASSWD if data[start:end].lower() == b"htpasswd" else _ARGUMENT
    spans = pattern.find(data, end, stop)[1:]
    low, high = next(((low, high) for low, high in spans if low >= 0), (-1, -1))
    if low < 0 or not is_password(data[low:high].decode("utf-8", "replace")):
        return ()
    if not looks_chosen(data[low:high].decode("utf-8", "replace")):
        return ()
    return (Hit(low, high, "secret.password", 0.8, "command_password"),)


def _end_of_command(data: bytes, start: int) -> int:
    """Where the line ends, unless a backslash carries it on; within reach."""
    stop = min(len(data), start + _REACH_BYTES)
    end = _LINE_END.find(data, start, stop)[0][0]
    return stop if end < 0 else end + 1


def putty_lines(data: bytes, _: int, end: int) -> Iterable[Hit]:
    """Base64 behind `Private-Lines: n`."""
    low, high = _BASE64_LINES.match(data, end, min(len(data), end + _PUTTY_BYTES))[1]
    if low < 0 or high - low < _FEWEST_KEY:
        return ()
    high = low + len(data[low:high].rstrip())
    foot = data.find(b"Private-MAC:", low, high + 16)
    return (Hit(low, high if foot < 0 else foot, "secret.private_key", 0.99, "putty_key"),)


def google_key(data: bytes, start: int, _: int) -> Iterable[Hit]:
    """A Google API key, wherever it stands."""
    stop = start + _GOOGLE_KEY_BYTES
    key = data[start:stop]
    if key[:6] != b"AIzaSy" or len(key) < _GOOGLE_KEY_BYTES or key.strip(_GOOGLE) or not ends_word(data, stop):
        return ()
    if is_placeholder(key.decode()) or _ALPHABET in key.lower():
        return ()
    return (Hit(start, stop, "secret.google_api_key", 0.95, "google_api_key"),)
