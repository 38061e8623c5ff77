"""The strictest level that each session has held, and whether the store has known the logs from their beginning."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("tenant", sa.String(64), primary_key=True),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("session", sa.String(64), primary_key=True),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False, comment="nanoseconds since the epoch, UTC"),
    )
    op.create_index("ix_sessions_at_ns", "sessions", ["at_ns"])
    op.create_table(
        "beginnings",
        sa.Column("origin", sa.String(255), primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False, comment="of the log when it was first anchored here"),
    )
