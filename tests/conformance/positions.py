"""The places of a request where a text can stand. Every dialect fills each, or says why it has no such place."""

POSITIONS = (
    "system",
    "user",
    "assistant history",
    "tool definition",
    "tool call argument",
    "tool result",
    "response_format schema",
    "metadata",
    "file name",
    "image",
    "embedding input",
    "batch line",
)


class Lacks(str):
    """Why a dialect has no such position."""

    __slots__ = ()
