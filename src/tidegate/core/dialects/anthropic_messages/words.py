"""The words of the API: what each block may hold, which tools run where, and what a beta turns on."""

from collections.abc import Mapping
from types import MappingProxyType

from tidegate.core.values import capabilities as known
from tidegate.core.values.envelope import Position

NAME = "anthropic.messages"

TOP = frozenset(
    (
        "model",
        "messages",
        "max_tokens",
        "stream",
        "system",
        "temperature",
        "top_p",
        "top_k",
        "stop_sequences",
        "tools",
        "tool_choice",
        "thinking",
        "metadata",
        "service_tier",
        "speed",
        "output_config",
        "output_format",
        "cache_control",
        "context_management",
        "compaction",
    )
)
"""Fields of a request that a provider needs, and which keep or move nothing."""

ASKS: Mapping[str, str] = MappingProxyType(
    {"container": known.CONTAINERS, "mcp_servers": known.REMOTE_MCP, "thread": known.CONVERSATIONS}
)
"""Fields of a request that ask for something beyond an answer; policy knows them by that."""

POSITIONS: Mapping[str, Position] = MappingProxyType(
    {
        "system": Position.SYSTEM,
        "tools": Position.TOOL_DEFINITION,
        "tool_choice": Position.TOOL_DEFINITION,
        "mcp_servers": Position.TOOL_DEFINITION,
        "output_config": Position.SCHEMA,
        "output_format": Position.SCHEMA,
        "metadata": Position.METADATA,
    }
)

ROLES: Mapping[str, Position] = MappingProxyType(
    {"user": Position.USER, "assistant": Position.ASSISTANT, "system": Position.SYSTEM}
)
MESSAGE = frozenset(("role", "content", "clear_at", "output_config"))

_RESULT = frozenset(("tool_use_id", "content", "is_error", "toolset_name", "caller"))
_CALL = frozenset(("id", "name", "input", "caller", "toolset_name", "server_name"))

BLOCKS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "text": frozenset(("text", "citations")),
        "thinking": frozenset(("thinking", "signature")),
        "redacted_thinking": frozenset(("data",)),
        "compaction": frozenset(("content", "encrypted_content", "signature", "tool_changes")),
        "document": frozenset(("source", "title", "context", "citations")),
        "image": frozenset(("source", "transformations")),
        "search_result": frozenset(("source", "title", "content", "citations")),
        "container_upload": frozenset(("file_id",)),
        "tool_reference": frozenset(("tool_name",)),
        "tool_use": _CALL,
        "server_tool_use": _CALL,
        "mcp_tool_use": _CALL,
        "tool_result": _RESULT,
        "mcp_tool_result": _RESULT,
        "web_search_tool_result": _RESULT,
        "web_search_result": frozenset(("url", "title", "encrypted_content", "page_age")),
        "web_fetch_tool_result": _RESULT,
        "web_fetch_result": frozenset(("url", "content", "retrieved_at")),
        "code_execution_tool_result": _RESULT,
        "code_execution_result": frozenset(("stdout", "stderr", "return_code", "content")),
        "encrypted_code_execution_result": frozenset(("encrypted_stdout", "stderr", "return_code", "content")),
        "bash_code_execution_tool_result": _RESULT,
        "bash_code_execution_result": frozenset(("stdout", "stderr", "return_code", "content")),
        "text_editor_code_execution_tool_result": _RESULT,
        "text_editor_code_execution_view_result": frozenset(
            ("content", "file_type", "num_lines", "start_line", "total_lines")
        ),
        "text_editor_code_execution_create_result": frozenset(("is_file_update",)),
        "text_editor_code_execution_str_replace_result": frozenset(
            ("lines", "new_lines", "new_start", "old_lines", "old_start")
        ),
        "tool_search_tool_result": _RESULT,
        "tool_search_tool_search_result": frozenset(("tool_references",)),
        "advisor_tool_result": _RESULT,
        "advisor_result": frozenset(("text",)),
        **dict.fromkeys(
            (
                "web_search_tool_result_error",
                "web_fetch_tool_result_error",
                "code_execution_tool_result_error",
                "bash_code_execution_tool_result_error",
                "text_editor_code_execution_tool_result_error",
                "tool_search_tool_result_error",
                "advisor_tool_result_error",
            ),
            frozenset(("error_code", "error_message")),
        ),
    }
)
"""Fields of each kind of block, beside `type` and `cache_control`."""

CALLS = frozenset(("tool_use", "server_tool_use", "mcp_tool_use"))
SEEN_SOURCES: Mapping[str, frozenset[str]] = MappingProxyType(
    {"text": frozenset(("type", "media_type", "data")), "content": frozenset(("type", "content"))}
)
"""Sources of a document that are text, with their fields; nobody looks into any other."""

CACHE = frozenset(("type", "ttl"))
EDITS = ("clear_tool_uses_", "clear_thinking_", "compact_")
"""How edits of the context begin that only leave out or shorten what the request itself brings."""

OPAQUE = frozenset(("signature", "data", "encrypted_content", "encrypted_index", "encrypted_stdout"))
"""What only the provider itself can read, in answers."""

# The model calls them by schemas of Anthropic's, and whoever sent the request runs them.
_CLIENT_TOOLS = ("bash_", "text_editor_", "computer_", "memory_", "browser_toolset_")

_HARMLESS_BETAS = (
    "claude-code-",
    "compact-",
    "computer-use-",
    "context-1m-",
    "context-management-",
    "dev-full-thinking-",
    "effort-",
    "fast-mode-",
    "fine-grained-tool-streaming-",
    "inline-tools-",
    "interleaved-thinking-",
    "mid-conversation-",
    "model-context-window-exceeded-",
    "output-128k-",
    "output-300k-",
    "pdfs-",
    "prompt-caching-",
    "redact-thinking-",
    "structured-outputs-",
    "task-budgets-",
    "thinking-binding-controls-",
    "thinking-display-updates-",
    "thinking-token-count-",
    "token-counting-",
    "token-efficient-tools-",
    "tool-examples-",
)
"""Betas that change how a model reads or answers. What of them could keep something is a field or a tool as well, and
found there: a context is edited by `context_management`, and the memory tool is run by the client.
"""
_ASKING_BETAS: tuple[tuple[str, str], ...] = (
    ("advanced-tool-use-", known.PROVIDER_TOOLS),
    ("advisor-tool-", known.PROVIDER_TOOLS),
    ("agent-memory-", known.STORED_RESPONSES),
    ("code-execution-", known.CONTAINERS),
    ("dreaming-", known.STORED_RESPONSES),
    ("extended-cache-ttl-", known.LONG_CACHES),
    ("files-api-", known.FILES),
    ("managed-agents-", known.CONVERSATIONS),
    ("mcp-client-", known.REMOTE_MCP),
    ("mcp-servers-", known.REMOTE_MCP),
    ("mcp-tunnels-", known.REMOTE_MCP),
    ("message-batches-", known.BATCH),
    ("message-threads-", known.CONVERSATIONS),
    ("search-results-", known.PROVIDER_TOOLS),
    ("skills-", known.CONTAINERS),
    ("tool-search-tool-", known.PROVIDER_TOOLS),
    ("web-fetch-", known.FETCHED_URLS),
    ("web-search-", known.WEB_SEARCH),
)


def runs_at_the_client(kind: object) -> bool:
    """Whether a tool of that `type` is called by the model and run by whoever sent the request."""
    return kind is None or (isinstance(kind, str) and (kind == "custom" or kind.startswith(_CLIENT_TOOLS)))


def asked_by_beta(beta: str) -> str | None:
    """The capability that a beta turns on, empty for none; None for a beta that nobody here knows."""
    if beta.startswith(_HARMLESS_BETAS):
        return ""
    return next((asked for begin, asked in _ASKING_BETAS if beta.startswith(begin)), None)
