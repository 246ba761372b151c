"""A period is over: whoever has not closed an objective of it is asked to, twice at most; then it stands in their
manager's Monday, and in no channel.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot.clock import to_local
from bot.conversation import Context
from bot.conversation.verbs import ask_buttons, put_off
from bot.handlers.okr import drawing, words
from bot.handlers.okr.answering import ENDED
from bot.handlers.okr.asked import closed, in_order, standing_line
from bot.handlers.okr.daily import PIECE, AskedDaily
from bot.handlers.okr.standing import View
from bot.messages import Button, Message, Row, Strong
from bot.rules.nudges import GOALS
from bot.rules.okr.ending import AGAIN_DAYS, WINDOW_DAYS, asks_to_close
from bot.storage.asks import SWITCHED_OFF, Ask
from bot.storage.okr.watching import asked_since, over_objectives, owners_over
from bot.storage.people import Person, manager_on
from bot.texts import day as day_words
from bot.texts import mark, say, say_n

SHOWN = 5
WINDOW = timedelta(days=WINDOW_DAYS)


class Ended(AskedDaily):
    """Made on a day on which they work, so that the next one comes a week after it was read."""

    name = ENDED
    summary = mark("Close what has ended")
    rank = GOALS
    ahead = timedelta(days=1)

    def expects(self, db: Session, people: Collection[UUID], day: date) -> Set[UUID]:
        return over_objectives(db, people, day).keys()

    def owners(self, ctx: Context, after: UUID | None) -> list[UUID]:
        return owners_over(ctx.db, ctx.now.date() - WINDOW, ctx.now.date(), after, PIECE)

    def due(self, ctx: Context, people: Sequence[Person]) -> Collection[UUID]:
        today = ctx.now.date()
        over = over_objectives(ctx.db, [one.id for one in people], today)
        asked = asked_since(ctx.db, list(over), ENDED, today - WINDOW)
        return [
            one.id
            for one in people
            if any(
                asks_to_close(period.ends_on, asked.get(one.id, ()), to_local(ctx.now, one.zone).date())
                for _, period in over.get(one.id, ())
            )
        ]

    def as_it_stands(self, ctx: Context, ask: Ask) -> Message:
        mine = Button(say("My objectives"), drawing.LIST)
        if ask.state == "submitted":
            thanks = say("Thank you. Grades and lessons stand in their history.")
            return Message(say("What has ended is closed"), (thanks,), buttons=(mine,))
        if ask.closed_at is not None:
            left = say("What is still open you can close at any time, under My objectives.")
            return (
                closed(ask) if ask.reason == SWITCHED_OFF else Message(say("I ask no more"), (left,), buttons=(mine,))
            )
        found = over_objectives(ctx.db, [ctx.person.id], ask.occurrence).get(ctx.person.id, [])
        if ask.state == "not_expected" or not found:
            return Message(say("Nothing to close"), (say("Nothing is asked of you."),), buttons=(mine,))
        return _question(ctx, ask, in_order(ctx, [one.objective.id for one in found]), mine)


def _question(ctx: Context, ask: Ask, found: Sequence[View], mine: Button) -> Message:
    ended = {words.period(one.period) for one in found}
    title = say("Their time is over: how did it go?")
    if len(ended) == 1:
        title = say("{period} is over: how did it go?", period=ended.pop())
    more = len(found) - SHOWN
    note = say_n("and {count} more", "and {count} more", more) if more > 0 else ""
    how = say("To close one takes about two minutes: your grade, what becomes of it, and one lesson.")
    return Message(
        title, (how, _who_knows(ctx, ask, found)), rows=tuple(_row(ctx, one) for one in found[:SHOWN]),
        buttons=(mine,) if ask.state == "missed" else ask_buttons(ctx, ask, first=mine),
        note=" ".join(filter(None, (note, put_off(ctx, ask)))), summary=title,
    )  # fmt: skip


def _who_knows(ctx: Context, ask: Ask, found: Sequence[View]) -> str:
    last = [one.period.ends_on for one in found if (ask.occurrence - one.period.ends_on).days > AGAIN_DAYS]
    if not last or manager_on(ctx.db, ctx.person.id, ctx.local_now.date()) is None:
        return say("Only you are asked.")
    when = day_words(max(last) + WINDOW, ctx.local_now.date())
    return say("I do not ask again. What is open after {day} stands in your manager's Monday.", day=when)


def _row(ctx: Context, of: View) -> Row:
    about = of.objective.id
    close = Button(say("Close it…"), drawing.CLOSE, about, style="primary")
    return Row(
        ((Strong(of.objective.title or ""), f" · {standing_line(ctx, of)}"),),
        (close, Button(say("Open"), drawing.SHOW, about)),
    )
