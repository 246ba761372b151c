"""The manager's Monday: which check-ins wait to be read, who has not answered, at most seven items by name."""

from __future__ import annotations

from datetime import date, timedelta

from bot.access.knowing import Sent, allowed
from bot.cadence import iso_week
from bot.clock import WorkingTime
from bot.conversation import Context, part
from bot.handlers.team import heading, week
from bot.messages import Button, Row, Section
from bot.storage.checkin import CheckIn, unread_checkins
from bot.storage.people import Person, people_by_id, working_times
from bot.storage.team import Report
from bot.texts import moment, say, say_n

SHOWN = 7
# Working days within which a manager reacts (methodology 5); told to the manager alone.
TARGET = 3
WEEK = timedelta(weeks=1)


@part("manager_digest", 10)
def checkins(ctx: Context) -> Section | None:
    """What waits for the manager first, the oldest of it first; then who is open or late."""
    found = week.week_of(ctx)
    unread = _to_read(ctx)
    if not unread and not found.figures.expected:
        return None
    waiting = [(one, how) for one, how in found.waiting if how == "open" or _just_missed(ctx, one)]
    if not (unread or waiting or _new(ctx, found)):
        return None
    hours = working_times(ctx.db, [ctx.person], ctx.now)[ctx.person.id]
    authors = people_by_id(ctx.db, [one.person_id for one in unread[:SHOWN]])
    rows = [_unread(ctx, one, authors[one.person_id], hours) for one in unread[:SHOWN]]
    rows += [week.row(ctx, found, one, how) for one, how in waiting[: SHOWN - len(rows)]]
    more = len(unread) + len(waiting) - len(rows)
    late = unread and _age(ctx, unread[0], hours) > TARGET
    notes = [say_n("and {count} more", "and {count} more", more)] if more else []
    notes += [say("People are answered best within three working days.")] if late else []
    see_all = Button(say("See all"), "team.status")
    head = heading.heads(found) if found.reports or found.unnamed else ()
    return Section(say("Your team's check-ins"), head, rows=tuple(rows), buttons=(see_all,), note=" · ".join(notes))


def _to_read(ctx: Context) -> list[CheckIn]:
    """What waits for this manager, or for those for whom they act; never their own."""
    found = [one for one in unread_checkins(ctx.db, week.leads(ctx)) if one.person_id != ctx.person.id]
    rows = (Sent(one.id, one.person_id, one.reader_id, one.occurrence) for one in found)
    mine = allowed(ctx.db, week.acting(ctx), "read", "checkin", rows, ctx.now)
    return [one for one in found if one.id in mine]


def _new(ctx: Context, found: week.Week) -> bool:
    """Whether what is in was not told last Monday already, of people who are asked less often than weekly."""
    return found.monday is not None and found.monday >= _last_monday(ctx)


def _just_missed(ctx: Context, one: Report) -> bool:
    """Whether its time was up since last Monday; where nothing is asked any more, that is not told again and again."""
    return one.ask is not None and ctx.local(one.ask.due_at).date() >= _last_monday(ctx)


def _last_monday(ctx: Context) -> date:
    return iso_week(ctx.local_now.date())[0] - WEEK


def _unread(ctx: Context, one: CheckIn, author: Person, hours: WorkingTime) -> Row:
    days, when = _age(ctx, one, hours), moment(ctx.local(one.submitted_at))
    line = say("{name}: sent {when}, not read yet", name=author.name, when=when)
    if days > TARGET:
        line = say_n(
            "{name}: sent {when}, waits for {count} working day", "{name}: sent {when}, waits for {count} working days",
            days, name=author.name, when=when,
        )  # fmt: skip
    return Row((line,), (Button(say("Read"), "checkin.read", one.id),))


def _age(ctx: Context, one: CheckIn, hours: WorkingTime) -> int:
    return hours.working_days_between(one.submitted_at, ctx.now)
