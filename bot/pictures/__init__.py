"""Pictures of aggregates. Nothing of the library is loaded until one is drawn: it takes a second."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Fewer people get no chart (methodology 19).
LEAST = 5
COLUMNS = 3
TITLE = 24
INK, PALE, LINE = "#1d2b36", "#c5ced6", "#0b5c8a"
HEALTHY, NEAR = "#cfe6f3", "#eaf4fa"
# Never told by colour alone: a value in its band is a full dot, one near it a ring, one out of it a square.
MARKS = {"in": ("o", LINE), "near": ("o", "white"), "out": ("s", INK)}


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


@dataclass(frozen=True)
class Band:
    """From this place on; a missing limit is open. `near`: so far outside is near."""

    start: float
    low: float | None
    high: float | None
    near: float


@dataclass(frozen=True)
class Watched:
    """One figure over time, the oldest value first: `places` on a scale of days, `ticks` what stands below some of
    them; `marks` says of each whether it is in, near or out of its band. `newest`: the last one and its status, in
    words; `point` is what stands before decimals.
    """

    title: str
    newest: str
    places: tuple[float, ...]
    values: tuple[float, ...]
    marks: tuple[str, ...]
    bands: tuple[Band, ...]
    ticks: tuple[tuple[float, str], ...]
    legend: str
    point: str = "."


@lru_cache(maxsize=16)
def drawn(picture: Panels) -> bytes:
    """A PNG. Digests of one morning show the same one to everybody."""
    columns = min(COLUMNS, len(picture.panels))
    rows = -(-len(picture.panels) // columns)
    figure = _figure(3.4 * columns, 2.3 * rows + 0.5)
    figure.suptitle(picture.title, x=0.01, ha="left", fontsize=12, color=INK, parse_math=False)
    grid = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).flatten()
    for axes, panel in zip(grid, picture.panels, strict=False):
        _panel(axes, panel, picture)
    for axes in grid[len(picture.panels) :]:
        axes.set_visible(False)
    if picture.no_chart:
        figure.supxlabel(picture.no_chart, x=0.01, ha="left", fontsize=8, color=INK, parse_math=False)
    return _png(figure)


@lru_cache(maxsize=16)
def watched(picture: Watched) -> bytes:
    """A PNG: a line through the values, the band of each day shaded behind it."""
    figure = _figure(6.6, 3.4)
    figure.supxlabel(picture.legend, x=0.01, ha="left", fontsize=8, color=INK, parse_math=False)
    axes = figure.subplots()
    axes.set_title(_short(picture.title, 50), loc="left", fontsize=11, color=INK, parse_math=False)
    axes.set_title(picture.newest, loc="right", fontsize=9, color=INK, parse_math=False)
    left, right = _ends(picture)
    bottom, top = _heights(picture)
    for band, end in zip(picture.bands, (*(one.start for one in picture.bands[1:]), right), strict=True):
        low, high = (bottom if band.low is None else band.low), (top if band.high is None else band.high)
        axes.fill_between((band.start, end), low - band.near, high + band.near, color=NEAR, linewidth=0)
        axes.fill_between((band.start, end), low, high, color=HEALTHY, linewidth=0)
        for limit in (band.low, band.high):
            if limit is not None:
                axes.plot((band.start, end), (limit, limit), color=LINE, linewidth=0.8, linestyle=":")
    axes.set(xlim=(left, right), ylim=(bottom, top))
    axes.plot(picture.places, picture.values, color=LINE, linewidth=1.4)
    for place, value, mark in zip(picture.places, picture.values, picture.marks, strict=True):
        shape, inside = MARKS[mark]
        axes.plot(place, value, marker=shape, markersize=6, markerfacecolor=inside, markeredgecolor=INK, clip_on=False)
    axes.set_xticks([place for place, _ in picture.ticks], [day for _, day in picture.ticks])
    axes.tick_params(labelsize=8, colors=INK, length=0)
    axes.yaxis.set_major_formatter(lambda height, _: f"{height:.6g}".replace(".", picture.point))
    axes.grid(axis="y", color=PALE, linewidth=0.6)
    axes.spines[:].set_visible(False)
    return _png(figure)


def _ends(picture: Watched) -> tuple[float, float]:
    """With some room beside the first and the last value."""
    margin = max((picture.places[-1] - picture.places[0]) * 0.04, 1)
    return picture.places[0] - margin, picture.places[-1] + margin


def _heights(picture: Watched) -> tuple[float, float]:
    """All values and all limits, with what is near them, and some room."""
    limits = [limit for one in picture.bands for limit in (one.low, one.high) if limit is not None]
    limits += [one.low - one.near for one in picture.bands if one.low is not None]
    limits += [one.high + one.near for one in picture.bands if one.high is not None]
    low, high = min(*picture.values, *limits), max(*picture.values, *limits)
    margin = (high - low) * 0.15 or 1
    return low - margin, high + margin


def _figure(width: float, height: float) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def _png(figure: Figure) -> bytes:
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


def _short(title: str, most: int = TITLE) -> str:
    return title if len(title) <= most else f"{title[: most - 1]}…"


def _newest(axes: Axes, shown: list[int | None], panel: Panel) -> None:
    """The last point in figures, at the other end of the title."""
    last = next((place for place in reversed(range(len(shown))) if shown[place] is not None), None)
    if last is not None:
        text = ", ".join(filter(None, (f"{shown[last]} %", f"n = {panel.people[last]}", panel.mark)))
        axes.set_title(text, loc="right", fontsize=8, color=INK, parse_math=False)
