"""Before serving: are the keys those of this database?"""

from __future__ import annotations

from bot import log
from bot.commands.problem import Problem
from bot.storage import key_checks
from bot.storage.database import Database

logger = log.get("keys")


def check_keys(database: Database) -> list[str]:
    """Raises Problem if nothing would work: better now than at the first answer. What stops single people only is given
    back in words, and logged.
    """
    report = key_checks.look(database)
    told = list(key_checks.words(report))
    if report.stops:
        raise Problem("\n".join(["The keys do not fit this database.", *told]))
    if told:
        logger.error("keys.missing", count=len(report.lost.keys() | report.other.keys() | report.changed.keys()))
    return told
