"""Answering each other about a check-in: thanks, comments, questions, replies; and taking them back."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar
from uuid import UUID

from bot.conversation import Context, Conversation, News, Reply
from bot.forms import Answers, Form, LongText
from bot.handlers.checkin import showing
from bot.handlers.checkin.parties import Reading, listeners, reading
from bot.storage.audit import record
from bot.storage.base import new_id
from bot.storage.comments import Comment, comments_on
from bot.texts import say

ABOUT = "checkin.read"


class Thank(Conversation):
    name = "checkin.thank"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        of = reachable(ctx)
        if isinstance(of, Reply):
            return of
        # A second click changes nothing.
        told = () if _thanks(ctx, of) else _add(ctx, of, "thanks", None)
        return shown(ctx, of, told)


class TakeThanksBack(Conversation):
    name = "checkin.unthank"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        of = responding(ctx)
        if isinstance(of, Reply):
            return of
        if thanks := _thanks(ctx, of):
            _take_back(ctx, of, thanks)
        return shown(ctx, of)


class _Written(Conversation):
    """One text from one side to the other."""

    kind: ClassVar[str]

    def title(self) -> str:
        raise NotImplementedError

    def _text(self, of: Reading) -> LongText:
        seen = say("You and {name}", name=of.other.name if of.other else "")
        return LongText("text", self.title(), audience=seen)

    def open(self, ctx: Context) -> Form | Reply:
        of = reachable(ctx)
        if isinstance(of, Reply):
            return of
        # The form carries the id of what it will make, so that sent twice it is one.
        made = ctx.args[1] if ctx.args[1:] else str(new_id())
        return Form.of(self.title(), self._text(of), submit=say("Send"), ids=(str(of.checkin.id), made))

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        of = reachable(ctx)
        assert not isinstance(of, Reply)
        made = UUID(ctx.args[1])
        told = () if ctx.db.get(Comment, made) else _add(ctx, of, self.kind, answers[self._text(of)], made)
        return shown(replace(ctx, in_dialog=True), of, told)


class WriteComment(_Written):
    name = "checkin.comment"
    dialog = True
    kind = "comment"

    def title(self) -> str:
        return say("Comment")


class FollowUp(_Written):
    name = "checkin.follow_up"
    dialog = True
    kind = "follow_up"

    def title(self) -> str:
        return say("Ask a follow-up")


class WriteReply(_Written):
    name = "checkin.reply"
    dialog = True
    kind = "reply"

    def title(self) -> str:
        return say("Reply")


class TakeBack(Conversation):
    """As long as the other side has not opened it."""

    name = "checkin.take_back"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        of = responding(ctx)
        if isinstance(of, Reply):
            return of
        comment = next((one for one in comments_on(ctx.db, of.checkin.id) if str(one.id) in ctx.args[1:]), None)
        if comment is None or comment.author_id != ctx.actor.id:
            return shown(ctx, of)
        if comment.seen_at is not None:
            note = say("{name} has opened it already, so it stays.", name=of.other.name if of.other else "")
            return shown(ctx, of, note=note)
        _take_back(ctx, of, comment)
        return shown(ctx, of, note=say("Taken back. Nobody has read it."))


def responding(ctx: Context) -> Reading | Reply:
    """A check-in in the hands of somebody who takes part in what is said about it."""
    of = reading(ctx)
    return of if isinstance(of, Reply) or of.responds else Reply(showing.opened(ctx, of), dialog=True)


def reachable(ctx: Context) -> Reading | Reply:
    """A check-in whose other side is still here; without one there is nobody to speak to."""
    of = responding(ctx)
    if isinstance(of, Reply) or (of.other is not None and of.other.status == "active"):
        return of
    if of.other is None:
        return Reply(showing.opened(ctx, of, say("Only you can read it, so nobody would see this.")), dialog=True)
    gone = say("{name} no longer works here, so nobody would see this.", name=of.other.name)
    return Reply(showing.opened(ctx, of, gone), dialog=True)


def _thanks(ctx: Context, of: Reading) -> Comment | None:
    mine = (c for c in comments_on(ctx.db, of.checkin.id) if c.kind == "thanks" and c.author_id == ctx.actor.id)
    return next(mine, None)


def _add(ctx: Context, of: Reading, kind: str, text: str | None, made: UUID | None = None) -> tuple[News, ...]:
    comment = Comment(
        id=made, checkin_id=of.checkin.id, author_id=ctx.actor.id, on_behalf_of_id=of.behalf, kind=kind, text=text,
        created_at=ctx.now,
    )  # fmt: skip
    ctx.db.add(comment)
    if not of.own:
        of.checkin.answered_at = of.checkin.answered_at or ctx.now
        of.checkin.seen_at = of.checkin.seen_at or ctx.now
    record(
        ctx.db, ctx.real_now, f"comment.{kind}", actor=ctx.actor.id, on_behalf_of=of.behalf, kind="comment",
        object_id=comment.id, checkin=str(of.checkin.id),
    )  # fmt: skip
    ctx.db.flush()
    return news(ctx, of, f"comment:{comment.id}")


def news(ctx: Context, of: Reading, key: str) -> tuple[News, ...]:
    spoke = {one.author_id for one in comments_on(ctx.db, of.checkin.id)}
    return tuple(News(one, ABOUT, of.checkin.id, f"{key}:{one}") for one in listeners(ctx, of, spoke))


def _take_back(ctx: Context, of: Reading, comment: Comment) -> None:
    """The text is gone; what only it had answered is unanswered again."""
    comment.taken_back_at, comment.text = ctx.now, None
    record(
        ctx.db, ctx.real_now, "comment.taken_back", actor=ctx.actor.id, on_behalf_of=of.behalf, kind="comment",
        object_id=comment.id, checkin=str(of.checkin.id),
    )  # fmt: skip
    ctx.db.flush()
    left = [one for one in comments_on(ctx.db, of.checkin.id) if one.author_id != of.author.id]
    of.checkin.answered_at = of.checkin.answered_at if left else None


def shown(ctx: Context, of: Reading, told: tuple[News, ...] = (), note: str = "") -> Reply:
    """In a dialog, the check-in with what was just said. The news about it is drawn anew, wherever it stands."""
    changed = ((ABOUT, of.checkin.id),)
    if not ctx.in_dialog:
        return Reply(also=told, changed=changed)
    return Reply(showing.opened(ctx, of, note), told, changed=changed, dialog=True)
