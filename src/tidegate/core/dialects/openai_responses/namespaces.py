"""Names of tools that stand in a namespace, as one word where the other side knows no namespaces."""

from typing import Any

_BETWEEN = "__"


def joined(namespace: str, name: str) -> str:
    return f"{namespace}{_BETWEEN}{name}" if namespace else name


def apart(tools: object) -> dict[str, tuple[str, str]]:
    """Joined names of the tools that a request offers in namespaces -> (namespace, name)."""
    found: dict[str, tuple[str, str]] = {}
    for space in tools if isinstance(tools, list) else ():
        if isinstance(space, dict) and space.get("type") == "namespace":
            found |= _within(space)
    return found


def _within(space: dict[str, Any]) -> dict[str, tuple[str, str]]:
    inside, name = space.get("tools"), space.get("name")
    names = [tool.get("name") for tool in inside if isinstance(tool, dict)] if isinstance(inside, list) else []
    return {joined(str(name), each): (str(name), each) for each in names if isinstance(each, str)}
