"""By how many working days of its person an ask is due later; and how long an absence was to be by a list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ask", sa.Column("days_later", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("absence", sa.Column("said_until", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("absence", "said_until")
    op.drop_column("ask", "days_later")
