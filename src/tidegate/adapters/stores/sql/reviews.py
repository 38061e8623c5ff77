"""Held requests: a row each, changed only from the turn that its changer has seen."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, select, update

from tidegate.adapters.stores.sql.connecting import HOLDING, one_at_a_time
from tidegate.adapters.stores.sql.debts import owe
from tidegate.adapters.stores.sql.schema import reviews
from tidegate.core.values.owed import Owed
from tidegate.core.values.review import KeptReview

_COLUMNS = tuple(reviews.c[name] for name in KeptReview._fields)


def hold(
    connection: Connection, row: KeptReview, most: int, now_ns: int, owed: Sequence[Owed], payer: str = ""
) -> KeptReview | None:
    """Keeps it. The like of it that waits already, if there is one; None where `most` are open."""
    one_at_a_time(connection, HOLDING)
    is_open = and_(reviews.c.is_open, reviews.c.until_ns > now_ns)
    its_like = and_(is_open, reviews.c.tenant == row.tenant, reviews.c.same == row.same)
    known = connection.execute(select(*_COLUMNS).where(its_like).order_by(reviews.c.id)).first()
    if known is not None:
        return _row(known)
    if connection.execute(select(func.count()).select_from(reviews).where(is_open)).scalar_one() >= most:
        return None
    connection.execute(insert(reviews), row._asdict())
    owe(connection, owed, payer)
    return row


def one(connection: Connection, review_id: str) -> KeptReview | None:
    found = connection.execute(select(*_COLUMNS).where(reviews.c.id == review_id)).one_or_none()
    return None if found is None else _row(found)


def every(connection: Connection, *, only_open: bool) -> list[KeptReview]:
    """Oldest first."""
    wanted = select(*_COLUMNS).order_by(reviews.c.id)
    rows = connection.execute(wanted.where(reviews.c.is_open) if only_open else wanted)
    return [_row(found) for found in rows]


def change(connection: Connection, row: KeptReview, owed: Sequence[Owed], payer: str = "") -> int:
    """How many rows that changed: 0 where somebody else was faster, else 1."""
    values = {name: value for name, value in row._asdict().items() if name != "id"}
    done = connection.execute(update(reviews).where(_at_turn(row.id, row.turn - 1)).values(values)).rowcount
    if done:
        owe(connection, owed, payer)
    return done


def forget(connection: Connection, before_ns: int) -> int:
    """Those that ended then or before."""
    return connection.execute(delete(reviews).where(~reviews.c.is_open, reviews.c.until_ns <= before_ns)).rowcount


def _at_turn(review_id: str, turn: int) -> ColumnElement[bool]:
    return and_(reviews.c.id == review_id, reviews.c.turn == turn)


def _row(found: Row[tuple[object, ...]]) -> KeptReview:
    """Some databases hand out views of bytes."""
    values = [bytes(value) if isinstance(value, memoryview | bytearray) else value for value in found]
    return KeptReview(*values)  # type: ignore[arg-type]  # the columns are the fields
