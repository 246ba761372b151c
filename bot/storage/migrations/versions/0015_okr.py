"""Objectives, their steps, key results and their updates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "objective",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("keeper_id", sa.Uuid(), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("pillar_id", sa.Uuid(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("ambition", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("weight", bot.storage.base.Exact(), nullable=False),
        sa.Column("rollup", sa.String(length=20), nullable=False),
        sa.Column("alpha", bot.storage.base.Exact(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kpi_id", sa.Uuid(), nullable=True),
        sa.Column("said_status", sa.String(length=20), nullable=True),
        sa.Column("score", bot.storage.base.Exact(), nullable=True),
        sa.Column("grade", bot.storage.base.Exact(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("aligned_at", bot.storage.base.Instant(), nullable=True),
        sa.Column("closed_at", bot.storage.base.Instant(), nullable=True),
        sa.Column("created_at", bot.storage.base.Instant(), nullable=False),
        sa.Column("title_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("why_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_objective_not_own_parent")),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name=op.f("fk_objective_department_id_department"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["keeper_id"], ["person.id"], name=op.f("fk_objective_keeper_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpi.id"], name=op.f("fk_objective_kpi_id_kpi"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_objective_owner_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["objective.id"], name=op.f("fk_objective_parent_id_objective"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["okr_period.id"], name=op.f("fk_objective_period_id_okr_period"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["pillar_id"], ["pillar.id"], name=op.f("fk_objective_pillar_id_pillar"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objective")),
        sa.UniqueConstraint("period_id", "key", name=op.f("uq_objective_period_id_key")),
    )
    op.create_index(op.f("ix_objective_keeper_id"), "objective", ["keeper_id"])
    op.create_index(op.f("ix_objective_owner_id_state"), "objective", ["owner_id", "state"])
    op.create_index(op.f("ix_objective_parent_id"), "objective", ["parent_id"])
    op.create_index(op.f("ix_objective_period_id_level"), "objective", ["period_id", "level"])
    op.create_table(
        "key_result",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("objective_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("keeper_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("comparator", sa.String(length=20), nullable=True),
        sa.Column("start", bot.storage.base.Exact(), nullable=True),
        sa.Column("target", bot.storage.base.Exact(), nullable=True),
        sa.Column("weight", bot.storage.base.Exact(), nullable=False),
        sa.Column("cadence_days", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("current", bot.storage.base.Exact(), nullable=True),
        sa.Column("score", bot.storage.base.Exact(), nullable=True),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("observed", sa.Integer(), nullable=False),
        sa.Column("updates", sa.Integer(), nullable=False),
        sa.Column("shown_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", bot.storage.base.Instant(), nullable=True),
        sa.Column("created_at", bot.storage.base.Instant(), nullable=False),
        sa.Column("title_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("source_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["keeper_id"], ["person.id"], name=op.f("fk_key_result_keeper_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["objective_id"], ["objective.id"], name=op.f("fk_key_result_objective_id_objective"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_key_result_owner_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_result")),
        sa.UniqueConstraint("objective_id", "key", name=op.f("uq_key_result_objective_id_key")),
    )
    op.create_index(op.f("ix_key_result_keeper_id"), "key_result", ["keeper_id"])
    op.create_index(op.f("ix_key_result_owner_id"), "key_result", ["owner_id"])
    op.create_table(
        "objective_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("objective_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["objective_id"],
            ["objective.id"],
            name=op.f("fk_objective_link_objective_id_objective"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["to_id"], ["objective.id"], name=op.f("fk_objective_link_to_id_objective"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objective_link")),
        sa.UniqueConstraint("objective_id", "to_id", name=op.f("uq_objective_link_objective_id_to_id")),
    )
    op.create_index(op.f("ix_objective_link_to_id"), "objective_link", ["to_id"])
    op.create_table(
        "objective_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("objective_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("on_behalf_of_id", sa.Uuid(), nullable=True),
        sa.Column("at", bot.storage.base.Instant(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_objective_step_by_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["objective_id"],
            ["objective.id"],
            name=op.f("fk_objective_step_objective_id_objective"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["on_behalf_of_id"],
            ["person.id"],
            name=op.f("fk_objective_step_on_behalf_of_id_person"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objective_step")),
        sa.UniqueConstraint("objective_id", "number", name=op.f("uq_objective_step_objective_id_number")),
    )
    op.create_index(op.f("ix_objective_step_by_id"), "objective_step", ["by_id"])
    op.create_table(
        "key_result_update",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_result_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("value", bot.storage.base.Exact(), nullable=True),
        sa.Column("score", bot.storage.base.Exact(), nullable=True),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("on_behalf_of_id", sa.Uuid(), nullable=True),
        sa.Column("at", bot.storage.base.Instant(), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_key_result_update_by_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["key_result_id"],
            ["key_result.id"],
            name=op.f("fk_key_result_update_key_result_id_key_result"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["on_behalf_of_id"],
            ["person.id"],
            name=op.f("fk_key_result_update_on_behalf_of_id_person"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_result_update")),
        sa.UniqueConstraint("key_result_id", "number", name=op.f("uq_key_result_update_key_result_id_number")),
    )
    op.create_index(op.f("ix_key_result_update_by_id"), "key_result_update", ["by_id"])
    op.create_table(
        "milestone",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_result_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("keeper_id", sa.Uuid(), nullable=True),
        sa.Column("weight", bot.storage.base.Exact(), nullable=False),
        sa.Column("done_at", bot.storage.base.Instant(), nullable=True),
        sa.Column("title_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["keeper_id"], ["person.id"], name=op.f("fk_milestone_keeper_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["key_result_id"], ["key_result.id"], name=op.f("fk_milestone_key_result_id_key_result"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
        sa.UniqueConstraint("key_result_id", "key", name=op.f("uq_milestone_key_result_id_key")),
    )
    op.create_index(op.f("ix_milestone_keeper_id"), "milestone", ["keeper_id"])


def downgrade() -> None:
    op.drop_table("milestone")
    op.drop_table("key_result_update")
    op.drop_table("objective_step")
    op.drop_table("objective_link")
    op.drop_table("key_result")
    op.drop_table("objective")
