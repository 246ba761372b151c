"""Pause until a day, and resume: one programme or everything, by one button; who has an open ask is told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from bot.conversation import Context, Conversation, Reply
from bot.forms import Answers, Day, Form, Note
from bot.handlers.programmes import cards, rights, wording
from bot.handlers.programmes.moving import Step, moved
from bot.handlers.programmes.verbs import pause_buttons
from bot.messages import Message
from bot.storage.audit import record
from bot.storage.pauses import Pause, own_pause
from bot.storage.programmes import Programme, all_programmes
from bot.texts import day, say

FURTHEST = timedelta(days=366)


class PauseUntil(Conversation):
    """Of one programme if its button carries one. A pause that stands gets another end."""

    name = "programmes.pause"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        found = _scope(ctx)
        if isinstance(found, Reply):
            return found
        standing = own_pause(ctx.db, found.id if found else None, ctx.now)
        what = say(
            "Until then nobody is asked, reminded or sent a digest. What is open stays open, and its due time moves by "
            "the same working days. Whoever has something open is told once. An earlier end gives nobody less time."
        )
        return Form.of(
            say("Pause {who}", who=wording.whom(ctx, found)) if found else say("Pause everything"),
            Note("what", what), _back(ctx, standing), submit=say("Pause"), ids=ctx.args[:1],
            version=standing.back_on.isoformat() if standing else "0",
        )  # fmt: skip

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        found = _scope(ctx)
        if isinstance(found, Reply):
            return found
        scope = found.id if found else None
        pause = own_pause(ctx.db, scope, ctx.now)
        was = pause.back_on if pause else None
        back = answers[_back(ctx, pause)]
        if pause is None:
            pause = Pause(
                programme_id=scope, starts_at=ctx.now, back_on=back, created_by=ctx.actor.id, created_at=ctx.real_now
            )
            ctx.db.add(pause)
        pause.back_on = back
        ctx.db.flush()
        record(
            ctx.db, ctx.real_now, "pause.changed" if was else "pause.started", actor=ctx.actor.id, kind="pause",
            object_id=pause.id, programme=str(scope) if scope else None, until=back.isoformat(),
        )  # fmt: skip
        piece = moved(ctx, Step(pause.id, was, ctx.now))
        title = say("{who} is paused until {day}", who=_who(ctx, found), day=day(back))
        lines = (say("Nothing is asked before that day, and due times move. Resume ends the pause earlier."),)
        buttons = (*pause_buttons(ctx, scope), rights.back())
        changed = (*piece.changed, *_cards(ctx, scope))
        return replace(piece, message=Message(title, lines, buttons=buttons), changed=changed)


class Resume(Conversation):
    name = "programmes.resume"

    def open(self, ctx: Context) -> Form | Reply:
        found = _scope(ctx)
        if isinstance(found, Reply):
            return found
        scope = found.id if found else None
        pause = own_pause(ctx.db, scope, ctx.now)
        if pause is None:
            none = say("Nothing is paused here any more.")
            return Reply(Message(say("No pause"), (none,), buttons=(rights.back(),)))
        pause.ended_at = ctx.now
        ctx.db.flush()
        record(
            ctx.db, ctx.real_now, "pause.ended", actor=ctx.actor.id, kind="pause", object_id=pause.id,
            programme=str(scope) if scope else None,
        )  # fmt: skip
        piece = moved(ctx, Step(pause.id, pause.back_on, ctx.now))
        title = say("{who} goes on", who=_who(ctx, found))
        lines = (
            say("Questions come again at their next opening. What was asked before is not sent again."),
            say("Due times stay where the pause has moved them, or end with the next opening if that comes first."),
        )
        buttons = (*pause_buttons(ctx, scope), rights.back())
        changed = (*piece.changed, *_cards(ctx, scope))
        return replace(piece, message=Message(title, lines, buttons=buttons), changed=changed)


def _scope(ctx: Context) -> Programme | Reply | None:
    """The programme, None for everything; only who runs all of them may pause everything."""
    if ctx.args:
        return rights.named(ctx)
    return None if rights.runs_all(ctx) else Reply(rights.refusal())


def _cards(ctx: Context, scope: UUID | None) -> tuple[tuple[str, UUID], ...]:
    """Cards that say whether it is paused."""
    ids = [scope] if scope else [one.id for one in all_programmes(ctx.db) if one.stopped_at is None]
    return tuple((cards.CARD, one) for one in ids)


def _who(ctx: Context, programme: Programme | None) -> str:
    if programme is None:
        return say("Everything")
    what = say(ctx.registry.conversations[programme.conversation].summary)
    return say("{what} for {who}", what=what, who=wording.whom(ctx, programme))


def _back(ctx: Context, standing: Pause | None) -> Day:
    today = ctx.local_now.date()
    return Day(
        "back", say("First day on which it goes on"), earliest=today + timedelta(days=1), latest=today + FURTHEST,
        start=standing.back_on if standing else None,
    )  # fmt: skip
