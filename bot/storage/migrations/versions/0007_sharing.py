"""Changes of managers as they are told, and histories that employees share with the manager of today."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "history_share",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("shared_at", bot.storage.base.Instant(), nullable=False),
        sa.Column("ended_at", bot.storage.base.Instant(), nullable=True),
        sa.CheckConstraint("person_id <> reader_id", name=op.f("ck_history_share_not_oneself")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_history_share_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["person.id"], name=op.f("fk_history_share_reader_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_share")),
    )
    with op.batch_alter_table("history_share") as batch:
        batch.create_index(batch.f("ix_history_share_person_id"), ["person_id"], unique=False)
        batch.create_index(batch.f("ix_history_share_reader_id"), ["reader_id"], unique=False)
    op.create_table(
        "manager_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("earlier_id", sa.Uuid(), nullable=True),
        sa.Column("manager_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("told_at", bot.storage.base.Instant(), nullable=True),
        sa.Column("created_at", bot.storage.base.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["earlier_id"], ["person.id"], name=op.f("fk_manager_change_earlier_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["person.id"], name=op.f("fk_manager_change_manager_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_manager_change_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_manager_change")),
    )
    with op.batch_alter_table("manager_change") as batch:
        batch.create_index(batch.f("ix_manager_change_earlier_id"), ["earlier_id"], unique=False)
        batch.create_index(batch.f("ix_manager_change_manager_id"), ["manager_id"], unique=False)
        batch.create_index(batch.f("ix_manager_change_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("manager_change")
    op.drop_table("history_share")
