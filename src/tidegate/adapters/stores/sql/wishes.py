"""What people have said of the data about them: one row a person (or session), kind and word."""

from collections.abc import Sequence
from typing import cast

from sqlalchemy import ColumnElement, Connection, and_, delete, select

from tidegate.adapters.stores.sql.connecting import insert_on
from tidegate.adapters.stores.sql.debts import owe
from tidegate.adapters.stores.sql.schema import wishes
from tidegate.core.values.owed import Owed
from tidegate.core.values.wish import KINDS, Kind, Wish


def told(connection: Connection, tenant: str, abouts: Sequence[str]) -> dict[str, list[Wish]]:
    """By whom they are about; each in order of kind and word."""
    columns = wishes.c
    wanted = select(columns.about, columns.kind, columns.word, columns.given_ns, columns.until_ns, columns.withdrawn_ns)
    of = and_(columns.tenant == tenant, columns.about.in_(abouts))
    found: dict[str, list[Wish]] = {about: [] for about in abouts}
    for row in connection.execute(wanted.where(of).order_by(columns.kind, columns.word)):
        if row.kind in KINDS:
            wish = Wish(cast("Kind", row.kind), row.word, row.given_ns, row.until_ns, row.withdrawn_ns)
            found[row.about].append(wish)
    return found


def keep(connection: Connection, tenant: str, about: str, wish: Wish, owed: Sequence[Owed]) -> None:
    """In place of what was said of the same word before."""
    said = wish._asdict()
    new = insert_on(connection.dialect.name, wishes).values(tenant=tenant, about=about, **said)
    times = {name: new.excluded[name] for name in ("given_ns", "until_ns", "withdrawn_ns")}
    connection.execute(new.on_conflict_do_update(index_elements=list(wishes.primary_key), set_=times))
    owe(connection, owed)


def forget(connection: Connection, tenant: str, about: str, owed: Sequence[Owed]) -> int:
    gone = connection.execute(delete(wishes).where(_of(tenant, about))).rowcount
    if gone:
        owe(connection, owed)
    return gone


def _of(tenant: str, about: str) -> ColumnElement[bool]:
    return and_(wishes.c.tenant == tenant, wishes.c.about == about)
