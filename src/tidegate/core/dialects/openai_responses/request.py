"""A request to an envelope: every text that a model would see becomes a part with its position."""

import base64
import binascii
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tidegate.core.dialects import document
from tidegate.core.dialects.asked import CAPABILITY_OF_FIELD, MOST_TOOLS, capabilities_in_piece, tool_name
from tidegate.core.dialects.openai_responses import kept, offered
from tidegate.core.dialects.openai_responses.items import (
    ITEMS,
    JSON_FIELDS,
    ROLES,
    TEXTS,
    UNSEEN,
    WITH_NAMES,
    Item,
    called,
    kind_of,
)
from tidegate.core.dialects.tool_names import is_plain_name, without_plain_names
from tidegate.core.dialects.walk import walk
from tidegate.core.values import capabilities as known
from tidegate.core.values.envelope import Envelope, Part, Path, Position
from tidegate.core.values.errors import BadRequest

NAME = "openai.responses"
OPERATION = "chat"

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})

# Fields that the dialect has. What some of them ask for beyond an answer is named as a capability.
_FIELDS = frozenset((
    "model", "input", "instructions", "stream", "stream_options", "temperature", "top_p", "top_logprobs", "tools",
    "tool_choice", "parallel_tool_calls", "max_tool_calls", "max_output_tokens", "text", "reasoning", "include",
    "metadata", "user", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "prompt", "truncation",
    "service_tier", "store", "previous_response_id", "conversation", "background", "context_management",
    "client_metadata",  # not in the reference; OpenAI's own agent sends it
))  # fmt: skip
_CAPABILITIES: Mapping[str, str] = MappingProxyType({**CAPABILITY_OF_FIELD, "prompt": known.STORED_PROMPTS})
_POSITIONS = {
    "instructions": Position.SYSTEM,
    "tools": Position.TOOL_DEFINITION,
    "tool_choice": Position.TOOL_DEFINITION,
    "text": Position.SCHEMA,
    "prompt": Position.USER,
    "metadata": Position.METADATA,
    "client_metadata": Position.METADATA,
    "user": Position.METADATA,
    "safety_identifier": Position.METADATA,
    "prompt_cache_key": Position.METADATA,
}
_NAMED = frozenset(("tools", "tool_choice"))
_NAMES = frozenset(("name", "namespace"))
_SKIP = frozenset(("model", "input", "stream"))
_WORDS = frozenset(("format", "verbosity", "effort", "summary", "mode"))
"""Keys of settings, which say nothing about anybody."""
_PIECE = frozenset(("type", "text", "refusal", "annotations", "logprobs"))
_HAPPENED = ("previous_response_id", "conversation")
_SEALED = re.compile(r"[A-Za-z0-9+/_-]{64,}={0,2}")


class _Reader:
    """Collects the parts of one request; lives no longer than the parse."""

    __slots__ = (
        "called", "capabilities", "conversation", "has_history", "offered", "parts", "rest", "unscannable",
    )  # fmt: skip

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.unscannable: list[Path] = []
        self.rest: set[str] = set()
        self.conversation = ""
        self.has_history = False
        self.offered: set[str] = set()
        self.called: set[str] = set()
        self.capabilities: set[str] = set()

    def input(self, given: Any) -> None:
        if isinstance(given, str):
            self.conversation = given
            if given:
                self.parts.append(Part(Position.USER, ("input",), given))
            return
        if not isinstance(given, list):
            raise BadRequest("invalid_type", "input must be a string or an array.", param="input")
        for index, item in enumerate(given):
            self._item(index, item)

    def _item(self, index: int, item: Any) -> None:
        if not isinstance(item, dict):
            raise BadRequest("invalid_type", f"input[{index}] must be an object.", param=f"input[{index}]")
        kind, path = kind_of(item), ("input", index)
        shape = ITEMS.get(kind)
        if shape is None:
            # It may ask for anything, so no cloud without a word of the operator's; what it says is looked at.
            self.rest.add(f"input.{kind}" if tool_name(kind) == kind else "input")
            self.has_history = True
            walk(item, path, Position.REST, self.parts, self.unscannable)
            return
        position = self._role(index, item) if kind == "message" else shape.position
        self.has_history = self.has_history or shape.history or position is Position.ASSISTANT
        if (tool := called(item, kind)) is not None:
            self.called.add(tool_name(tool))
        if kind == "item_reference":
            self.capabilities.add(known.CONVERSATIONS)
        for key, value in item.items():
            if key in ("type", "role"):
                continue
            if value is not None:
                self._field(kind, shape, position, (*path, key), value)
            elif key not in shape.fields:  # it asks for nothing, and its name may say anything
                self.parts.append(Part(position, (*path, key), key, is_key=True))

    def _role(self, index: int, item: dict[str, Any]) -> Position:
        role = item.get("role")
        position = ROLES.get(role) if isinstance(role, str) else None
        if position is None:
            where = f"input[{index}].role"
            raise BadRequest("invalid_value", f"{where} must be one of {', '.join(ROLES)}.", param=where)
        return position

    def _field(self, kind: str, shape: Item, position: Position, path: Path, value: Any) -> None:
        """One field of an item."""
        key = str(path[-1])
        if key not in shape.fields:
            self._unknown(key, f"input.{key}", (*path,), position)
        if (kind, key) in JSON_FIELDS and isinstance(value, str):
            self.parts.append(Part(position, path, value, is_json=True))
        elif key == "encrypted_content":
            self._sealed(path, position, value)
        elif (kind, key) in UNSEEN:
            self._unseen(path, position, value)
        elif key in ("content", "output", "summary", "outputs") and isinstance(value, list):
            for n, piece in enumerate(value):
                self._piece((*path, n), position, piece)
        elif kind == "message" and key == "content":
            self._said(path, position, value)
        elif key == "tools":
            self._offers(value)
            walk(without_plain_names(value), path, position, self.parts, self.unscannable)
        elif not (key in _NAMES and kind in WITH_NAMES and is_plain_name(value)):
            walk(value, path, position, self.parts, self.unscannable)

    def _said(self, path: Path, position: Position, text: Any) -> None:
        if not isinstance(text, str):
            where = f"input[{path[1]}].content"
            raise BadRequest("invalid_type", f"{where} must be a string or an array.", param=where)
        self._starts(position, text)
        walk(text, path, position, self.parts, self.unscannable)

    def _piece(self, path: Path, position: Position, piece: Any) -> None:
        kind = piece.get("type") if isinstance(piece, dict) else None
        is_text = isinstance(kind, str) and kind in TEXTS
        if not isinstance(piece, dict) or not (is_text or _is_output(piece)):
            # An image, a sound, a file, an address that a provider would fetch, or something newer: nobody has looked.
            self._unseen(path, position, piece)
            return
        for key, value in piece.items():
            if key == "type":
                continue
            if key == "text":
                self._starts(position, value)
            if kind in TEXTS and key not in _PIECE:
                self._unknown(key, f"input.content.{key}", (*path, key), position)
            walk(value, (*path, key), position, self.parts, self.unscannable)

    def _unseen(self, path: Path, position: Position, value: Any) -> None:
        self.unscannable.append(path)
        self.capabilities |= capabilities_in_piece(value)
        walk(value, path, position, self.parts, self.unscannable)

    def _sealed(self, path: Path, position: Position, value: Any) -> None:
        """What only its provider can read is nobody's text: a contract agrees to it, or it stays. Anything that can be
        read is looked at.
        """
        if isinstance(value, str) and _is_sealed(value):
            self.capabilities.add(known.SEALED_REASONING)
        else:
            walk(value, path, position, self.parts, self.unscannable)

    def _starts(self, position: Position, text: Any) -> None:
        if not self.conversation and position is Position.USER and isinstance(text, str):
            self.conversation = text

    def _offers(self, tools: Any) -> None:
        self.offered |= offered.names(tools)
        self.capabilities |= offered.capabilities(tools)

    def _unknown(self, key: str, name: str, path: Path, position: Position) -> None:
        """A field that the dialect does not have: it may ask for anything, and of some it is known for what."""
        self.rest.add(name)
        if key in CAPABILITY_OF_FIELD:
            self.capabilities.add(CAPABILITY_OF_FIELD[key])
        self.parts.append(Part(position, path, key, is_key=True))

    def top(self, tree: dict[str, Any]) -> None:
        for key, value in tree.items():
            # `store: null` is whatever the provider does by default, which is to store.
            if key in _SKIP or (value is None and key != "store"):
                if key not in _SKIP and key not in _FIELDS:
                    self.parts.append(Part(Position.REST, (key,), key, is_key=True))
                continue
            if key not in _FIELDS:
                self._unknown(key, key, (key,), Position.REST)
            elif key in _CAPABILITIES and value is not False:
                self.capabilities.add(_CAPABILITIES[key])
            position = _POSITIONS.get(key, Position.REST)
            if key == "tools":
                self._offers(value)
            if key == "prompt":
                self._prompt(value)
            elif isinstance(value, dict) and key in ("text", "reasoning"):
                self._settings(key, value, position)
            else:
                text = without_plain_names(value) if key in _NAMED else value
                walk(text, (key,), position, self.parts, self.unscannable)

    def _settings(self, name: str, settings: dict[str, Any], position: Position) -> None:
        for key, value in settings.items():
            if key not in _WORDS:
                self.parts.append(Part(position, (name, key), key, is_key=True))
            walk(value, (name, key), position, self.parts, self.unscannable)

    def _prompt(self, prompt: Any) -> None:
        """A prompt that lies at the provider, and what is put into it."""
        variables = prompt.get("variables") if isinstance(prompt, dict) else None
        for key, value in variables.items() if isinstance(variables, dict) else ():
            if isinstance(value, dict) and value.get("type") not in TEXTS:
                self.unscannable.append(("prompt", "variables", key))
                self.capabilities |= capabilities_in_piece(value)
        walk(prompt, ("prompt",), Position.USER, self.parts, self.unscannable)


def _is_output(piece: dict[str, Any]) -> bool:
    """What a shell gave, or a program's log: text under its own names."""
    return piece.get("type") == "logs" or ("type" not in piece and ("stdout" in piece or "stderr" in piece))


def _is_sealed(text: str) -> bool:
    if not _SEALED.fullmatch(text):
        return False
    letters = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        base64.b64decode(letters + "=" * (-len(letters) % 4)).decode()
    except binascii.Error:
        return False
    except UnicodeDecodeError:
        return True
    return False


def parse_request(body: bytes, headers: Mapping[str, str] = _NO_HEADERS) -> Envelope:  # noqa: ARG001 - it has none
    """Raises BadRequest with the field's name; the rest of validation is the provider's own."""
    tree = document.parse(body)
    model, stream = tree.get("model"), tree.get("stream")
    if not isinstance(model, str) or not model:
        raise BadRequest("missing_model", "model must be a non-empty string.", param="model")
    if stream is not None and not isinstance(stream, bool):
        raise BadRequest("invalid_type", "stream must be true or false.", param="stream")
    if tree.get("instructions") is not None and not isinstance(tree["instructions"], str):
        raise BadRequest("invalid_type", "instructions must be a string.", param="instructions")
    reader = _Reader()
    try:
        if tree.get("input") is not None:
            reader.input(tree["input"])
        elif not any(tree.get(key) for key in ("prompt", *_HAPPENED)):
            raise BadRequest("missing_input", "input must be a string or an array of items.", param="input")
        reader.top(tree)
    except RecursionError:
        raise BadRequest("too_deep", "The body is nested too deeply. Send a flatter document.") from None
    for what, name in ((reader.offered, "tools"), (reader.called, "input")):
        if len(what) > MOST_TOOLS:
            raise BadRequest("too_many_tools", f"{name} may name at most {MOST_TOOLS} tools.", param=name)
    return Envelope(
        dialect=NAME,
        operation=OPERATION,
        body=body,
        document=tree,
        original_model=model,
        stream=bool(stream),
        parts=tuple(reader.parts),
        unscannable=tuple(reader.unscannable),
        rest=frozenset(reader.rest),
        tools_offered=bool(reader.offered or tree.get("tools")),
        tools=frozenset(reader.offered),
        tools_called=frozenset(reader.called),
        capabilities=frozenset(reader.capabilities),
        structured=_asks_for_json(tree.get("text")),
        conversation=_conversation(tree.get("conversation")) or reader.conversation,
        has_history=reader.has_history or any(tree.get(key) for key in _HAPPENED),
        kept=kept.named(tree),
    )


def _conversation(given: Any) -> str:
    found = given.get("id") if isinstance(given, dict) else given
    return found if isinstance(found, str) else ""


def _asks_for_json(text: Any) -> bool:
    wanted = text.get("format") if isinstance(text, dict) else None
    return isinstance(wanted, dict) and wanted.get("type") in ("json_object", "json_schema")


def unstored(body: bytes) -> bytes:
    """`body`, which says nothing about `store`, with the demand that nothing be stored."""
    begun = body.index(b"{") + 1
    return body[:begun] + b'"store":false,' + body[begun:]


def with_model(body: bytes, model: str) -> bytes:
    """The client's own bytes with another model's name."""
    return document.splice_string(body, "model", model)
