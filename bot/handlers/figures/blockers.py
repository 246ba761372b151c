"""What is in people's way, for HR: how many and how old, never whose or what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from datetime import datetime, time, timedelta

from bot.clock import to_utc
from bot.conversation import Context
from bot.handlers.figures.drawing import Names
from bot.messages import Section
from bot.rules.blockers import UNANSWERED_WORKING_DAYS
from bot.rules.suppression import one_way
from bot.storage.blockers import InTheWay, blockers_counted
from bot.texts import say, say_n

WEEKEND = (5, 6)


def section(ctx: Context, people: Mapping[str, int], names: Names, only: Set[str] | None) -> Section | None:
    """`people`: how many are in each department."""
    found = blockers_counted(ctx.db, _unanswered_before(ctx), ctx.local_now.date())
    if not found:
        return None
    lines = [_line(found)] if only is None else []
    lines += [
        say("{name}: {line}", name=names[key], line=_line(some))
        for key, some in _shown(found, people, names)
        if only is None or key in only
    ]
    return Section(say("In people's way"), tuple(lines)) if lines else None


def _shown(found: Sequence[InTheWay], people: Mapping[str, int], names: Names) -> list[tuple[str, list[InTheWay]]]:
    """Departments with enough people, and no difference to the whole that stands for fewer."""
    hidden = one_way(people, zero_is_public=True)
    by_department: dict[str, list[InTheWay]] = defaultdict(list)
    for one in found:
        by_department[str(one.department)].append(one)
    some = [key for key in by_department if key in people and key in names and key not in hidden]
    return [(key, by_department[key]) for key in sorted(some, key=lambda key: names[key])]


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
