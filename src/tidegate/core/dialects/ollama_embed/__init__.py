"""Ollama's embeddings, both ways (github.com/ollama/ollama docs/api.md, "Generate Embeddings")."""

from tidegate.core.dialects.ollama.errors import read_problem, render_error, render_stream_error
from tidegate.core.dialects.ollama.parsing import unstored, with_model
from tidegate.core.dialects.ollama_embed.answer import pass_answer, read_answer, write_answer
from tidegate.core.dialects.ollama_embed.request import (
    CANNOT,
    NAME,
    OPERATION,
    parse_request,
    read_request,
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
