"""Gemini's generateContent as targets understand it: the Gemini API and Vertex AI (ai.google.dev/api/generate-content).

The model's name stands in the path, and so does whether a stream is wanted; streams are asked for as server-sent events
(`alt=sse`), never as one long array. `request` writes, `answer` reads.
"""

from tidegate.core.dialects.gemini_generate.answer import open_reader, read_answer, read_problem
from tidegate.core.dialects.gemini_generate.request import CANNOT, unstored, write_request

NAME = "gemini.generate"
OPERATION = "chat"
STREAM_TYPE = "text/event-stream"

__all__ = [
    "CANNOT",
    "NAME",
    "OPERATION",
    "STREAM_TYPE",
    "open_reader",
    "read_answer",
    "read_problem",
    "unstored",
    "write_request",
]
