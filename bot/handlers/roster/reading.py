"""A people file read and compared with who is known: the same for the command line and for the chat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from bot.clock import to_local
from bot.handlers.roster.knowing import KNOWS
from bot.rules.roster import Columns, Fault, Known, Plan, Row, Terms, columns_of, compare, read_rows, recognised
from bot.sheets import NotASheet, Sheet, read_sheet
from bot.storage import roster
from bot.storage.people import Person
from bot.storage.roster import Begin

# How many rows are written in one transaction.
PIECE = 200


class Wrong(ValueError):
    """A file whose columns cannot be used at all."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


@dataclass(frozen=True)
class PeopleFile:
    """`faults` are those of single rows; the other rows are there."""

    sheet: Sheet
    columns: Columns
    rows: list[Row]
    faults: list[Fault]


def read_file(data: bytes) -> PeopleFile:
    """NotASheet for what cannot be read or holds nobody, Wrong for a head without the columns that are needed."""
    sheet = read_sheet(data, recognised)
    if not sheet.head:
        raise NotASheet("has no people in it.")
    columns, faults = columns_of(sheet.head, sheet.head_line)
    if faults:
        raise Wrong(faults)
    rows, faults = read_rows(sheet.rows, columns, KNOWS)
    if not rows and not faults:
        raise NotASheet("has no people in it.")
    return PeopleFile(sheet, columns, rows, faults)


def day_of(begin: Begin, now: datetime, rows: Sequence[Row]) -> date:
    """The earliest of all days where people are: it has come for all of them, and on one common day no line that begins
    meets one that still holds.
    """
    with begin() as db:
        stored = set(db.scalars(select(Person.zone).distinct()))
    zones = {zone for zone in stored | {row.zone for row in rows} if zone and KNOWS.zone(zone)}
    return min((now.date(), *(to_local(now, zone).date() for zone in zones)))


def compared(begin: Begin, read: PeopleFile, terms: Terms) -> Plan:
    """With the faults of its rows among its own; with any of them it is not to be carried out."""
    people = [Known(**one) for one in roster.known_people(begin, terms.today)]
    plan = compare(read.rows, people, read.columns, terms)
    plan.faults = sorted([*read.faults, *plan.faults], key=lambda fault: fault.line)
    return plan
