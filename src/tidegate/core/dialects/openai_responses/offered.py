"""The tools that a request offers: whose they are, and what they are called."""

from collections.abc import Iterator
from typing import Any

from tidegate.core.dialects.asked import capabilities_in_tools, tool_name
from tidegate.core.values import capabilities as known

_CLIENT_S = frozenset(("local_shell", "apply_patch", "computer", "computer_use_preview", "computer-preview"))
"""What the client does itself, although the provider says how it is called."""
_DEPTH = 3


def each_tool(tools: object, depth: int = _DEPTH) -> Iterator[dict[str, Any]]:
    """Those of a list, and those that stand in a namespace of it."""
    for tool in tools if isinstance(tools, list) else ():
        if not isinstance(tool, dict):
            continue
        if tool.get("type") == "namespace" and depth:
            yield from each_tool(tool.get("tools"), depth - 1)
        else:
            yield tool


def names(tools: object) -> set[str]:
    return {tool_name(tool.get("name") or tool.get("type")) for tool in each_tool(tools)}


def capabilities(tools: object) -> set[str]:
    """What tools ask of the provider that runs them itself."""
    found: set[str] = set()
    for tool in each_tool(tools):
        kind = tool.get("type")
        if kind == "shell":
            found |= set() if _is_local(tool.get("environment")) else {known.CONTAINERS}
        elif isinstance(kind, str) and kind in _CLIENT_S:
            continue
        elif kind != "tool_search" or tool.get("execution") != "client":
            found |= capabilities_in_tools([tool])
    return found


def _is_local(environment: object) -> bool:
    return isinstance(environment, dict) and environment.get("type") == "local"
