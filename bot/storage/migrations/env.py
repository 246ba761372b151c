"""Alembic's entry; the connection is handed over by bot.storage.migrating."""

from __future__ import annotations

from alembic import context

from bot.storage.models import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata(),  # type: ignore[arg-type]
    render_as_batch=True,
    compare_type=True,
    user_module_prefix="bot.storage.base.",
)
with context.begin_transaction():
    context.run_migrations()
