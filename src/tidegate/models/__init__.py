"""The model that ships in the package: `tidegate-tiny.gguf`, described in `MODEL_CARD.md` beside it."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

TINY_NAME = "tidegate-tiny"


def tiny_model_path() -> Path:
    """The shipped GGUF file. llama.cpp maps it into memory, so it must be a real file: wheels unpack it as one."""
    return Path(str(resources.files(__name__) / f"{TINY_NAME}.gguf"))
