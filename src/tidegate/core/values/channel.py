"""A stream of text on its way to the client, as the dialects see whatever puts originals back."""

from typing import Protocol


class Channel(Protocol):
    """Fed in order, closed once; what goes in comes out, possibly later, never reordered."""

    def feed(self, text: str) -> str: ...

    def close(self) -> str: ...


class OpenChannel(Protocol):
    """Opens the channel of one content block. `tool` names the tool whose arguments it carries, empty for prose.

    `free`: the tool takes any text, so its arguments are no JSON. `own`: what the request said, and the answer repeats
    to whoever asked: values are put back, and nobody looks at it as at an answer.
    """

    def __call__(self, tool: str, *, free: bool = False, own: bool = False) -> Channel: ...
