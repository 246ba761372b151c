"""Pictures of aggregates. Nothing of the library is loaded until one is drawn: it takes a second."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Fewer people get no chart (methodology 19).
LEAST = 5
COLUMNS = 3
TITLE = 24
INK, PALE, LINE = "#1d2b36", "#c5ced6", "#0b5c8a"


@dataclass(frozen=True)
class Panel:
    """One group over time: how many per cent of how many people; None where no one was expected. `mark` stands beside
    the newest figure.
    """

    title: str
    percents: tuple[int | None, ...]
    people: tuple[int, ...]
    mark: str = ""


@dataclass(frozen=True)
class Panels:
    """Small multiples on one scale, from 0 to 100 %. Weeks in which a group was too small for a chart are hatched;
    `no_chart` says so below them, and of groups that are not here at all.
    """

    title: str
    weeks: tuple[str, ...]
    panels: tuple[Panel, ...]
    no_chart: str = ""


@lru_cache(maxsize=16)
def drawn(picture: Panels) -> bytes:
    """A PNG. Digests of one morning show the same one to everybody."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    columns = min(COLUMNS, len(picture.panels))
    rows = -(-len(picture.panels) // columns)
    figure = Figure(figsize=(3.4 * columns, 2.3 * rows + 0.5), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(picture.title, x=0.01, ha="left", fontsize=12, color=INK, parse_math=False)
    grid = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).flatten()
    for axes, panel in zip(grid, picture.panels, strict=False):
        _panel(axes, panel, picture)
    for axes in grid[len(picture.panels) :]:
        axes.set_visible(False)
    if picture.no_chart:
        figure.supxlabel(picture.no_chart, x=0.01, ha="left", fontsize=8, color=INK, parse_math=False)
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


def _panel(axes: Axes, panel: Panel, picture: Panels) -> None:
    places = range(len(picture.weeks))
    shown = [
        percent if percent is not None and people >= LEAST else None
        for percent, people in zip(panel.percents, panel.people, strict=True)
    ]
    axes.set_title(_short(panel.title), loc="left", fontsize=9, color=INK, parse_math=False)
    axes.set(ylim=(0, 105), xlim=(-0.5, len(picture.weeks) - 0.5), yticks=(0, 50, 100))
    # At most four dates, the newest among them.
    step = -(-len(picture.weeks) // 4)
    ticks = [place for place in places if (len(picture.weeks) - 1 - place) % step == 0]
    axes.set_xticks(ticks, [picture.weeks[place] for place in ticks])
    axes.tick_params(labelsize=8, colors=INK, length=0, labelbottom=True, labelleft=True)
    axes.yaxis.set_major_formatter("{x:.0f} %")
    axes.grid(axis="y", color=PALE, linewidth=0.6)
    axes.spines[:].set_visible(False)
    for place, people in zip(places, panel.people, strict=True):
        if 0 < people < LEAST:
            axes.axvspan(place - 0.5, place + 0.5, facecolor="none", edgecolor=PALE, hatch="///", linewidth=0)
    axes.plot(
        places,
        [float("nan") if one is None else one for one in shown],
        color=LINE,
        marker="o",
        markersize=4,
        clip_on=False,
    )
    _newest(axes, shown, panel)


def _short(title: str) -> str:
    return title if len(title) <= TITLE else f"{title[: TITLE - 1]}…"


def _newest(axes: Axes, shown: list[int | None], panel: Panel) -> None:
    """The last point in figures, at the other end of the title."""
    last = next((place for place in reversed(range(len(shown))) if shown[place] is not None), None)
    if last is not None:
        text = ", ".join(filter(None, (f"{shown[last]} %", f"n = {panel.people[last]}", panel.mark)))
        axes.set_title(text, loc="right", fontsize=8, color=INK, parse_math=False)
