"""What the user registered of their own."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tidegate.app.keys import open_keys
from tidegate.config import Settings

if TYPE_CHECKING:
    from tidegate.adapters.registry.code import Registered as RegisteredCode
    from tidegate.adapters.registry.data import RegisteredData
    from tidegate.adapters.registry.terms import Dictionary, Outcome


def register_code(
    settings: Settings, path: Path, *, name: str = "", progress: Callable[[int, int], None] | None = None
) -> "RegisteredCode":
    """Fingerprints the code below `path`. Raises ConfigError."""
    from tidegate.adapters.registry import code

    detection = open_keys(settings).keys.detection
    return code.register_code(
        path, settings.detection.path, detection, registered_at=_now(), name=name, progress=progress
    )


def register_data(
    settings: Settings,
    file: Path,
    *,
    name: str = "",
    label: str = "",
    columns: Sequence[str] = (),
    alone: Sequence[str] = (),
    together: Sequence[str] = (),
    encoding: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> "RegisteredData":
    """Hashes the cells of a CSV file. Raises ConfigError."""
    from tidegate.adapters.registry import data

    return data.register_data(
        file,
        settings.detection.path,
        open_keys(settings).keys.detection,
        registered_at=_now(),
        name=name,
        label=label or data.DEFAULT_LABEL,
        columns=columns,
        alone=alone,
        together=together,
        encoding=encoding,
        progress=progress,
    )


def registered_code(settings: Settings) -> "list[RegisteredCode]":
    """Raises ConfigError for a file that cannot be read."""
    from tidegate.adapters.registry.code import registered

    return registered(settings.detection.path)


def registered_data(settings: Settings) -> "list[RegisteredData]":
    """Raises ConfigError for a file that cannot be read."""
    from tidegate.adapters.registry.data import registered_data

    return registered_data(settings.detection.path)


def forget(settings: Settings, name: str) -> list[str]:
    """What was registered under a name and is no longer: "code", "records", both or nothing. Raises ConfigError."""
    from tidegate.adapters.registry.code import forget_code
    from tidegate.adapters.registry.data import forget_data

    ways = (("code", forget_code), ("records", forget_data))
    return [what for what, forget_one in ways if forget_one(settings.detection.path, name)]


def read_dictionary(path: Path) -> "Dictionary":
    """A dictionary, its tests not run. Raises ConfigError with every mistake."""
    from tidegate.adapters.registry.terms import read_dictionary

    return read_dictionary(path)


def dictionary_outcomes(dictionary: "Dictionary") -> "list[Outcome]":
    """What becomes of each test in a dictionary."""
    from tidegate.adapters.registry.terms import outcomes

    return outcomes(dictionary)


def _now() -> str:
    from tidegate.adapters.system.clock import SystemClock
    from tidegate.core.settle.record import timestamp

    return timestamp(SystemClock().now_ns())[:19] + "Z"
