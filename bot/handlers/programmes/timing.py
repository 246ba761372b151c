"""The part of the form that says when: how often, on which day and time, due and reminder."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, TypedDict

from bot.cadence import Cadence, Monthly, Weekly
from bot.forms import Answers, Choice, Day, Field, Option, Rejected, ShowIf
from bot.handlers.programmes.wording import WHICH
from bot.texts import clock, mark, say, weekday

EVERY = {"week": mark("Every week"), "fortnight": mark("Every two weeks"), "month": mark("Every month")}

NO_REMINDER = "none"
USUAL_REMINDER = time(9, 0)


class _Times(TypedDict):
    """What every cadence has."""

    on: int
    at: time
    due_on: int
    due_at: time
    remind_on: int | None
    remind_at: time | None


class Timing:
    """Filled from a cadence; `cadence` makes one of the answers, or refuses them by field."""

    def __init__(self, now: Cadence, today: date, *, runs: bool = False) -> None:
        self._kept = now if runs and now.anchor and now.anchor <= today else None
        monthly = isinstance(now, Monthly)
        often = "month" if monthly else "fortnight" if isinstance(now, Weekly) and now.every == 2 else "week"
        self.every = Choice("every", say("How often"), options=_options(EVERY), start=often)
        which = {str(number + 1): word for number, word in enumerate(WHICH)}
        self.nth = Choice(
            "nth", say("Which one of the month"), options=_options(which), show_if=ShowIf("every", "month"),
            start=str(now.nth) if isinstance(now, Monthly) else "1",
        )  # fmt: skip
        self.on = Choice("on", say("Opens on"), options=_days(), start=str(now.on))
        self.at = Choice("at", say("Opens at"), options=_hours(now.at), start=_text(now.at))
        self.due_on = Choice("due_on", say("Due on"), options=_days(), start=str(now.due_on))
        self.due_at = Choice("due_at", say("Due at"), options=_hours(now.due_at), start=_text(now.due_at))
        # What was picked once cannot be unpicked in every chat, so that none is a choice of its own.
        days = NO_REMINDER if now.remind_on is None else str(now.remind_on)
        none = Option(NO_REMINDER, say("No reminder"))
        self.remind_on = Choice("remind_on", say("Reminder on"), options=(none, *_days()), start=days)
        self.remind_at = Choice(
            "remind_at", say("Reminder at"), help=say("Counts only with a day above."), options=_hours(now.remind_at),
            start=_text(now.remind_at or USUAL_REMINDER),
        )  # fmt: skip
        # A day that is past says nothing any more but which of two weeks it is, and that stays as it is.
        ahead = now.anchor if now.anchor and now.anchor > today else None
        self.begins = Day("begins", say("Not before"), help=_from_when(now, runs=runs), start=ahead).optional()

    @property
    def fields(self) -> tuple[Field[Any], ...]:
        return (
            self.every, self.nth, self.on, self.at, self.due_on, self.due_at, self.remind_on, self.remind_at,
            self.begins,
        )  # fmt: skip

    def cadence(self, answers: Answers, now: datetime) -> Cadence:
        try:
            return self._made(answers, now)
        except ValueError as error:
            why = say("It opens first, then reminds, then is due, all within a week and before the next opening.")
            raise Rejected({self.due_on: why}) from error

    def _made(self, answers: Answers, now: datetime) -> Cadence:
        reminds = answers[self.remind_on] != NO_REMINDER
        on, at, begins = int(answers[self.on]), time.fromisoformat(answers[self.at]), answers[self.begins]
        begins = begins if begins and begins > now.date() else None
        times = _Times(
            on=on, at=at, due_on=int(answers[self.due_on]), due_at=time.fromisoformat(answers[self.due_at]),
            remind_on=int(answers[self.remind_on]) if reminds else None,
            remind_at=time.fromisoformat(answers[self.remind_at]) if reminds else None,
        )  # fmt: skip
        match answers[self.every]:
            case "month":
                return Monthly(**times, nth=int(answers[self.nth]), anchor=begins)
            case "fortnight":
                return Weekly(**times, every=2, anchor=self._counted_from(on, at, begins, now))
            case _:
                return Weekly(**times, anchor=begins)

    def _counted_from(self, on: int, at: time, begins: date | None, now: datetime) -> date:
        """The first opening from that day on. What runs every two weeks stays in its weeks if no day is said."""
        kept = self._kept
        if begins is None and isinstance(kept, Weekly) and kept.every > 1 and kept.anchor:
            return kept.anchor + timedelta(days=on - kept.anchor.weekday())
        since = begins or (now.date() if now.time() < at else now.date() + timedelta(days=1))
        return since + timedelta(days=(on - since.weekday()) % 7)


def _from_when(now: Cadence, *, runs: bool) -> str:
    if runs and isinstance(now, Weekly) and now.every > 1:
        return say("Empty, or a day that is past: every two weeks stay the weeks they are.")
    return say("Empty, or a day that is past: from the next opening on. Every two weeks are counted from the first.")


def _options(words: dict[str, str]) -> tuple[Option, ...]:
    return tuple(Option(key, say(word)) for key, word in words.items())


def _days() -> tuple[Option, ...]:
    return tuple(Option(str(number), weekday(number)) for number in range(7))


def _hours(own: time | None) -> tuple[Option, ...]:
    """Every half hour, and the one that stands there already."""
    times = {time(hour, minute) for hour in range(24) for minute in (0, 30)} | ({own} if own else set())
    return tuple(Option(_text(at), clock(at)) for at in sorted(times))


def _text(at: time) -> str:
    return at.isoformat("minutes")
