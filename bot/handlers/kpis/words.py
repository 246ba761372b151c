"""What codes and numbers of key figures read like: status, band, change, trend, whose they are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bot.conversation.measures import amount, level
from bot.handlers.kpis.standing import Figure
from bot.rules.kpis import Band, Status
from bot.storage.kpis import KpiValue
from bot.texts import day, say, say_n

# Never one for no data: nobody knows how it is.
COLOURS: dict[Status, str] = {"in": "🟢", "near": "🟠", "out": "🔴"}
RHYTHMS = (7, 14, 30, 91)


def status(code: Status) -> str:
    words = {
        "in": say("in the band"), "near": say("near the band"), "out": say("out of the band"),
        "no_data": say("no data"),
    }  # fmt: skip
    return words[code]


def coloured(code: Status) -> str:
    return " ".join(filter(None, (COLOURS.get(code, ""), status(code))))


def band(of: Band, unit: str) -> str:
    low, high = amount(of.low, unit), amount(of.high, unit)
    if of.low is None:
        return say("healthy: at most {high}", high=high)
    if of.high is None:
        return say("healthy: at least {low}", low=low)
    return say("healthy: from {low} to {high}", low=low, high=high)


def nearness(of: Band, unit: str) -> str:
    """ "" where there is nothing between in and out."""
    return say("up to {near} outside is near", near=distance(of.near, unit)) if of.near else ""


def distance(value: Decimal, unit: str) -> str:
    """Between two values; of two percentages it is no percentage."""
    return say("{count} points", count=amount(value, "")) if unit == "percent" else amount(value, unit)


def value(of: Figure, one: KpiValue) -> str:
    return amount(one.value, of.kpi.unit)


def last(of: Figure) -> str:
    """The last value with its day."""
    if of.last is None:
        return say("no value yet")
    return on_day(of, of.last)


def on_day(of: Figure, one: KpiValue) -> str:
    return say("{value} on {day}", value=value(of, one), day=day(one.day, of.today))


def told(of: Figure, one: KpiValue) -> str:
    """A value with its day, and how it stands in the band of that day."""
    return f"{on_day(of, one)}, {status(of.standing(one))}"


def change(of: Figure) -> str:
    """Against the value before; "" where there is none."""
    if of.change is None:
        return ""
    before = day(of.values[-2].day, of.today)
    if not of.change:
        return say("as on {day}", day=before)
    sign = "+" if of.change > 0 else ""
    return say("{change} since {day}", change=f"{sign}{distance(of.change, of.kpi.unit)}", day=before)


def trend(of: Figure) -> str:
    """ "" of fewer than three values."""
    words = {
        "rising": say("trend: rising"), "falling": say("trend: falling"), "steady": say("trend: steady"),
        "mixed": say("trend: up and down"),
    }  # fmt: skip
    return words[of.trend] if of.trend else ""


def whose(of: Figure) -> str:
    """The company, or which department or team."""
    names = {"department": of.department, "team": say("team in {department}", department=of.department)}
    return (names.get(of.kpi.level) if of.department else "") or level(of.kpi.level)


def owner(of: Figure) -> str:
    return of.owner.name if of.owner else say("nobody looks after it")


def rhythm(days: int) -> str:
    known = {7: say("every week"), 14: say("every two weeks"), 30: say("every month"), 91: say("every quarter")}
    return known.get(days) or say_n("every {count} day", "every {count} days", days)


def due(of: Figure) -> str:
    return say("a value is due since {day}", day=day(of.due_on, of.today)) if of.is_due else ""


def from_day(first: date, today: date, what: str) -> str:
    return say("from {day}: {what}", day=day(first, today), what=what)
