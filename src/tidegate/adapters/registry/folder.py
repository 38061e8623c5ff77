"""All that the user registered, as detectors for the engine, and whether any of it has changed since."""

import tomllib
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from tidegate.adapters.registry import code, data, terms
from tidegate.config.kinds import Surroundings
from tidegate.core.classify.rows import Finder
from tidegate.core.values.errors import ConfigError

Seen = tuple[str, int, int, int]
"""A file: path, when it was changed (ns), bytes, inode. All zero: it is not there."""


def own_finders(folder: Path, dictionaries: Sequence[Path], detection: bytes) -> list[Finder]:
    """Dictionaries, records and code. `detection`: `Keys.detection`.

    Raises ConfigError with every mistake of all of them: nothing starts with a part of what should be looked for.
    """
    mistakes: list[str] = []
    found: list[Finder] = []
    loaders: list[Callable[[], Finder | None]] = [
        lambda: terms.terms_finder(dictionaries),
        lambda: data.load_data(folder, detection),
        lambda: code.load_code(folder, detection),
    ]
    for load in loaders:
        try:
            finder = load()
        except ConfigError as error:
            mistakes += error.mistakes
        else:
            found += [finder] if finder is not None else []
    if mistakes:
        raise ConfigError(mistakes)
    return found


def state(folder: Path, dictionaries: Sequence[Path]) -> tuple[Seen, ...]:
    """Differs whenever `own_finders` would read something else; costs a look at each file, not in it."""
    seen = [_seen(path) for path in dictionaries]
    lists = [path for path, one in zip(dictionaries, seen, strict=True) for path in _lists(path, one)]
    try:
        registered = sorted(file for file in folder.iterdir() if file.suffix in (data.SUFFIX, code.SUFFIX))
    except OSError:
        registered = []
    return (*seen, *map(_seen, lists), *map(_seen, registered))


def _seen(path: Path) -> Seen:
    try:
        about = path.stat()
    except OSError:
        return (str(path), 0, 0, 0)
    return (str(path), about.st_mtime_ns, about.st_size, about.st_ino)


@lru_cache(maxsize=256)
def _lists(dictionary: Path, seen: Seen) -> tuple[Path, ...]:  # noqa: ARG001 - a dictionary is read again when it has changed
    """The word lists that a dictionary names; of one that cannot be read, none."""
    try:
        tree = tomllib.loads(dictionary.read_text("utf-8-sig"))
        names = [table["file"] for table in tree.get("terms", []) if isinstance(table.get("file"), str)]
    except (OSError, ValueError, AttributeError, TypeError, RecursionError):
        return ()
    around = Surroundings(dictionary.resolve().parent, {})
    return tuple(map(around.path, names))
