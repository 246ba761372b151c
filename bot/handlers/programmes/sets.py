"""Question sets to choose from: as shipped now, or as this programme asks them."""

from __future__ import annotations

from bot.cadence import Cadence
from bot.conversation import Context
from bot.forms import Option
from bot.questions import parse, question_set, title_of
from bot.questions.stored import snapshot
from bot.storage.programmes import Programme, QuestionSetRow
from bot.texts import say

KEPT = "kept"


def options(ctx: Context, programme: Programme | None) -> tuple[Option, ...]:
    """For a new programme every conversation that can be asked; another one has its own, and what it asks if older."""
    names = [one.name for one in ctx.registry.conversations.values() if one.cadence and one.questions]
    names = [programme.conversation] if programme else names
    kept = (Option(KEPT, _label(ctx, programme)),) if programme and older(ctx, programme) else ()
    return (*kept, *(Option(name, _shipped(ctx, name)) for name in names))


def chosen(ctx: Context, programme: Programme | None, picked: str) -> QuestionSetRow:
    """The stored text of it."""
    if picked == KEPT and programme:
        return ctx.db.get_one(QuestionSetRow, programme.question_set_id)
    return snapshot(ctx.db, question_set(ctx.registry.conversations[picked].questions), ctx.real_now)


def start(ctx: Context, programme: Programme | None) -> str:
    if programme is None:
        return next(one.name for one in ctx.registry.conversations.values() if one.cadence and one.questions)
    return KEPT if older(ctx, programme) else programme.conversation


def older(ctx: Context, programme: Programme) -> bool:
    """It asks another text than the one that is shipped."""
    shipped = question_set(ctx.registry.conversations[programme.conversation].questions)
    return parse(ctx.db.get_one(QuestionSetRow, programme.question_set_id).body) != shipped


def usual(ctx: Context) -> Cadence:
    found = next(one.cadence for one in ctx.registry.conversations.values() if one.cadence and one.questions)
    if found is None:
        raise LookupError("no conversation can be asked by a programme")
    return found


def _shipped(ctx: Context, name: str) -> str:
    questions = question_set(ctx.registry.conversations[name].questions)
    return say("{title}, version {version}", title=title_of(questions), version=questions.version)


def _label(ctx: Context, programme: Programme) -> str:
    row = ctx.db.get_one(QuestionSetRow, programme.question_set_id)
    questions = parse(row.body)
    return say("{title}, version {version}, as it is asked now", title=title_of(questions), version=row.version)
