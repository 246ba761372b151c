"""How fast Rapport is, in figures to read; none of them passes or fails."""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import acknowledge, delivery, digest, okr, planning, roster, teams
from benchmarks.places import Place, places

DATABASES = ["sqlite", "postgresql"]
Report = Callable[[list[Place], int], Iterator[str]]
FULL: dict[str, Report] = {
    "acknowledge": lambda found, rounds: acknowledge.report(found, rounds, acknowledge.FULL),
    "planning": lambda found, rounds: planning.report(found, rounds, planning.FULL),
    "delivery": lambda found, rounds: delivery.report(found, rounds, delivery.FULL),
    "digest": lambda found, rounds: digest.report(found, rounds, digest.FULL),
    "roster": lambda found, rounds: roster.report(found, rounds, roster.FULL),
    "teams": lambda found, rounds: teams.report(found, rounds, teams.FULL),
    "okr": lambda found, rounds: okr.report(found, rounds, okr.FULL),
}
QUICK: dict[str, Report] = {
    "acknowledge": lambda found, rounds: acknowledge.report(found, rounds, acknowledge.QUICK),
    "planning": lambda found, rounds: planning.report(found, rounds, planning.QUICK),
    "delivery": lambda found, rounds: delivery.report(found, rounds, delivery.QUICK),
    "digest": lambda found, rounds: digest.report(found, rounds, digest.QUICK),
    "roster": lambda found, rounds: roster.report(found, rounds, roster.QUICK),
    "teams": lambda found, rounds: teams.report(found, rounds, teams.QUICK),
    "okr": lambda found, rounds: okr.report(found, rounds, okr.QUICK),
}


def main() -> None:
    asked = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    asked.add_argument("which", nargs="?", choices=list(FULL), help="one of them; all without it")
    asked.add_argument("--rounds", type=int, default=5, help="of which the medians are told (5)")
    asked.add_argument("--quick", action="store_true", help="small sizes, to see that everything runs")
    given = asked.parse_args()
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores; medians of {given.rounds} rounds, least and most"
    )
    reports = QUICK if given.quick else FULL
    with tempfile.TemporaryDirectory() as folder, places(Path(folder), DATABASES) as found:
        for which in [given.which] if given.which else list(reports):
            begun = time.perf_counter()
            print()
            for line in reports[which](found, given.rounds):
                print(line, flush=True)
            print(f"({time.perf_counter() - begun:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
