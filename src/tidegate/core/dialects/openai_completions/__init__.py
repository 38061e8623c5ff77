"""OpenAI's legacy completions, both ways (platform.openai.com/docs/api-reference/completions).

One prompt in, text out. Clients of it are crossed to a chat as one user's turn; a chat is crossed to it only where it
is no more than that.
"""

from tidegate.core.dialects.openai_chat.answer_meaning import read_problem
from tidegate.core.dialects.openai_chat.errors import render_error, render_stream_error
from tidegate.core.dialects.openai_completions.answer import AnswerStream, open_stream, pass_answer
from tidegate.core.dialects.openai_completions.meaning import open_reader, open_writer, read_answer, write_answer
from tidegate.core.dialects.openai_completions.request import (
    CANNOT,
    NAME,
    OPERATION,
    parse_request,
    read_request,
    unstored,
    with_model,
    write_request,
)

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
