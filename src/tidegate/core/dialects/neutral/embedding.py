"""A request for embeddings, in the words that all dialects share."""

from dataclasses import dataclass

from tidegate.core.dialects.neutral.chat import Left


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedding:
    """One vector for each input: a text, or token ids of one text, which only the model that they belong to can read.

    `single`: the input stood alone and not in a list. `base64`: vectors are wanted as little-endian float32 in base64.
    """

    inputs: tuple[str | tuple[int, ...], ...]
    single: bool = False
    dimensions: int | None = None
    base64: bool = False
    truncate: bool | None = None
    user: str = ""
    keep_alive: str = ""
    left: tuple[Left, ...] = ()
