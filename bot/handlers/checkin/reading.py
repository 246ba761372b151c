"""Read: a check-in shown in a dialog, never in the chat; opened by its reader, it leaves a trace for its author."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from bot.conversation import Context, Conversation, Reply, part
from bot.forms import Form
from bot.handlers.checkin import drawing, showing
from bot.handlers.checkin.holding import held_back
from bot.handlers.checkin.parties import reading
from bot.messages import Button, Message, Row, Section
from bot.storage.checkin import CheckIn, latest_checkins
from bot.storage.comments import AgendaItem, Comment, agenda_item, comments_on
from bot.storage.people import Person, manager_on, people_by_id
from bot.storage.policy import withheld
from bot.storage.sharing import covers, share_of
from bot.texts import day, say


class ReadCheckIn(Conversation):
    """Shown in a dialog, never in the chat. Its news is what was said about it."""

    name = "checkin.read"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        found = reading(ctx)
        if isinstance(found, Reply):
            return found
        return Reply(showing.opened(ctx, found), dialog=True)

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        checkin = ctx.db.get(CheckIn, about)
        if checkin is None or withheld(ctx.db, "feedback", [checkin.person_id]):
            return None
        if checkin.person_id != ctx.person.id and held_back(ctx, checkin):
            return None
        return _news(ctx, checkin, since, until)


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
    found = latest_checkins(ctx.db, ctx.person.id, 4)
    manager = manager_on(ctx.db, ctx.person.id, ctx.local_now.date())
    share = share_of(ctx.db, ctx.person.id, manager.id) if manager else None
    rows = tuple(
        Row(
            (drawing.in_a_line(
                one, held=held_back(ctx, one), shared=share is not None and covers(share, one.occurrence)
            ),),
            _buttons(one),
        )
        for one in found
    )  # fmt: skip
    empty = () if rows else (say("None yet. Your first one will stand here."),)
    return Section(say("My last check-ins"), empty, rows=rows)


def _buttons(checkin: CheckIn) -> tuple[Button, ...]:
    read = Button(say("Read"), "checkin.read", checkin.id)
    return (read, Button(say("Who opened this"), "asks.opened", checkin.ask_id))
