"""Periods, pillars, key figures; a programme may ask what no question set holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "okr_period",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("created_at", bot.storage.base.Instant(), nullable=False),
        sa.CheckConstraint("starts_on < ends_on", name=op.f("ck_okr_period_lasts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_okr_period")),
        sa.UniqueConstraint("key", name=op.f("uq_okr_period_key")),
    )
    op.create_index(op.f("ix_okr_period_starts_on"), "okr_period", ["starts_on"])
    op.create_table(
        "okr_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("seen_by", sa.String(length=20), nullable=False),
        sa.Column("cadence_days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_okr_rules")),
    )
    op.create_table(
        "kpi",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("cadence_days", sa.Integer(), nullable=False),
        sa.Column("created_at", bot.storage.base.Instant(), nullable=False),
        sa.Column("ended_at", bot.storage.base.Instant(), nullable=True),
        sa.Column("title_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("source_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_kpi_department_id_department"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_kpi_owner_id_person"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi")),
        sa.UniqueConstraint("key", name=op.f("uq_kpi_key")),
    )
    op.create_index(op.f("ix_kpi_owner_id"), "kpi", ["owner_id"])
    op.create_table(
        "pillar",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", bot.storage.base.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["period_id"], ["okr_period.id"], name=op.f("fk_pillar_period_id_okr_period"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pillar")),
        sa.UniqueConstraint("period_id", "key", name=op.f("uq_pillar_period_id_key")),
    )
    op.create_table(
        "kpi_band",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kpi_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("low", bot.storage.base.Exact(), nullable=True),
        sa.Column("high", bot.storage.base.Exact(), nullable=True),
        sa.Column("near", bot.storage.base.Exact(), nullable=False),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpi.id"], name=op.f("fk_kpi_band_kpi_id_kpi"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi_band")),
        sa.UniqueConstraint("kpi_id", "starts_on", name=op.f("uq_kpi_band_kpi_id_starts_on")),
    )
    op.create_table(
        "kpi_value",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kpi_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", bot.storage.base.Exact(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("at", bot.storage.base.Instant(), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_kpi_value_by_id_person"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpi.id"], name=op.f("fk_kpi_value_kpi_id_kpi"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kpi_value")),
        sa.UniqueConstraint("kpi_id", "day", "version", name=op.f("uq_kpi_value_kpi_id_day_version")),
    )
    op.create_index(op.f("ix_kpi_value_by_id"), "kpi_value", ["by_id"])
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.alter_column("question_set_id", existing_type=sa.Uuid(), nullable=True)


def downgrade() -> None:
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.alter_column("question_set_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_table("kpi_value")
    op.drop_table("kpi_band")
    op.drop_table("pillar")
    op.drop_table("kpi")
    op.drop_table("okr_rules")
    op.drop_table("okr_period")
