"""Takes note of what a text holds while it passes, without holding it up."""

from collections.abc import Callable
from typing import NamedTuple

from tidegate.core.values.envelope import Part, Position

WINDOW = 4096
"""Characters after which a look is taken, so that a long answer does not gather."""
EDGE = 256
"""Evidence does not reach further: findings nearer to a cut are left to the look on its other side."""


class Window(NamedTuple):
    """A text to be looked at, of which findings that begin in `start` to `end` are counted here."""

    part: Part
    start: int
    end: int


def _ended(_: Window) -> None:
    raise AssertionError("a text went on after its end: nobody would have looked at it")


class Watch:
    """One stream of text. Windows are the same however it was cut on its way. A `Channel` that changes nothing."""

    __slots__ = ("_is_json", "_look", "_pieces", "_position", "_start", "_window", "gathered", "said")

    def __init__(
        self, look: Callable[[Window], None], *, tool: bool, is_json: bool, window: int = WINDOW, keep: bool = False
    ) -> None:
        """`look` is called with each window that is full. `window` of 0: all of the text is one. `keep`: all of the
        text stays in `said`.
        """
        self._look = look
        self._position = Position.TOOL_CALL if tool else Position.ASSISTANT
        self._is_json = is_json
        self._window = window
        self._pieces: list[str] = []
        self.gathered = 0
        """Characters that no look has been taken at, and those before them that are their evidence."""
        self.said: list[str] | None = [] if keep else None
        self._start = 0

    def feed(self, text: str) -> str:
        self._pieces.append(text)
        if self.said is not None:
            self.said.append(text)
        self.gathered += len(text)
        if self._window and self.gathered >= self._window:
            self._look_at_full_windows()
        return text

    def close(self) -> str:
        return ""

    def rest(self) -> Window | None:
        """What no look has been taken at yet; None where there is nothing. Asked once, at the end: nothing may follow.

        Whoever looks is let go of: a circle of references is left to the garbage collector, one for each request.
        """
        self._look = _ended
        text, self._pieces, self.gathered = "".join(self._pieces), [], 0
        return Window(self.part(text), self._start, len(text)) if len(text) > self._start else None

    def _look_at_full_windows(self) -> None:
        text, at = "".join(self._pieces), 0
        while len(text) - at >= self._window:
            self._look(Window(self.part(text[at : at + self._window]), self._start, self._window - EDGE))
            at += self._window - 2 * EDGE
            self._start = EDGE
        self._pieces = [text[at:]]
        self.gathered = len(text) - at

    def part(self, text: str) -> Part:
        """A piece of this text as detectors are given it."""
        return Part(self._position, (), text, is_json=self._is_json)
