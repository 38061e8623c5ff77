"""For dialects that have no streams: nothing asks them for one, and if something did, it would be told."""

from typing import Never

from tidegate.core.dialects.dialect import Asked
from tidegate.core.values.answer import AnswerNotes
from tidegate.core.values.channel import OpenChannel
from tidegate.core.values.errors import UpstreamError

STREAM_TYPE = "application/json"


def open_reader() -> Never:
    raise _none()


def open_writer(asked: Asked) -> Never:  # noqa: ARG001 - the protocol's
    raise _none()


def open_stream(
    notes: AnswerNotes,  # noqa: ARG001 - the protocol's
    open_channel: OpenChannel | None,  # noqa: ARG001
    *,
    keep_logprobs: bool = True,  # noqa: ARG001
) -> Never:
    raise _none()


def _none() -> UpstreamError:
    return UpstreamError("protocol", "embeddings are not streamed.")
