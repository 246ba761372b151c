"""The list before the start: who hears when, in which language, who cannot be reached; HR may take people out."""

from __future__ import annotations

from uuid import UUID

from bot.clock import valid_zone
from bot.conversation import Context, Conversation, Reply
from bot.forms import Form
from bot.handlers.programmes import cards, rights, sets, wording
from bot.handlers.programmes.first_days import besides, by_day, first_day
from bot.messages import Button, Message, Row
from bot.storage import running, starting
from bot.storage.audit import record
from bot.storage.members import belonging, list_people, members_of
from bot.storage.people import Person, addresses_of, people_by_id
from bot.storage.programmes import Programme
from bot.storage.starting import Plan
from bot.texts import day, language, say

ROWS = 10


class Preview(Conversation):
    """Its button carries the page."""

    name = "programmes.preview"

    def open(self, ctx: Context) -> Form | Reply:
        found = rights.named(ctx)
        return found if isinstance(found, Reply) else Reply(_list(ctx, found, _number(ctx.args[1:2])))


class TakeOut(Conversation):
    name = "programmes.out"

    def open(self, ctx: Context) -> Form | Reply:
        return _moved(ctx, out=True)


class PutBack(Conversation):
    name = "programmes.in"

    def open(self, ctx: Context) -> Form | Reply:
        return _moved(ctx, out=False)


def _moved(ctx: Context, *, out: bool) -> Reply:
    found = rights.named(ctx)
    if isinstance(found, Reply):
        return found
    person = _one(ctx, found)
    if person is None or found.stopped_at:
        return Reply(_list(ctx, found, _number(ctx.args[2:3])))
    row = list_people(ctx.db, found, [person.id], ctx.real_now, ctx.actor.id)[person.id]
    if row.out != out:
        row.out = out
        ctx.db.flush()
        record(
            ctx.db, ctx.real_now, "programme.taken_out" if out else "programme.put_back", actor=ctx.actor.id,
            kind="programme", object_id=found.id, person=str(person.id),
        )  # fmt: skip
        if found.started_at:
            if out:
                running.leave(ctx.db, found, person.id, ctx.now)
            starting.fill(ctx.db, found, ctx.now, ctx.real_now)
    return Reply(_list(ctx, found, _number(ctx.args[2:3])), changed=((cards.CARD, found.id),))


def _one(ctx: Context, programme: Programme) -> Person | None:
    wanted = ctx.args[1] if ctx.args[1:] else ""
    return next((one for one in belonging(ctx.db, programme, ctx.now) if str(one.id) == wanted), None)


def _list(ctx: Context, programme: Programme, page: int) -> Message:
    everybody = belonging(ctx.db, programme, ctx.now)
    out = {one for one, member in members_of(ctx.db, programme).items() if member.out}
    people = [one for one in everybody if one.id not in out]
    plan = starting.plan(ctx.db, people, ctx.now)
    last = max(0, (len(everybody) - 1) // ROWS)
    page = min(max(page, 0), last)
    shown = everybody[page * ROWS : (page + 1) * ROWS]
    managers = people_by_id(ctx.db, list(plan.manager_of.values()))
    reached = {address.person_id for address, _ in addresses_of(ctx.db, [one.id for one in shown])}
    rows = tuple(_row(ctx, programme, page, one, plan, managers, reached, out=one.id in out) for one in shown)
    what = say("Everybody gets: {title}.", title=sets.title(ctx, programme))
    pages = say("Page {page} of {pages}", page=page + 1, pages=last + 1) if last else ""
    return Message(
        say("List for {who} ({count})", who=wording.whom(ctx, programme), count=len(people)),
        (what, *besides(people, plan)), facts=by_day(ctx, plan), rows=rows,
        buttons=_turning(programme, page, last), note=pages,
    )  # fmt: skip


def _row(
    ctx: Context, programme: Programme, page: int, person: Person, plan: Plan, managers: dict[UUID, Person],
    reached: set[UUID], *, out: bool,
) -> Row:  # fmt: skip
    ids = (programme.id, person.id, page)
    if out:
        return Row(
            (f"{person.name}: {say('taken out, is asked nothing')}",),
            (Button(say("Put back"), "programmes.in", *ids),),
        )
    leads = plan.manager_of.get(person.id)
    manager = managers.get(leads) if leads else None
    marks = [] if manager else [say("no manager")]
    marks += [] if person.id in reached else [say("no account")]
    zone = person.zone if valid_zone(person.zone) else say("no time zone: not asked until one is known")
    led = say("manager {name}", name=manager.name) if manager else ""
    about = " · ".join(part for part in (led, zone, language(person.locale), *marks) if part)
    button = () if programme.stopped_at else (
        Button(say("Take out"), "programmes.out", *ids, confirm=_before_out(programme, person)),
    )  # fmt: skip
    return Row((f"{person.name}: {_when(plan, person, manager)}", about), button)


def _before_out(programme: Programme, person: Person) -> str:
    """A draft is nobody's loss yet."""
    if programme.started_at is None:
        return ""
    return say(
        "{name} is asked and reminded of nothing more here, and I do not tell them. What is open can be answered until "
        "it is due; the monthly summary of their own answers goes on.", name=person.name,
    )  # fmt: skip


def _when(plan: Plan, person: Person, manager: Person | None) -> str:
    if person.id not in plan.hours:
        return say("gets nothing yet")
    known = plan.known.get(person.id)
    if known and plan.introduced(person.id):
        return say("knows Rapport already")
    if known and known.due_at:
        return say("first message {day}", day=day(plan.hours[person.id].opening_day(known.due_at)))
    first = first_day(plan, person.id)
    if first:
        return say("first message {day}", day=day(first))
    return say("after {name}'s OK", name=manager.name) if manager else say("first message not planned")


def _turning(programme: Programme, page: int, last: int) -> tuple[Button, ...]:
    before = (Button(say("Back"), "programmes.preview", programme.id, page - 1),) if page else ()
    after = (Button(say("Next"), "programmes.preview", programme.id, page + 1),) if page < last else ()
    return (*before, *after, Button(say("To the programme"), "programmes.show", programme.id))


def _number(ids: tuple[str, ...]) -> int:
    return int(ids[0]) if ids and ids[0].isdecimal() else 0
