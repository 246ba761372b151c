"""The buttons that belong to every ask; what they do lives with the handlers of all asks."""

from __future__ import annotations

from bot.conversation import Context
from bot.messages import Button
from bot.rules.asks import LATER, TOMORROW, snoozes
from bot.storage.asks import JOINED, MANUAL, Ask
from bot.storage.people import Person
from bot.texts import moment, say


def ask_buttons(ctx: Context, ask: Ask, *, first: Button) -> tuple[Button, ...]:
    """Answer, put off, leave out, be away; a snooze that would come after the deadline is not offered."""
    skip = Button(say("Skip this one"), "asks.skip", ask.id)
    return (first, *snooze_buttons(ctx, ask), skip, Button(say("I'm away until…"), "preferences.away", ask.id))


def snooze_buttons(ctx: Context, ask: Ask) -> tuple[Button, ...]:
    days = frozenset(int(day) for day in ctx.person.work_days.split(",") if day)
    offered = snoozes(ctx.local_now, ctx.local(ask.due_at), ctx.person.day_ends, days)
    later = (Button(say("Later today"), "asks.later", ask.id),) if LATER in offered else ()
    return (*later, Button(say("Tomorrow"), "asks.tomorrow", ask.id)) if TOMORROW in offered else later


def put_off(ctx: Context, ask: Ask) -> str:
    """When the person wanted to hear of it again; "" if they did not say."""
    if ask.remind_kind not in ("snoozed", JOINED) or ask.remind_at is None or ask.remind_at <= ctx.now:
        return ""
    return say("I'll remind you {when}. You can answer at any time before.", when=moment(ctx.local(ask.remind_at)))


def sender(ctx: Context, ask: Ask) -> str:
    """Who asked for the reminder that goes out now; "" for one of my own."""
    if ask.remind_kind not in (MANUAL, JOINED) or ask.nudged_by_id is None:
        return ""
    person = ctx.db.get(Person, ask.nudged_by_id)
    return person.name if person else ""
