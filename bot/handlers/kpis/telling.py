"""What who looks after a key figure is told: that it is worse, that it is theirs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from bot.conversation import Context, Conversation, News, Reply, Task
from bot.handlers.kpis import drawing, words
from bot.handlers.kpis.due import settled
from bot.handlers.kpis.standing import Figure, are_on, figure
from bot.messages import Message
from bot.rules.kpis import worsened
from bot.storage.kpi_values import kpi_of, latest_value
from bot.storage.kpis import KpiValue
from bot.storage.people import Person
from bot.texts import day, say


class Told(Conversation):
    """Its newest value is worse than the one before, entered by somebody else or by a file."""

    name = drawing.TOLD

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        """After a file: whose figures were in it, and which of them are worse."""
        told, asks = list[News](), list[UUID]()
        for one in task.cursor["kpis"]:
            row = kpi_of(ctx.db, UUID(one))
            if row is None or row.owner_id is None:
                continue
            asks += settled(ctx, row.owner_id)
            if one in task.cursor["worse"]:
                told.append(News(row.owner_id, self.name, row.id, f"{self.name}:{row.id}:{task.key}"))
        return Reply(also=tuple(told), asks=tuple(dict.fromkeys(asks)))

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        of = _theirs(ctx, about)
        before, after = latest_value(ctx.db, about, since), latest_value(ctx.db, about, until)
        if of is None or before is None or after is None or not worsened(of.standing(before), of.standing(after)):
            return None
        line = say("{now}; before: {before}.", now=words.told(of, after), before=words.told(of, before))
        healthy = words.band(of.band_on(after.day), of.kpi.unit)
        title = say("{figure} is worse", figure=of.title)
        return Message(title, (line, _by(ctx, after), healthy), buttons=drawing.buttons(ctx, of), summary=title)


class Given(Conversation):
    name = drawing.GIVEN

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        of = _theirs(ctx, about)
        if of is None:
            return None
        title = say("You look after the key figure {figure}", figure=of.title)
        asked = say("I ask you for its value {often}.", often=words.rhythm(of.kpi.cadence_days))
        healthy = words.band(of.band_on(of.today), of.kpi.unit)
        return Message(title, (asked, healthy), buttons=drawing.buttons(ctx, of), summary=title)


def _theirs(ctx: Context, about: UUID) -> Figure | None:
    row = kpi_of(ctx.db, about)
    if row is None or row.ended_at is not None or row.owner_id != ctx.person.id or not are_on(ctx):
        return None
    return figure(ctx, row)


def _by(ctx: Context, one: KpiValue) -> str:
    person = ctx.db.get(Person, one.by_id) if one.by_id else None
    when = day(ctx.local(one.at).date(), ctx.local_now.date())
    if person is None:
        return say("Read from a file on {day}.", day=when)
    return say("Entered by {name} on {day}.", name=person.name, day=when)
