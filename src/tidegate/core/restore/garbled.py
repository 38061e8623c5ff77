r"""Tags as models return them: in capitals, with spaces, with Markdown's backslashes, with JSON's \u escapes.

What survives all of that is the code, and the code is the MAC: whoever wrote it has read it in this request. So a
garbled tag is restored when its code is one that was issued, and left when it is not.
"""

import re
from collections.abc import Iterable

from tidegate.core.values.tags import CLOSE, IDENTITY, OPEN

SLACK = 8
"""How much longer than an issued tag's a garbled one's body may be."""

_INSIDE = r"[\w.:\- \\*]"
_CLOSING = rf"(?:{CLOSE}|\\u27[eE]7)"
_CLOSING_CHARS = 6
_OPENING = rf"(?:{OPEN}|\\u27[eE]6)"

NEXT_OPENING = re.compile(rf"{_OPENING}(?={_INSIDE}|\Z)")
CUT_OPENING = re.compile(r"\\(?:u(?:2(?:7[eE]?)?)?)?\Z")
"""What may become an escaped opening, or the backslash before one, once more text has arrived."""

_NOISE = re.compile(r"[\s\\*]+")
# What Crockford's alphabet leaves out, and what it says those letters are.
_MISREAD = str.maketrans("ilo", "110")


class Shapes:
    """What a tag may look like, where the longest that was issued has `longest` characters."""

    __slots__ = ("_begun", "reach", "whole")

    def __init__(self, longest: int) -> None:
        longest += SLACK
        self.reach = longest + _CLOSING_CHARS
        """Characters after the opening beyond which nothing is a tag any more."""
        self.whole = re.compile(rf"{_OPENING}({_INSIDE}{{0,{longest}}}?){_CLOSING}")
        self._begun = re.compile(rf"{_OPENING}({_INSIDE}{{0,{self.reach}}})")

    def may_become_tag(self, text: str, at: int) -> bool:
        """`text` ends inside of what is no tag yet and could be one."""
        begun = self._begun.match(text, at)
        return begun is not None and begun.end() == len(text) and len(begun[1]) < self.reach


def code_of(body: str) -> str:
    """The code within a garbled tag's body, as it would have been issued."""
    return _NOISE.sub("", body).rpartition(":")[2].lower().translate(_MISREAD)


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
