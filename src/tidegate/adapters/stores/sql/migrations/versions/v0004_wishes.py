"""What people have said of the data about them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wishes",
        sa.Column("tenant", sa.String(64), primary_key=True),
        sa.Column("about", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("word", sa.String(64), primary_key=True),
        sa.Column("given_ns", sa.BigInteger, nullable=False, comment="nanoseconds since the epoch, UTC"),
        sa.Column("until_ns", sa.BigInteger, nullable=False, comment="likewise; 0: no end"),
        sa.Column("withdrawn_ns", sa.BigInteger, nullable=False, comment="likewise; 0: it was not"),
    )
