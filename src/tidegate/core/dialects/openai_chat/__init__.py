"""OpenAI chat completions, both ways (platform.openai.com/docs/api-reference/chat).

`request` makes the envelope; `answer` and `stream` carry what comes back, noting usage and putting originals back
through channels; `errors` renders refusals. Whatever needs no change passes as the bytes that came. Where the other
side speaks another dialect, `request_reading` and `request_writing`, with what a message says (`content`) and `tools`,
`answer_meaning` and `answer_writing` read and write the neutral form.
"""

from tidegate.core.dialects.openai_chat.answer import pass_answer
from tidegate.core.dialects.openai_chat.answer_meaning import open_reader, read_answer, read_problem
from tidegate.core.dialects.openai_chat.answer_writing import open_writer, write_answer
from tidegate.core.dialects.openai_chat.errors import render_error, render_stream_error
from tidegate.core.dialects.openai_chat.request import NAME, OPERATION, parse_request, unstored, with_model
from tidegate.core.dialects.openai_chat.request_reading import read_request
from tidegate.core.dialects.openai_chat.request_writing import CANNOT, write_request
from tidegate.core.dialects.openai_chat.stream import AnswerStream, open_stream

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
