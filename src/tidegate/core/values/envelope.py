"""The one canonical request: what a client asked for, in whichever dialect it spoke."""

from enum import StrEnum
from typing import Any, NamedTuple


class Position(StrEnum):
    """Where in a request a text stands. The conformance matrix has a row for each."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL_CALL = "tool_call_argument"
    TOOL_RESULT = "tool_result"
    TOOL_DEFINITION = "tool_definition"
    SCHEMA = "response_schema"
    METADATA = "metadata"
    REST = "rest"  # a field that the dialect does not model


Path = tuple[str | int, ...]


class Part(NamedTuple):
    """One text that somebody beyond the gateway would read.

    `path` leads to it in the document. `is_key`: the text is an object's key there; the last element of `path` is it.
    `is_json`: the text is itself a JSON document (a tool call's arguments), so what replaces a piece of it must stay
    valid JSON. Where the document holds a number, `text` is its decimal form.
    """

    position: Position
    path: Path
    text: str
    is_key: bool = False
    is_json: bool = False


class Envelope(NamedTuple):
    """A request as parsed from `body`; `document` is its JSON tree and nobody mutates it."""

    dialect: str
    operation: str
    body: bytes
    document: dict[str, Any]
    original_model: str
    stream: bool
    parts: tuple[Part, ...]
    unscannable: tuple[Path, ...]
    rest: frozenset[str]
    tools_offered: bool
    tools: frozenset[str]
    """Names of the tools offered, as policy knows them (`core.dialects.asked`)."""
    tools_called: frozenset[str]
    """Names of the tools that the history shows as called, likewise."""
    capabilities: frozenset[str]
    """What is asked of a provider beyond an answer (`core.values.capabilities`)."""
    structured: bool
    """The answer's prose is to be JSON, because the request asks for that."""
    conversation: str
    """What a session is derived from where the caller names none: the first user text."""
    has_history: bool
    """Assistant turns travel in the request, so that it belongs to a conversation."""
    carried: tuple[tuple[str, str], ...] = ()
    """Headers of the client's that belong to the dialect: they go along to a target that understands the same."""
    kept: tuple[str, ...] = ()
    """Ids of what the request refers to and a provider keeps."""

    def __repr__(self) -> str:
        return f"Envelope({self.dialect}, {len(self.parts)} parts)"  # never its text
