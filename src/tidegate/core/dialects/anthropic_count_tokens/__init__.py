"""Anthropic's counting of tokens, both ways (docs.claude.com/en/api/messages-count-tokens).

A request is one for a message without its bounds, and is read as one; an answer is a number. `estimate` is what the
gateway says itself where no permitted target can be asked: nothing leaves then.
"""

from tidegate.core.dialects.anthropic_count_tokens.answer import pass_answer, read_answer, write_answer
from tidegate.core.dialects.anthropic_count_tokens.estimate import estimate, estimated
from tidegate.core.dialects.anthropic_count_tokens.request import NAME, OPERATION, parse_request, write_request
from tidegate.core.dialects.anthropic_messages import (
    CANNOT,
    read_problem,
    read_request,
    render_error,
    render_stream_error,
    unstored,
    with_model,
)
from tidegate.core.dialects.unstreamed import STREAM_TYPE, open_reader, open_stream, open_writer

__all__ = [
    "CANNOT",
    "NAME",
    "OPERATION",
    "STREAM_TYPE",
    "estimate",
    "estimated",
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
