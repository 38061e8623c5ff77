"""A request to an envelope: every text that a model would see becomes a part with its position."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tidegate.core.dialects import document
from tidegate.core.dialects.anthropic_messages import headers as said
from tidegate.core.dialects.anthropic_messages import words
from tidegate.core.dialects.anthropic_messages.blocks import Blocks
from tidegate.core.dialects.asked import (
    MOST_TOOLS,
    capabilities_in_tools,
    names_in,
)
from tidegate.core.dialects.tool_names import without_plain_names
from tidegate.core.dialects.walk import walk
from tidegate.core.values.envelope import Envelope, Part, Position
from tidegate.core.values.errors import BadRequest

NAME = words.NAME
OPERATION = "chat"

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_NAMED = frozenset(("tools", "tool_choice"))
_SKIP = frozenset(("model", "messages", "stream", "system", "cache_control"))
# How Claude Code names its session inside the id that it gives its user: two forms, of older and of newer versions.
_SESSION = re.compile(
    r'(?:_session_|"session_id"\s*:\s*")([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})', re.ASCII | re.IGNORECASE
)


class _Reader(Blocks):
    """Collects what one request holds; lives no longer than the parse."""

    __slots__ = ("has_history", "offered")

    def __init__(self) -> None:
        super().__init__()
        self.has_history = False
        self.offered: set[str] = set()

    def message(self, index: int, message: Any) -> None:
        where = f"messages[{index}]"
        if not isinstance(message, dict):
            raise BadRequest("invalid_type", f"{where} must be an object.", param=where)
        role = message.get("role")
        position = words.ROLES.get(role) if isinstance(role, str) else None
        if position is None:
            known = ", ".join(words.ROLES)
            raise BadRequest("invalid_value", f"{where}.role must be one of {known}.", param=f"{where}.role")
        self.has_history = self.has_history or position is Position.ASSISTANT
        for key, value in message.items():
            path = ("messages", index, key)
            if key == "content":
                self.content(path, position, value, f"{where}.content")
            elif key != "role" and value is not None:
                if key not in words.MESSAGE:
                    self.unknown(key, f"messages.{key}")
                    self.parts.append(Part(Position.REST, path, key, is_key=True))
                walk(value, path, position, self.parts, self.unscannable)
            elif key != "role" and key not in words.MESSAGE:  # it asks for nothing, and its name may say anything
                self.parts.append(Part(Position.REST, path, key, is_key=True))

    def top(self, tree: dict[str, Any]) -> None:
        for key, value in tree.items():
            if key == "system":
                self.content(("system",), Position.SYSTEM, value, "system")
            elif key == "cache_control":
                self.cache(("cache_control",), Position.REST, value)
            elif key not in _SKIP and value is not None:
                self._asks(key, value)
                text = without_plain_names(value) if key in _NAMED else value
                walk(text, (key,), words.POSITIONS.get(key, Position.REST), self.parts, self.unscannable)
            elif key not in _SKIP and key not in words.TOP and key not in words.ASKS:
                self.parts.append(Part(Position.REST, (key,), key, is_key=True))

    def _asks(self, key: str, value: Any) -> None:
        """What a field asks for."""
        if key == "tools":
            self._tools(value)
        elif key == "context_management":
            self._edits(value)
        elif key in words.ASKS:
            self.capabilities.add(words.ASKS[key])
        elif key not in words.TOP:
            self.unknown(key, key)
            self.parts.append(Part(Position.REST, (key,), key, is_key=True))

    def _tools(self, tools: Any) -> None:
        self.offered |= names_in(tools)
        if not isinstance(tools, list):
            return
        self.capabilities |= capabilities_in_tools(
            [tool for tool in tools if not isinstance(tool, dict) or not words.runs_at_the_client(tool.get("type"))]
        )
        for tool in tools:
            if isinstance(tool, dict) and "cache_control" in tool:
                self.asks_of_cache(tool["cache_control"])

    def _edits(self, management: Any) -> None:
        edits = management.get("edits") if isinstance(management, dict) and len(management) == 1 else None
        kinds = [edit.get("type") if isinstance(edit, dict) else None for edit in edits] if edits else [None]
        if not isinstance(edits, list) or not all(isinstance(k, str) and k.startswith(words.EDITS) for k in kinds):
            self.rest.add("context_management")


def parse_request(body: bytes, headers: Mapping[str, str] = _NO_HEADERS) -> Envelope:
    """Raises BadRequest with the field's name; the rest of validation is the provider's own."""
    tree = document.parse(body)
    model, messages = tree.get("model"), tree.get("messages")
    if not isinstance(model, str) or not model:
        raise BadRequest("missing_model", "model must be a non-empty string.", param="model")
    if not isinstance(messages, list) or not messages:
        raise BadRequest("invalid_type", "messages must be a non-empty array.", param="messages")
    stream = tree.get("stream")
    if stream is not None and not isinstance(stream, bool):
        raise BadRequest("invalid_type", "stream must be true or false.", param="stream")
    beside = said.read(headers)
    reader = _Reader()
    try:
        reader.top(tree)
        for index, message in enumerate(messages):
            reader.message(index, message)
    except RecursionError:
        raise BadRequest("too_deep", "The body is nested too deeply. Send a flatter document.") from None
    if len(reader.called) > MOST_TOOLS:
        raise BadRequest("too_many_tools", f"A history may show calls of at most {MOST_TOOLS} tools.", param="messages")
    return Envelope(
        dialect=NAME,
        operation=OPERATION,
        body=body,
        document=tree,
        original_model=model,
        stream=bool(stream),
        parts=tuple(reader.parts),
        unscannable=tuple(reader.unscannable),
        rest=frozenset(reader.rest) | beside.unknown,
        tools_offered=bool(tree.get("tools") or tree.get("mcp_servers")),
        tools=frozenset(reader.offered),
        tools_called=frozenset(reader.called),
        capabilities=frozenset(reader.capabilities) | beside.asked,
        structured=_asks_for_json(tree),
        conversation=_session(tree.get("metadata")) or reader.conversation,
        has_history=reader.has_history,
        carried=beside.carried,
    )


def _session(metadata: Any) -> str:
    """The session that a client names in `metadata.user_id`; empty where that is only a user's id."""
    user = metadata.get("user_id") if isinstance(metadata, dict) else None
    found = _SESSION.search(user[:1024]) if isinstance(user, str) else None
    return found.group(1) if found else ""


def _asks_for_json(tree: dict[str, Any]) -> bool:
    config = tree.get("output_config")
    wanted = (config.get("format") if isinstance(config, dict) else None) or tree.get("output_format")
    return isinstance(wanted, dict) and wanted.get("type") == "json_schema"


def unstored(body: bytes) -> bytes:
    """The dialect has no word for it: what is kept is a matter of the account."""
    return body


def with_model(body: bytes, model: str) -> bytes:
    """The client's own bytes with another model's name."""
    return document.splice_string(body, "model", model)
