"""A stream of text on its way to the client, as the dialects see whatever puts originals back."""

from typing import Protocol


class Channel(Protocol):
    """Fed in order, closed once; what goes in comes out, possibly later, never reordered."""

    def feed(self, text: str) -> str: ...

    def close(self) -> str: ...


class OpenChannel(Protocol):
    """Opens the channel of one content block. `tool` names the tool whose arguments it carries, empty for prose."""

    def __call__(self, tool: str) -> Channel: ...
