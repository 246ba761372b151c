"""Free text put into the check-in that is open next: as a draft, which nobody reads before it is sent."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.conversation import SAID, Context
from bot.forms import Form, Refused
from bot.handlers.checkin import drawing, filling
from bot.messages import Button, Message
from bot.storage.asks import Ask
from bot.storage.drafts import Draft, draft_of
from bot.texts import day, say

FIELD = "progress"


def put(ctx: Context) -> Message:
    said = draft_of(ctx.db, ctx.person.id, "checkin.note", SAID)
    ask = filling.wanted(ctx)
    if ask is None:
        return drawing.nothing_planned()
    draft = draft_of(ctx.db, ctx.person.id, "checkin", str(ask.id))
    if said is None:
        # A second click finds the words where the first one put them.
        return _there(ask) if draft else _gone()
    if not filling.writable(ctx, ask):
        return drawing.as_it_stands(ctx, ask)
    form = filling.form(replace(ctx, typed=None), ask)
    raw = draft.typed() if draft else form.starts()
    raw[FIELD] = "\n".join(str(text) for text in (raw.get(FIELD), said.typed()[SAID]) if text)
    if not _fits(form, raw):
        return _too_long(ask)
    if draft is None:
        draft = Draft(person_id=ctx.person.id, conversation="checkin", subject=str(ask.id), ask_id=ask.id, page=0)
        ctx.db.add(draft)
    draft.raw, draft.updated_at = json.dumps(raw), ctx.now
    ctx.db.delete(said)
    return _there(ask)


def _fits(form: Form, raw: dict[str, object]) -> bool:
    try:
        return any(field.clean(raw[FIELD]) for field in form.fields if field.key == FIELD)
    except Refused:
        return False


def _there(ask: Ask) -> Message:
    line = say(
        "It stands in your check-in of {day}, not sent yet. Nobody reads it before you send it.",
        day=day(ask.occurrence),
    )
    open_it = Button(say("Check in"), "checkin", ask.id, style="primary")
    return Message(say("Put into your check-in"), (line,), buttons=(open_it,))


def _too_long(ask: Ask) -> Message:
    lines = (say("With what stands there already it would be too long. Please open it and copy what matters."),)
    open_it = Button(say("Check in"), "checkin", ask.id, style="primary")
    return Message(say("This does not fit into your check-in"), lines, buttons=(open_it,))


def _gone() -> Message:
    return Message(say("This is no longer there"), (say("I keep such words for a day. Please write them once more."),))
