"""Masks in the place of values: in prose anywhere, in JSON so that it stays JSON.

Either walks one text from the front, in pieces that follow each other; what a piece becomes may depend on the ones
before. `at` is how far it has been walked.
"""

import re
from typing import Protocol

# Each is linear: no two of its branches begin alike, and none repeats what may be empty.
_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|[^u])", re.DOTALL)
_CONTENT = re.compile(r'(?:[^"\\]|\\(?:u[0-9a-fA-F]{4}|[^u]))+', re.DOTALL)
_STEP = re.compile(r'\\(?:u[0-9a-fA-F]{4}|[^u])|["\\]', re.DOTALL)
_SCALAR = re.compile(r'[^"\s,:{}\[\]]+')
_BEGUN_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?\Z")
_LONGEST_ESCAPE = 6


def mask_of(label: str) -> str:
    return f"[{label}]"


class Walk(Protocol):
    def keep(self, text: str, at: int, to: int) -> str:
        """What leaves for `text[at:to]`, in which nothing is to be masked."""
        ...

    def mask(self, text: str, start: int, end: int, mask: str) -> tuple[str, int]:
        """What leaves for the value `text[start:end]`, and where it really ended. `mask` is empty where the value has
        begun before and its mask stands already.
        """
        ...

    def begin(self, text: str, at: int, start: int) -> int:
        """Where the mask of a value at `start` has to begin, not before `at`."""
        ...

    def cut(self, text: str, at: int, to: int) -> int:
        """The last place up to `to` where the text may be cut in two."""
        ...


class Prose:
    __slots__ = ()

    def keep(self, text: str, at: int, to: int) -> str:
        return text[at:to]

    def mask(self, text: str, start: int, end: int, mask: str) -> tuple[str, int]:  # noqa: ARG002 - as in JSON
        return mask, end

    def begin(self, text: str, at: int, start: int) -> int:  # noqa: ARG002 - as in JSON
        return max(at, start)

    def cut(self, text: str, at: int, to: int) -> int:  # noqa: ARG002 - as in JSON
        return to


class Json:
    """Strings keep their quotes, masked numbers become strings, and what holds the document together stays."""

    __slots__ = ("_in_string", "_scalar")

    def __init__(self) -> None:
        self._in_string = False
        self._scalar = ""
        """Of a number or word that the walk is in the middle of: `kept` or `masked`."""

    def keep(self, text: str, at: int, to: int) -> str:
        if at < to and self._scalar == "masked":
            rest = _SCALAR.match(text, at, to)
            at = rest.end() if rest else at
        for step in _STEP.finditer(text, at, to):
            if step[0] == '"':
                self._in_string = not self._in_string
        if at < to:
            self._scalar = "kept" if not self._in_string and _SCALAR.match(text[to - 1]) else ""
        return text[at:to]

    def mask(self, text: str, start: int, end: int, mask: str) -> tuple[str, int]:
        out: list[str] = []
        at, stands = start, False
        while at < end:
            if text[at] == '"':
                self._in_string, self._scalar, stands = not self._in_string, "", False
                out.append('"')
                at += 1
            elif self._in_string:
                content = _CONTENT.match(text, at, end) or _ESCAPE.match(text, at)
                if content is None:  # an escape of which the rest has not come: it waits
                    break
                at = content.end()
                out.append("" if stands else mask)
                stands = True
            elif (scalar := _SCALAR.match(text, at)) is not None:
                at = scalar.end()
                out.append(self._for_scalar(scalar[0], mask))
            else:
                self._scalar = ""
                out.append(text[at])
                at += 1
        return "".join(out), at

    def _for_scalar(self, scalar: str, mask: str) -> str:
        if self._scalar == "masked":
            return ""
        if self._scalar == "kept":  # its beginning has left: what follows has to stay a number
            return "0" * len(scalar)
        self._scalar = "masked"
        return f'"{mask}"'

    def begin(self, text: str, at: int, start: int) -> int:
        in_string, start = self._in_string, max(at, start)
        for step in _STEP.finditer(text, at):
            if step.start() >= start:
                break
            if step.end() > start:
                return step.start()
            if step[0] == '"':
                in_string = not in_string
        while not in_string and start > at and _SCALAR.match(text[start - 1]) and _SCALAR.match(text, start):
            start -= 1
        return start

    def cut(self, text: str, at: int, to: int) -> int:
        begun = _BEGUN_ESCAPE.search(text, max(at, to - _LONGEST_ESCAPE), to)
        if begun is None:
            return to
        before = text[at : begun.start() + 1]
        return begun.start() if (len(before) - len(before.rstrip("\\"))) % 2 else to


def masked(text: str, spans: list[tuple[int, int, str]], walk: Walk) -> str:
    """A whole text. `spans`: from, to and label, in order and without overlap."""
    out: list[str] = []
    at = 0
    for start, end, label in spans:
        if end <= at:
            continue
        begin = walk.begin(text, at, start)
        out.append(walk.keep(text, at, begin))
        stands, at = walk.mask(text, begin, end, mask_of(label))
        out.append(stands)
    out.append(walk.keep(text, at, len(text)))
    return "".join(out)
