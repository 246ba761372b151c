"""What a list would do, as it is kept with it: counts and the first names of each change, or what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from datetime import date
from typing import Any
from uuid import UUID

from bot.conversation import Context
from bot.handlers.roster.reading import PeopleFile, Wrong, compared, day_of, read_file
from bot.rules.roster import Fault, Plan, Terms, held_back
from bot.sheets import NotASheet
from bot.storage import roster
from bot.storage.base import new_id
from bot.storage.roster_uploads import READY, UNREAD, WRONG, RosterUpload

NAMES, FAULTS = 10, 5000
Found = dict[str, Any]


def look(ctx: Context, row: RosterUpload) -> None:
    """Reads it anew and keeps what was found; nothing is written yet."""
    try:
        read = read_file(row.data())
    except NotASheet as error:
        _is(ctx, row, UNREAD, {"line": error.line, "why": str(error)})
        return
    except Wrong as error:
        _is(ctx, row, WRONG, {"faults": _told(error.faults)})
        return
    part = plan(ctx, read, full=False)
    if part.faults:
        _is(ctx, row, WRONG, {"faults": _told(part.faults)})
        return
    whole = plan(ctx, read, full=True)
    columns = {"unused": list(read.columns.unused), "never": list(read.columns.never), "note": read.sheet.note}
    found = {"rows": part.rows, "part": summary(part), "whole": None if whole.faults else summary(whole)}
    _is(ctx, row, READY, {**found, **columns, "not_whole": _told(whole.faults[:1])})


def plan(ctx: Context, read: PeopleFile, *, full: bool) -> Plan:
    return compared(_open(ctx), read, Terms(full, _today(ctx, read), new_id, or_else=""))


def again(ctx: Context, row: RosterUpload) -> tuple[Plan, date]:
    """Of what was read before without a fault in its head, and the day from which it holds."""
    read = read_file(row.data())
    return plan(ctx, read, full=row.full), _today(ctx, read)


def _today(ctx: Context, read: PeopleFile) -> date:
    return day_of(_open(ctx), ctx.now, read.rows)


def _open(ctx: Context) -> roster.Begin:
    """The transaction of the task, each time."""
    return lambda: nullcontext(ctx.db)


def same(row: RosterUpload, now: Plan) -> bool:
    """Whether it would do as much as was shown."""
    shown = row.found().get("whole" if row.full else "part")
    return shown is not None and not now.faults and shown["counts"] == now.counts()


def summary(found: Plan) -> Found:
    leave = len(found.leavers)
    return {
        "counts": found.counts(), "same": found.same, "here": found.here, "leave": leave,
        "braked": held_back(leave, found.here, None), "names": _names(found),
        "alone": [len(found.alone), found.alone[:NAMES]], "unled": [len(found.unled), found.unled[:NAMES]],
    }  # fmt: skip


def _names(found: Plan) -> dict[str, list[Any]]:
    """By kind of change: how many, and the first with what becomes of them."""
    arrive = found.of_kind("join")
    later = [one for one in arrive if one.values["status"] == "coming"]
    kinds: dict[str, list[tuple[str, str]]] = {
        "join": [(one.name, "") for one in arrive if one not in later],
        "later": [(one.name, one.since.isoformat()) for one in later],
        "return": [(one.name, "") for one in found.of_kind("return")],
        "leave": [(one.name, "") for one in found.leavers],
        "manager": [(one.name, _named(found, one.manager)) for one in found.of_kind("manager")],
        "dotted": [(one.name, "") for one in found.of_kind("dotted")],
        "department": [(one.name, one.department or "") for one in found.of_kind("department")],
        "email": [(one.name, str(one.values["email"])) for one in found.of_kind("email")],
        "other": [(one.name, "") for one in found.of_kind("other")],
    }
    return {kind: [len(some), some[:NAMES]] for kind, some in kinds.items() if some}


def _named(found: Plan, who: UUID | None) -> str:
    return found.names[who] if who else ""


def _told(faults: Iterable[Fault]) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, one.why) for one in faults][:FAULTS]


def _is(ctx: Context, row: RosterUpload, state: str, found: Found) -> None:
    row.say(found)
    row.become(state, ctx.real_now)
