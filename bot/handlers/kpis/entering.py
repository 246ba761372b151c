"""*Enter a value*: one number of one day. A correction of the same day is a further version; nothing is overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.conversation import Context, Conversation, News, Reply
from bot.conversation.measures import signs
from bot.forms import Answers, Day, Field, Form, LongText, Note, Number
from bot.handlers.kpis import drawing, words
from bot.handlers.kpis.due import settled
from bot.handlers.kpis.standing import Figure, audited, can, figure, named
from bot.messages import Message
from bot.rules.kpis import worsened
from bot.storage.kpi_values import Value, store_value
from bot.texts import day, say

NOTE = 1000
EARLIEST = timedelta(days=2 * 366)


class Enter(Conversation):
    name = drawing.ENTER
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        of = _writable(ctx)
        if isinstance(of, Message):
            return Reply(of, dialog=True)
        fields = _Fields.of(ctx, of)
        healthy = words.band(of.band_on(of.today), of.kpi.unit)
        what = Note("what", f"{of.title} · {healthy} · {say('last: {value}', value=words.last(of))}", strong=True)
        return Form.of(
            say("Enter a value"), what, fields.value, fields.day, fields.note, submit=say("Save"), ids=(str(of.kpi.id),)
        )

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        of = _writable(ctx, locked=True)
        if isinstance(of, Message):
            return Reply(of, dialog=True)
        fields = _Fields.of(ctx, of)
        said = Value(answers[fields.day], answers[fields.value], answers[fields.note] or "", ctx.actor.id)
        made = store_value(ctx.db, of.kpi, said, ctx.now)
        fresh = figure(ctx, of.kpi)
        if made is None:
            return Reply(drawing.card(ctx, fresh, say("It stands there already: nothing has changed.")))
        audited(ctx, "kpi.value_entered", of.kpi.id, day=said.day.isoformat(), version=made.version)
        what = say("Saved: {value} on {day}.", value=words.value(of, made), day=day(made.day, of.today))
        message = drawing.card(ctx, fresh, what, _worse(of, fresh))
        return Reply(message, also=told(ctx, of, fresh), asks=settled(ctx, of.kpi.owner_id))


@dataclass(frozen=True)
class _Fields:
    value: Number
    day: Day
    note: Field[str | None]

    @classmethod
    def of(cls, ctx: Context, of: Figure) -> _Fields:
        today = ctx.local_now.date()
        unit = of.kpi.unit
        return cls(
            Number("value", say("Value"), help=_unit(unit), units=signs(unit), audience=say("Everybody here")),
            Day(
                "day", say("Of which day?"), start=today, earliest=today - EARLIEST, latest=today,
                help=say("A value of a day that has one already corrects it."),
            ),
            LongText("note", say("A note, if you like"), limit=NOTE, audience=say("Everybody here")).optional(),
        )  # fmt: skip


def _unit(unit: str) -> str:
    return say("In {unit}.", unit=signs(unit)[0]) if signs(unit) else ""


def _writable(ctx: Context, *, locked: bool = False) -> Figure | Message:
    of = named(ctx, locked=locked)
    if of is None:
        return drawing.gone()
    return of if can(ctx, "update", of) else drawing.refused(of)


def _worse(before: Figure, after: Figure) -> str:
    if not is_worse(before, after) or before.last is None:
        return ""
    return say(
        "That is worse than {before}.", before=f"{words.last(before)}, {words.status(before.standing(before.last))}"
    )


def is_worse(before: Figure, after: Figure) -> bool:
    """Its newest value against what was the newest before."""
    if before.last is None or after.last is None:
        return False
    return worsened(before.standing(before.last), after.standing(after.last))


def told(ctx: Context, before: Figure, after: Figure) -> tuple[News, ...]:
    """Who looks after it, where somebody else has entered what is worse."""
    owner = after.kpi.owner_id
    if owner is None or owner == ctx.actor.id or after.last is None or not is_worse(before, after):
        return ()
    return (News(owner, drawing.TOLD, after.last.id, f"{drawing.TOLD}:{after.last.id}"),)
