"""For whom and how often, in words."""

from __future__ import annotations

from sqlalchemy import select

from bot.cadence import LAST, Cadence, Monthly
from bot.conversation import Context
from bot.storage.people import Department, Person
from bot.storage.programmes import Member, Programme
from bot.texts import clock, mark, say, say_n, weekday

WHICH = (mark("first"), mark("second"), mark("third"), mark("fourth"), mark("last"))
# As many names as one line takes.
NAMED = 8


def whom(ctx: Context, programme: Programme) -> str:
    match programme.population:
        case "department":
            place = ctx.db.get(Department, programme.department_id)
            return place.name if place else say("a department that is gone")
        case "tree":
            manager = ctx.db.get(Person, programme.manager_id)
            return say("everyone under {name}", name=manager.name) if manager else say("nobody: the manager is gone")
        case "list":
            return say("a list of people")
        case _:
            return say("everyone")


def population(ctx: Context, programme: Programme) -> str:
    """The people, and what becomes of those who join later."""
    if programme.population == "list":
        return names(listed(ctx, programme))
    joins = say("also who joins later") if programme.joins else say("not who joins later")
    return f"{whom(ctx, programme)}; {joins}"


def listed(ctx: Context, programme: Programme) -> list[str]:
    theirs = select(Member.person_id).where(Member.programme_id == programme.id, ~Member.out)
    here = select(Person.name).where(Person.id.in_(theirs), Person.status == "active")
    return list(ctx.db.scalars(here.order_by(Person.name, Person.id)))


def names(people: list[str]) -> str:
    """So many that a line holds them."""
    more = len(people) - NAMED
    if more <= 0:
        return ", ".join(people) or say("nobody")
    first = ", ".join(people[:NAMED])
    return say_n("{names} and {count} more", "{names} and {count} more", more, names=first)


def rhythm(cadence: Cadence) -> str:
    on, at = weekday(cadence.on), clock(cadence.at)
    if isinstance(cadence, Monthly):
        which = say(WHICH[cadence.nth - 1]) if cadence.nth < LAST else say(WHICH[-1])
        return say("every month on the {which} {day} at {time}", which=which, day=on, time=at)
    if cadence.every == 1:
        return say("every week on {day} at {time}", day=on, time=at)
    return say("every {count} weeks on {day} at {time}", count=cadence.every, day=on, time=at)
