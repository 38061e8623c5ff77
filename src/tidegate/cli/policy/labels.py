"""Warnings about labels that nothing finds, for the commands that read rules and cases."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tidegate.cli import terminal
from tidegate.core.values.errors import ConfigError

if TYPE_CHECKING:
    from tidegate.config import Settings
    from tidegate.core.decide.lifecycle.misspelt import Named


def misspelt(named: "Sequence[Named]", config: str | None) -> list[str]:
    """A sentence for each label that looks like one that is found. Where nobody can say what is found, `tidegate
    doctor` says why, and nothing is said here.
    """
    from tidegate.cli.chosen import written
    from tidegate.core.decide.lifecycle.misspelt import warnings

    try:
        return list(warnings(named, findable(written(config))))
    except ConfigError:
        return []


def findable(settings: "Settings") -> frozenset[str]:
    """What can be found, without loading the models of detectors beside the engine. Raises ConfigError."""
    from tidegate import app

    detection = app.read_keys(settings).keys.detection if settings.detection.path.exists() else b""
    beside = {label for table in settings.detectors.values() for label in table.labels.values()}
    return app.labels_of(settings, app.open_engine(settings, detection), []) | beside


def warn(sentences: Sequence[str]) -> None:
    for sentence in sentences:
        terminal.complain(f"tidegate: {sentence}")
