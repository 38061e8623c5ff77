"""Traces of answers that must stay inside: rows that expire."""

from sqlalchemy import Connection, delete, insert, select

from tidegate.adapters.stores.sql.schema import traces
from tidegate.core.values.trace import Trace


def leave(connection: Connection, trace: Trace) -> int:
    return int(connection.execute(insert(traces).values(trace._asdict()).returning(traces.c.id)).scalar_one())


def newer(connection: Connection, after: int, now_ns: int) -> list[tuple[int, Trace]]:
    """Beyond a number, in order."""
    table = traces.c
    wanted = select(table.id, table.tenant, table.epoch, table.expires_ns, table.sealed)
    rows = connection.execute(wanted.where(table.id > after, table.expires_ns > now_ns).order_by(table.id))
    return [(row.id, Trace(row.tenant, row.epoch, row.expires_ns, bytes(row.sealed))) for row in rows]


def left(connection: Connection, now_ns: int) -> list[Trace]:
    """What has not expired, oldest first."""
    table = traces.c
    wanted = select(table.tenant, table.epoch, table.expires_ns, table.sealed).where(table.expires_ns > now_ns)
    rows = connection.execute(wanted.order_by(table.expires_ns, table.id))
    return [Trace(row.tenant, row.epoch, row.expires_ns, bytes(row.sealed)) for row in rows]


def purge(connection: Connection, now_ns: int) -> int:
    return connection.execute(delete(traces).where(traces.c.expires_ns <= now_ns)).rowcount


def erase(connection: Connection, tenant: str) -> int:
    return connection.execute(delete(traces).where(traces.c.tenant == tenant)).rowcount
