"""Pictures of aggregates: what is drawn is looked at by eye; here, that it is drawn from what may be shown only."""

from __future__ import annotations

import struct
import subprocess
import sys

import pytest

from bot.pictures import Band, Panel, Panels, Watched, drawn, watched

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
