"""A list of everybody, as rows: read column by column, compared with who is known, and what is wrong with it."""

from bot.rules.roster.brake import held_back
from bot.rules.roster.columns import Columns, Fault, columns_of, recognised
from bot.rules.roster.compare import Terms, compare
from bot.rules.roster.lines import line_up
from bot.rules.roster.plan import Change, Known, Leaver, Plan
from bot.rules.roster.rows import Knows, Row, read_rows

__all__ = [
    "Change", "Columns", "Fault", "Known", "Knows", "Leaver", "Plan", "Row", "Terms", "columns_of",
    "compare", "held_back", "line_up", "read_rows", "recognised",
]  # fmt: skip
