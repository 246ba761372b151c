"""The first contact as it stands: not answered yet, understood, or contradicted."""

from __future__ import annotations

from bot.conversation import Context
from bot.messages import Button, Line, Message, Section
from bot.storage.contacts import FirstContact, first_question, waiting_for
from bot.storage.inbox import InboxItem, dispute_of, stands_alone
from bot.storage.people import Person, manager_on, working_times
from bot.texts import moment, say, say_n


def as_it_stands(ctx: Context, row: FirstContact) -> Message:
    manager = manager_on(ctx.db, ctx.person.id, ctx.local_now.date())
    item = dispute_of(ctx.db, ctx.person.id, manager.id) if manager else None
    contradicted = (_contradicted(ctx, item, manager),) if item and manager else ()
    when = _first_question(ctx)
    if row.state == "ok":
        return _understood(ctx, when, contradicted)
    comes = say("Your first question comes {when}.", when=when) if when else (
        say("No question is planned for you yet; I'll tell you before one comes.")
    )  # fmt: skip
    buttons = [Button(say("OK"), "contact.ok", style="primary")]
    lines: tuple[Line, ...]
    if manager is None:
        lines = (
            say("I know no manager for you yet, so nobody sees your answers but you, and nobody reads channels."),
            without(ctx),
            comes,
        )
    else:
        lines = (
            say(
                "Your manager here is {manager}. {manager} sees what you write in check-ins and shared 1:1 notes, HR "
                "sees who has answered and your finished reviews, nobody reads channels.",
                manager=manager.name,
            ),
            say("Mood is shown to {manager} only if you say so.", manager=manager.name),
            *contradicted,
            comes,
        )
        if item is None:
            buttons.append(Button(say("Not my manager"), "contact.not_my_manager", manager.id))
    buttons += [*_always(ctx), Button(say("Ask HR…"), "inbox.ask")]
    return Message(say("I'm Rapport"), lines, buttons=tuple(buttons), sections=_leading(ctx, row))


def _understood(ctx: Context, when: str, contradicted: tuple[str, ...]) -> Message:
    first = say("First question: {when}.", when=when) if when else (
        say("No question is planned for you yet; I'll tell you before one comes.")
    )  # fmt: skip
    lines = (first, *contradicted)
    note = say("If something is not right: /review not my manager, or /review ask hr")
    return Message(say("You are set"), lines, buttons=_always(ctx), note=note)


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
    return Message(title, lines, buttons=buttons, sections=(Section(say("You lead people here"), leading()),))


def _always(ctx: Context) -> tuple[Button, ...]:
    stored = "privacy" if "privacy" in ctx.registry.conversations else "contact.stored"
    return Button(say("My hours"), "preferences.hours"), Button(say("What is stored"), stored)


def _first_question(ctx: Context) -> str:
    """When it is asked: at its opening, or as soon as the person works again."""
    opens = first_question(ctx.db, ctx.person.id)
    if opens is None:
        return ""
    hours = working_times(ctx.db, [ctx.person], ctx.now)[ctx.person.id]
    return moment(ctx.local(hours.next_open(max(opens, ctx.now)) or opens))


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


def leading() -> tuple[str, ...]:
    return (
        say("You will read the check-ins of your people: the text; mood only where they share it. They see who opened "
            "them and when."),
        say("When something is in somebody's way, I tell you at once, in your hours."),
        say("What is expected of you: a reaction within 3 working days. A thank you is one."),
    )  # fmt: skip


def _leading(ctx: Context, row: FirstContact) -> tuple[Section, ...]:
    """What a manager will see, and what is expected of them."""
    if not row.manages:
        return ()
    lines = list(leading())
    if waiting := waiting_for(ctx.db, ctx.person.id, ctx.local_now.date()):
        lines.append(
            say_n(
                "{count} of your people hears from me once you press OK.",
                "{count} of your people hear from me once you press OK.", waiting,
            )
        )  # fmt: skip
    return (Section(say("You lead people here"), tuple(lines)),)
