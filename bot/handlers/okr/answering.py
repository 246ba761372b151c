"""What an update means for what was asked: who has said all there was to say is asked no more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from bot.conversation import Context
from bot.storage.asks import NOTHING_DUE, Ask
from bot.storage.audit import record
from bot.storage.okr.asking import Due, keepers_of, waiting_asks
from bot.storage.okr.updating import Measured, store_updates

UPDATES, STALLED, ENDED = "okr.updates", "okr.stalled", "okr.ended"


def answered(ctx: Context, objectives: Iterable[UUID], before: Iterable[UUID] = ()) -> tuple[UUID, ...]:
    """The asks that tell of these: answered where nothing is left to ask, and to be drawn anew in any case. To be
    called after everything that changes what is asked: an update, a pause, an end. `before`: who looked after them
    until now.
    """
    ctx.db.flush()
    people = sorted({*keepers_of(ctx.db, objectives), *before})
    return over(ctx, people, ctx.person.id)


def over(ctx: Context, people: Sequence[UUID], by: UUID) -> tuple[UUID, ...]:
    """The asks of these people, as `answered`; `by`: whose doing it is that nothing is left to ask."""
    asks = waiting_asks(ctx.db, people, (UPDATES, STALLED, ENDED))
    groups: dict[tuple[str, date], list[Ask]] = {}
    for ask in asks:
        groups.setdefault((ask.conversation, ask.occurrence), []).append(ask)
    for (name, day), theirs in groups.items():
        left = ctx.registry.conversations[name].expects(ctx.db, [ask.person_id for ask in theirs], day)
        for ask in theirs:
            if ask.person_id not in left:
                _end(ctx, ask, by)
    return tuple(ask.id for ask in asks)


def _end(ctx: Context, ask: Ask, by: UUID) -> None:
    """Nobody is said to have answered who has not."""
    if ask.person_id == by:
        ask.state, ask.reason, ask.submitted_at = "submitted", None, ctx.now
    else:
        ask.state, ask.reason = "not_expected", NOTHING_DUE
    ask.remind_at = ask.remind_kind = None


def noted(ctx: Context, due: Sequence[Due]) -> None:
    """No change in any of these."""
    behalf = ctx.acting_for.id if ctx.acting_for else None
    measured = [Measured(one.key_result) for one in due]
    store_updates(ctx.db, measured, by=ctx.actor.id, behalf=behalf, day=ctx.local_now.date(), at=ctx.now)
    for objective in dict.fromkeys(one.objective for one in due):
        record(
            ctx.db, ctx.real_now, "okr.updated", actor=ctx.actor.id, kind="objective", object_id=objective,
            on_behalf_of=behalf, key_results=sum(one.objective == objective for one in due),
        )  # fmt: skip
