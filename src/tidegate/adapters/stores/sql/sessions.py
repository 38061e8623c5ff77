"""What sessions have held: one row a session, whose level only ever rises."""

from typing import cast

from sqlalchemy import ColumnElement, Connection, and_, case, delete, select

from tidegate.adapters.stores.sql.connecting import insert_on
from tidegate.adapters.stores.sql.schema import sessions
from tidegate.core.values.labels import LEVELS, Level
from tidegate.core.values.session import Seen, SessionKey


def seen(connection: Connection, key: SessionKey) -> Seen | None:
    """A level that this version does not know reads as the strictest."""
    row = connection.execute(select(sessions.c.level, sessions.c.at_ns).where(_is(key))).one_or_none()
    if row is None:
        return None
    return Seen(cast("Level", row.level) if row.level in LEVELS else LEVELS[-1], row.at_ns)


def keep(connection: Connection, key: SessionKey, new: Seen) -> None:
    """The stricter of both levels and the later of both times stay, in one statement: others write as well."""
    row = insert_on(connection, sessions).values(**key._asdict(), **new._asdict())
    kept, came = sessions.c, row.excluded
    both = {
        "level": case((_strictness(came.level) > _strictness(kept.level), came.level), else_=kept.level),
        "at_ns": case((came.at_ns > kept.at_ns, came.at_ns), else_=kept.at_ns),
    }
    connection.execute(row.on_conflict_do_update(index_elements=list(sessions.primary_key), set_=both))


def forget(connection: Connection, before_ns: int) -> int:
    return connection.execute(delete(sessions).where(sessions.c.at_ns <= before_ns)).rowcount


def _strictness(level: ColumnElement[str]) -> ColumnElement[int]:
    """A level that this version does not know is the strictest."""
    return case({name: place for place, name in enumerate(LEVELS)}, value=level, else_=len(LEVELS))


def _is(key: SessionKey) -> ColumnElement[bool]:
    columns = sessions.c
    return and_(columns.tenant == key.tenant, columns.key == key.key, columns.session == key.session)
