"""An answer as a sequence of events: a stream's as they come, a whole answer's all at once.

    Began (Opened Delta* Sealed* Closed)* Ended... Used?            or Failed at any point; Lost anywhere

Prose follows prose: a block of text, thinking or refusal is closed before another one opens. Calls may stay open until
the end, and their deltas may interleave; each event says which block it belongs to. A block's number is unique within
its choice, and grows.
"""

from typing import Literal, NamedTuple

from tidegate.core.values.usage import Usage

BlockKind = Literal["text", "thinking", "refusal", "tool"]
Reason = Literal["stop", "length", "tool_calls", "content_filter", "refusal", "pause", "other"]
ProblemKind = Literal[
    "invalid", "authentication", "permission", "not_found", "too_large", "rate_limit", "content_filter", "overloaded",
    "timeout", "server",
]  # fmt: skip


class Problem(NamedTuple):
    """An error of the upstream's, as far as it tells. `code`: its own word, or a word for `kind`."""

    kind: ProblemKind
    status: int
    code: str
    message: str
    param: str = ""


class Began(NamedTuple):
    """Ids as the upstream gave them, empty where it gave none."""

    id: str = ""
    model: str = ""


class Opened(NamedTuple):
    """`id` and `name` are a tool call's. `free`: its input is any text, no JSON. `signature`: see chat.Thinking."""

    block: int
    kind: BlockKind
    choice: int = 0
    id: str = ""
    name: str = ""
    free: bool = False
    signature: str = ""


class Delta(NamedTuple):
    """A further piece of a block's text; of a tool call, of its arguments' JSON text."""

    block: int
    text: str
    choice: int = 0


class Sealed(NamedTuple):
    """What a thinking block needs to be believed by its own provider in a later turn. `sealed`: see chat.Thinking."""

    block: int
    signature: str = ""
    sealed: str = ""
    choice: int = 0


class Closed(NamedTuple):
    block: int
    choice: int = 0


class Ended(NamedTuple):
    """One choice is complete. `sequence`: the stop sequence that ended it, where the upstream says which."""

    reason: Reason
    choice: int = 0
    sequence: str = ""


class Used(NamedTuple):
    usage: Usage


class Vectors(NamedTuple):
    """Embeddings, one for each input, in order."""

    vectors: tuple[tuple[float, ...], ...]


class Lost(NamedTuple):
    """Something that this form has no word for, named as the receipt will name it. `unseen`: it is content that nobody
    has looked at (an image, sound), and it does not reach the client.
    """

    what: str
    unseen: bool = False


class Relayed(NamedTuple):
    """Somebody else answered than the server that was asked: `host`, or the model's name there."""

    host: str


class Failed(NamedTuple):
    problem: Problem


Event = Began | Opened | Delta | Sealed | Closed | Ended | Used | Vectors | Lost | Relayed | Failed
