"""Align: which objective it supports, and how; and that it still fits one that has changed."""

from __future__ import annotations

from typing import Any

from bot.conversation import Context, Conversation, Reply
from bot.forms import Answers, Field, Form, Note
from bot.handlers.okr import offering, words
from bot.handlers.okr.doing import changed, found, sent, shown
from bot.handlers.okr.standing import View, named
from bot.storage.okr.aligning import lock_alignment
from bot.storage.okr.periods import periods_around
from bot.texts import say


class _Page:
    def __init__(self, ctx: Context, of: View) -> None:
        one = of.objective
        around = periods_around(ctx.db, of.period.starts_on, of.period.ends_on)
        find = offering.sought(ctx)
        self.offered = offering.offered(
            ctx, of.level, one.owner_id, around, without=one.id, kept=one.parent_id, find=find
        )  # fmt: skip
        self.find = offering.find_fields(find, self.offered)
        none = say("None: it stands on its own")
        self.parent = offering.parent_field(self.offered, one.parent_id, none=none)
        self.why = offering.why_field(one.why, words.audience(ctx, of))

    def fields(self) -> tuple[Field[Any], ...]:
        return (*self.find, self.parent, self.why)


class Align(Conversation):
    name = "okr.align"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        of = found(ctx, "change")
        if isinstance(of, Reply):
            return of
        page = _Page(ctx, of)
        if not page.offered and not page.find:
            return shown(ctx, of, say("There is nothing yet that it could support."), inside=True)
        return Form.of(
            say("Align"), Note("what", of.objective.title or "", strong=True), *page.fields(), submit=say("Save"),
            ids=(str(of.objective.id),), version=str(of.objective.version),
        )  # fmt: skip

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        if seen := named(ctx):
            lock_alignment(ctx.db, [seen.period.id])
        of = sent(ctx, "change")
        if isinstance(of, Reply):
            return of
        page, one = _Page(ctx, of), of.objective
        before = {"parent": str(one.parent_id) if one.parent_id else None, "why": one.why}
        parent = offering.picked(ctx, offering.placed(of), answers, page.parent, page.why)
        one.parent_id, one.why = parent, answers[page.why] if parent else None
        one.aligned_at = ctx.now
        note = say("Aligned.") if parent else say("It supports no other objective now.")
        return changed(
            ctx, of, "okr.aligned", "aligned", note, words={"before": before}, inside=True,
            parent=str(parent) if parent else None,
        )  # fmt: skip


class Confirm(Conversation):
    """It still fits what it supports, as that stands now."""

    name = "okr.confirm"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        of = found(ctx, "change", locked=True)
        if isinstance(of, Reply):
            return of
        if of.objective.parent_id is None:
            return shown(ctx, of, say("It supports no other objective now."))
        of.objective.aligned_at = ctx.now
        return changed(ctx, of, "okr.confirmed", "confirmed", say("Noted: it still fits."), told=())
