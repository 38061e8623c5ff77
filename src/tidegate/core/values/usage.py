"""What an exchange consumed, as the provider counts it."""

from typing import NamedTuple


class Usage(NamedTuple):
    """Tokens; -1 where the provider did not say."""

    input_tokens: int = -1
    output_tokens: int = -1
    cached_input_tokens: int = -1


NOT_SAID = Usage()
