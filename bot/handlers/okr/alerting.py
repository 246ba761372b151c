"""Confidence that falls or is low: the owner alone hears of it, whoever wrote it, and nobody above them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from bot.conversation import Context, Conversation, News
from bot.conversation.values import Changed
from bot.handlers.okr import drawing
from bot.handlers.okr.standing import View, view
from bot.messages import Button, Message
from bot.rules import okr
from bot.storage.okr.tables import KeyResult
from bot.texts import say

ALERT = "okr.alert"


class Warned(NamedTuple):
    """`line` for whoever has just written it, where that is the owner."""

    line: str = ""
    also: tuple[News, ...] = ()
    changed: tuple[Changed, ...] = ()


class Alert(Conversation):
    """Draws the message to the owner; it is not opened by itself."""

    name = ALERT

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        of = view(ctx, about)
        if of is None or of.owner is None or of.owner.id != ctx.person.id:
            return None
        low = tuple(_line(one) for one in of.active if _calls(one, None))
        lines = low or (say("It is less likely than it was last time."),)
        return Message(
            say("Confidence has fallen: {title}", title=of.objective.title or ""), (*lines, _free()),
            buttons=(Button(say("Open"), drawing.SHOW, of.objective.id), *drawing.update_button(ctx, of)),
            summary=say("Confidence in one of your objectives has fallen"),
        )  # fmt: skip


def warned(ctx: Context, of: View, before: Mapping[UUID, int | None]) -> Warned:
    """What an update that was just stored calls for; `before` it each key result was so sure."""
    found = [one for one in of.active if one.confidence != before.get(one.id) and _calls(one, before.get(one.id))]
    if not found or of.owner is None:
        return Warned()
    about = (ALERT, of.objective.id)
    if of.owner.id == ctx.actor.id:
        return Warned(f"{_line(found[0])} {_free()}", changed=(about,))
    key = f"confidence:{found[0].shown_id}"
    return Warned(also=(News(of.owner.id, ALERT, of.objective.id, key, fresh=True),))


def _calls(one: KeyResult, before: int | None) -> bool:
    return one.confidence is not None and bool(okr.alerts(before, one.confidence))


def _line(one: KeyResult) -> str:
    return say("{title}: confidence {value} of 10.", title=one.title or "", value=one.confidence or 0)


def _free() -> str:
    return say("What would help? Only you are told of this, so that it can be said early.")
