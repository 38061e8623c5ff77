"""What sessions have held: one row a session, whose level only ever rises."""

from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, delete, select

from tidegate.adapters.stores.sql.connecting import insert_on
from tidegate.adapters.stores.sql.schema import sessions
from tidegate.core.values.labels import LEVELS, Level
from tidegate.core.values.session import Seen, SessionKey


def seen(connection: Connection, key: SessionKey) -> Seen | None:
    """A level that this version does not know reads as the strictest."""
    row = connection.execute(_SEEN, {f"of_{name}": value for name, value in key._asdict().items()}).one_or_none()
    if row is None:
        return None
    return Seen(cast("Level", row.level) if row.level in LEVELS else LEVELS[-1], row.at_ns)


def keep(connection: Connection, key: SessionKey, new: Seen) -> None:
    """The stricter of both levels and the later of both times stay, in one statement: others write as well."""
    connection.execute(_keeping(connection.dialect.name), {**key._asdict(), **new._asdict()})


def forget(connection: Connection, before_ns: int) -> int:
    return connection.execute(delete(sessions).where(sessions.c.at_ns <= before_ns)).rowcount


# Every named session asks for these with every request, so they are put together once.
_SEEN = select(sessions.c.level, sessions.c.at_ns).where(
    and_(*(sessions.c[name] == bindparam(f"of_{name}") for name in SessionKey._fields))
)


@cache
def _keeping(dialect: str) -> Any:
    row = insert_on(dialect, sessions)
    kept, came = sessions.c, row.excluded
    both = {
        "level": case((_strictness(came.level) > _strictness(kept.level), came.level), else_=kept.level),
        "at_ns": case((came.at_ns > kept.at_ns, came.at_ns), else_=kept.at_ns),
    }
    return row.on_conflict_do_update(index_elements=list(sessions.primary_key), set_=both)


def _strictness(level: ColumnElement[str]) -> ColumnElement[int]:
    """A level that this version does not know is the strictest."""
    return case({name: place for place, name in enumerate(LEVELS)}, value=level, else_=len(LEVELS))
