"""What requests ask for beside text, in words that are the same in every dialect: tools by name, and capabilities."""

import re
from collections.abc import Mapping
from typing import Any

from tidegate.core.values import capabilities as known
from tidegate.core.values.errors import BadRequest
from tidegate.core.values.facts import ODD_NAME

MOST_TOOLS = 256

_NAME = re.compile(r"[a-z0-9_.:/-]{1,128}", re.ASCII)
_ADDRESS = re.compile(r"\s*[a-z][a-z0-9+.-]*://", re.IGNORECASE | re.ASCII)  # one pass, nothing to go back to

# Fields whose presence asks for something, at the top of a request and in its messages.
CAPABILITY_OF_FIELD: Mapping[str, str] = {
    "store": known.STORED_RESPONSES,
    "background": known.STORED_RESPONSES,
    "audio": known.STORED_RESPONSES,  # of a message: an answer that the provider has kept
    "previous_response_id": known.CONVERSATIONS,
    "conversation": known.CONVERSATIONS,
    "conversation_id": known.CONVERSATIONS,
    "thread_id": known.CONVERSATIONS,
    "session_id": known.CONVERSATIONS,
    "file_ids": known.FILES,
    "files": known.FILES,
    "attachments": known.FILES,
    "tool_resources": known.FILES,
    "container": known.CONTAINERS,
    "batch": known.BATCH,
    "prompt_cache_key": known.LONG_CACHES,
    "prompt_cache_retention": known.LONG_CACHES,
    "cache_control": known.LONG_CACHES,
    "cached_content": known.LONG_CACHES,
    "web_search_options": known.WEB_SEARCH,
    "search_parameters": known.WEB_SEARCH,
    "plugins": known.PROVIDER_TOOLS,
    "mcp_servers": known.REMOTE_MCP,
}

# The client runs these itself; whatever else a provider offers runs there.
_CLIENT_TOOLS = frozenset((None, "function", "custom"))
# How a provider's own tool is called begins so; any other one is just that.
_TOOL_KINDS = (
    ("web_search", known.WEB_SEARCH),
    ("mcp", known.REMOTE_MCP),
    ("code_interpreter", known.CONTAINERS),
    ("code_execution", known.CONTAINERS),
    ("file_search", known.FILES),
    ("web_fetch", known.FETCHED_URLS),
    ("url_context", known.FETCHED_URLS),
)


def tool_name(name: object) -> str:
    """As policy knows it: in lower case. One that is missing, or not spelt as names of tools are, is ODD_NAME."""
    lower = name.lower() if isinstance(name, str) else ""
    return lower if _NAME.fullmatch(lower) else ODD_NAME


def name_in(tool: object) -> str:
    """The name of a tool, or of a call of one, wherever its kind keeps it."""
    if not isinstance(tool, dict):
        return ODD_NAME
    inner = next((tool[kind] for kind in ("function", "custom") if isinstance(tool.get(kind), dict)), tool)
    kind = tool.get("type")
    return tool_name(inner.get("name") or (None if _is_the_client_s(kind) else kind))


def names_in(tools: object) -> set[str]:
    """Of a list of tools. Raises BadRequest beyond MOST_TOOLS."""
    if not isinstance(tools, list):
        return {ODD_NAME}
    found = {name_in(tool) for tool in tools}
    if len(found) > MOST_TOOLS:
        raise BadRequest("too_many_tools", f"A request may offer at most {MOST_TOOLS} tools.", param="tools")
    return found


def capabilities_in_tools(tools: object) -> set[str]:
    """What tools ask of the provider that runs them itself."""
    kinds = [tool.get("type") for tool in tools if isinstance(tool, dict)] if isinstance(tools, list) else []
    return {_of_kind(kind) for kind in kinds if not _is_the_client_s(kind)}


def capabilities_in_piece(piece: object) -> set[str]:
    """What a piece of a message that is no text points to: addresses to be fetched, files that lie there already."""
    found: set[str] = set()
    waiting: list[tuple[str, Any]] = [("", piece)]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.items())
        elif isinstance(value, list):
            waiting.extend((key, one) for one in value)
        elif isinstance(value, str):
            if key in ("file_id", "id"):
                found.add(known.FILES)
            elif _ADDRESS.match(value):
                found.add(known.FETCHED_URLS)
        if key in CAPABILITY_OF_FIELD and value is not None:
            found.add(CAPABILITY_OF_FIELD[key])
    return found


def _is_the_client_s(kind: object) -> bool:
    return kind is None or (isinstance(kind, str) and kind in _CLIENT_TOOLS)


def _of_kind(kind: object) -> str:
    if isinstance(kind, str):
        return next((found for begin, found in _TOOL_KINDS if kind.startswith(begin)), known.PROVIDER_TOOLS)
    return known.PROVIDER_TOOLS
