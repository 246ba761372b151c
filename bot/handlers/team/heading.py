"""What stands above a team's week: its figures, of those with names and of those without."""

from __future__ import annotations

from bot.handlers.team.week import Week
from bot.rules.policy import SMALLEST
from bot.rules.team import figures
from bot.texts import day, say, say_n


def heads(week: Week) -> tuple[str, ...]:
    """The figures of those with names, and of those without."""
    named = (head(week),) if week.reports or not week.unnamed else ()
    return (*named, _counted(week)) if week.unnamed else named


def _counted(week: Week) -> str:
    """Of people whom nobody may name; so few of them would be named by their number."""
    found = figures((how, False) for _, how in week.unnamed)
    if found.expected < SMALLEST:
        return say_n(
            "{count} person of your team is not shown by name here, and too few are expected to be shown in numbers.",
            "{count} people of your team are not shown by name here, and too few are expected to be shown in numbers.",
            len(week.unnamed),
        )  # fmt: skip
    return say("Without names: {sent} of {expected} in", sent=found.sent, expected=found.expected)


def head(week: Week) -> str:
    """ "Week from Mon 16 Nov: 5 of 7 in, 1 away"."""
    found = week.figures
    parts = [say("Nothing is expected just now")]
    if found.expected and week.monday:
        sent = say("{sent} of {expected} in", sent=found.sent, expected=found.expected)
        parts = [say("Week from {day}: {figures}", day=day(week.monday), figures=sent)]
    parts += [say_n("{count} blocked", "{count} blocked", found.blocked)] if found.blocked else []
    parts += [say_n("{count} away", "{count} away", found.away)] if found.away else []
    left_out, not_asked = found.not_expected, found.not_asked
    parts += [say_n("{count} not expected", "{count} not expected", left_out)] if left_out and found.expected else []
    parts += [say_n("{count} not asked yet", "{count} not asked yet", not_asked)] if not_asked else []
    return ", ".join(parts)
