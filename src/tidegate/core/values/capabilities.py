"""What a request can ask a provider to do beyond answering: each keeps data there, or moves it on to somebody else.

A contract agrees to them one by one; what it does not name is not agreed.
"""

STORED_RESPONSES = "stored-responses"
CONVERSATIONS = "conversations"
STORED_PROMPTS = "stored-prompts"
SEALED_REASONING = "sealed-reasoning"
FILES = "files"
CONTAINERS = "containers"
BATCH = "batch"
LONG_CACHES = "long-caches"
PROVIDER_TOOLS = "provider-tools"
WEB_SEARCH = "web-search"
REMOTE_MCP = "remote-mcp"
FETCHED_URLS = "fetched-urls"

CAPABILITIES: tuple[str, ...] = (
    STORED_RESPONSES,
    CONVERSATIONS,
    STORED_PROMPTS,
    SEALED_REASONING,
    FILES,
    CONTAINERS,
    BATCH,
    LONG_CACHES,
    PROVIDER_TOOLS,
    WEB_SEARCH,
    REMOTE_MCP,
    FETCHED_URLS,
)
