"""Bedrock's Converse and ConverseStream, as targets understand them (docs.aws.amazon.com/bedrock/latest/APIReference).

The model's id stands in the path, and so does whether a stream is wanted. Streams are AWS event streams: binary
messages with checksums. `request` writes, `answer` and `stream` read, `errors` says what an error means.
"""

from tidegate.core.dialects.bedrock_converse.answer import read_answer
from tidegate.core.dialects.bedrock_converse.errors import read_problem
from tidegate.core.dialects.bedrock_converse.request import CANNOT, unstored, write_request
from tidegate.core.dialects.bedrock_converse.stream import open_reader

NAME = "bedrock.converse"
OPERATION = "chat"
STREAM_TYPE = "application/vnd.amazon.eventstream"

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
