"""Give an objective to somebody else, or take it over: within rights; both who had it and who has it now are told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from bot.conversation import Context, Conversation, Reply
from bot.forms import Answers, Field, Form, Note, People, Rejected, Yes
from bot.handlers.okr import doing, rights
from bot.handlers.okr.doing import changed, found, not_yours, sent, shown
from bot.handlers.okr.linting import GIVE
from bot.handlers.okr.rights import GIVEN
from bot.handlers.okr.standing import View
from bot.storage.okr.giving import give
from bot.storage.people import Person, departments_on
from bot.texts import say


class _Page:
    """No list of people holds who looks at it: to take it over is a box of its own, where they may."""

    def __init__(self, ctx: Context, of: View) -> None:
        mine = of.objective.owner_id == ctx.actor.id
        takes = not mine and not _refusal(ctx, ctx.actor, of)
        self.me = Yes("me", say("I take it over myself")) if takes else None
        to = People("to", say("Who looks after it from now on?"), help=say("They are told so, and by whom."))
        self.to = replace(to.optional(), required=not takes)
        self.notes = (
            Note("what", of.objective.title or "", strong=True),
            Note("goes", say("Its history and its notes go along: whoever reads theirs reads them, too.")),
        )

    def fields(self) -> tuple[Field[Any], ...]:
        return (*self.notes, *((self.me,) if self.me else ()), self.to)

    def picked(self, ctx: Context, answers: Answers) -> Person:
        """Exactly one."""
        me, to = bool(self.me and answers[self.me]), answers[self.to]
        if me == bool(to):
            both = say("You or somebody else: please choose one of the two.")
            raise Rejected({self.to: both if me else say("Who is it to be?")})
        return ctx.db.get_one(Person, UUID(to[0])) if to else ctx.actor


class Give(Conversation):
    name = GIVE
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        of = found(ctx, "give")
        if isinstance(of, Reply):
            return of
        if not rights.gives_away(ctx, of):
            return shown(ctx, of, _refused(of), inside=True)
        return Form.of(
            say("Give the objective to somebody"), *_Page(ctx, of).fields(), submit=say("Give"),
            ids=(str(of.objective.id),), version=str(of.objective.version),
        )  # fmt: skip

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        of = sent(ctx, "give")
        if isinstance(of, Reply):
            return of
        if not rights.gives_away(ctx, of):
            return shown(ctx, of, _refused(of), inside=True)
        page = _Page(ctx, of)
        to, one = page.picked(ctx, answers), of.objective
        if to.id == one.owner_id:
            return shown(ctx, of, say("It stands so already."), inside=True)
        if why := _refusal(ctx, to, of):
            raise Rejected({page.to: why})
        before = of.owner
        give(ctx.db, one, to.id, departments_on(ctx.db, [to.id], ctx.local_now.date()).get(to.id))
        return _given(ctx, of, before, to)


def _refusal(ctx: Context, to: Person, of: View) -> str:
    return rights.not_for(ctx, to, of.level) or rights.too_high(ctx, to, of.level)


def _refused(of: View) -> str:
    if of.state in ("done", "cancelled"):
        return not_yours(of)
    return say("Nobody reports to you here. Your manager and HR can give it to somebody else.")


def _given(ctx: Context, of: View, before: Person | None, to: Person) -> Reply:
    """Who has left is told nothing."""
    asked = doing.asks_to_agree(ctx, of) if of.state == "draft" and rights.waits(ctx, of.objective) else ()
    told = (to.id, *((before.id,) if before and before.status == "active" else ()))
    words: dict[str, object] = {"to": str(to.id), **({"before": {"owner": str(before.id)}} if before else {})}
    yours = say("It is yours now.")
    note = yours if to.id == ctx.actor.id else say("{name} looks after it now, and is told.", name=to.name)
    return changed(
        ctx, of, "okr.given", GIVEN, note, words=words, told=told, inside=True, also=asked,
        before=before.id if before else None, owner=str(to.id),
    )  # fmt: skip
