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
    """About a value: it is worse than what was known before it, entered by somebody else or by a file."""

    name = drawing.TOLD

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        """After a file or a change: what asks for these figures is drawn anew, and told which values are worse."""
        rows = [row for one in task.cursor["kpis"] if (row := kpi_of(ctx.db, UUID(one)))]
        entered = bool(task.cursor.get("entered", True))
        asks = dict.fromkeys(ask for row in rows for ask in settled(ctx, row.owner_id, entered=entered))
        values = [one for key in task.cursor["worse"] if (one := ctx.db.get(KpiValue, UUID(key)))]
        owners = {row.id: row.owner_id for row in rows}
        told = [
            News(owner, self.name, one.id, f"{self.name}:{one.id}") for one in values if (owner := owners[one.kpi_id])
        ]
        return Reply(also=tuple(told), asks=tuple(asks))

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        entered = ctx.db.get(KpiValue, about)
        of = _theirs(ctx, entered.kpi_id) if entered else None
        if entered is None or of is None or of.last is None:
            return None
        before = latest_value(ctx.db, of.kpi.id, entered.at)
        if before is None or not worsened(of.standing(before), of.standing(of.last)):
            return None
        line = say("{now}; before: {before}.", now=words.told(of, of.last), before=words.told(of, before))
        healthy = words.band(of.band_on(of.last.day), of.kpi.unit)
        title = say("{figure} is worse", figure=of.title)
        return Message(title, (line, _by(ctx, of.last), healthy), buttons=drawing.buttons(ctx, of), summary=title)


class Given(Conversation):
    name = drawing.GIVEN

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        """Of what was added at the command line."""
        row = kpi_of(ctx.db, UUID(task.cursor["kpi"]))
        if row is None or row.owner_id is None:
            return None
        return Reply(also=(News(row.owner_id, self.name, row.id, task.key),))

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
