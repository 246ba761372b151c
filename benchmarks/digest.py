"""HR's figures of a week, for a company with a year of check-ins, beside one plain aggregate over the same rows."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

import bot.handlers
from benchmarks import company
from benchmarks.figures import median, spread, table
from benchmarks.history import DEPARTMENT, WEEKS, live
from benchmarks.places import Place, migrated, settings
from bot.app import open_database
from bot.conversation import Context, Registry, discover
from bot.storage.asks import Ask
from bot.storage.checkin import CheckIn, CheckInVersion
from bot.storage.database import Database
from bot.storage.figures import COMPANY, WeeklyFigures, keep
from bot.storage.people import Person

FLAT, WHOLE = 1.2, 3.0
HEAD = ("people", "rounds", "digest ms", "plain ms", "digest : plain", "ms a person", "cpu ms of both")
# The Monday after the last of the weeks, when everybody is at work.
NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
WEEK = NOW.date() - timedelta(days=7)


@dataclass(frozen=True)
class Size:
    people: tuple[int, ...]
    weeks: int = WEEKS


FULL = Size((1_000, 10_000, 100_000))
QUICK = Size((500, 2_000), 4)


@dataclass(frozen=True)
class Round:
    """In seconds; `cpu` is of this process, in which SQLite works, too."""

    digest: float
    plain: float
    digest_cpu: float
    plain_cpu: float


def report(places: list[Place], rounds: int, size: Size) -> Iterator[str]:
    yield f"digest: HR's parts, figures not released yet, departments of {DEPARTMENT}, {size.weeks} weeks of check-ins"
    for place in places:
        runs = {people: _runs(place, people, rounds, size.weeks) for people in size.people}
        # Told at once: the next database takes minutes to fill.
        yield table(HEAD, [_row(place, people, runs[people]) for people in size.people])
        yield _growth(place, runs)


def _runs(place: Place, people: int, rounds: int, weeks: int) -> list[Round]:
    """The first one is not told: it fills caches on both sides."""
    database = open_database(settings(place, migrated(place, f"digest_{people}")), "OFF")
    made = company.found(database, people)
    live(database, made, WEEK, weeks)
    with database.transaction() as db:
        # As in life: each Monday counts the one week that is new.
        for back in range(1, weeks):
            nothing = {"participation": [], "left_out": {}, "averages": {}}
            keep(db, WEEK - back * timedelta(days=7), {COMPANY: nothing}, NOW - back * timedelta(days=7))
    registry = discover(bot.handlers)
    found = [_round(database, registry, made.people[0].id) for _ in range(rounds + 1)][1:]
    database.dispose()
    # A year of 100 000 people is some gigabytes.
    place.make(f"digest_{people}")
    return found


def _round(database: Database, registry: Registry, hr: UUID) -> Round:
    plain, plain_cpu = _timed(database, _plain)
    digest, digest_cpu = _timed(database, lambda db: _digest(db, registry, hr))
    return Round(digest, plain, digest_cpu, plain_cpu)


def _timed(database: Database, work: Callable[[Session], None]) -> tuple[float, float]:
    """Nothing of it stays, so that every round does the same; what the one before left behind is cleared away."""
    gc.collect()
    with database.transaction() as db:
        cpu, begun = time.process_time(), time.perf_counter()
        work(db)
        db.flush()
        took = time.perf_counter() - begun, time.process_time() - cpu
        db.rollback()
    return took


def _digest(db: Session, registry: Registry, hr: UUID) -> None:
    who = db.get_one(Person, hr)
    ctx = Context(db=db, now=NOW, real_now=NOW, registry=registry, who=who, roles=frozenset({"hr_coordinator"}))
    drawn = [part.draw(ctx) for part in registry.parts_of("hr_digest")]
    released = db.scalars(sa.select(WeeklyFigures.body).filter_by(week=WEEK, name=COMPANY)).one()
    if not any(drawn) or not released["averages"]["mood"]["company"]:
        raise RuntimeError("there was nothing to tell of this week")


def _plain(db: Session) -> None:
    """Both weeks' asks, and the answers of one of them."""
    this_week = Ask.occurrence >= WEEK
    answered = (CheckIn.ask_id == Ask.id) & this_week & (CheckIn.occurrence >= WEEK)
    newest = (CheckInVersion.checkin_id == CheckIn.id) & (CheckInVersion.version == CheckIn.version)
    counts = sa.func.count(), sa.func.count(Ask.submitted_at)
    averages = sa.func.avg(CheckInVersion.mood), sa.func.avg(sa.func.abs(CheckInVersion.workload - 3))
    chosen = sa.select(Ask.department_id, this_week.label("now_or_before"), *counts, *averages)
    chosen = chosen.select_from(Ask).outerjoin(CheckIn, answered).outerjoin(CheckInVersion, newest)
    weeks = Ask.occurrence >= WEEK - timedelta(days=7), Ask.occurrence < WEEK + timedelta(days=7)
    db.execute(chosen.where(*weeks).group_by(Ask.department_id, "now_or_before")).all()


def _row(place: Place, people: int, runs: list[Round]) -> tuple[str, ...]:
    digest, plain = [run.digest * 1000 for run in runs], [run.plain * 1000 for run in runs]
    cpu = [run.digest_cpu * 1000 for run in runs], [run.plain_cpu * 1000 for run in runs]
    return (
        f"{place.name}, {people}", str(len(runs)), spread(digest, 1), spread(plain, 1),
        spread([run.digest / run.plain for run in runs]), f"{median(digest) / people:.4f}",
        " / ".join(f"{median(side):.1f}" for side in cpu),
    )  # fmt: skip


def _growth(place: Place, runs: dict[int, list[Round]]) -> str:
    fewest, most = min(runs), max(runs)
    each = {people: median([run.digest for run in runs[people]]) / people for people in (fewest, most)}
    times = f"{each[most] / each[fewest]:.2f} times as long"
    aims = f"Aims: {FLAT} or less, and at most {WHOLE} times the plain aggregate."
    return f"{place.name}: one person of {most} takes {times} as one of {fewest}. {aims}"
