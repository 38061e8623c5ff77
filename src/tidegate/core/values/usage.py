"""What an exchange consumed, as the provider counts it."""

from typing import NamedTuple


class Usage(NamedTuple):
    """Tokens; -1 where the provider did not say. `input_tokens` are all that were read: those that came out of a cache
    and those that were written into one are among them. Tokens of thinking are among `output_tokens`.
    """

    input_tokens: int = -1
    output_tokens: int = -1
    cached_input_tokens: int = -1
    cache_write_tokens: int = -1
    thinking_tokens: int = -1


NOT_SAID = Usage()
MOST = 2**53 - 1
"""Tokens: what every reader of JSON can read, and more than anybody has."""


def counted(value: object, otherwise: int = -1) -> int:
    """A number of tokens as somebody wrote it; what cannot be one was not said."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST else otherwise
