"""The first contact as it stands: not answered yet, understood, or contradicted."""

from __future__ import annotations

from bot.cadence import Weekly, load_cadence
from bot.clock import to_local
from bot.conversation import Context, notice
from bot.conversation.seeing import hr_sees, reads
from bot.handlers.contact import objectives
from bot.messages import Button, Line, Message, Section
from bot.questions.stored import stored_set
from bot.storage.asks import was_asked, window
from bot.storage.contacts import FirstContact, people_hear, waiting_for
from bot.storage.inbox import InboxItem, dispute_of, stands_alone
from bot.storage.people import Person, manager_on, working_times
from bot.storage.policy import allows, policy_of
from bot.storage.programmes import Programme, next_opening, next_turns
from bot.texts import day, moment, say, say_n

# How far ahead the next question is looked for: somebody may be away for long.
OPENINGS = 60


def as_it_stands(ctx: Context, row: FirstContact) -> Message:
    manager = manager_on(ctx.db, ctx.person.id, ctx.local_now.date())
    item = dispute_of(ctx.db, ctx.person.id, manager.id) if manager else None
    contradicted = (_contradicted(ctx, item, manager),) if item and manager else ()
    when = _next_question(ctx)
    if row.state == "ok":
        return _understood(ctx, row, when, contradicted)
    comes = say("Your first question comes {when}.", when=when) if when else _none_planned()
    buttons = [Button(say("OK"), "contact.ok", style="primary")]
    reads_it = objectives.who_reads(ctx) if objectives.alone(ctx, row) else _who_reads(ctx, manager)
    lines: tuple[Line, ...] = (*_what_i_am(ctx, row), *reads_it, *contradicted, comes)
    if manager and item is None:
        buttons.append(Button(say("Not my manager"), "contact.not_my_manager", manager.id))
    buttons += [*_always(ctx), Button(say("Ask HR…"), "inbox.ask")]
    sections = (*_leading(ctx, row), *notice.sections(ctx))
    return Message(
        say("I'm Rapport"), lines, buttons=tuple(buttons), sections=sections, note=_what_ok_does(ctx, row)
    )  # fmt: skip


def _what_i_am(ctx: Context, row: FirstContact) -> tuple[str, ...]:
    programme = ctx.db.get(Programme, row.programme_id) if row.programme_id else None
    if programme and objectives.alone(ctx, row):
        return objectives.what(load_cadence(programme.cadence))
    no_test = say("It is no test: nobody rates you by it.")
    if programme is None:
        return (f"{say('HR starts a short check-in here, and I ask for it in this chat.')} {no_test}",)
    questions = stored_set(ctx.db, programme.question_set_id) if programme.question_set_id else None
    minutes = (questions.estimated_minutes if questions else None) or 3
    cadence = load_cadence(programme.cadence)
    weeks = cadence.every if isinstance(cadence, Weekly) else 0
    starts = (
        say_n(
            "HR starts a check-in here: each week, about {minutes} minutes, in this chat.",
            "HR starts a check-in here: every {count} weeks, about {minutes} minutes, in this chat.",
            weeks, minutes=minutes,
        )
        if weeks
        else say("HR starts a check-in here: once a month, about {minutes} minutes, in this chat.", minutes=minutes)
    )  # fmt: skip
    return (f"{starts} {say('What moved, what comes next, and what is in your way.')} {no_test}",)


def _who_reads(ctx: Context, manager: Person | None) -> tuple[str, ...]:
    if manager is None:
        return (
            say("I know no manager for you yet, so nobody sees your answers but you, and nobody reads channels."),
            without(ctx),
        )
    if not (allows(ctx.db, "mood", ctx.person) and allows(ctx.db, "completion_lists", ctx.person)):
        here = say("Your manager here is {manager}.", manager=manager.name)
        return (f"{here} {reads(ctx, manager)} {hr_sees(ctx)} {say('Nobody reads channels.')}",)
    return (
        say(
            "Your manager here is {manager}. {manager} reads what you write in a check-in; mood only if you share it. "
            "HR sees who has answered, and nobody reads channels.", manager=manager.name,
        ),
    )  # fmt: skip


def _what_ok_does(ctx: Context, row: FirstContact) -> str:
    if row.manages and waiting_for(ctx.db, ctx.person.id, ctx.local_now.date()):
        return say("OK says that you have read this, and lets me write to your people.")
    return say("OK only says that you have read this.")


def _understood(ctx: Context, row: FirstContact, when: str, contradicted: tuple[str, ...]) -> Message:
    said = (
        _none_planned()
        if not when
        else say("Next question: {when}.", when=when)
        if was_asked(ctx.db, ctx.person.id)
        else say("First question: {when}.", when=when)
    )
    note = say("If something is not right: /review not my manager, or /review ask hr")
    return Message(
        say("You are set"), (said, *contradicted), buttons=_always(ctx), sections=_leading(ctx, row), note=note
    )  # fmt: skip


def _none_planned() -> str:
    return say("No question is planned for you yet; I'll tell you before one comes.")


def waiting(ctx: Context) -> Message:
    """What a manager is reminded of; once nobody waits, it says so."""
    count = waiting_for(ctx.db, ctx.person.id, ctx.local_now.date())
    if not count:
        return Message(say("None of your people waits for your OK any more"), buttons=_always(ctx))
    title = say_n(
        "{count} of your people waits for your OK", "{count} of your people wait for your OK", count
    )  # fmt: skip
    lines = (
        say("I write to them only after you have read who I am and what you will see; that takes two minutes."),
        say("With OK they hear from me next, and nobody is asked before that. HR can also start without you."),
    )
    buttons = (Button(say("OK"), "contact.ok", style="primary"), *_always(ctx), Button(say("Ask HR…"), "inbox.ask"))
    return Message(title, lines, buttons=buttons, sections=(Section(say("You lead people here"), leading(ctx)),))


def _always(ctx: Context) -> tuple[Button, ...]:
    stored = "privacy" if "privacy" in ctx.registry.conversations else "contact.stored"
    return Button(say("My hours"), "preferences.hours"), Button(say("What is stored"), stored)


def _next_question(ctx: Context) -> str:
    """When it is asked: at its opening, or as soon as the person works again; not one that is due before that."""
    hours = working_times(ctx.db, [ctx.person], ctx.now)[ctx.person.id]
    for turn, programme in next_turns(ctx.db, ctx.person.id)[:1]:
        cadence, opens = load_cadence(programme.cadence), turn.next_due_at or ctx.now
        for _ in range(OPENINGS):
            occurrence = cadence.latest(to_local(opens, turn.zone))
            comes = hours.next_open(max(opens, ctx.now))
            if comes is None or occurrence is None or comes < window(programme, occurrence, turn.zone, hours)[1]:
                break
            opens = next_opening(cadence, opens, turn.zone)
        return moment(ctx.local(comes or opens))
    return ""


def _contradicted(ctx: Context, item: InboxItem, manager: Person) -> str:
    return say(
        "You say that {manager} is not your manager. HR answers by {by}; until then {manager} reads nothing of yours.",
        manager=manager.name,
        by=moment(ctx.local(item.due_at)),
    )


def without(ctx: Context) -> str:
    """Why there is no manager."""
    if stands_alone(ctx.db, ctx.person.id):
        return say("HR says that nobody stands above you here.")
    return say("HR has been told that the line is missing.")


def leading(ctx: Context) -> tuple[str, ...]:
    what = say("You read the check-ins of your people: the text; mood only where they share it. They see who opened "
                "them and when.")  # fmt: skip
    if not policy_of(ctx.db).allows("mood"):
        what = say("You read the check-ins of your people. They see who opened them and when.")
    return (
        what,
        say("When something is in somebody's way, I tell you at once, in your hours."),
        say("What is expected of you: a reaction within 3 working days. A thank you is one."),
    )  # fmt: skip


def _leading(ctx: Context, row: FirstContact) -> tuple[Section, ...]:
    """What a manager will see, and what is expected of them."""
    if not row.manages:
        return ()
    what = objectives.leading() if objectives.alone(ctx, row) else leading(ctx)
    return (Section(say("You lead people here"), (*what, *_their_first(ctx))),)


def _their_first(ctx: Context) -> list[str]:
    """What the people wait for: the OK, or a day."""
    today = ctx.local_now.date()
    if waiting := waiting_for(ctx.db, ctx.person.id, today):
        return [
            say_n(
                "{count} of your people hears from me once you press OK.",
                "{count} of your people hear from me once you press OK.", waiting,
            )
        ]  # fmt: skip
    if planned := people_hear(ctx.db, ctx.person.id, today):
        from_day = day(max(ctx.local(min(planned)).date(), today))
        return [
            say_n(
                "{count} of your people gets such a message from {day} on, in their hours; a question comes a working "
                "day later at the earliest.",
                "{count} of your people get such a message from {day} on, in their hours; a question comes a working "
                "day later at the earliest.",
                len(planned), day=from_day,
            )
        ]  # fmt: skip
    return []
