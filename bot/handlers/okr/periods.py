"""The period that is meant: named behind the words, turned to by a button, or the one that runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.conversation import Context
from bot.handlers.okr import words
from bot.messages import Button, Message
from bot.storage.okr.periods import period_meant, period_on, period_that_counts, periods
from bot.storage.okr.tables import Period
from bot.texts import day_of_month, say

LONGEST = 40


def named(ctx: Context, text: str) -> Period | Message:
    """By its id, as buttons carry it, or as people type it; else what there is."""
    known = periods(ctx.db)
    found = next((one for one in known if str(one.id) == text), None)
    return found or period_meant(known, text, ctx.local_now.date()) or unknown(known, text)


def unknown(known: Sequence[Period], text: str) -> Message:
    if not known:
        return Message(say("There are no objectives yet"))
    keys = ", ".join(one.key for one in known[:8])
    why = say(
        "There are: {periods}. Type one behind it, such as /okr tree {period}.", periods=keys, period=known[0].key
    )
    # No key is longer, and whole sentences are not repeated.
    name = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return Message(say("No period is called {name}", name=name) if text else say("No period is running"), (why,))


def shown(ctx: Context, today: date) -> Period | None:
    """The one that runs; while nothing in it counts yet, the last one in which something does."""
    return period_that_counts(ctx.db, today) or period_on(ctx.db, today)


def ended(period: Period, today: date) -> tuple[str, ...]:
    """Told of one that does not run any more."""
    if period.ends_on >= today:
        return ()
    end = day_of_month(period.ends_on)
    return (say("This is {period}, which ended on {day}.", period=words.period(period), day=end),)


def turning(found: Sequence[Period], at: Period | date, phrase: str, *ids: str) -> tuple[Button, ...]:
    """To the ones before and after it, of these; a day stands for a period that is not there yet."""
    here = (at, 0) if isinstance(at, date) else _place(at)
    before, after = [one for one in found if _place(one) < here], [one for one in found if _place(one) > here]
    earlier = (Button(say("Earlier"), phrase, *ids, max(before, key=_place).id),) if before else ()
    return (*earlier, Button(say("Later"), phrase, *ids, min(after, key=_place).id)) if after else earlier


def _place(one: Period) -> tuple[date, int]:
    """A year stands before the quarter that it begins with."""
    return one.starts_on, -one.ends_on.toordinal()
