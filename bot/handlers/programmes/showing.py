"""A programme as HR sees it: for whom, what, when, how it stands, and what can be done with it now."""

from __future__ import annotations

from bot.cadence import load_cadence
from bot.conversation import Context
from bot.handlers.programmes import sets
from bot.handlers.programmes.verbs import verbs
from bot.handlers.programmes.wording import population, rhythm, whom
from bot.messages import Button, Fact, Message, Row, Section
from bot.storage.members import size
from bot.storage.pauses import back_on, standing_pauses
from bot.storage.people import people_by_id
from bot.storage.programmes import Programme
from bot.storage.running import asked_already, waiting_for
from bot.texts import clock, day, moment, say, say_n, weekday

EVERYWHERE = None


def line(ctx: Context, programme: Programme) -> str:
    what = say(ctx.registry.conversations[programme.conversation].summary)
    return f"{what}, {state(ctx, programme)}"


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


def card(ctx: Context, programme: Programme, note: str = "") -> Message:
    """The whole of it, with the buttons of its state."""
    title = line(ctx, programme)
    sections = _waiting(ctx, programme)
    return Message(
        title, facts=_facts(ctx, programme), buttons=verbs(ctx, programme), note=note or _hint(ctx, programme),
        sections=sections,
    )  # fmt: skip


def _facts(ctx: Context, programme: Programme) -> tuple[Fact, ...]:
    cadence = load_cadence(programme.cadence)
    reminds = say("none")
    if cadence.remind_on is not None and cadence.remind_at is not None:
        reminds = f"{weekday(cadence.remind_on)} {clock(cadence.remind_at)}"
    due = f"{weekday(cadence.due_on)} {clock(cadence.due_at)}"
    coming = cadence.following(ctx.local_now)
    next_one = () if programme.stopped_at else (Fact(say("Next opening"), moment(coming.opens)),)
    return (
        Fact(say("Who"), population(ctx, programme)),
        Fact(say("Questions"), sets.told(ctx, programme)),
        Fact(say("When"), say("{rhythm}, in each person's zone", rhythm=rhythm(cadence))),
        Fact(say("Due"), due), Fact(say("Reminder"), reminds), *next_one,
    )  # fmt: skip


def all_paused(ctx: Context) -> str:
    back = back_on(standing_pauses(ctx.db, ctx.now), EVERYWHERE, ctx.local_now.date())
    return say("Everything is paused until {day}.", day=day(back)) if back else ""


def _hint(ctx: Context, programme: Programme) -> str:
    if programme.started_at or programme.stopped_at:
        return all_paused(ctx)
    count = size(ctx.db, programme, ctx.now)
    if count == 0:
        return say("Nobody is in it yet. Change it, so that somebody is: before that it cannot be started.")
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
