"""Composition root: the only place that knows both what the gateway needs and the adapters that supply it."""

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from tidegate.config import Settings

if TYPE_CHECKING:  # adapters are imported where they are used: a command must not pay for all of them
    from tidegate.adapters.runtimes.discovery import Runtime
    from tidegate.adapters.secrets.keyring import Keyring

# -- what commands ask for ---------------------------------------------------------------------------


def discover_runtimes() -> "list[Runtime]":
    """Local runtimes that answer on their usual ports, best first; at most about 0.3 s."""
    from tidegate.adapters.runtimes.discovery import discover
    from tidegate.config.endpoints import USUAL

    return discover({name: USUAL[name] for name in ("ollama", "lmstudio", "llamacpp", "vllm")})


def has_embedded_engine() -> bool:
    """Whether the `embedded` extra is installed."""
    return importlib.util.find_spec("xllamacpp") is not None


def embedded_model() -> Path:
    """The model that ships in the package."""
    import tidegate.models

    found = sorted(Path(tidegate.models.__path__[0]).glob("*.gguf"))
    if not found:
        raise FileNotFoundError("the package holds no model; install tidegate again")
    return found[0]


def open_keys(settings: Settings) -> "Keyring":
    """The gateway's keys, made if this is the first start. Raises ConfigError."""
    from tidegate.adapters.secrets.keyring import open_keyring

    return open_keyring(settings.keys.path)


def read_keys(settings: Settings) -> "Keyring":
    """The gateway's keys as they are. Raises ConfigError."""
    from tidegate.adapters.secrets.keyring import read_keyring

    return read_keyring(settings.keys.path)


def secret(reference: str) -> str:
    """What `env:NAME` or `file:PATH` holds. Raises ConfigError, which never repeats it."""
    from tidegate.adapters.secrets.references import resolve

    return resolve(reference)
