"""ports.Store on SQLAlchemy Core: one set of statements and of migrations, for SQLite and for PostgreSQL."""

import time
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, delete, insert, select, update

from tidegate.adapters.stores.sql import debts, postgresql, reviews, sessions, traces, wishes
from tidegate.adapters.stores.sql.connecting import FAULTS, connect, connect_to_read, insert_on, place, told
from tidegate.adapters.stores.sql.schema import anchors, beginnings, fingerprints
from tidegate.adapters.stores.sql.upgrading import bring_up, check_version, version
from tidegate.adapters.stores.sql.writer import Writer
from tidegate.core.values.errors import StoreError
from tidegate.core.values.owed import Owed
from tidegate.core.values.prints import Print
from tidegate.core.values.review import KeptReview
from tidegate.core.values.session import Seen, SessionKey
from tidegate.core.values.trace import Trace
from tidegate.core.values.wish import Wish
from tidegate.ports import Anchor, Entropy

_WHOSE = "0006"
"""From this version on an anchor says whose log it is of."""
_ANCHOR = (anchors.c.origin, anchors.c.size, anchors.c.root, anchors.c.note)


class SqlStore:
    """Open with `SqlStore.open`. Every method waits for durability; all raise StoreError.

    `epoch`: an id made with the store. Another one than before means that the store is not the one it was.
    """

    __slots__ = ("_reader", "_replica", "_url", "_writer", "epoch")

    def __init__(self, url: str, writer: Writer, reader: Writer, epoch: str, replica: str) -> None:
        self._url, self._writer, self._reader, self.epoch, self._replica = url, writer, reader, epoch, replica

    @classmethod
    async def open(cls, url: str, *, entropy: Entropy, password: str = "", replica: str = "") -> "SqlStore":
        """`sqlite:///PATH` or `postgresql://…`. Makes the store if there is none, and brings an older one to the newest
        version. `replica`: what this gateway is called among those on the same store; empty: it is alone, or a command.
        """
        writer = Writer(lambda error: told(url, error))
        epoch = await writer.start(lambda: _opened(url, password, entropy))
        reader = writer
        if replica:
            # What requests ask for must not wait until others' commits are synced at the other end of a network.
            reader = Writer(lambda error: told(url, error))
            try:
                await reader.start(lambda: _opened(url, password, entropy))
            except BaseException:
                await writer.close()
                raise
        return cls(url, writer, reader, epoch, replica)

    @property
    def trouble(self) -> str:
        """Why it cannot be reached, as far as the last attempt tells; empty where it can."""
        return self._writer.trouble or self._reader.trouble

    async def anchor(self, head: Anchor) -> None:
        """An older head never replaces a newer. Two heads of one size that differ are two logs: refused."""
        await self._writer.run(lambda connection: _anchor(connection, head, self._replica, place(self._url)))

    async def anchored(self) -> list[Anchor]:
        return await self._writer.run(_anchored)

    async def remember(self, tenant: str, prints: Sequence[Print]) -> None:
        rows = [{"tenant": tenant, **found._asdict()} for found in prints]
        if rows:
            await self._writer.run(lambda connection: _remember(connection, rows))

    async def search(self, tenant: str, tag: bytes) -> list[Print]:
        """All that is known of one value, oldest first."""
        return await self._writer.run(lambda connection: _search(connection, tenant, tag))

    async def forget(self, tenant: str, tag: bytes) -> int:
        """Erases all that is known of one value, from the files as well; how many prints that were."""
        return await self._erase(lambda connection: _forget(connection, tenant, tag))

    async def leave(self, trace: Trace) -> int:
        return await self._writer.run(lambda connection: traces.leave(connection, trace))

    async def traces(self, now_ns: int) -> list[Trace]:
        """What has not expired, oldest first."""
        return await self._reader.run(lambda connection: traces.left(connection, now_ns))

    async def new_traces(self, after: int, now_ns: int) -> list[tuple[int, Trace]]:
        return await self._reader.run(lambda connection: traces.newer(connection, after, now_ns))

    async def purge(self, now_ns: int) -> int:
        """Erases what has expired, from the files as well; how many traces that were."""
        return await self._erase(lambda connection: traces.purge(connection, now_ns))

    async def forget_traces(self, tenant: str) -> int:
        """Erases all traces of a tenant, from the files as well; how many that were."""
        return await self._erase(lambda connection: traces.erase(connection, tenant))

    async def knows_since_ns(self) -> int:
        """Told by the logs' sizes when they were first anchored. Before any was, nobody can tell: as if it were new."""
        sizes = await self._writer.run(_first_sizes)
        return 0 if sizes and not any(sizes) else _made_ns(self.epoch)

    async def session(self, key: SessionKey) -> Seen | None:
        return await self._reader.run(lambda connection: sessions.seen(connection, key))

    async def keep_session(self, key: SessionKey, seen: Seen) -> None:
        await self._writer.run(lambda connection: sessions.keep(connection, key, seen))

    async def forget_sessions(self, before_ns: int) -> int:
        return await self._writer.run(lambda connection: sessions.forget(connection, before_ns))

    async def wishes(self, tenant: str, abouts: Sequence[str]) -> dict[str, list[Wish]]:
        return await self._reader.run(lambda connection: wishes.told(connection, tenant, abouts))

    async def keep_wish(self, tenant: str, about: str, wish: Wish, owed: Sequence[Owed] = ()) -> None:
        await self._writer.run(lambda connection: wishes.keep(connection, tenant, about, wish, owed))

    async def forget_wishes(self, tenant: str, about: str, owed: Sequence[Owed] = ()) -> int:
        """Erases all that was said, from the files as well; how many wishes that were."""
        return await self._erase(lambda connection: wishes.forget(connection, tenant, about, owed))

    async def hold_review(
        self, row: KeptReview, most: int, now_ns: int, owed: Sequence[Owed] = ()
    ) -> KeptReview | None:
        return await self._writer.run(
            lambda connection: reviews.hold(connection, row, most, now_ns, owed, self._replica)
        )

    async def review(self, review_id: str) -> KeptReview | None:
        return await self._reader.run(lambda connection: reviews.one(connection, review_id))

    async def reviews(self, *, only_open: bool = False) -> list[KeptReview]:
        return await self._reader.run(lambda connection: reviews.every(connection, only_open=only_open))

    async def change_review(self, row: KeptReview, owed: Sequence[Owed] = ()) -> bool:
        """What is no longer in it is gone from the files as well."""
        return bool(await self._erase(lambda connection: reviews.change(connection, row, owed, self._replica)))

    async def forget_reviews(self, before_ns: int) -> int:
        return await self._erase(lambda connection: reviews.forget(connection, before_ns))

    async def debts(self) -> list[Owed]:
        return await self._writer.run(lambda connection: debts.claim(connection, self._replica))

    async def settle_debts(self, numbers: Sequence[int]) -> None:
        await self._writer.run(lambda connection: debts.settle(connection, numbers))

    async def _erase(self, work: Callable[[Connection], int]) -> int:
        gone = await self._writer.run(work)
        if gone:
            await self._writer.run(_empty_write_ahead_log, alone=True)
        return gone

    async def aclose(self) -> None:
        """Idempotent. What was asked for before is done first."""
        await self._writer.close()
        await self._reader.close()


def read_anchors(url: str, *, password: str = "", replica: str = "") -> list[Anchor]:
    """The anchored heads, by a look from outside, also while a gateway is running; none where no store is. `replica`:
    only those of that gateway's logs, and of those that nobody called theirs.

    Blocks. Makes, changes and migrates nothing. Raises StoreError.
    """
    connection = connect_to_read(url, password)
    if connection is None:
        return []
    with connection:
        try:
            found = version(connection)
            check_version(found, url)
            return _anchored(connection, replica, told_whose=found >= _WHOSE) if found else []
        except FAULTS as error:
            raise told(url, error) from None


def _opened(url: str, password: str, entropy: Entropy) -> tuple[Connection, str]:
    connection = connect(url, password)
    try:
        epoch = bring_up(connection, url, entropy)
    except BaseException as error:
        connection.close()
        if isinstance(error, FAULTS):
            raise told(url, error) from None
        raise
    if postgresql.is_postgresql(url):
        postgresql.stay_with(connection, epoch, url)
    return connection, epoch


def _anchor(connection: Connection, head: Anchor, replica: str, where: str) -> None:
    row = {**head._asdict(), "at": time.time_ns(), "replica": replica}
    new = insert_on(connection.dialect.name, anchors).values(row).on_conflict_do_nothing().returning(anchors.c.origin)
    if connection.execute(new).first():
        first = insert_on(connection.dialect.name, beginnings).values(origin=head.origin, size=head.size)
        connection.execute(first.on_conflict_do_nothing())
        return
    is_it = anchors.c.origin == head.origin
    if connection.execute(update(anchors).where(is_it, anchors.c.size < head.size).values(row)).rowcount:
        return
    known = connection.execute(select(*_ANCHOR).where(is_it)).one()
    if known.size == head.size and bytes(known.root) != head.root:
        raise StoreError(
            f"{where}: log {head.origin} is anchored at {head.size} entries with another root: one of the two logs is "
            "not the one that was written. `tidegate audit verify` says which."
        )


def _anchored(connection: Connection, replica: str = "", *, told_whose: bool = True) -> list[Anchor]:
    """`told_whose`: the store is of a version that knows."""
    wanted = select(*_ANCHOR).order_by(anchors.c.origin)
    if replica and told_whose:
        wanted = wanted.where(anchors.c.replica.in_(("", replica)))
    rows = connection.execute(wanted)
    return [Anchor(row.origin, row.size, bytes(row.root), row.note) for row in rows]


def _first_sizes(connection: Connection) -> list[int]:
    """Of each log; that of one which a version before 0003 has anchored is not known, and counts as 0."""
    both = anchors.outerjoin(beginnings, anchors.c.origin == beginnings.c.origin)
    return [row.size or 0 for row in connection.execute(select(beginnings.c.size).select_from(both))]


def _made_ns(epoch: str) -> int:
    """A UUIDv7 begins with its milliseconds. What is none was made at a time that nobody knows: not yet."""
    try:
        return int(epoch.replace("-", "")[:12], 16) * 1_000_000
    except ValueError:
        return 2**62


def _remember(connection: Connection, rows: list[dict[str, object]]) -> None:
    connection.execute(insert(fingerprints), rows)


def _search(connection: Connection, tenant: str, tag: bytes) -> list[Print]:
    table = fingerprints.c
    wanted = select(table.tag, table.epoch, table.sealed).where(table.tenant == tenant, table.tag == tag)
    return [
        Print(bytes(row.tag), row.epoch, bytes(row.sealed)) for row in connection.execute(wanted.order_by(table.id))
    ]


def _forget(connection: Connection, tenant: str, tag: bytes) -> int:
    table = fingerprints.c
    return connection.execute(delete(fingerprints).where(table.tenant == tenant, table.tag == tag)).rowcount


def _empty_write_ahead_log(connection: Connection) -> None:
    """What was erased still stands in it until then."""
    if connection.dialect.name == "sqlite":
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
