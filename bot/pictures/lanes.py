"""Where a company stands, as pictures: pillars as lanes with the objectives that all may see, or as bars alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.pictures.drawing import LOOKS, SHADE, Mood, Sheet

# Lanes beside each other; more of them stand below.
ACROSS = 4
LANE, GAP, EDGE, PAD = 4.6, 0.35, 0.45, 0.14
HEAD, ROW, BOX, STEP = 1.65, 1.12, 1.0, 0.32
TITLE, LEGEND, NOTE = 1.2, 0.8, 0.4
# Boxes of one column; a lane with more goes on beside it where there is room.
TALL, MOST = 7, 24


@dataclass(frozen=True)
class Standing:
    """`share` from 0 to 1, None before anything was measured; `figures` say the same in words; `due`: what the share
    should be by now, None where nothing is expected.
    """

    title: str
    share: float | None
    mood: Mood
    figures: str
    due: float | None = None


@dataclass(frozen=True)
class Box:
    """`depth`: how many stand above it in its lane; the nearest before it that is one higher is what it supports."""

    standing: Standing
    place: str
    depth: int


@dataclass(frozen=True)
class Lane:
    standing: Standing
    boxes: tuple[Box, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Lanes:
    title: str
    line: str
    lanes: tuple[Lane, ...]
    legend: tuple[tuple[Mood, str], ...]
    due: str = ""


def room(lanes: int) -> int:
    """How many boxes a lane holds at most, beside so many others."""
    return MOST * _widest(lanes)


@lru_cache(maxsize=16)
def drawn_lanes(picture: Lanes) -> bytes:
    """A PNG."""
    bands = _bands(picture.lanes)
    heights = [HEAD + NOTE + max(-(-len(one.boxes) // columns) for one, columns in band) * ROW for band in bands]
    # One alone is as wide as two, so that its words are read from as far away.
    each = LANE if sum(columns for _, columns in bands[0]) > 1 else 2 * LANE
    width = 2 * EDGE - GAP + max(sum(_wide(columns, each) + GAP for _, columns in band) for band in bands)
    sheet = Sheet(width, EDGE + TITLE + sum(heights) + GAP * len(heights) + LEGEND)
    sheet.text(EDGE, EDGE, picture.title, 21, width=width - 2 * EDGE, bold=True)
    sheet.text(EDGE, EDGE + 0.5, picture.line, 13, width=width - 2 * EDGE, faint=True)
    top = EDGE + TITLE
    for band, height in zip(bands, heights, strict=True):
        left = EDGE
        for lane, columns in band:
            _lane(sheet, lane, left, top, height, columns, each)
            left += _wide(columns, each) + GAP
        top += height + GAP
    _legend(sheet, picture, top)
    return sheet.png()


@lru_cache(maxsize=16)
def drawn_bars(picture: Lanes) -> bytes:
    """A PNG of the pillars alone."""
    width, row = 10.0, 1.3
    sheet = Sheet(width, EDGE + TITLE + row * len(picture.lanes) + LEGEND)
    sheet.text(EDGE, EDGE, picture.title, 18, width=width - 2 * EDGE, bold=True)
    sheet.text(EDGE, EDGE + 0.45, picture.line, 12, width=width - 2 * EDGE, faint=True)
    for at, lane in enumerate(picture.lanes):
        one, top = lane.standing, EDGE + TITLE + at * row
        sheet.text(EDGE, top, one.title, 13, width=width - 2 * EDGE, bold=True)
        _bar(sheet, EDGE, top + 0.33, width - 2 * EDGE, 0.3, one)
        sheet.text(EDGE, top + 0.72, _told(one), 12, width=width - 2 * EDGE)
    _legend(sheet, picture, EDGE + TITLE + row * len(picture.lanes) + 0.1)
    return sheet.png()


def _bands(lanes: Sequence[Lane]) -> list[list[tuple[Lane, int]]]:
    """Each lane with how many columns its boxes take."""
    count = -(-len(lanes) // ACROSS)
    each = -(-len(lanes) // count)
    widest = _widest(each)
    sized = [(one, min(widest, max(1, -(-len(one.boxes) // TALL)))) for one in lanes]
    return [sized[at : at + each] for at in range(0, len(sized), each)]


def _widest(lanes: int) -> int:
    return max(1, ACROSS // min(lanes, ACROSS))


def _wide(columns: int, each: float) -> float:
    return columns * each + (columns - 1) * PAD


def _told(one: Standing) -> str:
    return f"{LOOKS[one.mood].sign} {one.figures}"


def _bar(sheet: Sheet, left: float, top: float, width: float, height: float, of: Standing) -> None:
    sheet.bar(left, top, width, height, of.share, of.mood)
    if of.due is not None:
        sheet.notch(left + width * of.due, top, height)


def _legend(sheet: Sheet, picture: Lanes, top: float) -> None:
    end = sheet.legend(EDGE, top, picture.legend)
    if picture.due:
        sheet.notch(end + 0.05, top, 0.2)
        sheet.text(end + 0.2, top + 0.01, picture.due, 11, width=3)


def _lane(sheet: Sheet, lane: Lane, left: float, top: float, height: float, columns: int, each: float) -> None:
    width = _wide(columns, each)
    sheet.rectangle(left, top, width, height, fill=SHADE)
    sheet.text(left + PAD, top + PAD, lane.standing.title, 15, width=width - 2 * PAD, lines=2, bold=True)
    _bar(sheet, left + PAD, top + 0.82, width - 2 * PAD, 0.28, lane.standing)
    sheet.text(left + PAD, top + 1.2, _told(lane.standing), 13, width=width - 2 * PAD)
    long = -(-len(lane.boxes) // columns)
    for column in range(columns):
        boxes = lane.boxes[column * long : (column + 1) * long]
        _column(sheet, boxes, left + PAD + column * (each + PAD), top + HEAD, each - 2 * PAD)
    if lane.note:
        sheet.text(left + PAD, top + height - NOTE + 0.05, lane.note, 11, width=width - 2 * PAD, faint=True)


def _column(sheet: Sheet, boxes: Sequence[Box], left: float, top: float, width: float) -> None:
    # Where the line of each depth begins; one that goes on from the column before begins at the top.
    begins: dict[int, float] = {}
    for at, box in enumerate(boxes):
        here, over = left + box.depth * STEP, top + at * ROW
        if box.depth:
            rail = here - STEP / 2
            sheet.line((rail, begins.get(box.depth - 1, top - 0.1)), (rail, over + BOX / 2), (here, over + BOX / 2))
        begins[box.depth] = over + BOX
        _box(sheet, box, here, over, width - box.depth * STEP)


def _box(sheet: Sheet, box: Box, left: float, top: float, width: float) -> None:
    one = box.standing
    sheet.rectangle(left, top, width, BOX)
    sheet.patch(left, top, 0.13, BOX, one.mood)
    inner, room = left + 0.23, width - 0.33
    sheet.text(inner, top + 0.06, box.place, 9, width=room, faint=True)
    sheet.text(inner, top + 0.23, one.title, 11, width=room, lines=2, bold=not box.depth)
    _bar(sheet, inner, top + BOX - 0.26, 0.8, 0.15, one)
    sheet.text(inner + 0.9, top + BOX - 0.27, _told(one), 10, width=room - 0.9)
