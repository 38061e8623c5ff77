"""ports.Store on SQLAlchemy Core: one set of statements, SQLite today, PostgreSQL by the same migrations."""

import time
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, delete, insert, select, update

from tidegate.adapters.stores.sql import reviews, sessions, traces, wishes
from tidegate.adapters.stores.sql.connecting import FAULTS, connect, connect_to_read, place, told
from tidegate.adapters.stores.sql.schema import anchors, beginnings, fingerprints
from tidegate.adapters.stores.sql.upgrading import bring_up, check_version, version
from tidegate.adapters.stores.sql.writer import Writer
from tidegate.core.values.errors import StoreError
from tidegate.core.values.prints import Print
from tidegate.core.values.review import KeptReview, Owed
from tidegate.core.values.session import Seen, SessionKey
from tidegate.core.values.trace import Trace
from tidegate.core.values.wish import Wish
from tidegate.ports import Anchor, Entropy

_ANCHOR = (anchors.c.origin, anchors.c.size, anchors.c.root, anchors.c.note)


class SqlStore:
    """Open with `SqlStore.open`. Every method waits for durability; all raise StoreError.

    `epoch`: an id made with the store. Another one than before means that the store is not the one it was.
    """

    __slots__ = ("_url", "_writer", "epoch")

    def __init__(self, url: str, writer: Writer, epoch: str) -> None:
        self._url, self._writer, self.epoch = url, writer, epoch

    @classmethod
    async def open(cls, url: str, *, entropy: Entropy) -> "SqlStore":
        """`sqlite:///PATH`. Makes the store if there is none, and brings an older one to the newest version."""
        writer = Writer(lambda error: told(url, error))
        return cls(url, writer, await writer.start(lambda: _opened(url, entropy)))

    async def anchor(self, head: Anchor) -> None:
        """An older head never replaces a newer. Two heads of one size that differ are two logs: refused."""
        await self._writer.run(lambda connection: _anchor(connection, head, place(self._url)))

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

    async def leave(self, trace: Trace) -> None:
        await self._writer.run(lambda connection: traces.leave(connection, trace))

    async def traces(self, now_ns: int) -> list[Trace]:
        """What has not expired, oldest first."""
        return await self._writer.run(lambda connection: traces.left(connection, now_ns))

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
        return await self._writer.run(lambda connection: sessions.seen(connection, key))

    async def keep_session(self, key: SessionKey, seen: Seen) -> None:
        await self._writer.run(lambda connection: sessions.keep(connection, key, seen))

    async def forget_sessions(self, before_ns: int) -> int:
        return await self._writer.run(lambda connection: sessions.forget(connection, before_ns))

    async def wishes(self, tenant: str, abouts: Sequence[str]) -> dict[str, list[Wish]]:
        return await self._writer.run(lambda connection: wishes.told(connection, tenant, abouts))

    async def keep_wish(self, tenant: str, about: str, wish: Wish, owed: Sequence[Owed] = ()) -> None:
        await self._writer.run(lambda connection: wishes.keep(connection, tenant, about, wish, owed))

    async def forget_wishes(self, tenant: str, about: str, owed: Sequence[Owed] = ()) -> int:
        """Erases all that was said, from the files as well; how many wishes that were."""
        return await self._erase(lambda connection: wishes.forget(connection, tenant, about, owed))

    async def hold_review(
        self, row: KeptReview, most: int, now_ns: int, owed: Sequence[Owed] = ()
    ) -> KeptReview | None:
        return await self._writer.run(lambda connection: reviews.hold(connection, row, most, now_ns, owed))

    async def review(self, review_id: str) -> KeptReview | None:
        return await self._writer.run(lambda connection: reviews.one(connection, review_id))

    async def reviews(self, *, only_open: bool = False) -> list[KeptReview]:
        return await self._writer.run(lambda connection: reviews.every(connection, only_open=only_open))

    async def change_review(self, row: KeptReview, owed: Sequence[Owed] = ()) -> bool:
        """What is no longer in it is gone from the files as well."""
        return bool(await self._erase(lambda connection: reviews.change(connection, row, owed)))

    async def forget_reviews(self, before_ns: int) -> int:
        return await self._erase(lambda connection: reviews.forget(connection, before_ns))

    async def review_debts(self) -> list[Owed]:
        return await self._writer.run(reviews.debts)

    async def settle_review_debts(self, numbers: Sequence[int]) -> None:
        await self._writer.run(lambda connection: reviews.settle(connection, numbers))

    async def _erase(self, work: Callable[[Connection], int]) -> int:
        gone = await self._writer.run(work)
        if gone:
            await self._writer.run(_empty_write_ahead_log, alone=True)
        return gone

    async def aclose(self) -> None:
        """Idempotent. What was asked for before is done first."""
        await self._writer.close()


def read_anchors(url: str) -> list[Anchor]:
    """The anchored heads, by a look from outside, also while a gateway is running; none where no store is.

    Blocks. Makes, changes and migrates nothing. Raises StoreError.
    """
    connection = connect_to_read(url)
    if connection is None:
        return []
    with connection:
        try:
            found = version(connection)
            check_version(found, url)
            return _anchored(connection) if found else []
        except FAULTS as error:
            raise told(url, error) from None


def _opened(url: str, entropy: Entropy) -> tuple[Connection, str]:
    connection = connect(url)
    try:
        return connection, bring_up(connection, url, entropy)
    except BaseException as error:
        connection.close()
        if isinstance(error, FAULTS):
            raise told(url, error) from None
        raise


def _anchor(connection: Connection, head: Anchor, where: str) -> None:
    known = connection.execute(select(*_ANCHOR).where(anchors.c.origin == head.origin)).one_or_none()
    row = {**head._asdict(), "at": time.time_ns()}
    if known is None:
        connection.execute(insert(anchors), row)
        connection.execute(insert(beginnings), {"origin": head.origin, "size": head.size})
    elif known.size < head.size:
        connection.execute(update(anchors).where(anchors.c.origin == head.origin).values(row))
    elif known.size == head.size and known.root != head.root:
        raise StoreError(
            f"{where}: log {head.origin} is anchored at {head.size} entries with another root: one of the two logs is "
            "not the one that was written. `tidegate audit verify` says which."
        )


def _anchored(connection: Connection) -> list[Anchor]:
    rows = connection.execute(select(*_ANCHOR).order_by(anchors.c.origin))
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
