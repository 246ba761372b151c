"""An item of HR's inbox as it stands: in a line, in a message, in its dialog. What was written stands only there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from bot.conversation import Context
from bot.handlers.inbox.parties import is_hr
from bot.messages import Button, Fact, Message, Row, Section
from bot.storage.audit import AuditEvent, events_about
from bot.storage.inbox import WAITS, InboxItem
from bot.storage.keys import Unreadable
from bot.storage.people import Person, manager_on, people_by_id
from bot.texts import moment, say, say_n


def legible(read: Callable[[], str | None]) -> str:
    """A sealed text, or that it was erased with its writer's key."""
    try:
        return read() or ""
    except Unreadable:
        return say("(erased)")


def name_of(ctx: Context, person: UUID | None) -> str:
    found = ctx.db.get(Person, person) if person else None
    return found.name if found else say("Somebody who is no longer here")


def title(item: InboxItem, name: str) -> str:
    titles = {
        "question": say("{name} asks HR something", name=name),
        "not_my_manager": say("{name} says: not my manager", name=name),
        "no_manager": say("{name} has no manager here", name=name),
    }
    return titles[item.kind]


def rows(ctx: Context, items: Sequence[InboxItem]) -> tuple[Row, ...]:
    people = people_by_id(ctx.db, [one for item in items for one in (item.person_id, item.owner_id) if one])
    names = {one.id: one.name for one in people.values()}
    return tuple(
        Row((_line(ctx, item, names),), (Button(say("Open"), "inbox.open", item.id, style="primary"),))
        for item in items
    )  # fmt: skip


def _line(ctx: Context, item: InboxItem, names: dict[UUID, str]) -> str:
    days = (ctx.now - item.created_at).days
    age = say_n("{count} day", "{count} days", days) if days else say("today")
    parts = [title(item, names[item.person_id]), age]
    if ctx.now > item.due_at:
        parts.append(say("overdue"))
    if item.owner_id:
        parts.append(say("with {name}", name=names.get(item.owner_id, "?")))
    return " · ".join(parts)


def standing(ctx: Context, item: InboxItem) -> Message:
    """What its message to HR says now."""
    owner = name_of(ctx, item.owner_id)
    states = {
        "open": say("To be answered by {by}.", by=moment(ctx.local(item.due_at))),
        "taken": say("{name} takes care of it, by {by}.", name=owner, by=moment(ctx.local(item.due_at))),
        "answered": say("{name} has answered.", name=name_of(ctx, item.answered_by_id)),
        "withdrawn": say("It was taken back; there is nothing left to do."),
    }
    see = Button(say("Open"), "inbox.open", item.id, style="primary")
    buttons = (see, *_take(ctx, item)) if item.state == "open" else (see,)
    return Message(title(item, name_of(ctx, item.person_id)), (states[item.state],), buttons=buttons)


def opened(ctx: Context, item: InboxItem, note: str = "") -> Message:
    """For HR: everything that was written, and what can be done."""
    person = ctx.db.get_one(Person, item.person_id)
    facts = [
        Fact(say("Asked"), moment(ctx.local(item.created_at))),
        Fact(say("Due"), f"{moment(ctx.local(item.due_at))}{_overdue(ctx, item)}"),
    ]
    if item.owner_id:
        facts.append(Fact(say("Taken by"), name_of(ctx, item.owner_id)))
    sections = (*_written(ctx, item, person), *_answer(ctx, item))
    lines = (note,) if note else ()
    buttons = _verbs(ctx, item, person)
    left = "" if person.status == "active" else say("{name} no longer works here.", name=person.name)
    return Message(title(item, person.name), lines, facts=tuple(facts), buttons=buttons, sections=sections, note=left)


def _overdue(ctx: Context, item: InboxItem) -> str:
    return f" ({say('overdue')})" if item.state in WAITS and ctx.now > item.due_at else ""


def _written(ctx: Context, item: InboxItem, person: Person) -> tuple[Section, ...]:
    if item.kind == "question":
        text = legible(lambda: item.text)
        return (Section(say("Question"), (text,)),) if text else ()
    now = manager_on(ctx.db, person.id, ctx.local(ctx.now).date())
    listed = Fact(say("In the list"), now.name if now else say("Nobody"))
    if item.kind == "no_manager":
        return (Section(facts=(listed,)),)
    facts = [Fact(say("Contradicted"), name_of(ctx, item.about_id)), listed]
    try:
        instead, words = item.claim()
    except Unreadable:
        return (Section(lines=(say("(erased)"),), facts=tuple(facts)),)
    if instead:
        facts.append(Fact(say("Instead"), name_of(ctx, instead)))
    held = say("Until you settle it, {manager} reads nothing of theirs.", manager=name_of(ctx, item.about_id))
    return (Section(lines=(words,) if words else (), facts=tuple(facts), note=held if item.state in WAITS else ""),)


def _answer(ctx: Context, item: InboxItem) -> tuple[Section, ...]:
    if item.state != "answered":
        return ()
    who = say("Answer of {name}", name=name_of(ctx, item.answered_by_id))
    return (Section(who, (legible(lambda: item.answer) if item.kind == "question" else outcome(item),)),)


def outcome(item: InboxItem) -> str:
    outcomes = {
        "right": say("The list is right."),
        "changed": say("The manager was changed."),
        "none": say("There is nobody above, and that is right."),
    }
    return outcomes[item.outcome or "right"]


def _verbs(ctx: Context, item: InboxItem, person: Person) -> tuple[Button, ...]:
    if item.state not in WAITS or not is_hr(ctx):
        return ()
    if person.status != "active":
        return (Button(say("Close"), "inbox.close", item.id),)
    if item.owner_id not in (None, ctx.actor.id):
        return _take(ctx, item)
    settle = item.kind != "question"
    verb = Button(say("Settle…"), "inbox.settle", item.id, style="primary") if settle else (
        Button(say("Answer…"), "inbox.answer", item.id, style="primary")
    )  # fmt: skip
    back = (Button(say("Give back"), "inbox.give_back", item.id),) if item.owner_id else _take(ctx, item)
    return (verb, *back)


def _take(ctx: Context, item: InboxItem) -> tuple[Button, ...]:
    """It carries from whom: should that have changed by the press, the second is told."""
    if item.owner_id is None:
        return (Button(say("Take it"), "inbox.take", item.id, "nobody"),)
    label = say("Take over from {name}", name=name_of(ctx, item.owner_id))
    return (Button(label, "inbox.take", item.id, item.owner_id),)


def openings(ctx: Context, item: InboxItem) -> tuple[str, ...]:
    """When somebody of HR opened it, the newest first; each of them once."""
    newest = {event.actor_id: event for event in events_about(ctx.db, item.id, "inbox.read") if event.actor_id}
    events = sorted(newest.values(), key=lambda event: event.seq, reverse=True)
    return tuple(
        say("{when}: {who} of HR", when=moment(ctx.local(_told_at(event))), who=name_of(ctx, event.actor_id))
        for event in events
    )


def _told_at(event: AuditEvent) -> datetime:
    """The business time that people are told; older rows have only the real one."""
    return datetime.fromisoformat(event.details["when"]) if "when" in event.details else event.at
