"""The next one-to-one: a check-in is put aside to talk about, and both find it at home."""

from __future__ import annotations

from bot.conversation import Context, Conversation, Reply, part
from bot.forms import Form
from bot.handlers.checkin.parties import Reading, readable
from bot.handlers.checkin.reacting import news, reachable, responding, shown
from bot.messages import Button, Row, Section
from bot.storage.audit import record
from bot.storage.checkin import checkins_by_id
from bot.storage.comments import AgendaItem, agenda_item, agenda_of, agenda_with
from bot.storage.inbox import disputed
from bot.storage.people import people_by_id
from bot.storage.policy import withheld
from bot.texts import day, say

SHOWN = 7


class AddToAgenda(Conversation):
    name = "checkin.agenda"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        of = reachable(ctx)
        if isinstance(of, Reply):
            return of
        reader = of.checkin.reader_id
        if of.own or reader is None or agenda_item(ctx.db, of.checkin.id, reader):
            return shown(ctx, of)
        item = AgendaItem(
            checkin_id=of.checkin.id, person_id=of.author.id, manager_id=reader, occurrence=of.checkin.occurrence,
            added_by=ctx.actor.id, created_at=ctx.now,
        )  # fmt: skip
        ctx.db.add(item)
        _audit(ctx, "agenda.added", of)
        ctx.db.flush()
        return shown(ctx, of, news(ctx, of, f"agenda:{item.id}"))


class OffAgenda(Conversation):
    name = "checkin.off_agenda"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        of = responding(ctx)
        if isinstance(of, Reply):
            return of
        reader = of.checkin.reader_id
        if not of.own and reader and (item := agenda_item(ctx.db, of.checkin.id, reader)):
            ctx.db.delete(item)
            _audit(ctx, "agenda.removed", of)
            ctx.db.flush()
        return shown(ctx, of)


def _audit(ctx: Context, action: str, of: Reading) -> None:
    record(
        ctx.db, ctx.real_now, action, actor=ctx.actor.id, on_behalf_of=of.behalf, kind="checkin",
        object_id=of.checkin.id,
    )  # fmt: skip


@part("home", 25)
def agenda(ctx: Context) -> Section | None:
    """What was put aside for the next one-to-one, by me or with me."""
    closed = disputed(ctx.db, ctx.person.id)
    mine = [one for one in agenda_of(ctx.db, ctx.person.id) if one.person_id not in closed]
    items = [*mine, *agenda_with(ctx.db, ctx.person.id)]
    silent = withheld(ctx.db, "feedback", [one.person_id for one in items])
    items = [one for one in items if one.person_id not in silent][:SHOWN]
    if not items:
        return None
    others = {one.id: one.person_id if one.manager_id == ctx.person.id else one.manager_id for one in items}
    people = people_by_id(ctx.db, list(others.values()))
    # What a manager before put aside is on the list of the one of today, who may not have its text.
    opens = {one.id for one in readable(ctx, checkins_by_id(ctx.db, [one.checkin_id for one in items]))}
    rows = tuple(
        Row(
            (say("With {name}: check-in of {day}", name=people[others[one.id]].name, day=day(one.occurrence)),),
            (Button(say("Read"), "checkin.read", one.checkin_id),) if one.checkin_id in opens else (),
        )
        for one in items
    )
    return Section(say("For the next 1:1"), rows=rows)
