"""Before serving: are the keys those of this database?"""

from __future__ import annotations

from sqlalchemy import select

from bot.commands.problem import Problem
from bot.storage.database import Database
from bot.storage.keys import Unreadable
from bot.storage.workspaces import Workspace


def check_keys(database: Database) -> None:
    """Raises Problem if a stored token cannot be opened: better now than at the first answer."""
    with database.transaction() as db:
        for workspace in db.scalars(select(Workspace)):
            try:
                _ = workspace.token
            except Unreadable as error:
                raise Problem(
                    f"The keys do not fit this database ({error}). Check RAPPORT_KEY_RING and RAPPORT_KEYS."
                ) from error
