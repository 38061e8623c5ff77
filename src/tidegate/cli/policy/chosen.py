"""Which policy a command is about."""

from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tidegate.core.decide.policy import Policy

BASELINE = "baseline"


class Chosen(NamedTuple):
    """`where`: for people. `folder` is None for the baseline in the package."""

    policy: "Policy"
    where: str
    folder: Path | None


def folder_argument(parser: ArgumentParser) -> None:
    parser.add_argument(
        "folder", nargs="?", help="a policy folder (default: the configuration's, else the baseline in the package)"
    )


def chosen(folder: str | None, config: str | None) -> Chosen:
    """The named folder's policy, else the configuration's, else the baseline's. Raises ConfigError."""
    from tidegate.cli.chosen import written

    return _compiled(Path(folder) if folder else written(config).policy.path)


def named(folder: str) -> Chosen:
    """As `chosen`; the word `baseline` means the one in the package, unless a folder is called so."""
    path = Path(folder)
    return _compiled(None if folder == BASELINE and not path.exists() else path)


def _compiled(path: Path | None) -> Chosen:
    from tidegate import app

    return Chosen(app.compiled_policy(path), str(path) if path else "the baseline in the package", path)
