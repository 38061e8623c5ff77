"""The newest schema, as statements use it. `migrations/` tells how a store came to have it; a test compares both."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text

VERSIONS = ("0001", "0002", "0003", "0004", "0005", "0006")
"""Every version that a store may have, oldest first."""

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

anchors = Table(
    "anchors",
    metadata,
    Column("origin", String(255), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", BigInteger, nullable=False, comment="nanoseconds since the epoch, UTC"),
    Column("replica", String(255), nullable=False, server_default="", comment="whose log it is; empty: nobody says"),
)

fingerprints = Table(
    "fingerprints",
    metadata,
    # SQLite numbers rows by itself for INTEGER only.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("tenant", String(64), nullable=False),
    Column("tag", LargeBinary, nullable=False),
    Column("epoch", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_fingerprints_tenant_tag", "tenant", "tag"),
)

traces = Table(
    "traces",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("tenant", String(64), nullable=False),
    Column("epoch", String(64), nullable=False),
    Column("expires_ns", BigInteger, nullable=False, comment="nanoseconds since the epoch, UTC"),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_traces_expires_ns", "expires_ns"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("tenant", String(64), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("session", String(64), primary_key=True),
    Column("level", String(16), nullable=False),
    Column("at_ns", BigInteger, nullable=False, comment="nanoseconds since the epoch, UTC"),
    Index("ix_sessions_at_ns", "at_ns"),
)

beginnings = Table(
    "beginnings",
    metadata,
    Column("origin", String(255), primary_key=True),
    Column("size", BigInteger, nullable=False, comment="of the log when it was first anchored here"),
)

wishes = Table(
    "wishes",
    metadata,
    Column("tenant", String(64), primary_key=True),
    Column("about", String(64), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("word", String(64), primary_key=True),
    Column("given_ns", BigInteger, nullable=False, comment="nanoseconds since the epoch, UTC"),
    Column("until_ns", BigInteger, nullable=False, comment="likewise; 0: no end"),
    Column("withdrawn_ns", BigInteger, nullable=False, comment="likewise; 0: it was not"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("tenant", String(64), nullable=False),
    Column("turn", BigInteger, nullable=False, comment="counts its changes"),
    Column("same", LargeBinary, nullable=False, comment="equal for requests that are; empty once it has ended"),
    Column("is_open", Boolean, nullable=False),
    Column("until_ns", BigInteger, nullable=False, comment="of an open one its end, else when it ended; UTC"),
    Column("about", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_reviews_is_open_until_ns", "is_open", "until_ns"),
)

debts = Table(
    "debts",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("to", String(64), nullable=False, comment="empty: the log; else a webhook"),
    Column("content", LargeBinary, nullable=False),
    Column("payer", String(255), nullable=False, server_default="", comment="who pays it; empty: anybody"),
    Column("until_ns", BigInteger, nullable=False, server_default="0", comment="when anybody may, after all; UTC"),
)
