"""The items that a conversation is made of: which fields each has, and where what it says stands."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from tidegate.core.values.envelope import Position

TEXTS = frozenset(("input_text", "output_text", "text", "summary_text", "reasoning_text", "refusal"))
"""Kinds of pieces that are text and nothing else."""

ROLES: Mapping[str, Position] = MappingProxyType(
    {
        "system": Position.SYSTEM,
        "developer": Position.SYSTEM,
        "user": Position.USER,
        "assistant": Position.ASSISTANT,
        "tool": Position.TOOL_RESULT,
    }
)


class Item(NamedTuple):
    """`fields`: those that the dialect has for it, beside `type`. `history`: it shows that the model has spoken."""

    position: Position
    fields: frozenset[str]
    history: bool = True


def _item(position: Position, fields: str, *, history: bool = True) -> Item:
    return Item(position, frozenset(("id", "status", "call_id", *fields.split())), history)


_CALL, _RESULT, _SAID = Position.TOOL_CALL, Position.TOOL_RESULT, Position.ASSISTANT
MESSAGE = _item(Position.USER, "role content phase", history=False)
ITEMS: Mapping[str, Item] = MappingProxyType(
    {
        "message": MESSAGE,
        "reasoning": _item(_SAID, "summary content encrypted_content"),
        "function_call": _item(_CALL, "name namespace arguments caller async"),
        "function_call_output": _item(_RESULT, "output name namespace caller"),
        "custom_tool_call": _item(_CALL, "name namespace input caller async"),
        "custom_tool_call_output": _item(_RESULT, "output caller"),
        "local_shell_call": _item(_CALL, "action"),
        "local_shell_call_output": _item(_RESULT, "output"),
        "shell_call": _item(_CALL, "action environment caller created_by max_output_length"),
        "shell_call_output": _item(_RESULT, "output caller created_by max_output_length"),
        "apply_patch_call": _item(_CALL, "operation caller created_by"),
        "apply_patch_call_output": _item(_RESULT, "output caller created_by"),
        "computer_call": _item(_CALL, "action actions pending_safety_checks"),
        "computer_call_output": _item(_RESULT, "output acknowledged_safety_checks"),
        "web_search_call": _item(_CALL, "action"),
        "file_search_call": _item(_CALL, "queries results"),
        "code_interpreter_call": _item(_CALL, "code container_id outputs"),
        "image_generation_call": _item(
            _CALL, "result revised_prompt action background output_format quality size error"
        ),
        "mcp_list_tools": _item(Position.TOOL_DEFINITION, "server_label tools error"),
        "mcp_call": _item(_CALL, "name arguments server_label output error approval_request_id"),
        "mcp_approval_request": _item(_CALL, "name arguments server_label"),
        "mcp_approval_response": _item(_RESULT, "approval_request_id approve reason"),
        "tool_search_call": _item(_CALL, "arguments execution"),
        "tool_search_output": _item(Position.TOOL_DEFINITION, "tools execution"),
        "additional_tools": _item(Position.TOOL_DEFINITION, "role tools", history=False),
        "compaction": _item(_SAID, "encrypted_content created_by"),
        "compaction_trigger": _item(_SAID, "", history=False),
        "item_reference": _item(_SAID, ""),
    }
)

NAMED = frozenset(("function_call", "custom_tool_call", "mcp_call", "mcp_approval_request"))
"""Calls that say which tool they call; any other one is called as its kind is."""

WITH_NAMES = NAMED | {"function_call_output"}
"""Items that name a tool."""

JSON_FIELDS = frozenset((
    ("function_call", "arguments"),
    ("mcp_call", "arguments"),
    ("mcp_approval_request", "arguments"),
))  # fmt: skip
"""Fields whose strings are JSON texts."""

UNSEEN = frozenset((("image_generation_call", "result"), ("computer_call_output", "output")))
"""Fields that hold a picture, in base64 or by address."""


def kind_of(item: Mapping[str, object]) -> str:
    """A message may leave its kind out, and so may a reference."""
    kind = item.get("type")
    if isinstance(kind, str):
        return kind
    return "message" if "role" in item or "content" in item else "item_reference"


def called(item: Mapping[str, object], kind: str) -> object:
    """The tool that an item calls, by name; None where it is no call."""
    if kind in NAMED:
        return item.get("name") or ""
    return kind.removesuffix("_call") if kind.endswith("_call") else None
