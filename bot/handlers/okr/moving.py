"""From state to state with one tap: start, pause, resume, cancel, open again. Each can be undone."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from bot.conversation import Context, Conversation, Reply
from bot.forms import Form
from bot.handlers.okr import rights
from bot.handlers.okr.doing import asks_to_agree, changed, found, shown
from bot.handlers.okr.standing import View
from bot.rules import okr
from bot.texts import say


class _Move(Conversation, ABC):
    """The button carries the version it was drawn for: an earlier one only shows how it stands now."""

    move: ClassVar[okr.Move]

    @abstractmethod
    def done(self, ctx: Context, of: View) -> Reply:
        """The move is open to this person, and the button is of now."""

    def open(self, ctx: Context) -> Form | Reply:
        of = found(ctx, "end", locked=True)
        if isinstance(of, Reply):
            return of
        if self.move not in rights.moves(ctx, of) or ctx.args[1:] != (str(of.objective.version),):
            return shown(ctx, of)
        return self.done(ctx, of)


class Activate(_Move):
    name = "okr.activate"
    dialog = True
    move = "activate"

    def done(self, ctx: Context, of: View) -> Reply:
        return moved(ctx, of, "activate", "okr.activated", say("It has begun."))


class Pause(_Move):
    name = "okr.pause"
    dialog = True
    move = "pause"

    def done(self, ctx: Context, of: View) -> Reply:
        return moved(ctx, of, "pause", "okr.paused", say("Paused. I ask for no updates until somebody resumes it."))


class Resume(_Move):
    name = "okr.resume"
    dialog = True
    move = "resume"

    def done(self, ctx: Context, of: View) -> Reply:
        return moved(ctx, of, "resume", "okr.resumed", say("It goes on."))


class Cancel(_Move):
    name = "okr.cancel"
    dialog = True
    move = "cancel"

    def done(self, ctx: Context, of: View) -> Reply:
        return moved(
            ctx, of, "cancel", "okr.cancelled", say("Cancelled. What happened to it stays; it can be opened again.")
        )


class Reopen(_Move):
    """Of a closed one what closing said stays in its history."""

    name = "okr.reopen"
    dialog = True
    move = "reopen"

    def done(self, ctx: Context, of: View) -> Reply:
        return moved(ctx, of, "reopen", "okr.reopened", say("It is open again."))


def moved(ctx: Context, of: View, move: okr.Move, action: str, note: str) -> Reply:
    waits = rights.waits(ctx, of.objective)
    one = of.objective
    one.state = okr.moved(of.state, rights.party(ctx, of), move, agreement=waits)
    if move == "reopen":
        one.score = one.grade = one.outcome = one.closed_at = None
    asked = asks_to_agree(ctx, of) if waits and one.state == "draft" else ()
    return changed(ctx, of, action, move, note, also=asked)
