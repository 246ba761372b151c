"""Who looks after key figures is asked for their values: each on its own turn, those of one day together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from bot.clock import to_local, to_utc, valid_zone
from bot.conversation import Context, Conversation, News, Reply, Task
from bot.conversation.verbs import put_off, snooze_buttons
from bot.forms import Form
from bot.handlers.kpis import drawing, words
from bot.handlers.kpis.standing import Figure, are_on, figures
from bot.messages import Message, Row, Strong
from bot.rules.kpi_asking import is_asked
from bot.rules.nudges import GOALS
from bot.storage.asks import SWITCHED_OFF, Ask, answerable_of
from bot.storage.contacts import contacts_of
from bot.storage.kpi_values import kpis_of_owners, last_asked, owners_after
from bot.storage.notices import inform, uninformed
from bot.storage.people import Person, people_by_id, working_times
from bot.storage.policy import allows
from bot.texts import mark, say, say_n

BATCH = 200
NOTICE = "policy.notice"
# Working days after the first for which it stays open; then the next turn asks again.
OPEN = 4


class Due(Conversation):
    """No programme: what is due decides who is asked."""

    name = drawing.DUE
    summary = mark("Values of my key figures")
    rank = GOALS
    daily = True

    def prompt(self, ctx: Context) -> Message:
        ask = _ask(ctx)
        due = due_of(ctx, [ctx.person]).get(ctx.person.id, [])
        if ask.reason == SWITCHED_OFF or not are_on(ctx):
            return drawing.off()
        if ask.state in ("open", "missed") and due:
            return _question(ctx, ask, due)
        title = say("Your key figures are up to date")
        if ask.state != "submitted":
            title = say("No value of your key figures is asked here any more")
        return Message(title, buttons=(drawing.back(),))

    def open(self, ctx: Context) -> Form | Reply:
        return Reply(asks=(ctx.asked.id,)) if ctx.asked else Reply(drawing.gone())

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        """The sweep adds the first of each day."""
        after = task.cursor.get("after")
        owners = owners_after(ctx.db, UUID(after) if after else None, BATCH)
        told, closed = _ask_all(ctx, [one for one in owners if valid_zone(one.zone) and allows(ctx.db, "kpis", one)])
        more: tuple[Task, ...] = ()
        if len(owners) == BATCH:
            cursor = {"after": str(owners[-1].id)}
            more = (Task(self.name, "run", f"{task.key}:{owners[-1].id}"[:255], task.at, cursor),)
        return Reply(also=(*told, *more), asks=tuple(one.id for one in closed))


def due_of(ctx: Context, owners: Collection[Person]) -> dict[UUID, list[Figure]]:
    """Of each owner the figures whose next value has come due, by the calendar where they are."""
    people = {one.id: one for one in owners}
    found: dict[UUID, list[Figure]] = {}
    for of in figures(ctx.db, kpis_of_owners(ctx.db, people.keys()), ctx.now.date()):
        owner = people[of.kpi.owner_id] if of.kpi.owner_id else None
        local = replace(of, today=to_local(ctx.now, owner.zone).date()) if owner else of
        if owner and local.is_due:
            found.setdefault(owner.id, []).append(local)
    return found


def settled(ctx: Context, owner: UUID | None, *, entered: bool = True) -> tuple[UUID, ...]:
    """What asks this owner for values, to be drawn anew; it is over once nothing is due any more."""
    person = people_by_id(ctx.db, [owner]).get(owner) if owner else None
    if person is None:
        return ()
    ctx.db.flush()
    asks = _answerable(ctx, [person.id])
    if asks and not due_of(ctx, [person]):
        for ask in asks:
            ask.state, ask.submitted_at = ("submitted", ctx.now) if entered else ("not_expected", None)
            ask.remind_at = ask.remind_kind = None
    return tuple(one.id for one in asks)


def _ask(ctx: Context) -> Ask:
    if ctx.asked is None:
        raise ValueError("values are asked for by an ask")
    return ctx.asked


def _question(ctx: Context, ask: Ask, due: Sequence[Figure]) -> Message:
    title = say_n("A value of your key figure is due", "Values of {count} of your key figures are due", len(due))
    rows = tuple(
        Row(((Strong(of.title), f" · {words.last(of)}"),), (drawing.enter_button(of),)) for of in due
    )  # fmt: skip
    buttons = snooze_buttons(ctx, ask) if ask.state == "open" else ()
    return Message(title, (say("One number each."),), rows=rows, buttons=buttons, note=put_off(ctx, ask))


def _answerable(ctx: Context, people: Sequence[UUID]) -> list[Ask]:
    theirs = select(Person.id).where(Person.id.in_(people))
    return answerable_of(ctx.db, drawing.DUE, theirs, BATCH * 2)


def _ask_all(ctx: Context, owners: Sequence[Person]) -> tuple[list[News], list[Ask]]:
    """A new question takes the place of an older one. Nobody is asked before their first contact; who has not seen the
    privacy notice as it stands is shown it, and asked on the next day.
    """
    known = {one for one, row in contacts_of(ctx.db, [one.id for one in owners]).items() if row.state in ("sent", "ok")}
    asked = last_asked(ctx.db, known, drawing.DUE)
    due = due_of(ctx, [one for one in owners if one.id in known])
    turn = [one for one in owners if any(_comes(of, asked.get(one.id)) for of in due.get(one.id, ()))]
    late = uninformed(ctx.db, turn)
    inform(ctx.db, late, ctx.now)
    told = [News(one.id, NOTICE, one.id, f"notice:{one.id}:{ctx.now.isoformat()}") for one in late]
    fresh = [one for one in turn if one not in late]
    closed = _answerable(ctx, [one.id for one in fresh])
    for ask in closed:
        ask.state, ask.closed_at, ask.remind_at, ask.remind_kind = "closed", ctx.now, None, None
    hours = working_times(ctx.db, fresh, ctx.now)
    for person in fresh:
        last = hours[person.id].working_day_after(ctx.now, OPEN)
        ends = to_utc(datetime.combine(last, person.day_ends), person.zone)
        ctx.db.add(_made(ctx, person, ends))
    ctx.db.flush()
    return told, closed


def _comes(of: Figure, asked: date | None) -> bool:
    return is_asked(of.due_on, of.kpi.cadence_days, of.today, asked)


def _made(ctx: Context, person: Person, ends: datetime) -> Ask:
    """Sent when their working hours and the budget of the day allow, with whatever else comes on that day."""
    return Ask(
        person_id=person.id, about_id=person.id, conversation=drawing.DUE, zone=person.zone, state="open", nudges=0,
        occurrence=to_local(ctx.now, person.zone).date(), opens_at=ctx.now, due_at=ends, remind_at=ctx.now,
        remind_kind="prompt", created_at=ctx.real_now,
    )  # fmt: skip
