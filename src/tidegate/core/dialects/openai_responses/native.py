"""Tools of the dialect's own that the client runs: said as functions where the other side knows no such thing.

Their names, what they take, and how a call of one is an item here and JSON arguments there.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson

from tidegate.core.dialects.document import loads


class Native(NamedTuple):
    """`holder`: the item's field that stands for the arguments. `fixed`: what it holds beside them."""

    name: str
    description: str
    schema: dict[str, Any]
    holder: str
    fixed: Mapping[str, Any] = MappingProxyType({})

    @property
    def call(self) -> str:
        """The kind of the items that call it."""
        return f"{self.name}_call"


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_NUMBER = {"type": "integer"}

NATIVE: Mapping[str, Native] = MappingProxyType(
    {
        each.name: each
        for each in (
            Native(
                "local_shell",
                "Runs a command on the user's machine. `command` is the program and its arguments, one each.",
                _object(["command"], command=_TEXTS, working_directory=_TEXT, timeout_ms=_NUMBER, user=_TEXT),
                "action",
                MappingProxyType({"type": "exec", "env": {}}),
            ),
            Native(
                "shell",
                "Runs shell commands on the user's machine, each a line as one would type it.",
                _object(["commands"], commands=_TEXTS, timeout_ms=_NUMBER, max_output_length=_NUMBER),
                "action",
            ),
            Native(
                "apply_patch",
                "Changes one file: creates it, updates it by a diff, or deletes it.",
                _object(
                    ["type", "path"],
                    type={"type": "string", "enum": ["create_file", "update_file", "delete_file"]},
                    path=_TEXT,
                    diff=_TEXT,
                ),
                "operation",
            ),
        )
    }
)
BY_CALL: Mapping[str, Native] = MappingProxyType({each.call: each for each in NATIVE.values()})


def arguments_of(native: Native, item: Mapping[str, Any]) -> str:
    """A call's item as the arguments of a function."""
    held = item.get(native.holder)
    told = {key: value for key, value in held.items() if value is not None} if isinstance(held, dict) else {}
    return orjson.dumps(
        {k: v for k, v in told.items() if k not in native.fixed or k in native.schema["properties"]}
    ).decode()


def held_by(native: Native, arguments: str) -> dict[str, Any]:
    """Arguments of a function as what an item of the call holds."""
    try:
        told = loads(arguments or "{}")
    except orjson.JSONDecodeError:
        told = {}
    return {**native.fixed, **(told if isinstance(told, dict) else {})}


def offered(tools: object) -> Mapping[str, Native]:
    """Those that a request offers, by name."""
    kinds = [tool.get("type") for tool in tools if isinstance(tool, dict)] if isinstance(tools, list) else []
    return {kind: NATIVE[kind] for kind in kinds if isinstance(kind, str) and kind in NATIVE}
