"""What the week needs: first contact, programmes run from chat, HR's inbox, digests, a room, files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import bot.storage.base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "weekly_figures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("computed_at", bot.storage.base.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_figures")),
        sa.UniqueConstraint("week", "name", name=op.f("uq_weekly_figures_week_name")),
    )
    op.create_table(
        "inbox_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("due_at", bot.storage.base.Instant(), nullable=False),
        sa.Column("answered_at", bot.storage.base.Instant(), nullable=True),
        sa.Column("created_at", bot.storage.base.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["about_id"], ["person.id"], name=op.f("fk_inbox_item_about_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_inbox_item_answered_by_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_inbox_item_owner_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_inbox_item_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_item")),
    )
    with op.batch_alter_table("inbox_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbox_item_person_id_kind"), ["person_id", "kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_inbox_item_state_due_at"), ["state", "due_at"], unique=False)

    op.create_table(
        "room",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=200), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("error", sa.String(length=80), nullable=True),
        sa.Column("digest_due_at", bot.storage.base.Instant(), nullable=True),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", bot.storage.base.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["person.id"], name=op.f("fk_room_set_by_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_room_workspace_id_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("purpose", name=op.f("uq_room_purpose")),
    )
    op.create_table(
        "first_contact",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=True),
        sa.Column("manager_id", sa.Uuid(), nullable=True),
        sa.Column("manages", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("due_at", bot.storage.base.Instant(), nullable=True),
        sa.Column("sent_at", bot.storage.base.Instant(), nullable=True),
        sa.Column("answered_at", bot.storage.base.Instant(), nullable=True),
        sa.Column("created_at", bot.storage.base.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["manager_id"], ["person.id"], name=op.f("fk_first_contact_manager_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_first_contact_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
            name=op.f("fk_first_contact_programme_id_programme"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_first_contact")),
    )
    with op.batch_alter_table("first_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_first_contact_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_first_contact_manager_id"), ["manager_id"], unique=False)

    op.create_table(
        "member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("out", sa.Boolean(), nullable=False),
        sa.Column("created_at", bot.storage.base.Instant(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_member_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_member_programme_id_programme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("programme_id", "person_id", name=op.f("uq_member_programme_id_person_id")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_person_id"), ["person_id"], unique=False)

    op.create_table(
        "pause",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", bot.storage.base.Instant(), nullable=False),
        sa.Column("back_on", sa.Date(), nullable=False),
        sa.Column("ended_at", bot.storage.base.Instant(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", bot.storage.base.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_pause_programme_id_programme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
    )
    with op.batch_alter_table("pause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pause_programme_id"), ["programme_id"], unique=False)

    with op.batch_alter_table("ask", schema=None) as batch_op:
        batch_op.add_column(sa.Column("nudged_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("nudged_at", bot.storage.base.Instant(), nullable=True))
        batch_op.create_index(batch_op.f("ix_ask_occurrence"), ["occurrence"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_ask_nudged_by_id_person"), "person", ["nudged_by_id"], ["id"], ondelete="SET NULL"
        )

    with op.batch_alter_table("blocker_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_blocker_step_by_id"), ["by_id"], unique=False)

    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_author_id"), ["author_id"], unique=False)

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("room_id", sa.Uuid(), nullable=True))
        batch_op.alter_column("person_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.create_foreign_key(
            batch_op.f("fk_outbox_room_id_room"), "room", ["room_id"], ["id"], ondelete="CASCADE"
        )

    op.create_table(
        "posted_digest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("outbox_id", sa.Uuid(), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.id"], name=op.f("fk_posted_digest_outbox_id_outbox"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posted_digest")),
        sa.UniqueConstraint("outbox_id", name=op.f("uq_posted_digest_outbox_id")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("locale_chosen", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("digest_due_at", bot.storage.base.Instant(), nullable=True))
        batch_op.create_index(batch_op.f("ix_person_digest_due_at"), ["digest_due_at"], unique=False)

    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.add_column(sa.Column("population", sa.String(length=20), server_default="everyone", nullable=False))
        batch_op.add_column(sa.Column("manager_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("joins", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("managers_first_at", bot.storage.base.Instant(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_programme_manager_id_person"), "person", ["manager_id"], ["id"], ondelete="CASCADE"
        )
    op.execute("UPDATE programme SET population = 'department' WHERE department_id IS NOT NULL")


def downgrade() -> None:
    op.drop_table("posted_digest")
    with op.batch_alter_table("programme", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_programme_manager_id_person"), type_="foreignkey")
        batch_op.drop_column("managers_first_at")
        batch_op.drop_column("joins")
        batch_op.drop_column("manager_id")
        batch_op.drop_column("population")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_digest_due_at"))
        batch_op.drop_column("digest_due_at")
        batch_op.drop_column("locale_chosen")

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_outbox_room_id_room"), type_="foreignkey")
        batch_op.alter_column("person_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.drop_column("room_id")

    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_author_id"))

    with op.batch_alter_table("blocker_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_blocker_step_by_id"))

    with op.batch_alter_table("ask", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_ask_nudged_by_id_person"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_ask_occurrence"))
        batch_op.drop_column("nudged_at")
        batch_op.drop_column("nudged_by_id")

    with op.batch_alter_table("pause", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pause_programme_id"))

    op.drop_table("pause")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_person_id"))

    op.drop_table("member")
    with op.batch_alter_table("first_contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_first_contact_manager_id"))
        batch_op.drop_index(batch_op.f("ix_first_contact_due_at"))

    op.drop_table("first_contact")
    op.drop_table("room")
    with op.batch_alter_table("inbox_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbox_item_state_due_at"))
        batch_op.drop_index(batch_op.f("ix_inbox_item_person_id_kind"))

    op.drop_table("inbox_item")
    op.drop_table("weekly_figures")
