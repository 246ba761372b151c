"""After saving: what would make it better, as friendly lines. Nothing here refuses anything."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from bot.conversation import Context
from bot.handlers.okr.standing import View
from bot.rules import okr
from bot.storage.okr.making import kind_of
from bot.storage.okr.tables import KeyResult, Objective
from bot.texts import say


def lines(ctx: Context, of: View) -> tuple[str, ...]:
    return (*_objective(of), *_warnings(ctx, of), *(line for one in of.active for line in _hints(one)))


def _objective(of: View) -> list[str]:
    title = of.objective.title or ""
    if not okr.names_a_target(title):
        return []
    return [f"“{title}”: {say('its number belongs in a key result, and the objective says what will be better.')}"]


def _hints(of: KeyResult) -> list[str]:
    found = okr.hints(of.title or "", kind_of(of), start=of.start, target=of.target, unit=of.unit or "count")
    return [f"“{of.title}”: {_hint(one)}" for one in found]


def _hint(code: okr.Hint) -> str:
    match code:
        case "short_title":
            return say("a few more words would tell others what is measured.")
        case "activity":
            return say("that sounds like something to do. What will be different when it is done?")
        case "no_number":
            return say("a number from where to where makes it clear when it is reached.")
        case "no_unit":
            return say("a unit would help, for example %, days or €.")
        case "other_numbers":
            return say("its words name other numbers than its start and target.")


def _warnings(ctx: Context, of: View) -> Sequence[str]:
    return [_warning(one) for one in okr.warnings(active_objectives=_theirs(ctx, of), key_results=len(of.active))]


def _warning(code: okr.Warned) -> str:
    match code:
        case "many_objectives":
            return say("That is more than {count} at a time. Fewer get done sooner.", count=okr.MOST_OBJECTIVES)
        case "many_key_results":
            return say("That is more than {count} key results. The best ones say enough.", count=okr.MOST_KEY_RESULTS)
        case "two_to_four_key_results":
            return say("Two to four key results are a good number.")


def _theirs(ctx: Context, of: View) -> int:
    """How many objectives the owner has in this period that are not ended, this one among them."""
    mine = select(func.count()).select_from(Objective).where(
        Objective.owner_id == of.objective.owner_id, Objective.period_id == of.objective.period_id,
        Objective.level == of.objective.level, Objective.state.in_(("draft", "active", "paused")),
    )  # fmt: skip
    return ctx.db.scalar(mine) or 0
