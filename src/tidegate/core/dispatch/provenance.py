"""Local means local: a model runs where its target says, or its target gets nothing.

An Ollama on this machine answers also for models that run on its maker's servers (`remote_host` and `remote_model` in
docs/api.md, "List Local Models" and "Show Model Information"), and `ollama pull` can turn one into the other. The seal
sees the address that bytes go to, never where that server sends them on.
"""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import orjson

from tidegate.core.values.target import Target

TAGS = "/api/tags"
MOST_BYTES = 4 * 1024 * 1024

_ASKED = frozenset(("ollama",))
_NAMED = frozenset(("ollama", "openai-compatible"))
"""Behind an OpenAI-compatible URL there may be an Ollama as well."""
_REMOTE_NAMES = ("-cloud", ":cloud")
_PRINTABLE = re.compile(r"[A-Za-z0-9._:/@\[\]-]{1,120}", re.ASCII)
_NOTHING: Mapping[str, Any] = MappingProxyType({})
# Names under which clouds serve models that nobody can run at home.
_CLOUD_NAMES = re.compile(
    r"(?:openai/|anthropic/|google/|x-ai/|mistralai?/)?"
    r"(?:gpt-[345]|chatgpt|o[134](?:-|$)|claude-|gemini-|grok-|mistral-(?:large|medium|small)-latest|deepseek-(?:chat|reasoner)$)",
    re.IGNORECASE,
)


def may_be_asked(target: Target) -> bool:
    """Whether its server can tell where its models run."""
    return target.boundary.kind == "local" and target.provider in _ASKED


def is_named_remote(model: str) -> bool:
    """Ollama's names for models that run at its maker's."""
    return model.lower().removesuffix(":latest").endswith(_REMOTE_NAMES)


def is_listed_remote(entry: Mapping[str, Any]) -> bool:
    """Whether an entry of Ollama's own list says that its model runs elsewhere."""
    return bool(entry.get("remote_host") or entry.get("remote_model"))


def clouds_among(models: Iterable[str]) -> list[str]:
    """Names that only a cloud serves: a server that lists them hands requests on."""
    return sorted(model for model in models if _CLOUD_NAMES.match(model))


class Provenance:
    """What is known of where models run. Until a server has told, a model's name alone counts; what an answer itself
    said of having been made elsewhere counts for as long as the gateway runs.
    """

    __slots__ = ("_relayed", "_told")

    def __init__(self) -> None:
        self._told: dict[str, Mapping[str, Any] | None] = {}
        self._relayed: dict[str, str] = {}

    def objection(self, target: Target) -> str:
        """Why it gets nothing, as a sentence; empty: nothing is known against it."""
        if target.boundary.kind != "local":
            return ""
        if host := self._relayed.get(target.name):
            return f"an answer of its model {target.model} came from {host}, and its boundary is local."
        entry = self.entry(target)
        if host := _remote(entry):
            return f"its model {target.model} runs at {host}, and its boundary is local."
        if not entry and target.provider in _NAMED and is_named_remote(target.model):
            return f"its model {target.model} is named as those are that run elsewhere, and its boundary is local."
        return ""

    def told(self, target: Target, body: bytes) -> bool:
        """A server's list of its models. Whether it is one; what is none changes nothing."""
        entries = _entries(body)
        if entries is None:
            return False
        self._told[target.name] = next((one for one in entries if _is(one, target.model)), _NOTHING)
        return True

    def relayed(self, target: Target, host: str) -> None:
        """An answer of it was made elsewhere."""
        self._relayed.setdefault(target.name, _shown(host))

    def entry(self, target: Target) -> Mapping[str, Any]:
        """What its server lists of its model; empty where nothing is known."""
        return self._told.get(target.name) or _NOTHING


def _remote(entry: Mapping[str, Any]) -> str:
    return _shown(entry.get("remote_host") or entry.get("remote_model")) if is_listed_remote(entry) else ""


def _shown(host: object) -> str:
    """An upstream's own words stand in no sentence of ours unless they look like a place."""
    return host if isinstance(host, str) and _PRINTABLE.fullmatch(host) else "another server"


def _is(entry: Mapping[str, Any], model: str) -> bool:
    names = {entry.get("name"), entry.get("model")}
    return model in names or f"{model}:latest" in names


def _entries(body: bytes) -> list[dict[str, Any]] | None:
    if len(body) > MOST_BYTES:
        return None
    try:
        tree = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    models = tree.get("models") if isinstance(tree, dict) else None
    return [one for one in models if isinstance(one, dict)] if isinstance(models, list) else None
