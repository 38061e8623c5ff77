"""OpenAI embeddings, both ways (platform.openai.com/docs/api-reference/embeddings)."""

from tidegate.core.dialects.openai_chat.answer_meaning import read_problem
from tidegate.core.dialects.openai_chat.errors import render_error, render_stream_error
from tidegate.core.dialects.openai_embeddings.answer import pass_answer, read_answer, write_answer
from tidegate.core.dialects.openai_embeddings.request import (
    CANNOT,
    NAME,
    OPERATION,
    parse_request,
    read_request,
    unstored,
    with_model,
    write_request,
)
from tidegate.core.dialects.unstreamed import STREAM_TYPE, open_reader, open_stream, open_writer

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
