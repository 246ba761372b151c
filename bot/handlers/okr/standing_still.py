"""What an owner reads of objectives that stand still: why, since when, and four ways on."""

from __future__ import annotations

from bot.conversation import Context
from bot.conversation.verbs import ask_buttons, put_off
from bot.handlers.okr import drawing
from bot.handlers.okr.asked import closed, in_order
from bot.handlers.okr.standing import View
from bot.handlers.okr.watching import Still, to_ask
from bot.messages import Button, Message, Row, Strong
from bot.storage.asks import SWITCHED_OFF, Ask
from bot.storage.okr.watching import asked_last
from bot.storage.people import manager_on
from bot.texts import day, say, say_n

TALK = "okr.one_on_one"
PAUSE = "okr.pause"
SHOWN = 5


def as_it_stands(ctx: Context, ask: Ask) -> Message:
    # Once its time is up others may hear of it: that says the next question, within the same day, and not this one.
    if ask.closed_at is not None or ask.state == "missed":
        return _asked_again() if _newer(ctx, ask) else closed(ask)
    mine = Button(say("My objectives"), drawing.LIST)
    if ask.state == "submitted":
        return Message(say("You have looked at what stood still"), (say("I will not ask again now."),), buttons=(mine,))
    found = to_ask(ctx.db, [ctx.person.id], ask.occurrence).get(ctx.person.id, [])
    if ask.state == "not_expected" or not found:
        why = say("Nothing is asked of you.")
        return Message(say("Nothing to decide about your objectives"), (why,), buttons=(mine,))
    return _question(ctx, ask, found, mine)


def _newer(ctx: Context, ask: Ask) -> bool:
    last = asked_last(ctx.db, [ctx.person.id], ask.conversation)
    return ask.reason != SWITCHED_OFF and last.get(ctx.person.id, ask.occurrence) > ask.occurrence


def _asked_again() -> Message:
    return Message(say("Still the right goal?"), (say("I ask you again below, as it stands now."),))


def _question(ctx: Context, ask: Ask, found: list[Still], mine: Button) -> Message:
    of = {one.objective.id: one for one in in_order(ctx, [one.objective.id for one in found])}
    manager = manager_on(ctx.db, ctx.person.id, ctx.local_now.date())
    talk = say("Talk to {manager}", manager=manager.name) if manager else ""
    rows = tuple(_row(ctx, one, of[one.objective.id], talk) for one in found[:SHOWN] if one.objective.id in of)
    more = len(found) - SHOWN
    title = say("Still the right goal?")
    line = say("A word on it, a pause or an end are all fine. For now only you are asked.")
    if any(one.rung(ctx.local_now.date()) != "owner" for one in found):
        line = say("A word on it, a pause or an end are all fine. Your manager's Monday names it, too.")
    buttons = ask_buttons(ctx, ask, first=mine)
    note = say_n("and {count} more", "and {count} more", more) if more > 0 else ""
    return Message(
        title, (line,), rows=rows, buttons=buttons, note=" ".join(filter(None, (note, put_off(ctx, ask)))),
        summary=title,
    )  # fmt: skip


def _row(ctx: Context, still: Still, of: View, talk: str) -> Row:
    about = of.objective.id
    buttons = (
        *drawing.update_button(ctx, of), Button(say("No change"), drawing.SAME, about),
        Button(say("Pause…"), PAUSE, about, of.objective.version),
        *((Button(talk, TALK, about),) if talk else ()),
    )  # fmt: skip
    return Row(((Strong(of.objective.title or ""), f" · {why(ctx, still)}"),), buttons)


def why(ctx: Context, still: Still) -> str:
    """In one line."""
    when = day(still.since, ctx.local_now.date())
    if "no_update" in still.reasons:
        return say("no update since {day}", day=when)
    return say("three updates since {day}, and it has not moved", day=when)
