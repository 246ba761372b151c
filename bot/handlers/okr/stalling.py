"""What stands still: its owner is asked first, twice; then it is with the manager and in the next one-to-one. Whoever
has looked at it is asked no more, and no channel ever hears of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence, Set
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.conversation import Context, Conversation, News, Reply
from bot.forms import Form
from bot.handlers.okr import drawing, standing_still
from bot.handlers.okr.answering import STALLED, UPDATES, answered
from bot.handlers.okr.daily import LASTS, PIECE, AskedDaily
from bot.handlers.okr.standing import named, view
from bot.handlers.okr.watching import Still, to_ask
from bot.messages import Button, Message
from bot.storage.asks import Ask
from bot.storage.audit import record
from bot.storage.okr.goals import steps_of
from bot.storage.okr.moving import step
from bot.storage.okr.watching import TALK, asked_last, days_asked, owners_after
from bot.storage.people import Person, manager_on
from bot.texts import mark, say


class Stalled(AskedDaily):
    """Who hears of a further rung is asked once."""

    name = STALLED
    summary = mark("Still the right goal?")

    def expects(self, db: Session, people: Collection[UUID], day: date) -> Set[UUID]:
        return to_ask(db, people, day).keys()

    def owners(self, ctx: Context, after: UUID | None) -> list[UUID]:
        return owners_after(ctx.db, after, PIECE)

    def due(self, ctx: Context, people: Sequence[Person]) -> Collection[UUID]:
        day, ids = ctx.now.date(), [one.id for one in people]
        found, last = to_ask(ctx.db, ids, day), asked_last(ctx.db, ids, STALLED)
        since = min((one.since for theirs in found.values() for one in theirs), default=day)
        updates = days_asked(ctx.db, found.keys(), UPDATES, since)
        return [
            one
            for one, theirs in found.items()
            if any(_is_new(still, day, last.get(one), updates.get(one, ())) for still in theirs)
        ]

    def as_it_stands(self, ctx: Context, ask: Ask) -> Message:
        return standing_still.as_it_stands(ctx, ask)


def _is_new(still: Still, day: date, last: date | None, updates: Iterable[date]) -> bool:
    """Whether it has come to a rung on which its owner was not asked yet, be it for an update. At the last it is in the
    one-to-one.
    """
    now = still.rung(day)
    asked = now == "owner" and any(one <= day and still.in_updates(one) for one in updates)
    return not asked and now in ("owner", "manager") and (last is None or still.rung(last) != now)


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
