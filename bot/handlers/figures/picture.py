"""Participation by department over the weeks, as it was released."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import date

from bot import log, pictures
from bot.handlers.figures.drawing import Names
from bot.handlers.figures.releasing import Body
from bot.messages import File
from bot.pictures import Panel, Panels
from bot.rules.participation import Participation, together
from bot.texts import day_of_month, say, say_n

logger = log.get("figures")
# Two points are no line, and the bars compare them already.
LEAST = 3
MOST = 12
Week = dict[str | None, Participation]


def over_time(released: Sequence[tuple[date, Body]], names: Names, only: Set[str] | None) -> tuple[File, ...]:
    """`released`: the weeks in which anybody was asked, the oldest first."""
    if len(released) < LEAST:
        return ()
    weeks = [_by_department(body) for _, body in released]
    panels = [
        _panel(names[key], [one.get(key, Participation()) for one in weeks]) for key in _chosen(weeks, names, only)
    ]
    if only is None and len(panels) > 1:
        panels = [_panel(say("Everyone"), [together(one.values()) for one in weeks]), *panels]
    small = any(0 < people < pictures.LEAST for panel in panels for people in panel.people)
    panels = [panel for panel in panels if max(panel.people) >= pictures.LEAST][:MOST]
    if not panels:
        return ()
    days = tuple(day_of_month(monday) for monday, _ in released)
    title = say_n("Participation in {count} week", "Participation in {count} weeks", len(released))
    no_chart = say("Groups of fewer than 5 people have no chart; their figures stand in the text.") if small else ""
    try:
        drawn = pictures.drawn(Panels(title, days, tuple(panels), no_chart))
    except Exception as error:
        # The bars say the same: for want of a picture nobody goes without a digest.
        logger.error("picture.not_drawn", error_type=type(error).__name__)
        return ()
    return (File(f"participation-{released[-1][0]}.png", drawn, _alt(title, days, panels, no_chart)),)


def _by_department(body: Body) -> Week:
    return {one["department"]: Participation(*one["now"]) for one in body["participation"]}


def _chosen(weeks: list[Week], names: Names, only: Set[str] | None) -> list[str]:
    """The largest ones of the newest week, by name."""
    expected = {key: one.eligible for key, one in weeks[-1].items() if key in names and one.eligible}
    seen = [key for key in expected if key is not None and (only is None or key in only)]
    return sorted(sorted(seen, key=lambda key: -expected[key])[: MOST - 1], key=lambda key: names[key])


def _panel(name: str, weeks: list[Participation]) -> Panel:
    mark = say("low") if weeks[-1].low else ""
    return Panel(name, tuple(one.percent for one in weeks), tuple(one.eligible for one in weeks), mark)


def _alt(title: str, days: tuple[str, ...], panels: list[Panel], no_chart: str) -> str:
    """What the picture shows, and no more."""
    told = "; ".join(say("{name}: {figures}", name=panel.title, figures=_figures(panel)) for panel in panels)
    shown = say("{title}, from {days}. {told}.", title=title, days=", ".join(days), told=told)
    return " ".join(filter(None, (shown, no_chart)))


def _figures(panel: Panel) -> str:
    """One for each week, in the same order."""
    return ", ".join(
        say("{percent} %", percent=percent) if percent is not None and people >= pictures.LEAST else say("no chart")
        for percent, people in zip(panel.percents, panel.people, strict=True)
    )
