"""Several gateways on one store: whose log a head is of, and who is about to pay a debt."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "anchors",
        sa.Column(
            "replica", sa.String(255), nullable=False, server_default="", comment="whose log it is; empty: nobody says"
        ),
    )
    op.rename_table("review_debts", "debts")
    op.add_column(
        "debts",
        sa.Column("payer", sa.String(255), nullable=False, server_default="", comment="who pays it; empty: anybody"),
    )
    op.add_column(
        "debts",
        sa.Column(
            "until_ns", sa.BigInteger, nullable=False, server_default="0", comment="when anybody may, after all; UTC"
        ),
    )
