"""A company's directory over SCIM: its tokens, what it says of people, and the brake on who leaves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scim_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.Column("created_at", bot.storage.base.Instant(), nullable=False),
        sa.Column("revoked_at", bot.storage.base.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scim_token")),
    )
    op.create_table(
        "scim_brake",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("here", sa.Integer(), nullable=False),
        sa.Column("allowed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scim_brake")),
        sa.UniqueConstraint("day", name=op.f("uq_scim_brake_day")),
    )
    op.create_table(
        "scim_user",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("user_name", sa.String(length=320), nullable=False),
        sa.Column("user_key", sa.String(length=1000), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("given_name", sa.String(length=100), nullable=True),
        sa.Column("family_name", sa.String(length=100), nullable=True),
        sa.Column("formatted_name", sa.String(length=200), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("manager_said", sa.String(length=320), nullable=True),
        sa.Column("department_said", sa.String(length=200), nullable=True),
        sa.Column("awaits", sa.String(length=1000), nullable=True),
        sa.Column("deactivated_at", bot.storage.base.Instant(), nullable=True),
        sa.Column("deleted_at", bot.storage.base.Instant(), nullable=True),
        sa.Column("created_at", bot.storage.base.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_scim_user_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_scim_user")),
        sa.UniqueConstraint("user_key", name=op.f("uq_scim_user_user_key")),
    )
    with op.batch_alter_table("scim_user") as batch:
        batch.create_index(batch.f("ix_scim_user_awaits"), ["awaits"], unique=False)
        batch.create_index(batch.f("ix_scim_user_deactivated_at"), ["deactivated_at"], unique=False)
        batch.create_index(batch.f("ix_scim_user_external_id"), ["external_id"], unique=False)


def downgrade() -> None:
    op.drop_table("scim_user")
    op.drop_table("scim_brake")
    op.drop_table("scim_token")
