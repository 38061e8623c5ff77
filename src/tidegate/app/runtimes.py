"""Local servers that a command may find, and the engine that ships."""

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tidegate.adapters.runtimes.discovery import Runtime


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
    from tidegate.models import tiny_model_path

    return tiny_model_path()
