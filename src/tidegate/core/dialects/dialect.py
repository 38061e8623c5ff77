"""What a dialect is: a package that has these functions. Which of them it needs depends on the sides it is spoken on.

`Spoken` is what clients use to speak to us, `Understood` what targets understand. A dialect that is both passes through
unchanged between the two, as the bytes that came; any two of them meet in the neutral form.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from tidegate.core.dialects.neutral.chat import Chat
from tidegate.core.dialects.neutral.embedding import Embedding
from tidegate.core.dialects.neutral.events import Event, Problem
from tidegate.core.dialects.neutral.features import Table
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.channel import OpenChannel
from tidegate.core.values.envelope import Envelope
from tidegate.core.values.errors import Refusal

Ask = Chat | Embedding


def _at_once() -> int:
    return 0


class Asked(NamedTuple):
    """What whoever writes an answer has to know of the request. `created`: seconds since the epoch. `elapsed_ns`: since
    then, for dialects that tell how long things took.
    """

    request_id: str
    model: str
    created: int
    document: Mapping[str, Any]
    elapsed_ns: Callable[[], int] = _at_once


class Stream(Protocol):
    """Bytes of an answer on their way, in the dialect that they came in."""

    def feed(self, chunk: bytes) -> bytes:
        """Raises UpstreamError."""
        ...

    def close(self) -> bytes:
        """What was held back."""
        ...


class Reader(Protocol):
    """An upstream's stream to events."""

    def feed(self, chunk: bytes) -> Iterable[Event]:
        """Raises UpstreamError: `too_large`, `protocol`."""
        ...

    def close(self) -> Iterable[Event]:
        """What the end of the bytes shows. A stream that was cut gives no Ended."""
        ...


class Writer(Protocol):
    """Events to the client's stream. Bytes may wait for later events, never for other answers."""

    def feed(self, event: Event) -> bytes: ...

    def close(self) -> bytes:
        """The end of the stream. Called only where the answer is complete."""
        ...


class Spoken(Protocol):
    """A dialect that clients speak."""

    @property
    def NAME(self) -> str: ...  # noqa: N802 - a module's constant

    @property
    def OPERATION(self) -> str:  # noqa: N802
        """chat, embeddings or count_tokens: dialects of one operation can be crossed."""
        ...

    @property
    def STREAM_TYPE(self) -> str:  # noqa: N802
        """The media type of its streams."""
        ...

    def parse_request(self, body: bytes, headers: Mapping[str, str]) -> Envelope:
        """Raises BadRequest with the field's name; the rest of validation is the provider's own. `headers`: names in
        lower case; what of them belongs to the dialect goes to `Envelope.carried`.
        """
        ...

    def with_model(self, body: bytes, model: str) -> bytes:
        """The client's own bytes with another model's name."""
        ...

    def render_error(self, refusal: Refusal) -> bytes:
        """The dialect's own error object."""
        ...

    def render_stream_error(self, refusal: Refusal) -> bytes:
        """An error after the first byte, as the stream's last event."""
        ...

    def read_request(self, document: Mapping[str, Any]) -> Ask:
        """What a parsed request means. Raises BadRequest where it means nothing."""
        ...

    def write_answer(self, events: Sequence[Event], asked: Asked) -> bytes:
        """A whole answer."""
        ...

    def open_writer(self, asked: Asked) -> Writer: ...


class Understood(Protocol):
    """A dialect that targets understand."""

    @property
    def NAME(self) -> str: ...  # noqa: N802

    @property
    def OPERATION(self) -> str: ...  # noqa: N802

    @property
    def STREAM_TYPE(self) -> str: ...  # noqa: N802

    @property
    def CANNOT(self) -> Table:  # noqa: N802
        """What becomes of features that it has no word for; all others are carried."""
        ...

    def write_request(self, ask: Ask, model: str) -> bytes:
        """The request for a target's model. What the table calls dropped is left out."""
        ...

    def unstored(self, body: bytes) -> bytes:
        """`body` with the demand that nothing be stored, where the dialect has words for it."""
        ...

    def read_answer(self, body: bytes) -> Sequence[Event]:
        """A whole answer. Raises UpstreamError `protocol` for what is none."""
        ...

    def open_reader(self) -> Reader: ...

    def read_problem(self, status: int, body: bytes) -> Problem:
        """An error's body; never raises."""
        ...


class Both(Spoken, Understood, Protocol):
    """A dialect of both sides: what nobody changes passes as the bytes that came."""

    def pass_answer(
        self, body: bytes, notes: AnswerNotes, open_channel: OpenChannel | None, *, keep_logprobs: bool = True
    ) -> bytes:
        """A whole answer: noted, its texts through channels. `notes.error` where it is none."""
        ...

    def open_stream(
        self, notes: AnswerNotes, open_channel: OpenChannel | None, *, keep_logprobs: bool = True
    ) -> Stream:
        """`notes.complete` says in the end whether the answer ended as its dialect ends answers."""
        ...
