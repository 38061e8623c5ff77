r"""Tags as models return them: in capitals, with spaces, with Markdown's backslashes, as HTML entities, with JSON's \u
escapes, under another label, in the plural.

What survives all of that is the code, and the code is the MAC: whoever wrote it has read it in this request. So a
garbled tag is restored when its code is one that was issued, and left when it is not.
"""

import re
from collections.abc import Iterable

from tidegate.core.values.tags import CLOSE, IDENTITY, OPEN

NOISE = 6
"""How many characters more than the longest issued tag's a garbled one's body may have. An escape is one character."""

# Possessive, so that no text is read twice: what could be read as an escape is one.
_CHAR = r"[\w.:\- \\*'\u2019]"
_JSON_CHAR = rf"(?>\\{{1,8}}u[0-9a-fA-F]{{4}}|{_CHAR})"
_OPENING = rf"(?:{OPEN}|\\u27[eE]6|&(?:#10214|#[xX]27[eE]6|lobrk);)"
_CLOSING = rf"(?:{CLOSE}|\\{{1,8}}u27[eE]7|&(?:#10215|#[xX]27[eE]7|robrk);)"
_ESCAPE_CHARS = 13

NEXT_OPENING = re.compile(rf"{_OPENING}(?={_CHAR}|\Z)")
CUT_OPENING = re.compile(
    r"(?:\\(?:u(?:2(?:7[eE]?)?)?)?|&(?:#(?:1(?:0(?:2(?:14?)?)?)?|[xX](?:2(?:7(?:[eE]6?)?)?)?)?|l(?:o(?:b(?:rk?)?)?)?)?)\Z"
)
r"""What may become an opening, or the last backslash before one, once more text has arrived."""
NESTED = (2, 4, 8)
"""Backslashes before an escape, in JSON in a string of JSON, and so on."""
CUT_CHARS = 8
_CUT_CLOSING = r"(?:&(?:[#\w]{0,7})?)?"

_ESCAPE = re.compile(r"\\{1,8}u([0-9a-fA-F]{4})")
_NOISE = re.compile(r"[\s\\*]+")
_PLURAL = re.compile(r"['\u2019]?[sS]\Z")
# What Crockford's alphabet leaves out, and what it says those letters are.
_MISREAD = str.maketrans("ilo", "110")


class Shapes:
    """What a tag may look like, where the longest that was issued has `longest` characters. `json`: in JSON text."""

    __slots__ = ("_begun", "whole")

    def __init__(self, longest: int, *, json: bool) -> None:
        char = _JSON_CHAR if json else _CHAR
        body = longest - 2 + NOISE
        self.whole = re.compile(rf"{_OPENING}({char}{{0,{body}}}?){_CLOSING}")
        # An escape that is not complete yet counts as several characters: without the room for it a tag would be let
        # go that is one.
        self._begun = re.compile(rf"{_OPENING}{char}{{0,{body + _ESCAPE_CHARS}}}+{_CUT_CLOSING}\Z")

    def may_become_tag(self, text: str, at: int) -> bool:
        """`text` ends inside of what is no tag yet and could be one."""
        return self._begun.match(text, at) is not None


def body_of(raw: str) -> str:
    """A tag's body without JSON's escapes."""
    return _ESCAPE.sub(_char, raw) if "\\" in raw else raw


def _char(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16))


def code_of(body: str) -> str:
    """The code within a garbled tag's body, as it would have been issued."""
    return _NOISE.sub("", body.rpartition(":")[2]).lower().translate(_MISREAD)


def readings(body: str) -> Iterable[tuple[str, str]]:
    """The codes that a body may hold, and what a model added to each, the likeliest first."""
    yield code_of(body), ""
    yield code_of(_last_word(body)), ""
    if plural := _PLURAL.search(body):
        yield code_of(body[: plural.start()]), plural[0]
        yield code_of(_last_word(body[: plural.start()])), plural[0]


def _last_word(body: str) -> str:
    return (body.split() or [""])[-1]


def label_of(body: str) -> str:
    return _NOISE.sub("", body).rpartition(":")[0].lower()


def looks_like_tag(body: str) -> bool:
    return bool(label_of(body)) and len(code_of(body)) >= IDENTITY - 2


def by_code(issued: Iterable[str]) -> dict[str, str]:
    """Code to tag; a code that two tags share leads nowhere."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for tag in issued:
        code = code_of(tag[1:-1])
        if found.setdefault(code, tag) != tag:
            shared.add(code)
    return {code: tag for code, tag in found.items() if code not in shared}
