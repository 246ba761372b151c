"""A list of everybody, from the file to the last piece written: each person should cost the same, however many."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.company import TEAM, THURSDAY, ZONES
from benchmarks.figures import Run, median, spread, table
from benchmarks.places import Place, migrated, settings
from bot import commands
from bot.app import open_database
from bot.clock import Clock
from bot.storage.database import Database
from bot.storage.people import Person

AIM = 1.2
HEADERS = ("Employee Id", "Name", "Email", "Manager Email", "Department", "Timezone", "Start Date")
HEAD = ("people", "rounds", "all new ms a person", "cpu ms", "a piece p50 ms", "p99 ms", "again ms a person", "all s")
# What takes minutes is done once.
ONCE = 20_000


@dataclass(frozen=True)
class Size:
    people: tuple[int, ...]


FULL = Size((1_000, 10_000, 100_000))
QUICK = Size((500, 2_000))


def report(places: list[Place], rounds: int, size: Size) -> Iterator[str]:
    yield "roster: a CSV of new people, read, compared and written 200 a transaction; then the same file again"
    rows, told = [], []
    for place in places:
        runs = {people: _runs(place, rounds if people <= ONCE else 1, people) for people in size.people}
        rows += [_row(place, people, runs[people]) for people in size.people]
        told.append(_growth(place, runs))
    yield table(HEAD, rows)
    yield "\n".join((*told, f"Aim: {AIM} or less."))


def _growth(place: Place, runs: dict[int, list[tuple[Run, Run]]]) -> str:
    fewest, most = min(runs), max(runs)
    whole, cpu = (
        median([figure(run[0]) for run in runs[most]]) / median([figure(run[0]) for run in runs[fewest]])
        for figure in (lambda run: run.each, lambda run: run.cpu_each)
    )
    times = f"{whole:.2f} times as long (by cpu {cpu:.2f})"
    return f"{place.name}: one person of {most} takes {times} as one of {fewest}."


def _runs(place: Place, rounds: int, people: int) -> list[tuple[Run, Run]]:
    file = written(place.folder / f"people_{people}.csv", people)
    found = []
    for _ in range(rounds):
        database = open_database(settings(place, migrated(place, "roster")))
        took: list[float] = []
        found.append((_timed(database, file, people, took), _timed(database, file, people, [])))
        with database.transaction() as db:
            stored = db.scalar(select(func.count()).select_from(Person))
        database.dispose()
        if stored != people:
            raise RuntimeError(f"{people} stood in the file, but {stored} are stored")
    return found


def _timed(database: Database, file: Path, people: int, took: list[float]) -> Run:
    last = [0.0]

    def step(name: str) -> None:
        now = time.perf_counter()
        if name == "roster.written":
            took.append(now - last[0])
        last[0] = now

    cpu, begun = time.process_time(), time.perf_counter()
    commands.import_people(database, file, Clock.fixed(THURSDAY), step=step)
    return Run(people, time.perf_counter() - begun, took, time.process_time() - cpu)


def written(file: Path, people: int) -> Path:
    """Every eighth leads the seven after them, and each of those reports to another one of the same kind, up to one."""
    with file.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(HEADERS)
        for at in range(people):
            lead = at - at % TEAM if at % TEAM else at // TEAM // TEAM * TEAM
            manager = f"p{lead}@bench.example" if at else ""
            zone, place = ZONES[at % len(ZONES)], f"Department {at // 400}"
            rows.writerow((f"E{at}", f"Person {at}", f"p{at}@bench.example", manager, place, zone, "2026-01-05"))
    return file


def _row(place: Place, people: int, runs: list[tuple[Run, Run]]) -> tuple[str, ...]:
    new, again = ([run[at] for run in runs] for at in (0, 1))
    pieces = Run(1, 1, [took for run in new for took in run.took])
    slow = [f"{pieces.percentile(share):.0f}" for share in (50, 99)]
    cpu, rest = f"{median([run.cpu_each for run in new]):.3f}", f"{median([run.each for run in again]):.3f}"
    total = f"{median([run.seconds for run in new]):.1f}"
    return f"{place.name}, {people}", str(len(runs)), spread([run.each for run in new], 3), cpu, *slow, rest, total
