"""The question of every two weeks: how do your objectives stand? One tap if nothing is new."""

from __future__ import annotations

from collections.abc import Collection, Set
from datetime import date, time
from uuid import UUID

from sqlalchemy.orm import Session

from bot.cadence import Weekly
from bot.conversation import Context, Conversation, Reply
from bot.forms import Form
from bot.handlers.okr import asked, drawing, listing
from bot.handlers.okr.answering import answered, noted
from bot.messages import Message
from bot.rules.nudges import GOALS
from bot.storage.asks import Ask
from bot.storage.okr.asking import due_key_results
from bot.storage.policy import allows
from bot.texts import mark


class Updates(Conversation):
    """Asked on the day and hour of the check-in, so that both are one message; the weeks are counted from its start."""

    name = asked.UPDATES
    summary = mark("Update my objectives")
    cadence = Weekly(
        on=3, at=time(10), due_on=4, due_at=time(16), remind_on=4, remind_at=time(10), every=2, anchor=date(2026, 1, 1)
    )
    rank = GOALS

    def expects(self, db: Session, people: Collection[UUID], day: date) -> Set[UUID]:
        return {one.person for one in due_key_results(db, people, day)}

    def prompt(self, ctx: Context) -> Message:
        return asked.as_it_stands(ctx, _ask(ctx))

    def remind(self, ctx: Context) -> Message:
        return asked.question(ctx, _ask(ctx), reminder=True)

    def open(self, ctx: Context) -> Form | Reply:
        """From a list of what waits; without an ask it is the list of one's objectives."""
        if not allows(ctx.db, "goals", ctx.person):
            return Reply(listing.off())
        return Reply(asks=(ctx.asked.id,)) if ctx.asked else Reply(listing.listed(ctx, listing.MINE, 1))


class NothingNew(Conversation):
    """No change in any key result that is asked for."""

    name = asked.NOTHING_NEW

    def open(self, ctx: Context) -> Form | Reply:
        ask = ctx.asked
        if ask is None:
            return Reply(drawing.gone())
        if ask.state not in ("open", "missed") or not allows(ctx.db, "goals", ctx.person):
            return Reply(asks=(ask.id,))
        due = due_key_results(ctx.db, [ctx.person.id], ask.occurrence)
        noted(ctx, due)
        others = answered(ctx, [one.objective for one in due])
        return Reply(asks=(ask.id, *(one for one in others if one != ask.id)))


def _ask(ctx: Context) -> Ask:
    if ctx.asked is None:
        raise ValueError("a question for updates belongs to an ask")
    return ctx.asked
