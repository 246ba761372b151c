"""What an import would change, in the words of the terminal: counts, and the first names of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from bot.rules.roster import Change, Columns, Plan
from bot.sheets import Sheet

NAMES = 5


def told(file: str, sheet: Sheet, columns: Columns, plan: Plan, *, full: bool) -> Iterator[str]:
    kind = "the full list" if full else "a partial list: who is not in it stays as they are"
    yield f"{file}: {_people(plan.rows)}, {kind}."
    if sheet.note:
        yield sheet.note
    if columns.unused:
        yield f"Not used: {', '.join(columns.unused)}."
    if columns.never:
        yield f"Never stored, whatever the file says: {', '.join(columns.never)}."
    yield from _differences(plan)
    if plan.alone:
        yield f"{_people(len(plan.alone))} without a manager then, as theirs leaves: {', '.join(plan.alone)}"
    if plan.unled:
        arrive = "arrives" if len(plan.unled) == 1 else "arrive"
        yield f"{_people(len(plan.unled))} {arrive} without a manager: {', '.join(plan.unled)}"


def _differences(plan: Plan) -> Iterator[str]:
    arrive = plan.of_kind("join")
    coming = [one for one in arrive if one.values["status"] == "coming"]
    joins = [one for one in arrive if one.values["status"] != "coming"]
    yield from _line("join", "joins", [one.name for one in joins])
    yield from _line("join later", "joins later", [f"{one.name} (on {one.since})" for one in coming])
    yield from _line("come back", "comes back", [one.name for one in plan.of_kind("return")])
    yield from _line("leave", "leaves", [one.name for one in plan.leavers])
    moved = [f"{one.name} (now {_name(one.manager, plan.names)})" for one in plan.of_kind("manager")]
    yield from _line("change manager", "changes manager", moved)
    yield from _line("change dotted lines", "changes dotted lines", [one.name for one in plan.of_kind("dotted")])
    placed = [f"{one.name} (now {one.department or 'none'})" for one in plan.of_kind("department")]
    yield from _line("change department", "changes department", placed)
    addressed = [f"{one.name} (now {one.values['email']})" for one in plan.of_kind("email")]
    yield from _line("change e-mail", "changes e-mail", addressed)
    yield from _line("change otherwise", "changes otherwise", [_other(one) for one in plan.of_kind("other")])
    yield f"  {plan.same} as before"


def _line(many: str, one: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        yield f"  {len(names)} {one if len(names) == 1 else many}: {_first(names)}"


def _other(change: Change) -> str:
    called = {
        "external_id": "Employee Id",
        "locale": "language",
        "hired_on": "first day",
        "left_on": "last day",
        "work_days": "working days",
    }
    return f"{change.name} ({', '.join(called.get(key, key) for key in change.values if key != 'email')})"


def _first(names: Sequence[str]) -> str:
    more = len(names) - NAMES
    return ", ".join(names[:NAMES]) + (f" and {more} more" if more > 0 else "")


def _name(who: UUID | None, names: Mapping[UUID, str]) -> str:
    return names[who] if who else "none"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def held_back(plan: Plan, confirmed: int | None, *, last_coordinator: bool) -> str:
    """With everybody who would leave: whoever confirms a number has read the names."""
    count, share = len(plan.leavers), round(len(plan.leavers) * 100 / plan.here)
    said = "" if confirmed is None else f" You said {confirmed}."
    hr = "\nNobody would be HR coordinator then: the last one is among them." if last_coordinator else ""
    return (
        f"This would deactivate {count} of {plan.here} people ({share} %):\n"
        f"{', '.join(one.name for one in plan.leavers)}{hr}\n"
        f"Was the file cut short?{said} If it is right, add --yes-deactivate {count}. Nothing was imported."
    )


def done(plan: Plan) -> str:
    added, left = sum(one.new for one in plan.changes), len(plan.leavers)
    gone = f", {left} left" if left else ""
    return f"{added} people added, {len(plan.changes) - added} changed{gone}, {plan.same} as before."
