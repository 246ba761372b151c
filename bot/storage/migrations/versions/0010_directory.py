"""Accounts that belong to nobody on the list, how far each workspace's directory was read, what accounts last said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.base import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "loose_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("user", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("said", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(length=200), nullable=True),
        sa.Column("service", sa.String(length=400), nullable=True),
        sa.Column("account", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_loose_account_decided_by_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_loose_account_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_loose_account_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loose_account")),
        sa.UniqueConstraint("workspace_id", "user", name=op.f("uq_loose_account_workspace_id_user")),
    )
    with op.batch_alter_table("loose_account") as batch:
        batch.create_index(batch.f("ix_loose_account_email"), ["email"], unique=False)
        batch.create_index(batch.f("ix_loose_account_person_id"), ["person_id"], unique=False)
        batch.create_index(batch.f("ix_loose_account_state_name"), ["state", "name"], unique=False)
    op.create_table(
        "directory_pass",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("cursor", sa.String(length=400), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("not_before", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_directory_pass_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_directory_pass")),
    )
    with op.batch_alter_table("address") as batch:
        batch.add_column(sa.Column("zone", sa.String(length=64)))
        batch.add_column(sa.Column("locale", sa.String(length=20)))
        batch.add_column(sa.Column("said", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("address") as batch:
        batch.drop_column("said")
        batch.drop_column("locale")
        batch.drop_column("zone")
    op.drop_table("directory_pass")
    op.drop_table("loose_account")
