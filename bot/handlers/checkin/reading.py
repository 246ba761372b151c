"""Read: a check-in shown in a dialog, never in the chat; opened by its reader, it leaves a trace for its author."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from bot.conversation import Context, Conversation, Reply, part
from bot.forms import Form
from bot.handlers.checkin import drawing, showing
from bot.handlers.checkin.parties import reading
from bot.messages import Button, Message, Row, Section
from bot.storage.checkin import CheckIn, latest_checkins, unread_checkins
from bot.storage.comments import AgendaItem, Comment, agenda_item, agenda_of, agenda_with, comments_on
from bot.storage.delegations import CHECKINS, acts_for
from bot.storage.people import Person, people_by_id
from bot.texts import day, moment, say, say_n

SHOWN = 7


class ReadCheckIn(Conversation):
    """Shown in a dialog, never in the chat. Its news is what was said about it."""

    name = "checkin.read"

    def open(self, ctx: Context) -> Form | Reply:
        found = reading(ctx)
        if isinstance(found, Reply):
            return found
        return Reply(showing.opened(ctx, found), dialog=True)

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        checkin = ctx.db.get(CheckIn, about)
        return _news(ctx, checkin, since, until) if checkin else None


def _news(ctx: Context, checkin: CheckIn, since: datetime, until: datetime | None) -> Message | None:
    """Who did what, without a word of what was written."""
    acts: list[Comment | AgendaItem] = [
        one for one in comments_on(ctx.db, checkin.id) if one.author_id != ctx.person.id
    ]
    item = agenda_item(ctx.db, checkin.id, checkin.reader_id) if checkin.reader_id else None
    acts += [item] if item and item.added_by != ctx.person.id else []
    told = [one for one in acts if since <= one.created_at and (until is None or one.created_at < until)]
    if not told:
        return None
    authors = {one.author_id if isinstance(one, Comment) else one.added_by for one in told}
    people = people_by_id(ctx.db, [*authors, checkin.person_id])
    lines = tuple(dict.fromkeys(_act(one, people) for one in told))
    own = checkin.person_id == ctx.person.id
    names = {"name": people[checkin.person_id].name, "day": day(checkin.occurrence)}
    title = say("About your check-in of {day}", **names) if own else say("About {name}'s check-in of {day}", **names)
    asked = any(isinstance(one, Comment) and one.kind in ("comment", "follow_up", "reply") for one in told)
    read = Button(say("Read"), "checkin.read", checkin.id, style="primary")
    answer = Button(say("Reply…"), "checkin.reply" if own else "checkin.comment", checkin.id)
    thanked = any(c.kind == "thanks" and c.author_id == ctx.person.id for c in comments_on(ctx.db, checkin.id))
    thank = Button(say("Take thanks back"), "checkin.unthank", checkin.id) if thanked else (
        Button(say("Thank"), "checkin.thank", checkin.id)
    )  # fmt: skip
    lines += (say("You have thanked."),) if thanked else ()
    return Message(title, lines, buttons=(read, answer, thank) if asked else (read,))


def _act(one: Comment | AgendaItem, people: dict[UUID, Person]) -> str:
    if isinstance(one, AgendaItem):
        return say("{who} wants to talk about it in your next 1:1.", who=people[one.added_by].name)
    who = people[one.author_id].name
    acts = {
        "thanks": say("{who} thanks you.", who=who),
        "comment": say("{who} wrote a comment.", who=who),
        "follow_up": say("{who} asks you something.", who=who),
        "reply": say("{who} replied.", who=who),
    }
    return acts[one.kind]


@part("home", 20)
def last_checkins(ctx: Context) -> Section | None:
    rows = tuple(
        Row((drawing.in_a_line(checkin),), _buttons(checkin)) for checkin in latest_checkins(ctx.db, ctx.person.id, 4)
    )
    empty = () if rows else (say("None yet. Your first one will stand here."),)
    return Section(say("My last check-ins"), empty, rows=rows)


def _buttons(checkin: CheckIn) -> tuple[Button, ...]:
    read = Button(say("Read"), "checkin.read", checkin.id)
    return (read, Button(say("Who opened this"), "asks.opened", checkin.ask_id)) if checkin.reader_id else (read,)


@part("home", 12)
def to_read_at_home(ctx: Context) -> Section | None:
    return _to_read(ctx)


@part("menu", 12)
def to_read(ctx: Context) -> Section | None:
    return _to_read(ctx)


def _to_read(ctx: Context) -> Section | None:
    """Check-ins that this person is to read, for themselves or for whom they act; the oldest first."""
    readers = [ctx.person.id, *acts_for(ctx.db, ctx.person.id, CHECKINS, ctx.local_now.date())]
    found = [one for one in unread_checkins(ctx.db, readers) if one.person_id != ctx.person.id]
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


@part("home", 25)
def agenda(ctx: Context) -> Section | None:
    """What was put aside for the next one-to-one, by me or with me."""
    items = [*agenda_of(ctx.db, ctx.person.id), *agenda_with(ctx.db, ctx.person.id)][:SHOWN]
    if not items:
        return None
    others = {one.id: one.person_id if one.manager_id == ctx.person.id else one.manager_id for one in items}
    people = people_by_id(ctx.db, list(others.values()))
    rows = tuple(
        Row(
            (say("With {name}: check-in of {day}", name=people[others[one.id]].name, day=day(one.occurrence)),),
            (Button(say("Read"), "checkin.read", one.checkin_id),),
        )
        for one in items
    )
    return Section(say("For the next 1:1"), rows=rows)
