"""How many first messages go out on which day, and to whom besides those on the list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from bot.conversation import Context
from bot.handlers.programmes import wording
from bot.messages import Fact
from bot.storage import starting
from bot.storage.people import Person
from bot.storage.starting import Plan
from bot.texts import day, say, say_n

DAYS = 6


def by_day(ctx: Context, plan: Plan) -> tuple[Fact, ...]:
    """How many first messages go out on which day."""
    days: Counter[date] = Counter(first_day(plan, one) or date.max for one in plan.due)
    waiting = days.pop(date.max, 0)
    facts = [Fact(day(one), _messages(days[one])) for one in sorted(days)[:DAYS]]
    rest = sum(days[one] for one in sorted(days)[DAYS:])
    if rest:
        facts.append(Fact(say("Later"), _messages(rest)))
    if waiting:
        earliest = _earliest(ctx, plan)
        value = _messages(waiting)
        if earliest:
            value = say("{messages}, on {day} at the earliest", messages=value, day=day(earliest))
        facts.append(Fact(say("After their manager's OK"), value))
    return tuple(facts)


def _earliest(ctx: Context, plan: Plan) -> date | None:
    """When the first of those who wait could hear, were the OK given at once."""
    managers = {plan.manager_of[one] for one, due in plan.due.items() if due is None}
    starts = [starting.after_manager(plan.known.get(one), plan.hours, ctx.now, without=True) for one in managers]
    first = min((at for at in starts if at), default=None)
    return ctx.local(first).date() if first else None


def besides(people: Sequence[Person], plan: Plan) -> tuple[str, ...]:
    """Managers who hear first and are not in it themselves: they stand in no row."""
    inside = {one.id for one in people}
    others = sorted(plan.leading[one].name for one in plan.due if one not in inside)
    if not others:
        return ()
    return (
        say_n(
            "{names} leads people of this list and gets a first message too, but is asked nothing.",
            "{names} lead people of this list and get a first message too, but are asked nothing.", len(others),
            names=wording.names(others),
        ),
    )  # fmt: skip


def _messages(count: int) -> str:
    return say_n("{count} first message", "{count} first messages", count)


def first_day(plan: Plan, person: UUID) -> date | None:
    """The day of the first message, by the person's own wall; None while it waits for the manager."""
    due, hours = plan.due.get(person), plan.hours[person]
    opens = hours.next_open(due) if due else None
    return hours.opening_day(opens) if opens else None
