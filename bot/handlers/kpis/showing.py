"""One key figure in a dialog: its band, its last values with who entered them, and what may be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from uuid import UUID

from bot.conversation import Context, Conversation, Reply
from bot.forms import Form
from bot.handlers.kpis import drawing, words
from bot.handlers.kpis.standing import Figure, can, named
from bot.messages import Button, Fact, Line, Message, Row, Section, Strong
from bot.storage.exports import legible
from bot.storage.kpi_values import objectives_moving, versions_of
from bot.storage.kpis import KpiValue
from bot.storage.people import Person, people_by_id
from bot.storage.policy import allows
from bot.texts import day, say, say_n

SHOWN = 10


class Show(Conversation):
    name = drawing.SHOW
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        of = named(ctx)
        return Reply(whole(ctx, of) if of else drawing.gone(), dialog=True)


def whole(ctx: Context, of: Figure) -> Message:
    lines = (drawing.stand(of), *filter(None, (drawing.compared(of), words.due(of))))
    history = _history(ctx, of)
    picture = (Button(say("As a picture"), drawing.PICTURE, of.kpi.id),) if of.values else ()
    enter = (drawing.enter_button(of),) if can(ctx, "update", of) else ()
    return Message(
        of.title, lines, facts=_facts(ctx, of), buttons=(*enter, *picture, *_for_hr(ctx, of)),
        sections=(history,) if history else (), note=say("Everybody here sees key figures. None is about one person."),
    )  # fmt: skip


def _for_hr(ctx: Context, of: Figure) -> tuple[Button, ...]:
    band = (Button(say("Change the band"), drawing.BAND, of.kpi.id),) if can(ctx, "change", of) else ()
    if not can(ctx, "give", of):
        return band
    sure = say("Nobody is asked for its values any more. What was entered stays.")
    end = Button(say("End it"), drawing.END, of.kpi.id, style="danger", confirm=sure)
    change = Button(say("Change it"), drawing.CHANGE, of.kpi.id)
    return (change, *band, Button(say("Give it to somebody"), drawing.GIVE, of.kpi.id), end)


def _facts(ctx: Context, of: Figure) -> tuple[Fact, ...]:
    now = of.band_on(of.today)
    band = " · ".join(filter(None, (words.band(now, of.kpi.unit), words.nearness(now, of.kpi.unit))))
    later = tuple(_band_from(of, one.starts_on) for one in of.bands if one.starts_on > of.today)
    goals = objectives_moving(ctx.db, of.kpi.id) if allows(ctx.db, "goals", ctx.person) else []
    moving = "; ".join(one.title or one.key for one in goals)
    more = ((say("Source"), of.kpi.source), (say("Objectives that want to move it"), moving))
    return (
        Fact(say("Band"), "; ".join((band, *later))), Fact(say("Whose"), words.whose(of)),
        Fact(say("Looked after by"), words.owner(of)), Fact(say("Asked for"), words.rhythm(of.kpi.cadence_days)),
        Fact(say("Key in files"), of.kpi.key), *(Fact(label, told) for label, told in more if told),
    )  # fmt: skip


def _band_from(of: Figure, first: date) -> str:
    return words.from_day(first, of.today, words.band(of.band_on(first), of.kpi.unit))


def _history(ctx: Context, of: Figure) -> Section | None:
    """The newest first; a day that was corrected with what stood there before."""
    days = [list(theirs) for _, theirs in groupby(versions_of(ctx.db, of.kpi.id), key=lambda one: one.day)]
    if not days:
        return None
    people = people_by_id(ctx.db, [one.by_id for theirs in days[:SHOWN] for one in theirs if one.by_id])
    rows = tuple(Row(_lines(of, theirs, people)) for theirs in days[:SHOWN])
    more = len(days) - SHOWN
    note = say_n("{count} earlier value", "{count} earlier values", more) if more > 0 else ""
    return Section(say("Its values"), rows=rows, note=note)


def _lines(of: Figure, versions: Sequence[KpiValue], people: dict[UUID, Person]) -> tuple[Line, ...]:
    newest = versions[0]
    told = [words.coloured(of.standing(newest)), _by(newest, people)]
    if versions[1:]:
        before = ", ".join(words.value(of, one) for one in versions[1:])
        told.append(say("corrected, before: {values}", values=before))
    head = (Strong(words.value(of, newest)), f" · {day(newest.day, of.today)} · {' · '.join(told)}")
    return (head, *filter(None, map(_note, versions)))


def _note(one: KpiValue) -> str | None:
    return legible(lambda: one.note)


def _by(one: KpiValue, people: dict[UUID, Person]) -> str:
    """Who was erased cannot be told from a file."""
    known = people.get(one.by_id) if one.by_id else None
    return known.name if known else say("from a file, or by somebody who is no longer here")
