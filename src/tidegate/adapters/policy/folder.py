"""Reads a policy: a folder of the user's, or the baseline in the package."""

from collections.abc import Collection, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

from tidegate.core.decide.preferences.policy import PREFERENCES
from tidegate.core.values.errors import ConfigError

SCHEMA = "tidegate.cedarschema"
INVARIANTS = "invariants.toml"
CASES = "tests"
MAX_FILE_BYTES = 1_048_576
MAX_FILES = 64

_POLICIES = "tidegate.policies"


class PolicySources(NamedTuple):
    """Texts by file name: `*.cedar`, `invariants.toml`, `preferences.toml` where there is one. `schema` is ours."""

    sources: Mapping[str, str]
    schema: str


def read_policy(path: Path) -> PolicySources:
    """All files of a policy folder. Raises ConfigError with every file that cannot be read, and why."""
    if not path.is_dir():
        raise ConfigError([f"{path}: there is no such folder; create it with `tidegate init` or correct [policy] path"])
    mistakes: list[str] = []
    schema = files(_POLICIES).joinpath(SCHEMA).read_text("utf-8")
    try:
        found = {one.name: one for one in sorted(path.iterdir()) if not one.name.startswith(".")}
    except OSError as error:
        raise ConfigError(
            [f"{path}: this folder cannot be listed: {error.strerror}; correct its permissions"]
        ) from error
    sources = _texts({name: one for name, one in found.items() if _belongs(name)}, mistakes)
    if SCHEMA in found:
        copy = _texts({SCHEMA: found[SCHEMA]}, mistakes).get(SCHEMA, schema)
        if copy.splitlines() != schema.splitlines():
            mistakes.append(f"{found[SCHEMA]}:1: this is not the schema of this version of tidegate; delete the copy")
    mistakes += _missing(path, found)
    if mistakes:
        raise ConfigError(mistakes)
    return PolicySources(sources, schema)


def read_baseline() -> PolicySources:
    """The baseline that ships in the package."""
    folder = files(_POLICIES)
    found = {one.name: one for one in folder.joinpath("baseline").iterdir() if _belongs(one.name)}
    mistakes: list[str] = []
    sources = _texts(dict(sorted(found.items())), mistakes)
    if mistakes or not sources:
        raise ConfigError(mistakes or ["the package holds no baseline policy; install tidegate again"])
    return PolicySources(sources, folder.joinpath(SCHEMA).read_text("utf-8"))


def case_files(path: Path | None) -> dict[str, str]:
    """The texts of `tests/*.toml` in a policy folder, by their paths; None: the baseline's, by `tests/name`.

    Raises ConfigError with every file that cannot be read, and where there is none.
    """
    folder: Traversable = path / CASES if path else files(_POLICIES).joinpath("baseline", CASES)
    shown = str(folder) if path else CASES
    found = {}
    if folder.is_dir():
        found = {f"{shown}/{one.name}": one for one in folder.iterdir() if one.name.endswith(".toml")}
    mistakes: list[str] = []
    texts = _texts(dict(sorted(found.items())), mistakes)
    if not found:
        mistakes.append(f"{shown}: there are no cases here; write some, as docs/policy.md shows: {shown}/first.toml")
    if mistakes:
        raise ConfigError(mistakes)
    return texts


def _belongs(name: str) -> bool:
    return name.endswith(".cedar") or name in (INVARIANTS, PREFERENCES)


def _texts(found: Mapping[str, Traversable], mistakes: list[str]) -> dict[str, str]:
    if len(found) > MAX_FILES:
        mistakes.append(
            f"{next(iter(found.values()))}:1: one of {len(found)} files, at most {MAX_FILES} are read; merge some"
        )
        return {}
    texts: dict[str, str] = {}
    for name, one in found.items():
        try:
            texts[name] = _text(one)
        except OSError as error:
            mistakes.append(f"{one}:1: this file cannot be read: {error.strerror}; correct its permissions")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            mistakes.append(f"{one}:{line}: byte {error.start} is not UTF-8; save the file as UTF-8")
        except ValueError as error:
            mistakes.append(f"{one}:1: {error}")
    return texts


def _text(one: Traversable) -> str:
    with one.open("rb") as opened:
        content = opened.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise ValueError(f"this file has more than {MAX_FILE_BYTES} bytes; split it")
    return content.decode("utf-8-sig")  # some editors begin a file with a byte order mark


def _missing(path: Path, found: Collection[str]) -> list[str]:
    missing: list[str] = []
    if not any(name.endswith(".cedar") for name in found):
        missing.append(f"{path}: there is no .cedar file here; write one, or remove [policy] for the baseline")
    if INVARIANTS not in found:
        missing.append(f"{path / INVARIANTS}: this file is missing; state in it what must never happen")
    return missing
