"""What people read who are asked for updates: one line an objective, a button for each, one for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from bot.conversation import Context
from bot.conversation.verbs import ask_buttons, put_off
from bot.handlers.okr import drawing, words
from bot.handlers.okr.answering import UPDATES
from bot.handlers.okr.standing import View, views
from bot.messages import Button, Message, Row, Strong
from bot.storage.asks import NOTHING_DUE, SWITCHED_OFF, Ask, closes_at
from bot.storage.okr.asking import due_key_results
from bot.storage.okr.goals import objectives_by_id, standing_objectives
from bot.texts import day, moment, say, say_n

__all__ = ["NOTHING_NEW", "UPDATES", "as_it_stands", "question", "row"]

NOTHING_NEW = "okr.nothing_new"
SHOWN = 7


def as_it_stands(ctx: Context, ask: Ask) -> Message:
    if ask.state == "submitted":
        return _receipt(ctx, ask)
    if ask.closed_at is not None:
        return closed(ask)
    return _left_out(ctx, ask) if ask.state == "not_expected" else question(ctx, ask)


def question(ctx: Context, ask: Ask, *, reminder: bool = False) -> Message:
    """Open, or missed: a late answer is welcome."""
    due = moment(ctx.local(closes_at(ctx.db, ask)))
    title = say("Your objectives still wait for you") if reminder else say("How do your objectives stand?")
    how = say("A number and a tap each; if nothing is new, one tap for all of them.")
    open_until = say("Open until {due}.", due=due)
    if ask.state == "missed":
        title = say("No word on your objectives")
        open_until = say("It was due {due}; late updates are welcome until the next question.", due=due)
    found = due_views(ctx, ask)
    more = len(found) - SHOWN
    none = Button(say("No change"), NOTHING_NEW, ask.id)
    return Message(
        title, (f"{how} {open_until}",), rows=tuple(row(ctx, one) for one in found[:SHOWN]),
        buttons=(none,) if ask.state == "missed" else ask_buttons(ctx, ask, first=none),
        note=" ".join(filter(None, (say_n("and {count} more", "and {count} more", more) if more > 0 else "",
                                    put_off(ctx, ask)))),
        summary=f"{title} {open_until}",
    )  # fmt: skip


def due_views(ctx: Context, ask: Ask) -> list[View]:
    """The objectives that it asks about as things are now."""
    due = due_key_results(ctx.db, [ctx.person.id], ask.occurrence)
    return in_order(ctx, list(dict.fromkeys(one.objective for one in due)))


def in_order(ctx: Context, objectives: Sequence[UUID]) -> list[View]:
    found = objectives_by_id(ctx.db, objectives)
    return views(ctx, [found[one] for one in objectives if one in found])


def row(ctx: Context, of: View) -> Row:
    """One line: how it stands, when that was said last."""
    return Row(((Strong(of.objective.title or ""), f" · {standing_line(ctx, of)}"),), drawing.update_button(ctx, of))


def standing_line(ctx: Context, of: View) -> str:
    last = max((one.updated_at for one in of.active if one.updated_at), default=None)
    # Of what was never measured, "no change" is no update that says where it stands.
    known = last if of.status else None
    when = [say("last update {day}", day=day(ctx.local(known).date(), ctx.local_now.date()))] if known else []
    return " · ".join([words.state(of), *drawing.score(of)[:1], *when])


def _receipt(ctx: Context, ask: Ask) -> Message:
    mine = views(ctx, standing_objectives(ctx.db, [ctx.person.id], ctx.local_now.date()))
    lines = tuple(f"{one.objective.title} · {standing_line(ctx, one)}" for one in mine[:SHOWN])
    when = moment(ctx.local(ask.submitted_at or ctx.now))
    stored = say("Stored {when}. I will not ask again for this time.", when=when)
    return Message(say("Your objectives are up to date"), (stored, *lines), buttons=(_list(),))


def _left_out(ctx: Context, ask: Ask) -> Message:
    buttons: tuple[Button, ...] = ()
    if ask.reason == "away":
        why = say("You are away; nothing is expected of you.")
        buttons = (Button(say("I'm back"), "preferences.back"),)
    elif ask.reason == NOTHING_DUE:
        why = say("Somebody else has updated them, or nothing is left to update.")
    elif ask.reason in ("not_asked", "no_working_time"):
        why = say("There was no working time to ask you in.")
    else:
        why = say("Left out this time. You can update them whenever you like.")
        if ctx.now < ask.due_at and ask.reason in ("not_working", "other"):
            buttons = (Button(say("Undo"), "asks.reopen", ask.id),)
    return Message(say("No update of your objectives this time"), (why,), buttons=(*buttons, _list()))


def closed(ask: Ask) -> Message:
    if ask.reason == SWITCHED_OFF:
        why = say("Nothing is expected of you. What you have written stays as it was.")
        return Message(say("Objectives are switched off where you work"), (why,))
    lines = (say("The question of {day} is closed. The next one has its own message.", day=day(ask.occurrence)),)
    return Message(say("This question about your objectives is closed"), lines, buttons=(_list(),))


def _list() -> Button:
    return Button(say("My objectives"), drawing.LIST)
