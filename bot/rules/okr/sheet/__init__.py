"""Objectives as rows, one a key result: read, compared with what is stored, checked, and written out again."""

from bot.rules.okr.sheet.cells import Who, World, valid_key
from bot.rules.okr.sheet.columns import TITLES, columns_of, recognised, title
from bot.rules.okr.sheet.compare import Known, compare
from bot.rules.okr.sheet.plan import Change, Difference, Plan, ResultChange
from bot.rules.okr.sheet.rows import periods_named, read_rows
from bot.rules.okr.sheet.values import Goal, Ref, Result, Step
from bot.rules.okr.sheet.written import written

__all__ = [
    "TITLES", "Change", "Difference", "Goal", "Known", "Plan", "Ref", "Result", "ResultChange", "Step", "Who", "World",
    "columns_of", "compare", "periods_named", "read_rows", "recognised", "title", "valid_key", "written",
]  # fmt: skip
