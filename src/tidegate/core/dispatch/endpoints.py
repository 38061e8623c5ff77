"""Where each provider answers which dialect, and how it wants to be called there."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import quote

from tidegate.core.values.target import Target

Header = tuple[str, str]


class Endpoint(NamedTuple):
    """`path` follows the target's url; `{model}` in it stands for the model's name. `stream_path`: where streams are
    asked elsewhere. `headers` go along with every request.
    """

    path: str
    stream_path: str = ""
    headers: tuple[Header, ...] = ()

    def url(self, target: Target, *, stream: bool) -> str:
        path = (self.stream_path or self.path) if stream else self.path
        return target.url + (path.replace("{model}", quote(target.model, safe="")) if "{" in path else path)


Endpoints = Mapping[str, Endpoint]
"""By the dialect's name, in order of preference: the first of an operation is what other dialects are crossed to."""

_OPENAI: Endpoints = {
    "openai.chat": Endpoint("/v1/chat/completions"),
    "openai.embeddings": Endpoint("/v1/embeddings"),
}
_COMPATIBLE: Endpoints = {
    "openai.chat": Endpoint("/chat/completions"),
    "openai.embeddings": Endpoint("/embeddings"),
}
# Of the other APIs that it offers none can set the size of the context, or say how long a model stays in memory.
_OLLAMA: Endpoints = {
    "ollama.chat": Endpoint("/api/chat"),
    "ollama.generate": Endpoint("/api/generate"),
    "ollama.embed": Endpoint("/api/embed"),
    "ollama.embeddings": Endpoint("/api/embeddings"),
}

ENDPOINTS: Mapping[str, Endpoints] = MappingProxyType(
    {
        "embedded": _OPENAI,
        "ollama": _OLLAMA,
        "lmstudio": _OPENAI,
        "llamacpp": _OPENAI,
        "vllm": _OPENAI,
        "openai": _OPENAI,
        "openai-compatible": _COMPATIBLE,
    }
)

OPERATIONS: Mapping[str, str] = MappingProxyType(
    {
        "openai.chat": "chat",
        "openai.embeddings": "embeddings",
        "ollama.chat": "chat",
        "ollama.generate": "chat",
        "ollama.embed": "embeddings",
        "ollama.embeddings": "embeddings",
        "gemini.embeddings": "embeddings",
    }
)


def understood_by(target: Target, dialect: str, operation: str) -> str:
    """The dialect in which a target is best asked by a client that speaks `dialect`; empty where it has none for that
    operation.
    """
    offered = ENDPOINTS[target.provider]
    if dialect in offered:
        return dialect
    return next((each for each in offered if OPERATIONS[each] == operation), "")
