"""What a second platform needs: where each account takes its messages, and which one a person prefers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.base import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("address") as batch:
        batch.add_column(sa.Column("service", sa.String(length=400)))
        batch.add_column(sa.Column("account", sa.String(length=200)))
        batch.add_column(sa.Column("lost_at", Instant()))
        batch.add_column(sa.Column("lost_why", sa.String(length=20)))
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("platform", sa.String(length=20)))


def downgrade() -> None:
    with op.batch_alter_table("person") as batch:
        batch.drop_column("platform")
    with op.batch_alter_table("address") as batch:
        batch.drop_column("lost_why")
        batch.drop_column("lost_at")
        batch.drop_column("account")
        batch.drop_column("service")
