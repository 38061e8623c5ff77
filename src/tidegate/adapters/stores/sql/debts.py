"""What changes still owe to the log and to webhooks: kept in one step with the change, paid after it.

Of several gateways on one store one pays: the one that made the change, or whoever asks first where a command made it.
Should that one die, anybody may after a while.
"""

import time
from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, or_, select, update

from tidegate.adapters.stores.sql.schema import debts
from tidegate.core.values.owed import Owed

HELD_NS = 30 * 10**9


def owe(connection: Connection, owed: Sequence[Owed], payer: str = "") -> None:
    """`payer`: who made the change and will pay; empty: whoever asks first."""
    if owed:
        until_ns = time.time_ns() + HELD_NS if payer else 0
        rows = [{"to": debt.to, "content": debt.content, "payer": payer, "until_ns": until_ns} for debt in owed]
        connection.execute(insert(debts), rows)


def claim(connection: Connection, payer: str) -> list[Owed]:
    """What `payer` is to pay, in the order in which it came to be. An empty one pays all."""
    columns = debts.c
    wanted = select(columns.to, columns.content, columns.number).order_by(columns.number)
    if payer:
        now = time.time_ns()
        free = or_(columns.payer.in_(("", payer)), columns.until_ns <= now)
        # Of two that claim one row the second waits for the first, and then finds that it is no longer free.
        connection.execute(update(debts).where(free).values(payer=payer, until_ns=now + HELD_NS))
        wanted = wanted.where(columns.payer == payer)
    return [Owed(row.to, bytes(row.content), row.number) for row in connection.execute(wanted)]


def settle(connection: Connection, numbers: Sequence[int]) -> None:
    connection.execute(delete(debts).where(debts.c.number.in_(numbers)))
