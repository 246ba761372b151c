"""What an import of objectives would change, in the words of the terminal: counts, then each difference."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from bot.rules.okr.sheet import Plan, Step, title
from bot.rules.roster import Columns
from bot.sheets import Sheet

DIFFERENCES, NAMES, LONGEST = 200, 5, 60
WITHOUT_WORDS = "Notes, reasons and lessons are left out: who may read them gets them with /okr export in the chat."


def told(file: str, sheet: Sheet, columns: Columns, plan: Plan) -> Iterator[str]:
    yield f"{file}: {many(plan.objectives, 'objective')}, {many(plan.rows, 'key result')}."
    if sheet.note:
        yield sheet.note
    if columns.unused:
        yield f"Not used: {', '.join(columns.unused)}."
    new = [f"{one.after.period}/{one.after.key}" for one in plan.changes if one.before is None]
    if new:
        more = f" and {len(new) - NAMES} more" if len(new) > NAMES else ""
        yield f"  {len(new)} new: {', '.join(new[:NAMES])}{more}"
    for change in plan.changes:
        added = [one.after.key for one in change.results if one.before is None]
        if change.before is not None and added:
            yield f"  {change.after.period}/{change.after.key}: new key results {', '.join(added)}"
    found = [one for change in plan.changes for one in change.differences()]
    for name, key, before, after in found[:DIFFERENCES]:
        yield f"  {name}, {title(columns, key)}: {_shown(before)} → {_shown(after)}"
    if len(found) > DIFFERENCES:
        yield f"  and {len(found) - DIFFERENCES} more differences"
    yield f"  {plan.same} as before"


def done(plan: Plan) -> str:
    counts = plan.counts()
    values = f", {many(counts['updates'], 'update')} noted" if "updates" in counts else ""
    return (
        f"{many(counts.get('added', 0), 'objective')} added, {counts.get('changed', 0)} changed, {plan.same} as "
        f"before{values}."
    )


def many(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count} {what}s"


def _shown(value: object) -> str:
    if value in (None, "", ()):
        return "nothing"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, tuple):
        text = ", ".join(f"{one.key}{' (done)' if one.done else ''}" if isinstance(one, Step) else one for one in value)
    else:
        text = str(value)
    line = " ".join(text.split())
    return f"'{line[:LONGEST]}…'" if len(line) > LONGEST else f"'{line}'"
