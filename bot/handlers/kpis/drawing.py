"""Key figures in messages: a row each with the last value, its day and the status. No note stands in the chat."""

from __future__ import annotations

from bot.conversation import Context
from bot.handlers.kpis import words
from bot.handlers.kpis.standing import Figure, can
from bot.messages import Button, Message, Row, Strong
from bot.texts import say

LIST, SHOW, ENTER, PICTURE, TOLD, GIVEN, DUE = (
    "kpi", "kpi.show", "kpi.enter", "kpi.picture", "kpi.told", "kpi.given", "kpi.due",
)  # fmt: skip
ADD, UNDO, CHANGE, BAND, BAND_BACK, GIVE, END, AGAIN = (
    "kpi.add", "kpi.undo", "kpi.change", "kpi.band", "kpi.band_back", "kpi.give", "kpi.end", "kpi.again",
)  # fmt: skip


def row(ctx: Context, of: Figure) -> Row:
    head = (Strong(of.title), f" · {words.whose(of)}")
    return Row((head, stand(of), *filter(None, (compared(of),))), buttons(ctx, of))


def stand(of: Figure) -> str:
    """How it is: value, day, status."""
    return " · ".join((words.last(of), words.coloured(of.status)))


def compared(of: Figure) -> str:
    """Against what was before; "" where there is nothing to compare."""
    return " · ".join(filter(None, (words.change(of), words.trend(of))))


def buttons(ctx: Context, of: Figure) -> tuple[Button, ...]:
    enter = (enter_button(of),) if can(ctx, "update", of) else ()
    return (*enter, Button(say("Open"), SHOW, of.kpi.id))


def enter_button(of: Figure) -> Button:
    return Button(say("Enter a value"), ENTER, of.kpi.id, style="primary")


def card(ctx: Context, of: Figure, *lines: str, more: tuple[Button, ...] = ()) -> Message:
    """One of them after something was done with it."""
    told = (*filter(None, lines), stand(of), *filter(None, (compared(of),)))
    summary = next(filter(None, lines), of.title)
    return Message(of.title, told, buttons=(*buttons(ctx, of), *more), summary=summary)


def gone() -> Message:
    why = say("It has ended, or it is not for you to see.")
    return Message(say("This key figure is not here"), (why,), buttons=(back(),))


def refused(of: Figure) -> Message:
    why = say("{owner} and HR enter its values.", owner=of.owner.name) if of.owner else say("HR enters its values.")
    return Message(of.title, (why,), buttons=(Button(say("Open"), SHOW, of.kpi.id),))


def for_hr() -> Message:
    return Message(say("Key figures are made and ended by HR"), (say("Ask them for it."),), buttons=(back(),))


def off() -> Message:
    why = say("Your company has switched them off where you work.")
    return Message(say("There are no key figures here"), (why,))


def back() -> Button:
    return Button(say("All key figures"), LIST)
