"""The sample company's key figures: four of them with the values of some months, by the bot's own commands."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from desk.company import person

COLUMNS = ("kpi", "date", "value")


@dataclass(frozen=True)
class Figure:
    """`limits` are options of the command; `values` the oldest first, one every so many days."""

    key: str
    title: str
    unit: str
    owner: str
    every: int
    limits: tuple[str, ...]
    values: tuple[str, ...]
    place: tuple[str, ...] = ()


FIGURES = (
    Figure(
        "sickness", "Days lost to sickness per head", "days", "Hana Sato", 30, ("--high", "0.8", "--near", "0.2"),
        ("0.6", "0.7", "0.9", "1.1", "0.8", "0.6", "0.5", "0.7"),
    ),
    Figure(
        "tickets-in-time", "Tickets solved in time", "percent", "Helena Costa", 7, ("--low", "90", "--near", "3"),
        ("93", "94", "92.5", "91", "92", "90.5", "89", "88.5", "91", "93.5", "92", "91.5"),
        ("--level", "department", "--department", "Customer Care"),
    ),
    Figure(
        "offers-in-two-days", "Offers answered within two days", "percent", "Victor Lang", 30,
        ("--low", "80", "--near", "5"), ("86", "84", "85", "82", "81", "77", "76", "72"),
        ("--level", "department", "--department", "Sales"),
    ),
    Figure(
        "outages", "Hours of outages a month", "hours", "Grace Murray", 30, ("--high", "4", "--near", "2"),
        ("3.5", "2", "6.5", "3", "1.5", "4", "2.5", "5"), ("--level", "team", "--department", "Engineering"),
    ),
)  # fmt: skip


def commands(file: Path, today: date) -> list[tuple[str, ...]]:
    """As an operator would today: each figure, then a file of all their values."""
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(COLUMNS)
        rows.writerows((one.key, day, value) for one in FIGURES for day, value in _days(one, today))
    added = [
        ("kpi", "add", one.key, one.title, "--owner", person(one.owner).email, "--unit", one.unit, "--every",
         str(one.every), *one.limits, *one.place)
        for one in FIGURES
    ]  # fmt: skip
    return [*added, ("kpi", "import", str(file))]


def _days(of: Figure, today: date) -> list[tuple[date, str]]:
    """The newest is some days old, and the next is not due yet."""
    newest, ages = today - timedelta(days=3), range(len(of.values) - 1, -1, -1)
    return [(newest - timedelta(days=of.every * age), value) for age, value in zip(ages, of.values, strict=True)]
