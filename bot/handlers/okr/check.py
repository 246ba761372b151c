"""The cascade linter at work: once a week, and at once where something above was changed. The owner is told in one
message within the budget, of the same not again for a fortnight; HR has the sum.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence, Set
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import to_local, to_utc, valid_zone
from bot.conversation import Context, Conversation, News, Reply, Task
from bot.conversation.verbs import put_off, snooze_buttons
from bot.forms import Form
from bot.handlers.okr import drawing, linting, listing, summing
from bot.handlers.okr.linting import CHECK
from bot.messages import Button, Message, Section
from bot.rules.nudges import GOALS
from bot.storage.asks import SWITCHED_OFF, Ask, answerable_of, ask_at
from bot.storage.contacts import contacts_of
from bot.storage.notices import inform, uninformed
from bot.storage.okr.linted import owners_after, owners_below
from bot.storage.people import Person, working_times
from bot.storage.policy import allows
from bot.storage.tasks import tasks_by_key
from bot.texts import mark, say, say_n

NOTICE = "policy.notice"
# Owners of one piece; each has a few objectives.
PIECE = 50
TUESDAY = 1
DAY = timedelta(days=1)
# The same is not told again before.
AGAIN = 14
# Working days for which it waits to be mended.
OPEN = 4


class Check(Conversation):
    """Steps: "run" each day, "week" from Tuesday on once, "look" below one that was changed, "tell" one owner's."""

    name = CHECK
    words = ("okr check",)
    summary = mark("What does not hang together in our objectives")
    rank = GOALS
    daily = True

    def prompt(self, ctx: Context) -> Message:
        if ctx.asked is not None and ctx.asked.reason == SWITCHED_OFF:
            return listing.off()
        return own(ctx, ctx.asked)

    def open(self, ctx: Context) -> Form | Reply:
        if ctx.asked is not None:
            return Reply(asks=(ctx.asked.id,))
        if not allows(ctx.db, "goals", ctx.person):
            return Reply(listing.off())
        return Reply(summing.summary(ctx) if ctx.roles & summing.HR else own(ctx, None))

    def expects(self, db: Session, people: Collection[UUID], day: date) -> Set[UUID]:
        """Who has mended all of it meanwhile is not written to."""
        return {one for one in people if linting.of_reader(db, one, day)}

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        match task.step:
            case "run":
                week = ctx.now.date().isocalendar()
                key = f"{CHECK}:{week.year}-{week.week}"
                return Task(CHECK, "week", key, ctx.now, {}) if ctx.now.weekday() >= TUESDAY else None
            case "week":
                return _piece(ctx, task)
            case "look":
                return Reply(also=_news(ctx, owners_below(ctx.db, UUID(task.cursor["parent"]))))
            case _:
                return _tell(ctx, task)


def changed_above(now: datetime, parent: UUID, version: int) -> Task:
    """To be returned with what changes, moves or ends an objective: who supports it hears at once."""
    return Task(CHECK, "look", f"{CHECK}:{parent}:{version}", now, {"parent": str(parent)})


def settled(ctx: Context, owner: UUID) -> tuple[UUID, ...]:
    """What has asked to mend something of this owner's, to be drawn anew; it is over once nothing is left."""
    ctx.db.flush()
    asks = _waiting(ctx, [one.id for one in linting.readers(ctx, owner)])
    for ask in asks:
        if not linting.of_reader(ctx.db, ask.person_id, ctx.now.date()):
            ask.state, ask.submitted_at, ask.remind_at, ask.remind_kind = "submitted", ctx.now, None, None
    return tuple(one.id for one in asks)


def own(ctx: Context, ask: Ask | None) -> Message:
    mine = Button(say("My objectives"), drawing.LIST)
    if ask is not None and ask.closed_at is not None:
        return Message(say("A newer message says what needs a look"), buttons=(mine,))
    found = linting.of_reader(ctx.db, ctx.person.id, ctx.now.date())
    if not found:
        fine = say("Each supports one above it, has its numbers and somebody who looks after it.")
        return Message(say("Your objectives hang together"), (fine,), buttons=(mine,))
    title = say_n("One of your objectives needs a look", "{count} of your objectives need a look", len(found))
    more = len(found) - linting.SHOWN
    notes = (say_n("and {count} more", "and {count} more", more) if more > 0 else "", put_off(ctx, ask) if ask else "")
    every = (Button(say("All of them…"), linting.ALL),) if more > 0 else ()
    later = snooze_buttons(ctx, ask) if ask is not None and ask.state == "open" else (mine,)
    return Message(
        title, (say("One tap mends most of it."),), summary=title,
        sections=(*linting.sections(ctx, found), Section(buttons=(*every, *later), note=" ".join(filter(None, notes)))),
    )  # fmt: skip


def _piece(ctx: Context, task: Task) -> Reply:
    after = task.cursor.get("after")
    owners = owners_after(ctx.db, UUID(after) if after else None, PIECE)
    told: tuple[Task, ...] = _news(ctx, owners)
    if len(owners) == PIECE:
        week = task.cursor.get("week", task.key)
        told += (Task(CHECK, "week", f"{week}:{owners[-1]}", task.at, {"after": str(owners[-1]), "week": week}),)
    return Reply(also=told)


def _news(ctx: Context, owners: Iterable[UUID]) -> tuple[Task, ...]:
    """Of each owner who has a finding that was not told lately. What was told is what their tasks carry."""
    found = linting.of_owners(ctx.db, set(owners))
    days = [ctx.now.date() - at * DAY for at in range(AGAIN)]
    keys = [_key(owner, day) for owner in found for day in days]
    before: dict[str, set[str]] = {}
    for row in tasks_by_key(ctx.db, keys):
        before.setdefault(str(row.cursor["owner"]), set()).update(row.cursor["found"])
    told = []
    for owner, by_objective in found.items():
        codes = sorted(f"{one.objective}:{one.code}" for theirs in by_objective.values() for one in theirs)
        if not set(codes) <= before.get(str(owner), set()):
            cursor = {"owner": str(owner), "found": codes}
            told.append(Task(CHECK, "tell", _key(owner, ctx.now.date()), ctx.now, cursor))
    return tuple(told)


def _key(owner: UUID, day: object) -> str:
    return f"{CHECK}:{owner}:{day}"


def _tell(ctx: Context, task: Task) -> Reply | Task | None:
    """Nobody before their first contact; who has not seen the privacy notice as it stands is shown it first."""
    people = [
        one
        for one in linting.readers(ctx, UUID(task.cursor["owner"]))
        if valid_zone(one.zone) and allows(ctx.db, "goals", one) and linting.of_reader(ctx.db, one.id, ctx.now.date())
    ]
    heard = {one for one, row in contacts_of(ctx.db, [one.id for one in people]).items() if row.state in ("sent", "ok")}
    late = uninformed(ctx.db, [one for one in people if one.id in heard])
    inform(ctx.db, late, ctx.now)
    notices = tuple(News(one.id, NOTICE, one.id, f"notice:{one.id}:{ctx.now.isoformat()}") for one in late)
    again = (Task(CHECK, "tell", f"{task.key}:again"[:255], ctx.now + DAY, task.cursor),) if late else ()
    fresh = [one for one in people if one.id in heard and one not in late]
    return Reply(also=(*notices, *again), asks=_asked(ctx, fresh))


def _asked(ctx: Context, people: Sequence[Person]) -> tuple[UUID, ...]:
    """One that came today says all; an older one makes room."""
    older = _waiting(ctx, [one.id for one in people])
    hours = working_times(ctx.db, people, ctx.now)
    known = {one.id: ask_at(ctx.db, one.id, CHECK, to_local(ctx.now, one.zone).date()) for one in people}
    for ask in older:
        if ask is not known.get(ask.person_id):
            ask.state, ask.closed_at, ask.remind_at, ask.remind_kind = "closed", ctx.now, None, None
    for person in people:
        if known[person.id] is None:
            last = hours[person.id].working_day_after(ctx.now, OPEN)
            ends = to_utc(datetime.combine(last, person.day_ends), person.zone)
            ctx.db.add(_made(ctx, person, ends))
    ctx.db.flush()
    return tuple(one.id for one in older)


def _made(ctx: Context, person: Person, ends: datetime) -> Ask:
    """Sent when their working hours and the budget of the day allow, with whatever else comes on that day."""
    return Ask(
        person_id=person.id, about_id=person.id, conversation=CHECK, zone=person.zone, state="open", nudges=0,
        occurrence=to_local(ctx.now, person.zone).date(), opens_at=ctx.now, due_at=ends, remind_at=ctx.now,
        remind_kind="prompt", created_at=ctx.real_now,
    )  # fmt: skip


def _waiting(ctx: Context, people: Sequence[UUID]) -> list[Ask]:
    return answerable_of(ctx.db, CHECK, select(Person.id).where(Person.id.in_(people)), 2 * PIECE)
