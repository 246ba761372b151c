"""HR changes what a key figure is called, its unit, its source and its rhythm. Values keep the unit that they were
entered in: once there is one, another unit is another key figure.
"""

from __future__ import annotations

from typing import Any

from bot.conversation import Context, Conversation, Reply
from bot.conversation.measures import unit
from bot.forms import Answers, Field, Form, Rejected
from bot.handlers.kpis import drawing, words
from bot.handlers.kpis.due import settled
from bot.handlers.kpis.naming import Naming
from bot.handlers.kpis.standing import Figure, audited, can, figure, named
from bot.messages import Message
from bot.storage.kpi_values import has_values, reshape, reshape_faults
from bot.texts import say


class Change(Conversation):
    name = drawing.CHANGE
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        of = _changeable(ctx)
        if isinstance(of, Message):
            return Reply(of, dialog=True)
        fields = _fields(ctx, of).fields
        return Form.of(say("Change the key figure"), *fields, submit=say("Change"), ids=(str(of.kpi.id),))

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        of = _changeable(ctx, locked=True)
        if isinstance(of, Message):
            return Reply(of, dialog=True)
        fields = _fields(ctx, of)
        wanted = fields.shape(answers)
        why: dict[str, tuple[Field[Any], str]] = {
            "person": (fields.title, no_person()), "values": (fields.unit, _stays(of))
        }  # fmt: skip
        if faults := reshape_faults(ctx.db, of.kpi, wanted):
            raise Rejected(dict(why[one] for one in faults))
        changed = reshape(ctx.db, of.kpi, wanted)
        if not changed:
            return Reply(drawing.card(ctx, of, say("It stands so already.")))
        audited(ctx, "kpi.changed", of.kpi.id, changed=", ".join(changed))
        fresh = figure(ctx, of.kpi)
        healthy = words.band(fresh.band_on(fresh.today), fresh.kpi.unit)
        band = say("Its band keeps its numbers: {band}.", band=healthy) if "unit" in changed else ""
        often = say("Asked for {often}.", often=words.rhythm(wanted.cadence_days)) if "rhythm" in changed else ""
        return Reply(
            drawing.card(ctx, fresh, say("Changed."), band, often),
            asks=settled(ctx, of.kpi.owner_id, entered=False), changed=((drawing.GIVEN, of.kpi.id),),
        )  # fmt: skip


def no_person() -> str:
    return say("No key figure is about one person: leave the name out.")


def _fields(ctx: Context, of: Figure) -> Naming:
    """Somebody may have entered the first value since the form was opened: the unit is always there to be told so."""
    stays = say("It has values, so its unit stays.") if has_values(ctx.db, of.kpi.id) else ""
    return Naming.of(of.kpi, stays)


def _stays(of: Figure) -> str:
    known = unit(of.kpi.unit) or say("plain numbers")
    return say("It has values in {unit}: in another unit they would be wrong. End it and add a new one.", unit=known)


def _changeable(ctx: Context, *, locked: bool = False) -> Figure | Message:
    of = named(ctx, locked=locked)
    if of is None:
        return drawing.gone()
    return of if can(ctx, "give", of) else drawing.for_hr()
