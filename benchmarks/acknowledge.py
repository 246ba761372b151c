"""A signed check-in: from the request to the 200 that says it is stored."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from benchmarks import asked, company
from benchmarks.children import ROOT, Child
from benchmarks.figures import Run, both, spread, table
from benchmarks.places import SECRET, Place, migrated, settings
from benchmarks.submissions import submissions
from bot.app import build, open_database
from bot.storage.checkin import CheckInVersion

AIM = 0.8
FILLED = "acknowledge"
HEAD = ("connections", "statements", "requests/s", "ratio", "p50 ms", "p99 ms", "cpu ms", "cpu ratio")


@dataclass(frozen=True)
class Size:
    """Submissions a round by number of connections."""

    connections: dict[int, int]

    @property
    def people(self) -> int:
        """One more than is measured: a process's first request does more than the others."""
        return max(self.connections.values()) + 1


FULL = Size({1: 200, 32: 600})
QUICK = Size({1: 20, 32: 64})


def report(places: list[Place], rounds: int, size: Size) -> Iterator[str]:
    yield "acknowledge: a check-in submitted, stored and answered with 200; bare / product"
    rows = []
    for place in places:
        with ExitStack() as stack:
            bare, product, statements = _sides(place, size, stack)
            for connections, count in size.connections.items():
                pairs = [(bare.run(connections, count), product.run(connections, count)) for _ in range(rounds)]
                rows.append((f"{place.name}, {connections}", statements, *_figures(pairs)))
    yield table(HEAD, rows)
    yield f"bare: signature, JSON and the product's own statements, nothing else. Aim: a ratio of {AIM} or more."


def _figures(pairs: list[tuple[Run, Run]]) -> tuple[str, ...]:
    ratio = spread([product.rate / bare.rate for bare, product in pairs])
    cpu = spread([bare.cpu_each / product.cpu_each for bare, product in pairs])
    slow = (both(pairs, partial(Run.percentile, share=share)) for share in (50, 99))
    return both(pairs, lambda run: run.rate, 0), ratio, *slow, both(pairs, lambda run: run.cpu_each, 2), cpu


class Side:
    """One of the two servers; its database is new in every round."""

    def __init__(self, place: Place, name: str, bodies: Path, stack: ExitStack, **given: Any) -> None:
        self._place = place
        self._name = name
        self._bodies = bodies
        url = place.copy(FILLED, name)
        given["settings"] = settings(place, url).model_dump(mode="json")
        self.child = stack.enter_context(Child(name, bodies=str(bodies), **given))

    def run(self, connections: int, count: int, **more: Any) -> Run:
        before = self.child.ask()
        url = self._place.copy(FILLED, self._name)
        given = {
            "url": self.child.ready["url"], "secret": SECRET, "bodies": str(self._bodies), "count": count,
            "connections": connections,
        }  # fmt: skip
        answered = _loaded(given)
        after = self.child.ask(**more)
        if answered["refused"] or _stored(self._place, url) != count:
            raise RuntimeError(f"not everything was stored by {self._name}: {answered['refused']}")
        self.statements = after.get("statements", 0)
        return Run(count, answered["seconds"], answered["took"], after["cpu"] - before["cpu"])


def _sides(place: Place, size: Size, stack: ExitStack) -> tuple[Side, Side, str]:
    """Both warm: each has answered everybody once. The statements of a request, as counted on both."""
    bodies = _fill(place, size.people)
    scratch = settings(place, place.copy(FILLED, "scratch")).model_dump(mode="json")
    bare, product = Side(place, "bare", bodies, stack, scratch=scratch), Side(place, "product", bodies, stack)
    connections, count = max(size.connections.items())
    bare.run(connections, count, counted=True)
    product.run(connections, count)
    return bare, product, f"{bare.statements / count:.1f} / {bare.child.ready['statements'] / count:.1f}"


def _fill(place: Place, people: int) -> Path:
    url = migrated(place, FILLED)
    database = open_database(settings(place, url), "OFF")
    staff = company.found(database, people)
    asks = asked.ask(database, staff)
    database.dispose()
    app = build(settings(place, url), synchronous="OFF")
    bodies = place.folder / "bodies.json"
    bodies.write_text(json.dumps(submissions(app, staff.people, asks)), "utf-8")
    app.database.dispose()
    app.pool.shutdown()
    return bodies


def _loaded(given: dict[str, Any]) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.load"]
    ended = subprocess.run(command, cwd=ROOT, input=json.dumps(given), stdout=subprocess.PIPE, text=True, check=True)
    answered: dict[str, Any] = json.loads(ended.stdout)
    return answered


def _stored(place: Place, url: str) -> int:
    """How many check-ins were added to those that were there before."""
    database = open_database(settings(place, url))
    with database.transaction() as db:
        found = db.scalar(select(func.count()).where(CheckInVersion.version == 1)) or 0
        people = db.scalar(select(func.count(CheckInVersion.author_id.distinct()))) or 0
    database.dispose()
    return found - people
