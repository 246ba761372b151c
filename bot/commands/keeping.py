"""`rapport retention`: the table as it holds here, changed, previewed and carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, time
from typing import TypeVar

from bot.clock import Clock
from bot.commands.arguments import a_day
from bot.commands.problem import Problem
from bot.handlers.retention import limits, piece, policy_of
from bot.rules.retention import BY_NAME, CLASSES, BadSetting, Policy, a_preset, a_setting, amount, warning
from bot.storage import audit_trimming, retention
from bot.storage.database import Database
from bot.storage.holds import held
from bot.storage.keeping import by_class
from bot.storage.retention import RetentionRun

NOTES = {
    "held": "The audit trail was not trimmed: while a legal hold stands, it stays whole.",
    "broken": "The audit trail was not trimmed: its chain does not hold. Look at it: rapport audit verify",
    "not_owner": (
        "The audit trail was not trimmed: only the role that owns the table audit_event may do that. "
        "Run this command with its address in RAPPORT_DATABASE_URL: rapport retention run"
    ),
}


def show(database: Database) -> str:
    with database.transaction() as db:
        policy, last = policy_of(db), retention.last_run(db)
    changed = f", {len(policy.own)} changed" if policy.own else ""
    return "\n".join([f"Preset: {policy.preset}{changed}.", *_classes(policy), *_last(last)])


def _classes(policy: Policy) -> Iterator[str]:
    for one in CLASSES:
        kept = policy.says(one.name) or "not by time"
        since = f" after {one.after}" if one.after else ""
        yield f"{one.name}: {kept}{since}{' (changed)' if one.name in policy.own else ''}"
        yield f"    {one.what}. Why: {one.source}."


def preset(database: Database, clock: Clock, name: str) -> str:
    chosen = _checked(lambda: a_preset(name))
    with database.transaction() as db:
        own = policy_of(db).own
        retention.store(db, chosen, {}, clock.real(), None, {"preset": chosen})
    forgotten = f" What was set for {', '.join(own)} is forgotten." if own else ""
    return f"Records are kept as the preset {chosen} says.{forgotten} See what goes: rapport retention preview"


def change(database: Database, clock: Clock, name: str, given: str) -> str:
    kept = _checked(lambda: a_setting(name, given))
    with database.transaction() as db:
        policy = policy_of(db)
        retention.store(db, policy.preset, {**policy.own, name: kept}, clock.real(), None, {name: kept})
    lines = [f"{name}: {amount(name, kept)} after {BY_NAME[name].after}, no longer {policy.says(name)}."]
    lines += filter(None, [warning(name, kept)])
    return "\n".join([*lines, "See what goes: rapport retention preview"])


T = TypeVar("T")


def _checked(read: Callable[[], T]) -> T:
    try:
        return read()
    except BadSetting as wrong:
        raise Problem(f"{wrong} Nothing was changed.") from wrong


def preview(database: Database, clock: Clock, day: str = "") -> str:
    at = datetime.combine(a_day("--on", day), time.max, UTC) if day else None
    now, real = at or clock.now(), at or clock.real()
    with database.transaction() as db:
        policy, holds = policy_of(db), held(db)
        counts = by_class(retention.preview(db, limits(policy, now, real)))
        before = policy.past("audit", real)
        if before and not holds:
            counts["audit"] += audit_trimming.count(db, before)
    lines = [f"A run {f'on {day}' if day else 'now'} would delete {told(counts)}."]
    if holds:
        lines.append(f"People under a legal hold: {len(holds)}. Nothing of theirs goes.")
        lines.append("The audit trail is not trimmed while one stands.")
    return "\n".join(lines)


def run(database: Database, clock: Clock, step: Callable[[str], None] = lambda _: None) -> str:
    """In pieces, so that people's answers come in between; interrupted, it goes on where it was."""
    with database.transaction() as db:
        row = retention.begin(db, clock.real(), None).id
    more = True
    while more:
        with database.transaction() as db:
            more = piece(db, row, clock.now(), clock.real())
        step("retention.piece")
    database.empty_journal()
    with database.transaction() as db:
        done = db.get_one(RetentionRun, row)
    lines = [f"Deleted: {told(done.counts)}."]
    return "\n".join([*lines, NOTES[done.note]] if done.note else lines)


def _last(last: RetentionRun | None) -> Iterator[str]:
    if last is None:
        yield "There was no run yet: the running bot does one a day."
        return
    ended = "did not come to its end yet and goes on" if last.ended_at is None else f"deleted {told(last.counts)}"
    yield f"The last run, of {last.started_at.date()}, {ended}."
    if last.note:
        yield NOTES[last.note]


def told(counts: Mapping[str, int]) -> str:
    """By class of records, in the order of the table."""
    order = [one.name for one in CLASSES]
    names = sorted(counts, key=lambda name: (order.index(name) if name in order else len(order), name))
    rows = [f"{counts[name]} {'row' if counts[name] == 1 else 'rows'} of {name}" for name in names if counts[name]]
    return ", ".join(rows) or "nothing"
