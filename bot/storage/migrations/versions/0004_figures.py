"""A week's check-ins and what is in the way are found without reading all that ever was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("checkin", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checkin_occurrence"), ["occurrence"], unique=False)

    with op.batch_alter_table("blocker", schema=None) as batch_op:
        batch_op.create_index(
            "ix_blocker_state_in_the_way",
            ["state"],
            unique=False,
            postgresql_where=sa.text("state IN ('open', 'taken', 'passed_up')"),
        )


def downgrade() -> None:
    with op.batch_alter_table("blocker", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_blocker_state_in_the_way", postgresql_where=sa.text("state IN ('open', 'taken', 'passed_up')")
        )

    with op.batch_alter_table("checkin", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checkin_occurrence"))
