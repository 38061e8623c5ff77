"""Keeps values from leaving a stream: what is not yet known to be harmless is held back, and never for long.

A look is taken every STEP characters of the text, wherever they were cut on their way, so every way of cutting gives
the same result. What lies HOLD characters behind the end may leave then. So a value of up to HOLD characters is seen
whole before any of it has left; of a longer one, what has left by then has left, and the rest is masked.
"""

from collections.abc import Callable, Sequence

from tidegate.core.inspect.masks import Walk, mask_of
from tidegate.core.inspect.rules import OutputRules, blocked
from tidegate.core.values.finding import Finding

STEP = 24
HOLD = 96
MOST_HELD = 128
"""HOLD, what has come since the last look, and an escape that must not be cut in two: never more."""
BEHIND = 256
"""What has left is still looked at, as the evidence for what follows it."""
LONGEST = 4096
"""A value that goes on for longer is not followed any further: the stream ends there."""

Look = Callable[[str], Sequence[Finding]]


class Guard:
    """One stream of text: fed in order, closed once. `look`: findings in a text. `note` is told the label of each value
    that was masked. Raises Refusal where a value has to end the answer.
    """

    __slots__ = ("_done", "_look", "_note", "_open", "_rules", "_since", "_text", "_value", "_walk")

    def __init__(self, look: Look, rules: OutputRules, note: Callable[[str], None], walk: Walk) -> None:
        self._look, self._rules, self._note, self._walk = look, rules, note, walk
        self._text = ""
        self._done = 0
        """How much of the text has left."""
        self._since = 0
        self._value = (0, 0)
        """The value masked last, as places in the text."""
        self._open = False
        """Its mask is the last thing that has left."""

    def feed(self, text: str) -> str:
        out, at = [], 0
        while at < len(text):
            piece = text[at : at + STEP - self._since]
            at += len(piece)
            self._text += piece
            self._since += len(piece)
            if self._since == STEP:
                self._since = 0
                out.append(self._release(len(self._text) - HOLD))
        return "".join(out)

    def close(self) -> str:
        return self._release(len(self._text))

    def _release(self, limit: int) -> str:
        """What may leave now: up to `limit`, and values that begin before it."""
        if limit <= self._done:
            return ""
        out = [self._without(finding) for finding in self._look(self._text) if self._concerns(finding, limit)]
        to = self._walk.cut(self._text, self._done, limit) if limit < len(self._text) else limit
        if to > self._done:
            out.append(self._walk.keep(self._text, self._done, to))
            self._done, self._open = to, False
        self._forget()
        return "".join(out)

    def _concerns(self, finding: Finding, limit: int) -> bool:
        return self._done < finding.end and finding.start < limit and self._rules.action(finding.label) != "record"

    def _without(self, finding: Finding) -> str:
        if self._rules.stops_stream(finding.label):
            raise blocked(finding.label)
        goes_on = self._open and finding.start < self._done
        start, end = (self._value[0] if goes_on else finding.start), finding.end
        if end - start > LONGEST:
            raise blocked(finding.label)
        begin = self._walk.begin(self._text, self._done, finding.start)
        before = self._walk.keep(self._text, self._done, begin)
        stands, self._done = self._walk.mask(self._text, begin, end, "" if goes_on else mask_of(finding.label))
        self._open = True
        self._value = (start, self._done)
        if not goes_on:
            self._note(finding.label)
        return before + stands

    def _forget(self) -> None:
        """What is too far behind to matter; a value that was masked stays while it may go on."""
        first = self._done - BEHIND
        if self._value[1] > first:
            first = min(first, self._value[0])
        if first > 0:
            self._text = self._text[first:]
            self._done -= first
            self._value = (max(0, self._value[0] - first), max(0, self._value[1] - first))
