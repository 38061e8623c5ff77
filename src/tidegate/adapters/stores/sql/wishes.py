"""What people have said of the data about them: one row a person (or session), kind and word."""

from typing import cast

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select

from tidegate.adapters.stores.sql.schema import wishes
from tidegate.core.values.wish import KINDS, Kind, Wish


def told(connection: Connection, tenant: str, about: str) -> list[Wish]:
    """In order of kind and word."""
    columns = wishes.c
    wanted = select(columns.kind, columns.word, columns.given_ns, columns.until_ns, columns.withdrawn_ns)
    rows = connection.execute(wanted.where(_of(tenant, about)).order_by(columns.kind, columns.word))
    return [
        Wish(cast("Kind", row.kind), row.word, row.given_ns, row.until_ns, row.withdrawn_ns)
        for row in rows
        if row.kind in KINDS
    ]


def keep(connection: Connection, tenant: str, about: str, wish: Wish) -> None:
    """In place of what was said of the same word before."""
    same = and_(_of(tenant, about), wishes.c.kind == wish.kind, wishes.c.word == wish.word)
    connection.execute(delete(wishes).where(same))
    connection.execute(insert(wishes), {"tenant": tenant, "about": about, **wish._asdict()})


def forget(connection: Connection, tenant: str, about: str) -> int:
    return connection.execute(delete(wishes).where(_of(tenant, about))).rowcount


def _of(tenant: str, about: str) -> ColumnElement[bool]:
    return and_(wishes.c.tenant == tenant, wishes.c.about == about)
