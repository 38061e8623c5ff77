"""What sessions have held: one row a session, whose level only ever rises."""

from typing import cast

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from tidegate.adapters.stores.sql.schema import sessions
from tidegate.core.values.labels import LEVELS, Level, strictest
from tidegate.core.values.session import Seen, SessionKey


def seen(connection: Connection, key: SessionKey) -> Seen | None:
    """A level that this version does not know reads as the strictest."""
    row = connection.execute(select(sessions.c.level, sessions.c.at_ns).where(_is(key))).one_or_none()
    if row is None:
        return None
    return Seen(cast("Level", row.level) if row.level in LEVELS else LEVELS[-1], row.at_ns)


def keep(connection: Connection, key: SessionKey, new: Seen) -> None:
    """The stricter of both levels and the later of both times stay."""
    known = seen(connection, key)
    if known is None:
        connection.execute(insert(sessions), {**key._asdict(), **new._asdict()})
        return
    values = {"level": strictest((known.level, new.level)), "at_ns": max(known.at_ns, new.at_ns)}
    connection.execute(update(sessions).where(_is(key)).values(values))


def forget(connection: Connection, before_ns: int) -> int:
    return connection.execute(delete(sessions).where(sessions.c.at_ns <= before_ns)).rowcount


def _is(key: SessionKey) -> ColumnElement[bool]:
    columns = sessions.c
    return and_(columns.tenant == key.tenant, columns.key == key.key, columns.session == key.session)
