"""Traces that local answers leave, until they expire."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "traces",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("epoch", sa.String(64), nullable=False),
        sa.Column("expires_ns", sa.BigInteger, nullable=False, comment="nanoseconds since the epoch, UTC"),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_traces_expires_ns", "traces", ["expires_ns"])
