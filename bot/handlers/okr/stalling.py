"""What stands still: its owner is asked first, twice; then it is with the manager and in the next one-to-one. Whoever
has looked at it is asked no more, and no channel ever hears of it.
"""

from __future__ import annotations

from collections.abc import Collection, Set
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot.clock import valid_zone
from bot.conversation import Context, Conversation, News, Reply, Task
from bot.forms import Form
from bot.handlers.okr import drawing, listing, standing_still
from bot.handlers.okr.answering import STALLED, answered
from bot.handlers.okr.standing import named, view
from bot.handlers.okr.watching import Still, stills
from bot.messages import Button, Message
from bot.storage.audit import record
from bot.storage.contacts import contacts_of
from bot.storage.okr.goals import steps_of
from bot.storage.okr.moving import step
from bot.storage.okr.watching import TALK, ask_in_hours, asked_last, missed_asks, owners_after
from bot.storage.people import Person, manager_on, people_by_id, working_times
from bot.storage.policy import allows
from bot.storage.starting import INTRODUCED
from bot.texts import mark, say

PIECE = 200
LASTS = timedelta(days=7)


class Stalled(Conversation):
    """Looked at once a day; who hears of a further rung is asked once, in their own hours and within their budget."""

    name = STALLED
    daily = True
    summary = mark("Still the right goal?")

    def expects(self, db: Session, people: Collection[UUID], day: date) -> Set[UUID]:
        return {owner for owner, theirs in stills(db, people, day).items() if any(not one.talked for one in theirs)}

    def prompt(self, ctx: Context) -> Message:
        if ctx.asked is None:
            raise ValueError("what stands still is asked about in an ask")
        return standing_still.as_it_stands(ctx, ctx.asked)

    def open(self, ctx: Context) -> Form | Reply:
        if not allows(ctx.db, "goals", ctx.person):
            return Reply(listing.off())
        return Reply(asks=(ctx.asked.id,)) if ctx.asked else Reply(listing.listed(ctx, listing.MINE, 1))

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        over = missed_asks(ctx.db, STALLED, PIECE)
        for ask in over:
            ask.state, ask.closed_at = "closed", ctx.now
        owners = owners_after(ctx.db, _after(task), PIECE)
        _ask(ctx, owners)
        more = (_next(task, owners[-1], ctx.now),) if len(owners) == PIECE else ()
        return Reply(also=more, asks=tuple(ask.id for ask in over))


def _after(task: Task) -> UUID | None:
    return UUID(task.cursor["after"]) if "after" in task.cursor else None


def _next(task: Task, last: UUID, now: datetime) -> Task:
    day = task.key.removeprefix(f"{STALLED}:").partition(":")[0]
    return Task(STALLED, "run", f"{STALLED}:{day}:{last}", now, {"after": str(last)})


def _ask(ctx: Context, owners: list[UUID]) -> None:
    day = ctx.now.date()
    found, last = stills(ctx.db, owners, day), asked_last(ctx.db, owners, STALLED)
    people = _reached(ctx, list(found))
    hours = working_times(ctx.db, people, ctx.now)
    for one in people:
        if not any(_is_new(still, day, last.get(one.id)) for still in found[one.id]):
            continue
        ask = ask_in_hours(one, STALLED, day, ctx.now, LASTS, hours[one.id])
        if ask is not None:
            ask.created_at = ctx.real_now
            ctx.db.add(ask)


def _reached(ctx: Context, owners: list[UUID]) -> list[Person]:
    """Who knows Rapport, and is reminded of things at all."""
    known = {one for one, row in contacts_of(ctx.db, owners).items() if row.state in INTRODUCED}
    return [
        one
        for one in people_by_id(ctx.db, sorted(known)).values()
        if valid_zone(one.zone) and allows(ctx.db, "goals", one) and allows(ctx.db, "nudges", one)
    ]


def _is_new(still: Still, day: date, last: date | None) -> bool:
    """Whether it has come to a rung on which its owner was not asked yet. At the last it is in the one-to-one."""
    now = still.rung(day)
    return not still.talked and now in ("owner", "manager") and (last is None or still.rung(last) != now)


class Talk(Conversation):
    """The owner wants to talk about it in the next one-to-one: the manager hears of it, both find it at home."""

    name = standing_still.TALK

    def open(self, ctx: Context) -> Form | Reply:
        of = named(ctx, locked=True)
        if of is None or of.owner is None or of.owner.id != ctx.person.id or of.objective.state != "active":
            return Reply(drawing.gone())
        manager = manager_on(ctx.db, ctx.person.id, ctx.local_now.date())
        if manager is None:
            return Reply(Message(say("I know no manager for you"), (say("Ask HR to put that right."),)))
        told: tuple[News, ...] = ()
        if not _wanted(ctx, of.objective.id):
            made = step(ctx.db, of.objective, TALK, by=ctx.actor.id, behalf=None, at=ctx.now)
            record(
                ctx.db, ctx.real_now, "okr.talk_wanted", actor=ctx.actor.id, kind="objective",
                object_id=of.objective.id,
            )  # fmt: skip
            ctx.db.flush()
            told = (News(manager.id, self.name, of.objective.id, f"okr_talk:{made.id}", fresh=True),)
        line = say("{manager} has been told. You both find it at home, under the next 1:1.", manager=manager.name)
        noted = Message(say("For your next 1:1 with {manager}", manager=manager.name), (line,))
        return Reply(noted, told, asks=answered(ctx, [of.objective.id]))

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        of = view(ctx, about)
        if of is None or of.owner is None:
            return None
        title = say("{name} would like to talk about an objective in your next 1:1", name=of.owner.name)
        return Message(title, (of.objective.title or "",), buttons=(Button(say("Open"), drawing.SHOW, about),))


def _wanted(ctx: Context, objective: UUID) -> bool:
    """A second press changes nothing."""
    steps = steps_of(ctx.db, objective)
    return bool(steps) and steps[-1].move == TALK and ctx.now - steps[-1].at < LASTS
