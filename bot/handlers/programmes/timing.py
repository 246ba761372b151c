"""The part of the form that says when: how often, on which day and time, due and reminder."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any, TypedDict

from bot.cadence import Cadence, Monthly, Weekly
from bot.forms import Answers, Choice, Day, Field, Option, Rejected, ShowIf
from bot.handlers.programmes.showing import WHICH
from bot.texts import clock, mark, say, weekday

EVERY = {"week": mark("Every week"), "fortnight": mark("Every two weeks"), "month": mark("Every month")}


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

    def __init__(self, now: Cadence) -> None:
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
        days = None if now.remind_on is None else str(now.remind_on)
        self.remind_on = Choice("remind_on", say("Reminder on"), options=_days(), start=days).optional()
        at = None if now.remind_at is None else _text(now.remind_at)
        self.remind_at = Choice("remind_at", say("Reminder at"), options=_hours(now.remind_at), start=at).optional()
        self.begins = Day(
            "begins", say("Not before"), help=say("Empty, or in the past: from the next opening on."), start=now.anchor
        ).optional()  # fmt: skip

    @property
    def fields(self) -> tuple[Field[Any], ...]:
        return (
            self.every, self.nth, self.on, self.at, self.due_on, self.due_at, self.remind_on, self.remind_at,
            self.begins,
        )  # fmt: skip

    def cadence(self, answers: Answers, today: date) -> Cadence:
        if (answers[self.remind_on] is None) != (answers[self.remind_at] is None):
            raise Rejected({self.remind_at: say("A reminder needs a day and a time, or neither.")})
        try:
            return self._made(answers, today)
        except ValueError as error:
            why = say("It opens first, then reminds, then is due, all within a week and before the next opening.")
            raise Rejected({self.due_on: why}) from error

    def _made(self, answers: Answers, today: date) -> Cadence:
        remind_on, remind_at = answers[self.remind_on], answers[self.remind_at]
        on, begins = int(answers[self.on]), answers[self.begins]
        times = _Times(
            on=on, at=time.fromisoformat(answers[self.at]), due_on=int(answers[self.due_on]),
            due_at=time.fromisoformat(answers[self.due_at]), remind_on=None if remind_on is None else int(remind_on),
            remind_at=None if remind_at is None else time.fromisoformat(remind_at),
        )  # fmt: skip
        match answers[self.every]:
            case "month":
                return Monthly(**times, nth=int(answers[self.nth]), anchor=begins)
            case "fortnight":
                anchor = first_weekday(on, begins or today)
                return Weekly(**times, every=2, anchor=anchor)
            case _:
                return Weekly(**times, anchor=begins)


def first_weekday(on: int, since: date) -> date:
    """So that the first opening of every second week is not a week too late."""
    return since + timedelta(days=(on - since.weekday()) % 7)


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
