"""Goals that stand still (methodology 6.3): why, who hears of it when, and confidence that falls.

The methodology's days 14, 21 and 28 are those of the weekly cadence: silence is twice the cadence, never less than 14
days, and each further rung a week later. Days on which the owner was away do not count.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from bot.rules.exact import ONE, exactly, settled
from bot.rules.okr.pace import ON_TRACK
from bot.rules.okr.values import State

Reason = Literal["no_update", "flat"]
Rung = Literal["owner", "manager", "agenda"]
Alert = Literal["fell", "low"]

SILENCE_DAYS = 14
RUNG_DAYS = 7
FLAT_UPDATES = 3
FLAT = Decimal("0.02")
FELL_BY = 3
LOW = 3


@dataclass(frozen=True)
class Watched:
    """An objective, or one of its key results. `since`: the day of its last update, or of its creation. `scores`: of
    its updates, the newest last. `gap`: None where there is no score to be behind with.
    """

    state: State
    score: Decimal | None
    gap: Decimal | None
    cadence_days: int
    since: date
    scores: Sequence[Decimal]


def stalled(watched: Watched, as_of: date, away: Set[date] = frozenset()) -> tuple[Reason, ...]:
    """Only what is active and not yet complete can stand still."""
    if watched.state != "active" or (watched.score is not None and watched.score >= ONE):
        return ()
    found: list[Reason] = []
    if silent_days(watched.since, as_of, away) >= silence(watched.cadence_days):
        found.append("no_update")
    if watched.gap is not None and settled(watched.gap) > ON_TRACK and _flat(watched.scores):
        found.append("flat")
    return tuple(found)


def silence(cadence_days: int) -> int:
    """From how many days on no update is called silence."""
    return max(SILENCE_DAYS, 2 * cadence_days)


def silent_days(since: date, as_of: date, away: Set[date] = frozenset()) -> int:
    """Days after `since` on which something could have been said; for what is flat, after the first of its three."""
    return max(0, (as_of - since).days - sum(since < day <= as_of for day in away))


def rung(days: int, cadence_days: int) -> Rung | None:
    """The highest rung of the ladder that so many silent days have reached. None of them is a channel."""
    beyond = days - silence(cadence_days)
    if beyond < 0:
        return None
    if beyond < RUNG_DAYS:
        return "owner"
    return "manager" if beyond < 2 * RUNG_DAYS else "agenda"


def alerts(before: int | None, now: int) -> tuple[Alert, ...]:
    """For the owner only, not for who stands above: what an update's confidence calls for."""
    fell: tuple[Alert, ...] = ("fell",) if before is not None and before - now >= FELL_BY else ()
    return (*fell, "low") if now <= LOW else fell


def falls_twice(confidences: Sequence[int]) -> bool:
    """Whether each of the last two updates was less sure than the one before; the newest last."""
    last = confidences[-3:]
    return len(last) == 3 and last[0] > last[1] > last[2]


def _flat(scores: Sequence[Decimal]) -> bool:
    last = scores[-FLAT_UPDATES:]
    if len(last) < FLAT_UPDATES:
        return False
    with exactly():
        return settled(max(last) - min(last)) < FLAT
