"""What is in people's way, for HR: how many and how old, never whose or what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Set
from datetime import datetime, time, timedelta

from bot.clock import to_utc
from bot.conversation import Context
from bot.messages import Section
from bot.rules.blockers import UNANSWERED_WORKING_DAYS
from bot.rules.suppression import K
from bot.storage.blockers import InTheWay, blockers_counted
from bot.storage.departments import members_counted
from bot.texts import say, say_n

WEEKEND = (5, 6)


def section(ctx: Context, only: Set[str] | None) -> Section | None:
    """One line: of the whole company, or of the departments that somebody is in charge of, taken together, if it tells
    of enough people. Single departments would come and go with the size of the smallest, which could be subtracted.
    """
    found = blockers_counted(ctx.db, _unanswered_before(ctx), ctx.local_now.date())
    if only is not None:
        found = [one for one in found if str(one.department) in only] if _enough(ctx, only) else []
    return Section(say("In people's way"), (_line(found),)) if found else None


def _enough(ctx: Context, only: Set[str]) -> bool:
    """Also around them: whoever hears of the whole company must not hear of a few."""
    sizes = {str(key): count for key, count in members_counted(ctx.db, ctx.local_now.date()).items()}
    theirs = sum(sizes.get(key, 0) for key in only)
    return theirs >= K and (sum(sizes.values()) - theirs) not in range(1, K)


def _line(found: Sequence[InTheWay]) -> str:
    counts: dict[str, int] = defaultdict(int)
    for one in found:
        counts[one.state] += one.count
    old = sum(one.unanswered for one in found)
    waiting = say_n("{count} open", "{count} open", counts["open"])
    if old:
        waiting = say(
            "{waiting} ({old} for {days} working days or more)", waiting=waiting, old=old,
            days=UNANSWERED_WORKING_DAYS,
        )  # fmt: skip
    taken = say_n("{count} taken", "{count} taken", counts["taken"])
    passed_up = say_n("{count} passed up", "{count} passed up", counts["passed_up"])
    shown = [("open", waiting), ("taken", taken), ("passed_up", passed_up)]
    return ", ".join(text for state, text in shown if counts[state])


def _unanswered_before(ctx: Context) -> datetime:
    """What was open then has waited for three working days, from Monday to Friday; holidays differ between sites."""
    day, days = ctx.local_now.date(), 0
    while True:
        days += day.weekday() not in WEEKEND
        if days == UNANSWERED_WORKING_DAYS:
            return to_utc(datetime.combine(day, time()), ctx.person.zone)
        day -= timedelta(days=1)
