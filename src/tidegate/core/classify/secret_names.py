"""Names that values are given to: which speak of a secret, and which only seem to (`public_key`, `next_page_token`)."""

from typing import NamedTuple

from tidegate.core.classify.patterns import DIGITS, LETTERS, compile_pattern, run_length, tail_length

PASSWORDS = (b"passw", b"passphrase", b"passcode", b"pwd", b"passwd")
_STRONG = (b"secret", b"token", b"credential", b"bearer", *PASSWORDS)
_WEAK = (b"key", b"auth", b"access", b"private")
_TELLING = compile_pattern(b"|".join(_STRONG))
WORDS = compile_pattern(b"|".join((*_STRONG, *_WEAK)))
"""What makes a name speak of a secret. Over text in lower case."""
_IDENTIFIER = LETTERS + DIGITS + b"_-"
_NAME_BYTES = 64
_TAIL_BYTES = 16
_PUBLIC_BYTES = 12

_PUBLIC = compile_pattern(
    rb"public|(?:recv|trusted|known|host|gpg|pgp|apt)[_-]?keys?|partition|primary|foreign|idempot|cancell|design[_-]?token|dedup"
    rb"|(?:^|[_-])(?:sort|cache|route|routing|object|index|group|lock|storage|react|map|dict|row|range|hash)[_-]?keys?(?:$|[_-])"
    rb"|(?:^|[_-])(?:next|page|continuation|cursor|sync|resume|max|min|num|total|count|prompt|completion|input|output)[_-]?tokens?"
    rb"|next[_-]?page[_-]?token|max[_-]?(?:new|output|input|completion)[_-]?tokens?"
    rb"|key(?:word|board|frame|code|down|up|press|stone|note|ring|store|space|chain|map|range|error)"
    rb"|key[_-]?(?:name|path|file|type|size|length|id|algo|usage|version|vault|format|prefix|pair[_-]?name|spec|class)"
    rb"|(?:mon|tur|don|hoc|joc|whis|key|hu|dis)keys?$|keys?[_-]?to$"
    rb"|token(?:iz|is)|tokens?[_-]?(?:type|url|uri|endpoint|count|name|limit|length|class|expir|usage|index|path|file)"
    rb"|secret[_-]?(?:name|arn|path|ref|version|manager|santa|key[_-]?ref)"
    rb"|author$|authors|authored|authority|authentic|auth[_-]?(?:type|method|url|uri|mode|domain|provider|level)"
    rb"|access(?:ed|ible|or|ion|es$|ory|ories)|access[_-]?(?:log|time|mode|level|point|control|type|date|count|list)"
    rb"|private[_-]?(?:ip|subnet|network|dns|repo|link|zone|endpoint|members?)"
    rb"|telegr|exception|error|warning|hash|digest|checksum|integrity|etag|commit|fingerprint|thumbprint|revision|sha1|sha2|sha5|md5|crc|uuid|guid"
    rb"|(?:_|^)(?:arn|url|uri|path|file|dir|host|ttl|expiry|expires)$"
)
"""What makes a name public: another kind of key, or a last word that says what the value is instead. Telegram's tokens
have had one format from the first day, which has a row of its own: what only is called so is none.
"""
_COMPOUND = compile_pattern(
    rb"(?:api|app|access|auth|private|secret|signing|encryption|master|account|service|license|admin|shared|client"
    rb"|consumer|storage|security|integration|write|read|deploy|personal|application|developer|customer)"
    rb"[ _.-]*(?:api[_-]?)?key"
)


class Name(NamedTuple):
    """A name that speaks of a secret, by its place in the text.

    `weight` 3: a secret, a token, a password, an API key. 2: a key of something. 1: a bare key, access, auth.
    """

    start: int
    end: int
    weight: int


def name_at(lower: bytes, start: int, high: int) -> Name | None:
    """The name around the telling word at `start`, which does not reach beyond `high`; None for a public one."""
    first = start - tail_length(lower[max(0, start - _NAME_BYTES) : start], _IDENTIFIER)
    stop = start + run_length(lower[start : min(high, start + _NAME_BYTES)], LETTERS)
    tail = stop + run_length(lower[stop : stop + _TAIL_BYTES], LETTERS + b"_-")
    if is_public(lower, first, tail):
        return None
    return Name(first, stop, weight(lower, first, stop, start))


def speaks_of_password(name: bytes) -> bool:
    """One of `PASSWORDS` is in it."""
    return b"passw" in name or b"pwd" in name or b"passphrase" in name or b"passcode" in name


def is_public(lower: bytes, start: int, end: int) -> bool:
    """Another kind of key, or a public one, which the word before may say."""
    # A slice: to RE2, `$` is the end of the text and not of the search.
    return b"public" in lower[max(0, start - _PUBLIC_BYTES) : start] or _PUBLIC.is_in(lower[start:end])


def weight(lower: bytes, first: int, stop: int, start: int) -> int:
    """How much of a secret a name speaks of. `first` to `stop` is the name, `start` where its telling word begins."""
    name = lower[first:stop]
    if _TELLING.find(lower, first, stop)[0][0] >= 0 or _COMPOUND.find(lower, max(0, start - 10), stop)[0][0] >= 0:
        return 3
    return 2 if (b"key" in name and stop - first > 4) or b"authorization" in name else 1
