"""Where the store is, and what a command finds in it."""

import importlib.util
import socket
from typing import TYPE_CHECKING, NamedTuple

from tidegate.app.keys import secret, secret_document
from tidegate.config import Settings
from tidegate.core.values.errors import ConfigError

if TYPE_CHECKING:
    from tidegate.adapters.stores.sql import SqlStore
    from tidegate.ports import Anchor


class StorePlace(NamedTuple):
    """`url` may hold a password, where a reference led to it. `replica` is empty where nobody else shares the store."""

    url: str
    password: str
    replica: str

    def __repr__(self) -> str:
        return "StorePlace(…)"

    @property
    def is_shared(self) -> bool:
        return bool(self.replica)


def store_place(settings: Settings) -> StorePlace:
    """Where the store is, with all that references lead to. Raises ConfigError, which repeats none of it."""
    from tidegate.config.databases import is_postgresql, postgresql_url

    store = settings.store
    if store.path:
        return StorePlace(store.url, "", "")
    url = store.url
    if not is_postgresql(url):
        url, named = secret(url), url
        try:
            url = postgresql_url(url, from_reference=True)
        except ValueError as why:
            raise ConfigError([f"store.url: what {named} leads to is no PostgreSQL URL: {why}"]) from None
    if importlib.util.find_spec("psycopg") is None:
        raise ConfigError(["store.url: PostgreSQL needs its driver: pip install 'tidegate[postgres]'"])
    password = secret_document(store.password) if store.password else ""
    return StorePlace(url, password, store.replica or f"{socket.gethostname()}:{settings.audit.path}"[-255:])


def has_store(settings: Settings) -> bool:
    """Whether there can be anything in it: a file that nobody has made yet holds nothing."""
    return settings.store.path is None or settings.store.path.exists()


def anchored_heads(settings: Settings) -> "list[Anchor]":
    """The newest heads of this gateway's logs that are kept outside of them. Raises ConfigError or StoreError."""
    from tidegate.adapters.stores.sql import read_anchors

    place = store_place(settings)
    return read_anchors(place.url, password=place.password, replica=place.replica)


async def command_store(settings: Settings) -> "SqlStore":
    """For a command: what it owes, whichever gateway comes first pays."""
    from tidegate.adapters.stores.sql import SqlStore
    from tidegate.adapters.system.entropy import SystemEntropy

    place = store_place(settings)
    return await SqlStore.open(place.url, entropy=SystemEntropy(), password=place.password)
