"""The moment at which everybody is due: from turns to outbox rows, which should cost each person the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from benchmarks import company
from benchmarks.figures import Run, median, spread, table
from benchmarks.places import Place, migrated, settings
from bot.app import App, build, open_database
from bot.clock import Clock
from bot.storage.outbox import OutboxRow

AIM = 1.2
HEAD = ("people", "rounds", "plan ms", "prompt ms", "ms a person", "cpu ms", "a piece p50 ms", "p99 ms", "all s")
# What takes minutes is done once; it has hundreds of pieces, which are its own rounds.
ONCE = 20_000


@dataclass(frozen=True)
class Size:
    people: tuple[int, ...]


FULL = Size((1_000, 10_000, 100_000))
QUICK = Size((500, 1_000, 2_000))


def report(places: list[Place], rounds: int, size: Size) -> Iterator[str]:
    yield "planning: people due at one moment, to outbox rows; pieces of the tick, 200 rows a transaction"
    rows, told = [], []
    for place in places:
        runs = _runs(place, rounds, size)
        rows += [_row(place, people, runs[people]) for people in size.people]
        told.append(_growth(place, runs))
    yield table(HEAD, rows)
    yield "\n".join((*told, f"Aim: {AIM} or less."))


def _growth(place: Place, runs: dict[int, list[tuple[Run, Run]]]) -> str:
    """By the whole, by the middle one of the pieces, and by the time of the processor: the last two bear neighbours."""
    fewest, most = min(runs), max(runs)
    whole, piece, cpu = (
        median([figure(pair) for pair in runs[most]]) / median([figure(pair) for pair in runs[fewest]])
        for figure in (_each, _piece, _cpu)
    )
    times = f"{whole:.2f} times as long (by the middle piece {piece:.2f}, by cpu {cpu:.2f})"
    return f"{place.name}: one person of {most} takes {times} as one of {fewest}."


def _each(pair: tuple[Run, Run]) -> float:
    return pair[0].each + pair[1].each


def _piece(pair: tuple[Run, Run]) -> float:
    return pair[0].percentile(50) + pair[1].percentile(50)


def _cpu(pair: tuple[Run, Run]) -> float:
    return pair[0].cpu_each + pair[1].cpu_each


def _runs(place: Place, rounds: int, size: Size) -> dict[int, list[tuple[Run, Run]]]:
    for people in size.people:
        database = open_database(settings(place, migrated(place, f"planning_{people}")), "OFF")
        company.found(database, people)
        database.dispose()
    runs: dict[int, list[tuple[Run, Run]]] = {people: [] for people in size.people}
    _round(place, min(size.people))
    for at in range(rounds):
        for people in size.people:
            if at == 0 or people <= ONCE:
                runs[people].append(_round(place, people))
    return runs


def _round(place: Place, people: int) -> tuple[Run, Run]:
    url = place.copy(f"planning_{people}", "planned")
    app = build(settings(place, url), clock=Clock.fixed(company.THURSDAY))
    runs = _timed(app.engine.asking.plan, people), _timed(app.engine.asking.remind, people)
    _check(app, people)
    app.database.dispose()
    app.pool.shutdown()
    return runs


def _timed(piece: Callable[[], int], people: int) -> Run:
    took: list[float] = []
    cpu, begun = time.process_time(), time.perf_counter()
    last = begun
    while piece():
        now = time.perf_counter()
        took.append(now - last)
        last = now
    return Run(people, last - begun, took, time.process_time() - cpu)


def _check(app: App, people: int) -> None:
    with app.database.transaction() as db:
        found = db.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.state == "waiting"))
    if found != people:
        raise RuntimeError(f"{people} were due, but {found} messages are to be sent")


def _row(place: Place, people: int, runs: list[tuple[Run, Run]]) -> tuple[str, ...]:
    plan, prompt = ([run[at] for run in runs] for at in (0, 1))
    whole = [_each(pair) for pair in runs]
    pieces = Run(1, 1, [took for pair in runs for run in pair for took in run.took])
    each = [f"{median([run.each for run in side]):.3f}" for side in (plan, prompt)]
    slow = [f"{pieces.percentile(share):.0f}" for share in (50, 99)]
    total = f"{median(whole) * people / 1000:.1f}"
    cpu = f"{median([_cpu(pair) for pair in runs]):.3f}"
    return f"{place.name}, {people}", str(len(runs)), *each, spread(whole, 3), cpu, *slow, total
