"""What waits for a manager, or for whom acts for one: check-ins to read, and what is in people's way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from bot.access.knowing import allowed
from bot.conversation import Context, part
from bot.conversation.blocked import how_long, state_word
from bot.handlers.checkin.blocking import held
from bot.handlers.checkin.parties import acting, readable
from bot.messages import Button, Row, Section
from bot.storage.blockers import Blocker, own_blockers, waiting_blockers
from bot.storage.checkin import checkins_by_id, unread_checkins
from bot.storage.delegations import CHECKINS, acts_for
from bot.storage.people import Person, people_by_id
from bot.texts import moment, say, say_n

SHOWN = 7


@part("home", 12)
def checkins_at_home(ctx: Context) -> Section | None:
    return _to_read(ctx)


@part("menu", 12)
def checkins_in_menu(ctx: Context) -> Section | None:
    return _to_read(ctx)


def _to_read(ctx: Context) -> Section | None:
    """Check-ins that this person is to read, for themselves or for whom they act; the oldest first."""
    readers = [ctx.person.id, *acts_for(ctx.db, ctx.person.id, CHECKINS, ctx.local_now.date())]
    unread = [one for one in unread_checkins(ctx.db, readers) if one.person_id != ctx.person.id]
    found = readable(ctx, unread)
    if not found:
        return None
    people = people_by_id(ctx.db, [one.person_id for one in found])
    rows = tuple(
        Row(
            (say("{name}, {when}", name=people[one.person_id].name, when=moment(ctx.local(one.submitted_at))),),
            (Button(say("Read"), "checkin.read", one.id),),
        )
        for one in found[:SHOWN]
    )
    more = len(found) - SHOWN
    note = say_n("{count} more waits.", "{count} more wait.", more) if more > 0 else ""
    return Section(say("Check-ins to read"), rows=rows, note=note)


@part("home", 15)
def blockers_at_home(ctx: Context) -> Section | None:
    return _in_the_way(ctx)


@part("menu", 15)
def blockers_in_menu(ctx: Context) -> Section | None:
    return _in_the_way(ctx)


@part("manager_digest", 20)
def blockers_in_digest(ctx: Context) -> Section | None:
    return _in_the_way(ctx)


@part("home", 16)
def own_at_home(ctx: Context) -> Section | None:
    return _in_my_way(ctx)


@part("menu", 16)
def own_in_menu(ctx: Context) -> Section | None:
    return _in_my_way(ctx)


@part("my_summary", 15)
def own_in_summary(ctx: Context) -> Section | None:
    return _in_my_way(ctx)


def _in_the_way(ctx: Context) -> Section | None:
    """What is in people's way and with this person now, the oldest first."""
    holders = [ctx.person.id, *acts_for(ctx.db, ctx.person.id, CHECKINS, ctx.local_now.date())]
    found = [one for one in waiting_blockers(ctx.db, holders) if one.person_id != ctx.person.id]
    rows = map(held, found)
    mine = allowed(ctx.db, acting(ctx), "read", "blocker", rows, ctx.now)
    return _listed(ctx, say("In the way"), [one for one in found if one.id in mine])


def _in_my_way(ctx: Context) -> Section | None:
    return _listed(ctx, say("In my way"), own_blockers(ctx.db, ctx.person.id))


def _listed(ctx: Context, title: str, found: Sequence[Blocker]) -> Section | None:
    if not found:
        return None
    people = people_by_id(ctx.db, [who for one in found for who in (one.person_id, one.upper_id) if who])
    checkins = checkins_by_id(ctx.db, [one.checkin_id for one in found[:SHOWN]])
    opens = {one.id for one in readable(ctx, checkins)}
    rows = tuple(_row(ctx, one, people, opens=one.checkin_id in opens) for one in found[:SHOWN])
    more = len(found) - SHOWN
    note = say_n("{count} more waits.", "{count} more wait.", more) if more > 0 else ""
    return Section(title, rows=rows, note=note)


def _row(ctx: Context, blocker: Blocker, people: Mapping[UUID, Person], *, opens: bool) -> Row:
    person, upper = people[blocker.person_id], people.get(blocker.upper_id) if blocker.upper_id else None
    who = say("You") if person.id == ctx.person.id else person.name
    state, old = state_word(blocker.state), how_long(blocker.opened_at, ctx.now, person.zone)
    line = say("{who}: {state}, {age}", who=who, state=state, age=old)
    if upper is not None and upper.id != ctx.person.id:
        line = say("{who}: {state}, with {upper}, {age}", who=who, state=state, upper=upper.name, age=old)
    if not opens:
        return Row((line,), (Button(say("See it"), "blocker.show", blocker.id),))
    return Row((line,), (Button(say("Read"), "checkin.read", blocker.checkin_id),))
