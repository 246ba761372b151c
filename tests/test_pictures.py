"""Pictures of aggregates: what is drawn is looked at by eye; here, that it is drawn from what may be shown only."""

from __future__ import annotations

import struct
import subprocess
import sys

import pytest

from bot.pictures import Band, Panel, Panels, Watched, drawn, watched
from bot.pictures.drawing import LOOKS, Sheet
from bot.pictures.lanes import Box, Lane, Lanes, Standing, drawn_bars, drawn_lanes, room

WEEKS = ("5 Oct", "12 Oct", "19 Oct", "26 Oct")


def panels(*found: Panel, title: str = "Participation") -> Panels:
    return Panels(title, WEEKS, found, "Groups of fewer than 5 people have no chart")


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_groups_of_fewer_than_five_are_not_in_the_picture() -> None:
    """Other figures of a small group, and in a small week, leave every pixel as it was."""
    pytest.importorskip("matplotlib")
    first = panels(Panel("Sales", (50, 60, 70, None), (12, 4, 12, 0)), Panel("People", (100, 0, 33, 66), (3, 3, 3, 3)))
    other = panels(Panel("Sales", (50, 25, 70, None), (12, 4, 12, 0)), Panel("People", (0, 50, 50, 50), (2, 4, 4, 4)))
    seen = panels(Panel("Sales", (50, 60, 71, None), (12, 4, 12, 0)), Panel("People", (100, 0, 33, 66), (3, 3, 3, 3)))
    assert drawn(first) == drawn(other)
    assert drawn(first) != drawn(seen)


@pytest.mark.parametrize("count", [1, 3, 4, 12])
def test_every_group_has_its_place(count: int) -> None:
    pytest.importorskip("matplotlib")
    some = [Panel(f"Department with a long name {at}", (10, 20, 30, 40), (9, 9, 9, 9)) for at in range(count)]
    width, height = size(drawn(panels(*some)))
    assert width == round(min(count, 3) * 3.4 * 110)
    assert height >= -(-count // 3) * 250


def test_names_are_drawn_as_they_are_written() -> None:
    """A dollar would begin a formula."""
    pytest.importorskip("matplotlib")
    assert drawn(panels(Panel("R$D $x_{1}", (1, 2, 3, 4), (5, 5, 5, 5)), title="A $ B $"))


@pytest.mark.parametrize("count", [1, 2, 40])
def test_a_figure_is_drawn_with_one_value_or_many(count: int) -> None:
    pytest.importorskip("matplotlib")
    places = tuple(float(739000 + 7 * at) for at in range(count))
    bands = (Band(738990, None, 4, 0.5), Band(739003, 2, None, 0))
    found = Watched("R$D $x", "3,5 days", places, (3.5,) * count, ("in",) * count, bands, ((739000, "1 Apr"),), "", ",")
    assert size(watched(found)) == (726, 374)


def test_nothing_of_the_library_is_loaded_before_the_first_picture() -> None:
    look = "import bot.app, bot.pictures, sys; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0


LONG = "Kundenzufriedenheitsverbesserungsmaßnahmen im gesamten deutschsprachigen Raum nachweisbar umsetzen"


def lanes(*sizes: int, title: str = "Delight customers", share: float | None = 0.4) -> Lanes:
    """So many boxes in each: one at the top, and the rest in turns one and two below."""
    of = Standing(title, share, "at_risk", "0.40 · at risk")
    found = tuple(Lane(of, tuple(Box(of, "Sales", (at > 0) + at % 2) for at in range(size)), "") for size in sizes)
    return Lanes(title, "As of today", found, tuple((mood, mood) for mood in LOOKS))


@pytest.mark.parametrize("sizes", [(1,), (0,), (5, 6, 4, 5), (20, 40), (3, 3, 3, 3, 3)])
def test_pillars_are_as_wide_as_a_projector_whatever_stands_in_them(sizes: tuple[int, ...]) -> None:
    pytest.importorskip("matplotlib")
    for png in (drawn_lanes(lanes(*sizes)), drawn_bars(lanes(*sizes))):
        width, height = size(png)
        assert 1500 <= width <= 1920
        assert height < 4000


def test_one_pillar_holds_as_many_boxes_as_four_beside_each_other() -> None:
    assert room(1) == 2 * room(2) == 4 * room(4) == 4 * room(9)


def test_a_status_has_a_pattern_and_a_sign_of_its_own_and_not_only_a_colour() -> None:
    for part in ("colour", "hatch", "sign"):
        assert len({getattr(look, part) for look in LOOKS.values()}) == len(LOOKS)


def test_titles_are_broken_where_they_fit_and_shortened_after_that() -> None:
    pytest.importorskip("matplotlib")
    sheet = Sheet(16, 9)
    assert sheet.broken("Grow in the Nordics", 11, 4, 2) == ["Grow in the Nordics"]
    first, second = sheet.broken(LONG, 11, 3, 2)
    assert LONG.startswith(first)
    assert second.endswith("…")
    assert sheet.broken("", 11, 3, 2) == []
    assert sheet.broken("Ship \N{ROCKET} it", 11, 3, 2) == ["Ship it"], "the font has no such sign"


def test_a_title_is_drawn_as_it_is_written_in_pillars_too() -> None:
    pytest.importorskip("matplotlib")
    assert drawn_lanes(lanes(2, title="R$D $x_{1}"))


def test_another_score_is_another_picture() -> None:
    pytest.importorskip("matplotlib")
    assert len({drawn_bars(lanes(1, share=share)) for share in (None, 0.4, 0.8)}) == 3
