"""Anthropic's messages, both ways (docs.claude.com/en/api/messages).

`words` is the vocabulary; `request` with `blocks` and `headers` makes the envelope; `answer` and `stream` carry what
comes back, noting usage and putting originals back through channels; `errors` renders refusals. Where the other side
speaks another dialect, the `_meaning` modules read the neutral form and the `_writing` ones write it.
"""

from tidegate.core.dialects.anthropic_messages.answer import pass_answer
from tidegate.core.dialects.anthropic_messages.answer_meaning import open_reader, read_answer, read_problem
from tidegate.core.dialects.anthropic_messages.answer_writing import open_writer, write_answer
from tidegate.core.dialects.anthropic_messages.errors import render_error, render_stream_error
from tidegate.core.dialects.anthropic_messages.request import NAME, OPERATION, parse_request, unstored, with_model
from tidegate.core.dialects.anthropic_messages.request_meaning import read_request
from tidegate.core.dialects.anthropic_messages.request_writing import CANNOT, write_request
from tidegate.core.dialects.anthropic_messages.stream import AnswerStream, open_stream

STREAM_TYPE = "text/event-stream"

__all__ = [
    "CANNOT",
    "NAME",
    "OPERATION",
    "STREAM_TYPE",
    "AnswerStream",
    "open_reader",
    "open_stream",
    "open_writer",
    "parse_request",
    "pass_answer",
    "read_answer",
    "read_problem",
    "read_request",
    "render_error",
    "render_stream_error",
    "unstored",
    "with_model",
    "write_answer",
    "write_request",
]
