"""Ollama's native chat, both ways (github.com/ollama/ollama docs/api.md, "Generate a chat completion")."""

from collections.abc import Sequence

from tidegate.core.dialects.dialect import Asked
from tidegate.core.dialects.neutral.events import Event
from tidegate.core.dialects.ollama import STREAM_TYPE, writing
from tidegate.core.dialects.ollama.errors import read_problem, render_error, render_stream_error
from tidegate.core.dialects.ollama.meaning import open_reader, read_answer
from tidegate.core.dialects.ollama.parsing import unstored, with_model
from tidegate.core.dialects.ollama.passing import open_stream, pass_answer
from tidegate.core.dialects.ollama_chat.request import NAME, OPERATION, parse_request
from tidegate.core.dialects.ollama_chat.request_meaning import CANNOT, read_request, write_request

__all__ = [
    "CANNOT",
    "NAME",
    "OPERATION",
    "STREAM_TYPE",
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


def write_answer(events: Sequence[Event], asked: Asked) -> bytes:
    return writing.write_answer(events, asked, writing.in_message)


def open_writer(asked: Asked) -> writing.LineWriter:
    return writing.LineWriter(asked, writing.in_message)
