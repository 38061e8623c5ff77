"""Brings a store to the newest version: once, under a lock, or not at all.

Alembic costs more to import than a store to open, so it is asked only where an older store has steps to take; a new
store is made as the newest schema says.
"""

from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, inspect, select, text
from sqlalchemy.schema import CreateTable

from tidegate.adapters.stores.sql.connecting import MIGRATING, one_at_a_time, place
from tidegate.adapters.stores.sql.schema import VERSIONS, meta, metadata
from tidegate.core.values.errors import StoreError
from tidegate.ports import Entropy

_STEPS = Path(__file__).with_name("migrations")


def version(connection: Connection) -> str:
    """Empty for a store that has none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none() or ""


def check_version(found: str, url: str) -> None:
    """Raises StoreError for a version that came after us: it is not known what it means."""
    if found and found not in VERSIONS:
        raise StoreError(
            f"{place(url)}: a newer tidegate has written it (schema {found}, this one knows up to {VERSIONS[-1]}): "
            "run that version, or restore a backup from before."
        )


def bring_up(connection: Connection, url: str, entropy: Entropy) -> str:
    """Returns the store's epoch id, made with it: whoever finds another one knows that the store was emptied."""
    with connection.begin():
        found = version(connection)
        check_version(found, url)
        if found == VERSIONS[-1]:
            return _epoch(connection, entropy)
    with connection.begin():
        one_at_a_time(connection, MIGRATING)
        found = version(connection)  # another process may have been faster
        check_version(found, url)
        if not found:
            _create(connection)
        elif found != VERSIONS[-1]:
            _upgrade(connection)
        return _epoch(connection, entropy)


def _create(connection: Connection) -> None:
    metadata.create_all(connection, checkfirst=False)
    connection.execute(CreateTable(_alembic_version))
    connection.execute(insert(_alembic_version).values(version_num=VERSIONS[-1]))


# As Alembic makes it: from the next version on it finds its own table.
_alembic_version = Table(
    "alembic_version", MetaData(), Column("version_num", String(32), nullable=False, primary_key=True)
)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _epoch(connection: Connection, entropy: Entropy) -> str:
    found = connection.execute(select(meta.c.value).where(meta.c.key == "epoch")).scalar_one_or_none()
    if found is None:
        found = entropy.uuid7()
        connection.execute(insert(meta).values(key="epoch", value=found))
    return found
