"""Which settings a command works with: a file's, or, without one, what is found on this machine."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tidegate import config
from tidegate.config import Settings
from tidegate.core.values.errors import ConfigError

CLOUD_KEYS: Mapping[str, str] = {
    "OPENAI_API_KEY": "openai",
    "ANTHROPIC_API_KEY": "anthropic",
    "AZURE_OPENAI_API_KEY": "azure",
    "GEMINI_API_KEY": "gemini",
    "GOOGLE_API_KEY": "gemini",
    "MISTRAL_API_KEY": "mistral",
    "GROQ_API_KEY": "groq",
    "DEEPSEEK_API_KEY": "deepseek",
    "OPENROUTER_API_KEY": "openrouter",
    "XAI_API_KEY": "xai",
    "GOOGLE_APPLICATION_CREDENTIALS": "vertex",
    "AWS_BEARER_TOKEN_BEDROCK": "bedrock",
    "AWS_ACCESS_KEY_ID": "bedrock",
    "AWS_PROFILE": "bedrock",
}
HERE, EMBEDDED = "here", "embedded"
NOBODY = (
    "no local runtime answers and the embedded engine is not installed: start Ollama, LM Studio, llama.cpp or vLLM, "
    "or run: pip install 'tidegate[embedded]'"
)


class Found(NamedTuple):
    """A line of the banner for something that serves nothing, and why."""

    name: str
    provider: str
    state: str


class Chosen(NamedTuple):
    """`source`: the file, or empty. `states`: of found targets, by name. `idle`: what was found and is not used."""

    settings: Settings
    source: str
    states: Mapping[str, str]
    idle: tuple[Found, ...]


def settings_file(given: str | None) -> Path | None:
    return Path(given) if given else config.find(Path.cwd())


def choose(given: str | None, *, must_serve: bool = True) -> Chosen:
    """Raises ConfigError; also, if `must_serve`, when there is nothing that could answer."""
    path = settings_file(given)
    if path is None:
        settings, source = config.read({}), ""
    else:
        settings, source = config.load(path), str(path)
    if settings.targets:
        return Chosen(settings, source, {}, ())
    return _with_found(settings, source, must_serve=must_serve)


def written(given: str | None) -> Settings:
    """The settings without looking for runtimes: enough for whoever needs addresses and folders."""
    path = settings_file(given)
    return config.load(path) if path else config.read({})


def _with_found(settings: Settings, source: str, *, must_serve: bool) -> Chosen:
    from tidegate import app

    runtimes = app.discover_runtimes()
    serving = {found.provider: found for found in runtimes if found.model}
    idle = [Found(found.provider, found.provider, found.state) for found in runtimes if not found.model]
    targets: dict[str, Any] = {
        name: {"provider": name, "url": found.url, "model": found.model} for name, found in serving.items()
    }
    states = {name: found.state for name, found in serving.items()}
    if not targets and (app.has_embedded_engine() or not must_serve):
        targets[EMBEDDED], states[EMBEDDED] = {"provider": "embedded"}, "the model in the package"
    if not targets:
        raise ConfigError([NOBODY])
    found_settings = Settings.from_document(document_with(settings.document, targets))
    return Chosen(found_settings, source, states, (*idle, *cloud_keys(os.environ)))


def document_with(document: Mapping[str, Any], targets: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """`document` with `targets` behind a local boundary: the first one that it has, else one of our own."""
    boundaries = dict(document.get("boundaries", {}))
    local = next((name for name, about in boundaries.items() if about["kind"] == "local"), "")
    if not local:
        local = HERE if HERE not in boundaries else f"{HERE}-local"
        boundaries[local] = {"kind": "local"}
    placed = {name: {**target, "boundary": local} for name, target in targets.items()}
    models = document.get("models") or {"auto": list(targets), "local": list(targets)}
    return {**document, "boundaries": boundaries, "targets": placed, "models": models}


def cloud_keys(environ: Mapping[str, str]) -> tuple[Found, ...]:
    return tuple(
        Found(variable, provider, "disabled: state its contract in tidegate.toml first (`tidegate init` shows how)")
        for variable, provider in CLOUD_KEYS.items()
        if environ.get(variable)
    )
