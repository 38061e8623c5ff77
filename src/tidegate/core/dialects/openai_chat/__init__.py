"""OpenAI chat completions, both ways (platform.openai.com/docs/api-reference/chat).

`request` makes the envelope; `answer` and `stream` carry what comes back, noting usage and putting originals back
through channels; `errors` renders refusals. Whatever needs no change passes as the bytes that came.
"""

from tidegate.core.dialects.openai_chat.answer import pass_answer
from tidegate.core.dialects.openai_chat.errors import render_error, render_models, render_stream_error
from tidegate.core.dialects.openai_chat.request import parse_request, unstored, with_model
from tidegate.core.dialects.openai_chat.stream import AnswerStream

__all__ = [
    "AnswerStream",
    "parse_request",
    "pass_answer",
    "render_error",
    "render_models",
    "render_stream_error",
    "unstored",
    "with_model",
]
