"""The gateway's own keys, and secrets that others have given it."""

from typing import TYPE_CHECKING

from tidegate.config import Settings

if TYPE_CHECKING:
    from tidegate.adapters.secrets.keyring import Keyring


def open_keys(settings: Settings) -> "Keyring":
    """The gateway's keys, made if this is the first start. Raises ConfigError."""
    from tidegate.adapters.secrets.keyring import open_keyring

    return open_keyring(settings.keys.path)


def read_keys(settings: Settings) -> "Keyring":
    """The gateway's keys as they are. Raises ConfigError."""
    from tidegate.adapters.secrets.keyring import read_keyring

    return read_keyring(settings.keys.path)


def secret(reference: str) -> str:
    """What `env:NAME` or `file:PATH` holds. Raises ConfigError, which never repeats it."""
    from tidegate.adapters.secrets.references import resolve

    return resolve(reference)


def secret_document(reference: str) -> str:
    """A document, such as a key file, that `env:NAME` or `file:PATH` holds. Raises ConfigError without it."""
    from tidegate.adapters.secrets.references import resolve_document

    return resolve_document(reference)
