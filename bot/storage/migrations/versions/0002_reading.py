"""What reading and answering each other needs, and an index for what is claimed next."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.drop_index("ix_outbox_waiting", "outbox")
    columns = ["workspace_id", "purpose", "due_at", "id"]
    op.create_index("ix_outbox_waiting", "outbox", columns, postgresql_where=WAITING, sqlite_where=WAITING)


def downgrade() -> None:
    op.drop_index("ix_outbox_waiting", "outbox")
    op.create_index("ix_outbox_waiting", "outbox", ["due_at"], postgresql_where=WAITING, sqlite_where=WAITING)
