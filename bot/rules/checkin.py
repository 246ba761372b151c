"""The life of a check-in (methodology 5): its states, which occurrence a word opens, until when it may be written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from statistics import fmean
from typing import Literal

State = Literal["scheduled", "open", "submitted", "seen", "answered", "missed", "not_expected", "closed"]

TREND_OF = 3


def state(ask: State, *, seen: bool, answered: bool) -> State:
    """The check-in's own states come after submission; before it they are those of its ask."""
    if ask != "submitted":
        return ask
    return "answered" if answered else "seen" if seen else "submitted"


def opens_current(now: datetime, due: datetime, *, submitted: bool) -> bool:
    """Until its due the current one, also to edit; after it only to answer late; else the next."""
    return now < due or not submitted


def may_write(state_of_ask: str, now: datetime, due: datetime, *, over: bool = False) -> bool:
    """A submitted one until its due; an unanswered one, left out or not, until the next opening makes it `over`."""
    if state_of_ask == "submitted":
        return now < due
    return state_of_ask != "closed" and not over


def trend(values: Sequence[int]) -> float | None:
    """Methodology 5: the mean of the last 3 valid answers minus the mean of the 3 before; None with fewer than 6. The
    oldest come first.
    """
    if len(values) < 2 * TREND_OF:
        return None
    before, last = values[-2 * TREND_OF : -TREND_OF], values[-TREND_OF:]
    return fmean(last) - fmean(before)
