"""Where each provider answers which dialect, and how it wants to be called there."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import quote

from tidegate.core.values.target import Target

Header = tuple[str, str]


class Endpoint(NamedTuple):
    """`path` follows the target's url; `{model}` in it stands for the model's name. `stream_path`: where streams are
    asked elsewhere. `dated_path`: where it is asked once an API's version is configured. `headers` go along with every
    request; `streams` is the media type that streams come in.
    """

    path: str
    stream_path: str = ""
    headers: tuple[Header, ...] = ()
    dated_path: str = ""
    streams: str = "text/event-stream"

    def url(self, target: Target, *, stream: bool) -> str:
        path = (self.stream_path or self.path) if stream else self.path
        if self.dated_path and target.access.api_version:
            path = f"{self.dated_path}?api-version={quote(target.access.api_version, safe='')}"
        return target.url + (path.replace("{model}", quote(target.model, safe="")) if "{" in path else path)


Endpoints = Mapping[str, Endpoint]
"""By the dialect's name, in order of preference: the first of an operation is what other dialects are crossed to."""

_OPENAI: Endpoints = {
    "openai.chat": Endpoint("/v1/chat/completions"),
    "openai.responses": Endpoint("/v1/responses"),
    "openai.completions": Endpoint("/v1/completions"),
    "openai.embeddings": Endpoint("/v1/embeddings"),
}
_COMPATIBLE: Endpoints = {
    "openai.chat": Endpoint("/chat/completions"),
    "openai.responses": Endpoint("/responses"),
    "openai.completions": Endpoint("/completions"),
    "openai.embeddings": Endpoint("/embeddings"),
}
# Of the other APIs that it offers none can set the size of the context, or say how long a model stays in memory.
_OLLAMA: Endpoints = {
    "ollama.chat": Endpoint("/api/chat"),
    "ollama.generate": Endpoint("/api/generate"),
    "ollama.embed": Endpoint("/api/embed"),
    "ollama.embeddings": Endpoint("/api/embeddings"),
}

# Runtimes that offer this API beside their own; of some only the first half is documented.
_MESSAGES: Endpoints = {"anthropic.messages": Endpoint("/v1/messages")}
_COUNTED: Endpoints = {**_MESSAGES, "anthropic.count_tokens": Endpoint("/v1/messages/count_tokens")}
_VERSION = (("anthropic-version", "2023-06-01"),)
_ANTHROPIC: Endpoints = {name: endpoint._replace(headers=_VERSION) for name, endpoint in _COUNTED.items()}
_CHAT: Endpoints = {"openai.chat": Endpoint("/v1/chat/completions")}
_MISTRAL: Endpoints = {**_CHAT, "openai.embeddings": Endpoint("/v1/embeddings")}
_OPENROUTER: Endpoints = {**_MISTRAL, "openai.responses": Endpoint("/v1/responses")}
_XAI: Endpoints = {**_CHAT, "openai.responses": Endpoint("/v1/responses")}
_AZURE: Endpoints = {
    "openai.chat": Endpoint("/openai/v1/chat/completions", dated_path="/openai/deployments/{model}/chat/completions"),
    "openai.responses": Endpoint("/openai/v1/responses"),
    "openai.embeddings": Endpoint("/openai/v1/embeddings", dated_path="/openai/deployments/{model}/embeddings"),
}
# The inference API of Azure AI: one address for models of many makers, never without a version.
_AZURE_AI: Endpoints = {
    "openai.chat": Endpoint("/models/chat/completions", dated_path="/models/chat/completions"),
    "openai.embeddings": Endpoint("/models/embeddings", dated_path="/models/embeddings"),
}
_BEDROCK: Endpoints = {
    "bedrock.converse": Endpoint(
        "/model/{model}/converse", "/model/{model}/converse-stream", streams="application/vnd.amazon.eventstream"
    ),
}
_GEMINI: Endpoints = {
    "gemini.generate": Endpoint(
        "/v1beta/models/{model}:generateContent", "/v1beta/models/{model}:streamGenerateContent?alt=sse"
    ),
    "gemini.embeddings": Endpoint("/v1beta/models/{model}:batchEmbedContents"),
}
_VERTEX: Endpoints = {
    "gemini.generate": Endpoint(
        "/publishers/google/models/{model}:generateContent",
        "/publishers/google/models/{model}:streamGenerateContent?alt=sse",
    ),
}

ENDPOINTS: Mapping[str, Endpoints] = MappingProxyType(
    {
        "embedded": {**_OPENAI, **_COUNTED},
        "ollama": _OLLAMA,
        "lmstudio": {**_OPENAI, **_MESSAGES},
        "llamacpp": {**_OPENAI, **_COUNTED},
        "vllm": {**_OPENAI, **_MESSAGES},
        "openai": _OPENAI,
        "openai-compatible": _COMPATIBLE,
        "anthropic": _ANTHROPIC,
        "azure": _AZURE,
        "azure-ai": _AZURE_AI,
        "bedrock": _BEDROCK,
        "deepseek": {"openai.chat": Endpoint("/chat/completions"), "openai.responses": Endpoint("/responses")},
        "gemini": _GEMINI,
        "groq": _CHAT,
        "mistral": _MISTRAL,
        "openrouter": _OPENROUTER,
        "vertex": _VERTEX,
        "xai": _XAI,
    }
)

# llama.cpp numbers neither the items nor the events of its responses, and the official client fails on that. Runtimes
# translate messages to chats themselves; what they do not know is lost there without a word (a schema, at llama.cpp).
ON_REQUEST: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "openai-compatible": frozenset(("openai.responses",)),
        "llamacpp": frozenset(("openai.responses", "anthropic.messages")),
        "embedded": frozenset(("openai.responses", "anthropic.messages")),
        "lmstudio": frozenset(("anthropic.messages",)),
        "vllm": frozenset(("anthropic.messages",)),
    }
)
"""What a provider's servers do not all have, or not well: a target says under `dialects` that it wants it."""

OPERATIONS: Mapping[str, str] = MappingProxyType(
    {
        "openai.chat": "chat",
        "openai.responses": "chat",
        "openai.completions": "chat",
        "openai.embeddings": "embeddings",
        "anthropic.messages": "chat",
        "anthropic.count_tokens": "count_tokens",
        "ollama.chat": "chat",
        "ollama.generate": "chat",
        "ollama.embed": "embeddings",
        "ollama.embeddings": "embeddings",
        "gemini.embeddings": "embeddings",
        "gemini.generate": "chat",
        "bedrock.converse": "chat",
    }
)


def always_sent(provider: str) -> Sequence[Header]:
    """Headers without which a provider answers nothing, whatever it is asked."""
    return next((endpoint.headers for endpoint in ENDPOINTS[provider].values()), ())


def offered_by(target: Target) -> Sequence[str]:
    """The dialects that a target is asked in, best first."""
    return _offered(target.provider, target.dialects)


def _offered(provider: str, said: tuple[str, ...]) -> Sequence[str]:
    """`said`: what the target is declared to understand."""
    if said:
        return said
    rare = ON_REQUEST.get(provider, ())
    return [each for each in ENDPOINTS[provider] if each not in rare]


def understood_by(target: Target, dialect: str, operation: str) -> str:
    """The dialect in which a target is best asked by a client that speaks `dialect`; empty where it has none for that
    operation.
    """
    return _understood(target.provider, target.dialects, dialect, operation)


@lru_cache(maxsize=1024)
def _understood(provider: str, said: tuple[str, ...], dialect: str, operation: str) -> str:
    offered = _offered(provider, said)
    if dialect in offered:
        return dialect
    return next((each for each in offered if OPERATIONS[each] == operation), "")
