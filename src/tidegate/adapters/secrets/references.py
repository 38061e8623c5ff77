"""Secrets by reference: `env:NAME` and `file:PATH`. What they hold never enters a message."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from tidegate.core.values.errors import ConfigError

_MOST_BYTES = 16 * 1024


def resolve(reference: str, environ: Mapping[str, str] | None = None) -> str:
    """The secret as one line of visible ASCII, fit for a header. Raises ConfigError naming the reference."""
    return _fit(reference, _read(reference, environ))


def resolve_document(reference: str, environ: Mapping[str, str] | None = None) -> str:
    """The secret as a text of several lines, such as a key file. Raises ConfigError naming the reference."""
    document = _read(reference, environ).strip()
    if not document:
        raise ConfigError([f"{reference}: it is empty; put the credentials there, then start again"])
    return document


def _read(reference: str, environ: Mapping[str, str] | None) -> str:
    scheme, _, rest = reference.partition(":")
    if scheme == "env":
        return _from_environment(rest, os.environ if environ is None else environ)
    if scheme == "file":
        return _from_file(reference, Path(rest))
    raise ConfigError(['a secret is neither "env:NAME" nor "file:PATH"; write one of them'])


def _from_environment(name: str, environ: Mapping[str, str]) -> str:
    if name not in environ:
        raise ConfigError([f"env:{name}: the environment variable {name} is not set; export it, then start again"])
    return environ[name]


def _from_file(reference: str, path: Path) -> str:
    try:
        # Not blocking: a path that leads to a pipe must not hold the start up.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise ConfigError([f"{reference}: it is no regular file; name the file that holds the secret"])
            raw = os.read(descriptor, _MOST_BYTES + 1)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise ConfigError([f"{reference}: it cannot be read ({error.strerror}); check path and permissions"]) from None
    if len(raw) > _MOST_BYTES:
        raise ConfigError([f"{reference}: it is larger than 16 KiB, so it holds more than a secret; check the path"])
    return raw.decode("utf-8", "replace")


def _fit(reference: str, raw: str) -> str:
    """A line break inside a secret would end its header and begin another."""
    secret = raw.strip()
    if not secret:
        raise ConfigError([f"{reference}: the secret is empty; put it there, then start again"])
    if not secret.isascii() or not secret.isprintable() or " " in secret:
        raise ConfigError([f"{reference}: the secret is no single word of visible ASCII characters; correct it"])
    return secret
