"""A programme as HR sees it: for whom, what, when, how it stands, and what can be done with it now."""

from __future__ import annotations

from uuid import UUID

from bot.cadence import LAST, Cadence, Monthly, load_cadence
from bot.conversation import Context
from bot.handlers.programmes import rights
from bot.messages import Button, Fact, Message, Row, Section
from bot.questions import parse
from bot.storage.members import size
from bot.storage.pauses import back_on, own_pause, standing_pauses
from bot.storage.people import Department, Person, people_by_id
from bot.storage.programmes import Programme, QuestionSetRow
from bot.storage.running import asked_already, waiting_for
from bot.texts import clock, content, day, mark, moment, say, say_n, weekday

WHICH = (mark("first"), mark("second"), mark("third"), mark("fourth"), mark("last"))
EVERYWHERE = None


def line(ctx: Context, programme: Programme) -> str:
    what = say(ctx.registry.conversations[programme.conversation].summary)
    return f"{what}, {state(ctx, programme)}"


def whom(ctx: Context, programme: Programme) -> str:
    match programme.population:
        case "department":
            place = ctx.db.get(Department, programme.department_id)
            return place.name if place else say("a department that is gone")
        case "tree":
            manager = ctx.db.get(Person, programme.manager_id)
            return say("everyone under {name}", name=manager.name) if manager else say("nobody: the manager is gone")
        case "list":
            return say("a list of people")
        case _:
            return say("everyone")


def state(ctx: Context, programme: Programme) -> str:
    names = {"who": whom(ctx, programme), "count": size(ctx.db, programme, ctx.now)}
    if programme.stopped_at:
        return say("stopped for {who} on {day}", day=day(ctx.local(programme.stopped_at).date()), **names)
    back = back_on(standing_pauses(ctx.db, ctx.now), programme.id, ctx.local_now.date())
    if programme.started_at:
        if back:
            return say("paused for {who} ({count}) until {day}", day=day(back), **names)
        waiting = sum(waiting_for(ctx.db, programme, ctx.now).values())
        if waiting:
            return say(
                "running for {who} ({count}), {waiting} of them wait for their manager's OK", waiting=waiting, **names
            )
        return say("running for {who} ({count})", **names)
    if programme.managers_first_at:
        return say("draft for {who} ({count}), the managers have been written to", **names)
    return say("draft for {who} ({count})", **names)


def rhythm(cadence: Cadence) -> str:
    on, at = weekday(cadence.on), clock(cadence.at)
    if isinstance(cadence, Monthly):
        which = say(WHICH[cadence.nth - 1]) if cadence.nth < LAST else say(WHICH[-1])
        return say("every month on the {which} {day} at {time}", which=which, day=on, time=at)
    if cadence.every == 1:
        return say("every week on {day} at {time}", day=on, time=at)
    return say("every {count} weeks on {day} at {time}", count=cadence.every, day=on, time=at)


def card(ctx: Context, programme: Programme, note: str = "") -> Message:
    """The whole of it, with the buttons of its state."""
    title = line(ctx, programme)
    sections = _waiting(ctx, programme)
    return Message(
        title, facts=_facts(ctx, programme), buttons=_verbs(ctx, programme), note=note or _hint(ctx, programme),
        sections=sections,
    )  # fmt: skip


def _facts(ctx: Context, programme: Programme) -> tuple[Fact, ...]:
    cadence = load_cadence(programme.cadence)
    row = ctx.db.get_one(QuestionSetRow, programme.question_set_id)
    questions = parse(row.body)
    title = content(f"{questions.key}.title", questions.title)
    joins = say("and who joins") if programme.joins and programme.population != "list" else say("nobody else")
    reminds = say("none")
    if cadence.remind_on is not None and cadence.remind_at is not None:
        reminds = f"{weekday(cadence.remind_on)} {clock(cadence.remind_at)}"
    due = f"{weekday(cadence.due_on)} {clock(cadence.due_at)}"
    coming = cadence.following(ctx.local_now)
    next_one = () if programme.stopped_at else (Fact(say("Next opening"), moment(coming.opens)),)
    return (
        Fact(say("Who"), f"{whom(ctx, programme)}; {joins}"),
        Fact(say("Questions"), say("{title}, version {version}", title=title, version=row.version)),
        Fact(say("When"), say("{rhythm}, in each person's zone", rhythm=rhythm(cadence))),
        Fact(say("Due"), due), Fact(say("Reminder"), reminds), *next_one,
    )  # fmt: skip


def _verbs(ctx: Context, programme: Programme) -> tuple[Button, ...]:
    one, back = programme.id, rights.back()
    if programme.stopped_at:
        return (back,)
    change = Button(say("Change…"), "programmes.change", one)
    if programme.started_at is None:
        count = size(ctx.db, programme, ctx.now)
        first = Button(say("Managers first"), "programmes.managers", one, confirm=_managers_first())
        return (
            Button(say("Try it on me"), "programmes.trial", one),
            Button(say("Preview list"), "programmes.preview", one),
            *(() if programme.managers_first_at else (first,)),
            Button(
                say("Start for {who} ({count})", who=whom(ctx, programme), count=count), "programmes.start", one, count,
                style="primary", confirm=_before_start(),
            ),
            change,
            Button(say("Delete draft"), "programmes.delete", one, style="danger", confirm=say("Nobody is told.")),
            back,
        )  # fmt: skip
    stop = Button(say("Stop"), "programmes.stop", one, style="danger", confirm=_before_stop())
    return (Button(say("List"), "programmes.preview", one), change, *pause_buttons(ctx, programme.id), stop, back)


def _managers_first() -> str:
    return say("The managers get their first message now, in their working hours. Their people hear nothing yet.")


def _before_start() -> str:
    return say(
        "Managers get their first message first, their people three working days later and after the manager's OK. "
        "The first question follows at least one working day after that."
    )


def _before_stop() -> str:
    return say("Nobody is asked or reminded any more. What is open can still be answered until it is due.")


def pause_buttons(ctx: Context, programme: UUID | None = None) -> tuple[Button, ...]:
    label = say("Pause everything until…") if programme is None else say("Pause…")
    ids = () if programme is None else (programme,)
    pause = Button(label, "programmes.pause", *ids)
    if own_pause(ctx.db, programme, ctx.now) is None:
        return (pause,)
    resume = say("Questions go on from now; what was asked before is not sent again.")
    return (Button(say("Resume"), "programmes.resume", *ids, style="primary", confirm=resume), pause)


def all_paused(ctx: Context) -> str:
    back = back_on(standing_pauses(ctx.db, ctx.now), EVERYWHERE, ctx.local_now.date())
    return say("Everything is paused until {day}.", day=day(back)) if back else ""


def _hint(ctx: Context, programme: Programme) -> str:
    if programme.started_at or programme.stopped_at:
        return all_paused(ctx)
    count = size(ctx.db, programme, ctx.now)
    if count == 0:
        return say("Nobody is in it yet. It cannot be started before somebody is.")
    if count == 1:
        return say("One person is in it: what they answer goes to their manager as always, no figure shows one person.")
    others = asked_already(ctx.db, programme, ctx.now)
    if others:
        return say_n(
            "{count} person in it is asked this by another programme already; what opens at once is asked once.",
            "{count} people in it are asked this by another programme already; what opens at once is asked once.",
            others,
        )  # fmt: skip
    return say("A draft: nobody has been written to.") if not programme.managers_first_at else ""


def _waiting(ctx: Context, programme: Programme) -> tuple[Section, ...]:
    """People who are not written to before their manager has pressed OK."""
    waiting = waiting_for(ctx.db, programme, ctx.now) if programme.started_at and not programme.stopped_at else {}
    people = people_by_id(ctx.db, list(waiting))
    rows = []
    for manager in sorted(waiting, key=lambda one: people[one].name):
        told = say_n(
            "Waiting for {name}'s OK ({count} person)", "Waiting for {name}'s OK ({count} people)", waiting[manager],
            name=people[manager].name,
        )  # fmt: skip
        why = say("Their people get their first message without {name} having confirmed.", name=people[manager].name)
        button = Button(say("Start without"), "programmes.without", programme.id, manager, confirm=why)
        rows.append(Row((told,), (button,)))
    return (Section(say("Waiting for an OK"), rows=tuple(rows)),) if rows else ()
