"""Question sets to choose from: as shipped now, or as this programme asks them."""

from __future__ import annotations

from uuid import UUID

from bot.cadence import Cadence
from bot.conversation import Context
from bot.forms import Option, Raw
from bot.questions import QuestionSet, parse, question_set, title_of
from bot.questions.stored import asked_by
from bot.storage.programmes import Programme, QuestionSetRow
from bot.texts import say

KEPT = "kept"


def options(ctx: Context, programme: Programme | None) -> tuple[Option, ...]:
    """For a new programme every conversation that can be asked; another one has its own, and what it asks if older."""
    names = [one.name for one in ctx.registry.conversations.values() if one.cadence]
    names = [programme.conversation] if programme else names
    kept = (Option(KEPT, _label(ctx, programme)),) if programme and older(ctx, programme) else ()
    return (*kept, *(Option(name, _shipped(ctx, name)) for name in names))


def chosen(ctx: Context, programme: Programme | None, picked: str) -> UUID | None:
    """The stored text of it; None for what asks no questions of its own."""
    if picked == KEPT and programme:
        return programme.question_set_id
    found = asked_by(ctx.db, ctx.registry.conversations[picked], ctx.real_now)
    return found.id if found else None


def start(ctx: Context, programme: Programme | None) -> str:
    if programme is None:
        return next(one.name for one in ctx.registry.conversations.values() if one.cadence)
    return KEPT if older(ctx, programme) else programme.conversation


def older(ctx: Context, programme: Programme) -> bool:
    """It asks another text than the one that is shipped."""
    if programme.question_set_id is None:
        return False
    shipped = question_set(ctx.registry.conversations[programme.conversation].questions)
    return parse(ctx.db.get_one(QuestionSetRow, programme.question_set_id).body) != shipped


def usual(ctx: Context, name: str) -> Cadence:
    """As often as it is asked where nobody says otherwise."""
    found = ctx.registry.conversations[name].cadence
    if found is None:
        raise LookupError(f"{name} is asked by no programme")
    return found


def picked(ctx: Context, typed: Raw | None) -> str:
    """Of a new programme: what is picked, or stands there at first."""
    one = ctx.registry.conversations.get(str((typed or {}).get("what")))
    return one.name if one and one.cadence else start(ctx, None)


def stored(ctx: Context, programme: Programme) -> QuestionSet | None:
    """The questions as this programme asks them; None for what has no questions of its own."""
    found = programme.question_set_id
    return parse(ctx.db.get_one(QuestionSetRow, found).body) if found else None


def title(ctx: Context, programme: Programme) -> str:
    questions = stored(ctx, programme)
    return title_of(questions) if questions else say(ctx.registry.conversations[programme.conversation].summary)


def told(ctx: Context, programme: Programme) -> str:
    """What it asks, and which version of that."""
    questions = stored(ctx, programme)
    if questions is None:
        return title(ctx, programme)
    return say("{title}, version {version}", title=title_of(questions), version=questions.version)


def _shipped(ctx: Context, name: str) -> str:
    conversation = ctx.registry.conversations[name]
    if not conversation.questions:
        return say(conversation.summary)
    questions = question_set(conversation.questions)
    return say("{title}, version {version}", title=title_of(questions), version=questions.version)


def _label(ctx: Context, programme: Programme) -> str:
    row = ctx.db.get_one(QuestionSetRow, programme.question_set_id)
    questions = parse(row.body)
    return say("{title}, version {version}, as it is asked now", title=title_of(questions), version=row.version)
