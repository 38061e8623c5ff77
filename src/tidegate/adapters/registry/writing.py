"""Files of the registry appear whole or not at all, and are on the disk when whoever wrote them says so."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tidegate.core.values.errors import ConfigError


def write(target: Path, pieces: Iterable[bytes]) -> None:
    """Replaces `target`, mode 0600. Raises ConfigError; a file that was there is then as it was."""
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, beside = tempfile.mkstemp(prefix=".", suffix=".new", dir=target.parent)  # 0600 by itself
        try:
            with os.fdopen(descriptor, "wb") as opened:
                opened.writelines(pieces)
                opened.flush()
                os.fsync(descriptor)
            Path(beside).replace(target)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
        sync(target.parent)
    except OSError as error:
        raise ConfigError([f"{target}: it cannot be written ({error.strerror}); check [detection] path"]) from None


def sync(folder: Path) -> None:
    """What was renamed or removed in `folder` stays so."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
