"""Where a company stands: every objective of a period scored up its forest to the pillars, beside one plain aggregate
over the same rows.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.company import Values, fill
from benchmarks.figures import median, spread, table
from benchmarks.places import Place, migrated, settings
from bot.app import open_database
from bot.rules import okr
from bot.storage.base import new_id, random_id
from bot.storage.database import Database
from bot.storage.okr.tables import KeyResult, Objective, Period, Pillar
from bot.storage.okr.trees import rolled_up

FLAT, WHOLE = 1.2, 3.0
HEAD = ("key results", "rounds", "roll-up ms", "plain ms", "roll-up : plain", "ms a key result", "cpu ms of both")
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
QUARTER = ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31))
PILLARS, EACH = 4, 3
# Of a hundred objectives: 2 of the company, 8 of departments, 25 of teams, the rest of individuals.
SHARES = (2, 10, 35, 100)
# Of what takes milliseconds, more rounds: one hiccup must not tell.
BELOW, MORE = 5_000, 10


@dataclass(frozen=True)
class Size:
    key_results: tuple[int, ...]


FULL = Size((1_000, 10_000, 100_000))
QUICK = Size((500, 2_000))


@dataclass(frozen=True)
class Round:
    """In seconds; `cpu` is of this process, in which SQLite works, too."""

    whole: float
    plain: float
    whole_cpu: float
    plain_cpu: float


def report(places: list[Place], rounds: int, size: Size) -> Iterator[str]:
    yield f"okr: roll-up of a period, {EACH} key results an objective, {len(SHARES)} levels, {PILLARS} pillars"
    for place in places:
        runs = {count: _runs(place, count, rounds * (MORE if count < BELOW else 1)) for count in size.key_results}
        yield table(HEAD, [_row(place, count, runs[count]) for count in size.key_results])
        yield _growth(place, runs)


def _runs(place: Place, count: int, rounds: int) -> list[Round]:
    """The first one is not told: it fills caches on both sides."""
    database = open_database(settings(place, migrated(place, f"okr_{count}")), "OFF")
    with database.transaction() as db:
        period = _filled(db, count)
    if place.name == "PostgreSQL":
        # What its own housekeeping does some minutes after so many rows have come.
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))
    found = [_round(database, period, count) for _ in range(rounds + 1)][1:]
    database.dispose()
    return found


def _round(database: Database, period: UUID, count: int) -> Round:
    if count >= BELOW:
        gc.collect()
    plain, plain_cpu = _timed(database, lambda db: _plain(db, period, count))
    whole, whole_cpu = _timed(database, lambda db: _whole(db, period))
    return Round(whole, plain, whole_cpu, plain_cpu)


def _timed(database: Database, work: Callable[[Session], None]) -> tuple[float, float]:
    with database.transaction() as db:
        cpu, begun = time.process_time(), time.perf_counter()
        work(db)
        return time.perf_counter() - begun, time.process_time() - cpu


def _whole(db: Session, period: UUID) -> None:
    tree, results = rolled_up(db, period)
    if len(okr.pillars(tree.nodes, results)) != PILLARS:
        raise RuntimeError("a pillar has no score")


def _plain(db: Session, period: UUID, count: int) -> None:
    """Every objective's own score, as anybody would ask for it; not exact."""
    weight, score = (sa.type_coerce(one, sa.Float) for one in (KeyResult.weight, KeyResult.score))
    chosen = sa.select(Objective.id, sa.func.sum(weight * score) / sa.func.sum(weight))
    chosen = chosen.join(KeyResult, KeyResult.objective_id == Objective.id)
    chosen = chosen.where(Objective.period_id == period, ~KeyResult.cancelled).group_by(Objective.id)
    if len(db.execute(chosen).all()) != _objectives(count):
        raise RuntimeError("an objective was left out")


def _objectives(count: int) -> int:
    return -(-count // EACH)


def _filled(db: Session, count: int) -> UUID:
    key, first, last = QUARTER
    period = Period(key=key, starts_on=first, ends_on=last, created_at=NOW)
    db.add(period)
    pillars = [Pillar(period_id=period.id, key=f"p{at}", title=f"Pillar {at}", created_at=NOW) for at in range(PILLARS)]
    db.flush()
    db.add_all(pillars)
    db.flush()
    # By chance, as in life, and the same in every run.
    chance = random.Random(count)
    objectives = list(_forest(chance, period.id, [one.id for one in pillars], _objectives(count)))
    # Parents before their children.
    fill(db, Objective, iter(objectives))
    fill(db, KeyResult, (_key_result(chance, objectives[at // EACH], at) for at in range(count)))
    return period.id


def _forest(chance: random.Random, period: UUID, pillars: list[UUID], count: int) -> Iterator[Values]:
    """Of four levels, each under one of the level above."""
    above: list[UUID] = []
    done = 0
    for level, share in zip(okr.LEVELS, SHARES, strict=True):
        until = max(done + PILLARS, count * share // 100) if level != okr.LEVELS[-1] else count
        ids = [random_id() for _ in range(until - done)]
        for at, one in enumerate(ids):
            yield {
                "id": one, "period_id": period, "key": f"o{done + at}", "level": level, "state": "active",
                "pillar_id": None if above else pillars[at % PILLARS],
                "parent_id": above[at % len(above)] if above else None,
                "weight": Decimal(chance.choice((1, 1, 1, 2, 3))), "rollup": "blend" if above else "children",
                "title_sealed": b"-", "created_at": NOW,
            }  # fmt: skip
        above, done = ids, until


def _key_result(chance: random.Random, of: Values, at: int) -> Values:
    """One in ten was never measured; scores are thirds and the like, digits and all."""
    measured = chance.random() < 0.9
    with_digits = okr.numeric(Decimal(0), Decimal(chance.randint(3, 97)), Decimal(chance.randint(0, 97)))
    return {
        "id": new_id(), "objective_id": of["id"], "key": f"kr{at}", "kind": "numeric", "start": Decimal(0),
        "target": Decimal(10), "weight": Decimal(chance.choice((1, 1, 1, 2))), "title_sealed": b"-", "created_at": NOW,
        "score": with_digits if measured else None, "confidence": chance.randint(1, 10) if measured else None,
    }  # fmt: skip


def _row(place: Place, count: int, runs: list[Round]) -> tuple[str, ...]:
    whole, plain = [run.whole * 1000 for run in runs], [run.plain * 1000 for run in runs]
    cpu = [run.whole_cpu * 1000 for run in runs], [run.plain_cpu * 1000 for run in runs]
    return (
        f"{place.name}, {count}", str(len(runs)), spread(whole, 1), spread(plain, 1),
        spread([run.whole / run.plain for run in runs]), f"{median(whole) / count:.5f}",
        " / ".join(f"{median(side):.1f}" for side in cpu),
    )  # fmt: skip


def _growth(place: Place, runs: dict[int, list[Round]]) -> str:
    fewest, most = min(runs), max(runs)
    whole, cpu = (
        median([figure(run) for run in runs[most]]) / median([figure(run) for run in runs[fewest]]) * fewest / most
        for figure in (lambda run: run.whole, lambda run: run.whole_cpu)
    )
    times = f"{whole:.2f} times as long (by cpu {cpu:.2f})"
    aims = f"Aims: {FLAT} or less, and at most {WHOLE} times the plain aggregate."
    return f"{place.name}: one key result of {most} takes {times} as one of {fewest}. {aims}"
