"""Requests that wait for a person, and what their changes still owe to the log and to webhooks."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("turn", sa.BigInteger, nullable=False, comment="counts its changes"),
        sa.Column(
            "same", sa.LargeBinary, nullable=False, comment="equal for requests that are; empty once it has ended"
        ),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("until_ns", sa.BigInteger, nullable=False, comment="of an open one its end, else when it ended; UTC"),
        sa.Column("about", sa.LargeBinary, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_reviews_is_open_until_ns", "reviews", ["is_open", "until_ns"])
    op.create_table(
        "review_debts",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("to", sa.String(64), nullable=False, comment="empty: the log; else a webhook"),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
