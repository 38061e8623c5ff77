"""Where targets are reached: providers' usual places, and URLs in one form."""

from typing import NamedTuple
from urllib.parse import urlsplit

from tidegate.config.clouds import bedrock_root, vertex_host, vertex_root
from tidegate.config.declaration import TargetTable
from tidegate.config.hosts import is_nobody, split_authority

USUAL: dict[str, str] = {
    "ollama": "http://127.0.0.1:11434",
    "lmstudio": "http://127.0.0.1:1234",
    "llamacpp": "http://127.0.0.1:8080",
    "vllm": "http://127.0.0.1:8000",
    "openai": "https://api.openai.com",
    "anthropic": "https://api.anthropic.com",
    "deepseek": "https://api.deepseek.com",
    "gemini": "https://generativelanguage.googleapis.com",
    "groq": "https://api.groq.com/openai",
    "mistral": "https://api.mistral.ai",
    "openrouter": "https://openrouter.ai/api",
    "xai": "https://api.x.ai",
}
EMBEDDED_MODEL = "tidegate-tiny"
"""What the engine calls the model in the package."""
OWN_CLOUD = frozenset(
    {
        "openai",
        "anthropic",
        "azure",
        "azure-ai",
        "bedrock",
        "deepseek",
        "gemini",
        "groq",
        "mistral",
        "openrouter",
        "vertex",
        "xai",
    }
)
"""Providers that are one company's service: their usual place lies behind no local boundary."""

KEYLESS = frozenset({"bedrock", "vertex"})
"""Clouds that can be shown something else than a key."""
API_VERSIONS = {"azure-ai": "2024-05-01-preview"}
"""Where nothing is answered without a version of the API: the one that is asked for if none is configured."""
# What people write at the end of a URL, and each dialect's own path begins with.
_ENDINGS: dict[str, tuple[str, ...]] = {
    "openai-compatible": (),
    "azure": ("/v1", "/openai"),
    "azure-ai": ("/models",),
    "gemini": ("/v1beta", "/v1"),
    "vertex": ("/v1beta1", "/v1"),
}


class Place(NamedTuple):
    scheme: str
    host: str
    port: int | None
    path: str

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = f":{self.port}" if self.port is not None else ""
        return f"{self.scheme}://{host}{port}{self.path}"


def parse(url: str) -> Place:
    """ValueError says what is wrong, without repeating the URL: it may hold a password."""
    if not url.isascii() or any(character.isspace() or character == "\\" for character in url):
        raise ValueError("a URL holds neither spaces nor special characters; write them percent-encoded")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        raise ValueError("a URL starts with http:// or https://")
    if "@" in parts.netloc:
        raise ValueError('a URL holds no user and password; put the secret where api_key = "env:NAME" finds it')
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise ValueError("a URL ends with its path, without ? and #")
    try:
        host, port = split_authority(parts.netloc)
    except ValueError:
        raise ValueError("the host in the URL is none; write http://HOST:PORT") from None
    if is_nobody(host):
        raise ValueError("the address in the URL belongs to no single host; write the host's own")
    if any(segment in (".", "..") for segment in parts.path.split("/")):
        raise ValueError("the path in the URL goes up; write where it leads")
    return Place(parts.scheme, host, port, parts.path.rstrip("/"))


def endpoint(table: TargetTable) -> str:
    """The server's root, without a trailing slash; of an `openai-compatible` one the version's path is part of it.
    Empty for `embedded`, whose port is chosen at start.
    """
    if table.provider == "embedded":
        return ""
    place = parse(table.url or usual(table))
    path = place.path
    for ending in _ENDINGS.get(table.provider, ("/v1",)):
        path = path.removesuffix(ending)
    root = str(place._replace(path=path))
    if table.provider == "vertex":
        return vertex_root(root, table.project or "", table.location or "", table.api_version or "")
    return root


def usual(table: TargetTable) -> str:
    """The provider's usual place; empty where it has none."""
    if table.provider == "bedrock":
        return bedrock_root(table.region) if table.region else ""
    if table.provider == "vertex":
        return vertex_host(table.location or "")
    return USUAL.get(table.provider, "")
