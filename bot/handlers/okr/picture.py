"""Where the company stands, as pictures with their words: the whole tree, and the pillars alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from bot import log
from bot.handlers.okr import periods, words
from bot.handlers.okr.company import Branch, Company, Pillar
from bot.messages import File
from bot.pictures.drawing import Mood
from bot.pictures.lanes import Box, Lane, Lanes, Standing, drawn_bars, drawn_lanes, room
from bot.rules import okr
from bot.storage.okr.tables import Period
from bot.texts import day_of_month, long_day, say, say_n

logger = log.get("okr")


def tree_picture(found: Company) -> tuple[File, ...]:
    """Of the company, departments and each team; individuals' objectives are counted at most."""
    expected = okr.expected(found.period.starts_on, found.period.ends_on, found.today)
    lanes = tuple(_lane(one, room(len(found.pillars)), expected) for one in found.pillars)
    return _file(found.period, found.today, lanes, drawn_lanes, "okr-tree")


def pillars_picture(period: Period, today: date, pillars: Sequence[Pillar]) -> tuple[File, ...]:
    """For a digest."""
    return _file(period, today, tuple(Lane(_pillar(one)) for one in pillars), drawn_bars, "pillars")


def _file(
    period: Period, today: date, lanes: tuple[Lane, ...], draw: Callable[[Lanes], bytes], stem: str
) -> tuple[File, ...]:
    title = say("Where the company stands · {period}", period=words.period(period))
    line = say("As of {day}; until {end}", day=long_day(today), end=day_of_month(period.ends_on))
    if told := periods.ended(period, today):
        line = told[0]
    legend: tuple[tuple[Mood, str], ...] = (
        ("on_track", words.status_word("on_track")), ("at_risk", words.status_word("at_risk")),
        ("off_track", words.status_word("off_track")), ("none", say("no update yet")),
    )  # fmt: skip
    picture = Lanes(title, line, lanes, legend, say("expected by now"))
    try:
        drawn = draw(picture)
    except Exception as error:
        # The bars in the message say the same.
        logger.error("picture.not_drawn", error_type=type(error).__name__)
        return ()
    return (File(f"{stem}-{period.key}.png", drawn, _alt(title, lanes)),)


def _lane(of: Pillar, most: int, expected: Decimal) -> Lane:
    boxes = [_box(depth, one, expected) for depth, one in of.listed]
    deepest = max((one.depth for one in boxes), default=0)
    shown = boxes
    while len(shown) > most and deepest:
        # What is far below goes first.
        shown, deepest = [one for one in shown if one.depth < deepest], deepest - 1
    shown = shown[:most]
    more = len(boxes) - len(shown)
    notes = [say_n("and {count} more", "and {count} more", more)] if more else []
    if of.individuals:
        notes.append(say_n("{count} objective of individuals", "{count} objectives of individuals", of.individuals))
    return Lane(_pillar(of), tuple(shown), " · ".join(notes))


def _pillar(of: Pillar) -> Standing:
    if of.status is None or of.score is None or of.score.value is None:
        return Standing(of.title, None, "none", words.not_measured(of.begun))
    figures = [words.score(of.score.value), words.status_word(of.status), *words.coverage(of.score.coverage)]
    return Standing(of.title, float(of.score.value), of.status, " · ".join(figures), float(of.due))


def _box(depth: int, one: Branch, expected: Decimal) -> Box:
    of, score = one.of, one.of.score
    measured = score.score is not None and score.coverage > 0
    share = float(score.score) if measured and score.score is not None else None
    mood: Mood = of.status or "none"
    figures = [words.score(score.score)] if measured and score.score is not None else []
    figures.append(words.state_word(of))
    place = [one.place, *(words.coverage(score.coverage) if measured else [])]
    due = float(okr.due(expected, of.ambition)) if of.status else None
    return Box(Standing(of.objective.title or "", share, mood, " · ".join(figures), due), " · ".join(place), depth)


def _alt(title: str, lanes: Sequence[Lane]) -> str:
    """What the picture shows; the objectives' own titles stand in the chat as text."""
    told = "; ".join(say("{name}: {figures}", name=one.standing.title, figures=one.standing.figures) for one in lanes)
    return f"{title}. {told}."
