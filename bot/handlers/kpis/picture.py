"""A key figure as a picture: a line with the band of each day shaded, the status in words; it comes into the chat."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from bot import log, pictures
from bot.clock import to_local
from bot.conversation import Context, Conversation, Reply, Send, Task
from bot.forms import Form
from bot.handlers.kpis import drawing, words
from bot.handlers.kpis.standing import Figure, figures, named
from bot.messages import File, Message
from bot.rules.kpis import Band
from bot.storage.kpi_values import kpi_of
from bot.storage.people import Person
from bot.storage.policy import allows
from bot.texts import day_of_month, number, reader, say

logger = log.get("kpis")
# More would stand upon each other.
MOST, TICKS = 40, 5


class Picture(Conversation):
    """Drawn in the background, and once for several presses within a minute."""

    name = drawing.PICTURE

    def open(self, ctx: Context) -> Form | Reply:
        of = named(ctx)
        if of is None:
            return Reply(drawing.gone())
        key = f"{self.name}:{of.kpi.id}:{ctx.actor.id}:{int(ctx.real_now.timestamp() // 60)}"
        task = Task(self.name, "draw", key, ctx.now, {"kpi": str(of.kpi.id), "person": str(ctx.actor.id)})
        lines = (say("The picture comes as a message of its own, in a moment."),)
        return Reply(Message(of.title, lines, buttons=(drawing.back(),)), also=(task,))

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        person, row = ctx.db.get(Person, UUID(task.cursor["person"])), kpi_of(ctx.db, UUID(task.cursor["kpi"]))
        if person is None or row is None or person.status != "active" or not allows(ctx.db, "kpis", person):
            return None
        [of] = figures(ctx.db, [row], to_local(ctx.now, person.zone).date(), MOST)
        with reader(person.locale):
            message = Message(of.title, (drawing.stand(of),), files=over_time(of))
        return Reply(also=(Send(person.id, message, task.key, "reply"),))


def over_time(of: Figure) -> tuple[File, ...]:
    if not of.values:
        return ()
    try:
        drawn = pictures.watched(_watched(of))
    except Exception as error:
        # The values stand in words where it was pressed.
        logger.error("picture.not_drawn", error_type=type(error).__name__)
        return ()
    return (File(f"{of.kpi.key}-{of.values[-1].day}.png", drawn, _alt(of)),)


def _watched(of: Figure) -> pictures.Watched:
    days = [one.day for one in of.values]
    step = -(-len(days) // TICKS)
    ticks = tuple((float(one.toordinal()), day_of_month(one)) for one in days[::-1][::step])
    legend = say("Shaded: the healthy band, paler: near it. Full dot: in it, ring: near, square: out.")
    newest = f"{words.value(of, of.values[-1])}, {words.status(of.status)}"
    return pictures.Watched(
        of.title, newest, tuple(float(one.toordinal()) for one in days),
        tuple(float(one.value) for one in of.values), tuple(of.standing(one) for one in of.values),
        _bands(of, days[0], days[-1]), ticks, legend, number(Decimal("0.5"))[1],
    )  # fmt: skip


def _bands(of: Figure, first: date, last: date) -> tuple[pictures.Band, ...]:
    """From the left edge on, each one that began among these days."""
    begun = [one.starts_on for one in of.bands if first < one.starts_on <= last]
    edge = first.toordinal() - max((last - first).days * 0.04, 1)
    return tuple(
        _band(start, of.band_on(day))
        for start, day in ((edge, first), *((float(one.toordinal()), one) for one in begun))
    )  # fmt: skip


def _band(start: float, band: Band) -> pictures.Band:
    low, high = (None if one is None else float(one) for one in (band.low, band.high))
    return pictures.Band(start, low, high, float(band.near))


def _alt(of: Figure) -> str:
    """What the picture shows, and no more."""
    values = "; ".join(words.told(of, one) for one in of.values)
    healthy = words.band(of.band_on(of.values[-1].day), of.kpi.unit)
    return say("{title}: {status}. {band}. {values}.", title=of.title, status=words.status(of.status), band=healthy,
               values=values)  # fmt: skip
