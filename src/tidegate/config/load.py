"""A file on disk and the environment to Settings."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tidegate.config.declaration import Document
from tidegate.config.environment import lay_over, overrides
from tidegate.config.kinds import Surroundings
from tidegate.config.places import Place, Text, parse_toml, parse_yaml
from tidegate.config.reading import Reading
from tidegate.config.settings import Settings, resolve
from tidegate.core.values.errors import ConfigError

FILE_NAMES = ("tidegate.toml", "tidegate.yaml", "tidegate.yml")
_MOST_BYTES = 1024 * 1024


def find(folder: Path) -> Path | None:
    """The configuration that stands in `folder`, if any. Raises ConfigError where two would have to be merged."""
    there = [folder / name for name in FILE_NAMES if (folder / name).exists()]
    if len(there) > 1:
        names = " and ".join(path.name for path in there)
        raise ConfigError([f"{folder}: {names} both stand here; keep one, or choose one with --config"])
    return there[0] if there else None


def load(path: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """Raises ConfigError with every mistake of the file and of the overrides."""
    text = _text(path)
    parse = parse_yaml if path.suffix in (".yaml", ".yml") else parse_toml
    return _settings(parse(text, str(path)), str(path), path.resolve().parent, environ)


def read(document: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> Settings:
    """A document that nobody wrote down (zero configuration), with the environment's overrides over it."""
    return _settings(Text(dict(document), {}), "configuration", Path.cwd(), environ)


def _settings(text: Text, source: str, folder: Path, environ: Mapping[str, str] | None) -> Settings:
    environ = os.environ if environ is None else environ
    laid, mistakes = overrides(Document, text.tree, environ)
    places = {path: Place(f"{source}:{line}", line) for path, line in text.lines.items()}
    places |= {path: Place(f"environment variable {variable}") for path, _, variable in laid}
    reading = Reading(source, places, Surroundings(folder, environ), [(0, mistake) for mistake in mistakes])
    return resolve(lay_over(text.tree, laid), reading)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        raise ConfigError([f"{path}: there is no such file; `tidegate init` writes one"]) from None
    except OSError as error:
        raise ConfigError(
            [f"{path}: it cannot be read ({error.strerror}); check the path and its permissions"]
        ) from None
    if len(raw) > _MOST_BYTES:
        raise ConfigError([f"{path}: it is larger than 1 MiB, so it is no configuration; check the path"])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError([f"{path}:{line}: the file is not UTF-8; save it as UTF-8"]) from None
