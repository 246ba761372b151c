"""The band that is healthy: a new one holds from a day on, and earlier values keep theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from bot.conversation import Context, Conversation, Reply
from bot.conversation.measures import signs
from bot.forms import Answers, Day, Field, Form, Note, Number, Rejected
from bot.handlers.kpis import drawing, words
from bot.handlers.kpis.standing import Figure, audited, can, figure, named
from bot.messages import Button, Message
from bot.rules.exact import plain
from bot.rules.kpis import Band, band_faults
from bot.storage.kpi_values import store_band
from bot.texts import say

FURTHEST = timedelta(days=366)


@dataclass(frozen=True)
class Limits:
    """The fields of a band."""

    low: Field[Decimal | None]
    high: Field[Decimal | None]
    near: Field[Decimal | None]

    @classmethod
    def of(cls, unit: str, start: Band | None = None) -> Limits:
        def number(key: str, label: str, hint: str, value: Decimal | None) -> Field[Decimal | None]:
            known = None if value is None else plain(value)
            return Number(key, label, help=hint, units=signs(unit), start=known).optional()

        open_end = say("Empty: no limit there.")
        near = say("So far outside of it is near, and not yet out; in the same unit.")
        return cls(
            number("low", say("Healthy from"), open_end, start.low if start else None),
            number("high", say("Healthy up to"), open_end, start.high if start else None),
            number("near", say("Near"), near, start.near if start and start.near else None),
        )

    @property
    def fields(self) -> tuple[Field[Any], ...]:
        return (self.low, self.high, self.near)

    def band(self, answers: Answers) -> Band:
        found = Band(answers[self.low], answers[self.high], answers[self.near] or Decimal(0))
        why = {
            "no_limit": (self.low, say("A band has one limit at least.")),
            "limits": (self.high, say("That is not above the lower limit.")),
            "near": (self.near, say("It is a distance: nothing below 0.")),
        }  # fmt: skip
        if faults := band_faults(found):
            raise Rejected(dict(why[one] for one in faults))
        return found


class ChangeBand(Conversation):
    name = drawing.BAND
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        of = _changeable(ctx)
        if isinstance(of, Message):
            return Reply(of, dialog=True)
        what = Note("what", f"{of.title} · {words.band(of.band_on(of.today), of.kpi.unit)}", strong=True)
        fields = Limits.of(of.kpi.unit, of.band_on(of.today)).fields
        return Form.of(say("Change the band"), what, *fields, _from(ctx), submit=say("Change"), ids=(str(of.kpi.id),))

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        of = _changeable(ctx, locked=True)
        if isinstance(of, Message):
            return Reply(of, dialog=True)
        band, first = Limits.of(of.kpi.unit).band(answers), answers[_from(ctx)]
        if of.band_on(first) == band:
            return Reply(drawing.card(ctx, of, say("It stands so already.")))
        again = any(one.starts_on == first for one in of.bands)
        made = store_band(ctx.db, of.kpi, first, band.low, band.high, band.near)
        audited(ctx, "kpi.band_changed", of.kpi.id, starts_on=first.isoformat())
        told = words.from_day(first, of.today, words.band(band, of.kpi.unit))
        undo = () if again else (Button(say("Undo"), drawing.BAND_BACK, of.kpi.id, made.id),)
        kept = say("Earlier values keep the band of their day.")
        return Reply(drawing.card(ctx, figure(ctx, of.kpi), told, kept, more=undo))


class BandBack(Conversation):
    """Takes back a band that was added; the one before it holds on."""

    name = drawing.BAND_BACK

    def open(self, ctx: Context) -> Form | Reply:
        of = _changeable(ctx, locked=True)
        if isinstance(of, Message):
            return Reply(of)
        band = next((one for one in of.bands[1:] if [str(one.id)] == list(ctx.args[1:])), None)
        if band is None or band.starts_on < of.today:
            return Reply(drawing.card(ctx, of, say("It holds already: change it instead.")))
        first = band.starts_on
        ctx.db.delete(band)
        ctx.db.flush()
        audited(ctx, "kpi.band_taken_back", of.kpi.id, starts_on=first.isoformat())
        fresh = figure(ctx, of.kpi)
        return Reply(drawing.card(ctx, fresh, words.band(fresh.band_on(first), of.kpi.unit)))


def _changeable(ctx: Context, *, locked: bool = False) -> Figure | Message:
    of = named(ctx, locked=locked)
    if of is None:
        return drawing.gone()
    return of if can(ctx, "change", of) else drawing.for_hr()


def _from(ctx: Context) -> Day:
    today = ctx.local_now.date()
    return Day(
        "from", say("From which day on?"), start=today, earliest=today, latest=today + FURTHEST,
        help=say("Values of earlier days keep the band that they had."),
    )  # fmt: skip
