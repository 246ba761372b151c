"""`rapport kpi add`: a key figure as HR adds one in the chat."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.commands.problem import Problem
from bot.conversation.measures import code_of, signs
from bot.forms import Number, Refused
from bot.handlers.kpis.drawing import GIVEN
from bot.handlers.kpis.making import KEY
from bot.handlers.kpis.standing import LEVELS
from bot.rules.kpis import Band, band_faults
from bot.storage.audit import record
from bot.storage.base import new_id
from bot.storage.database import Database
from bot.storage.kpi_values import kpi_by_key, people_named_in, store_band
from bot.storage.kpis import Kpi
from bot.storage.people import Department, Person, person_by_email
from bot.storage.tasks import TaskRow

WHY = {
    "no_limit": "A band has one limit at least: --low or --high.", "limits": "--high is not above --low.",
    "near": "--near is a distance: nothing below 0.",
}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """As it was typed."""

    key: str
    title: str
    owner: str
    level: str = "company"
    department: str = ""
    unit: str = ""
    every: int = 30
    low: str = ""
    high: str = ""
    near: str = "0"


def add_kpi(database: Database, clock: Clock, wanted: Wanted) -> str:
    with database.transaction() as db:
        band = _band(wanted)
        made = _made(db, clock, wanted)
        db.add(made)
        db.flush()
        store_band(db, made, clock.now().date(), band.low, band.high, band.near)
        record(
            db, clock.real(), "kpi.added", actor=None, kind="kpi", object_id=made.id, owner=str(made.owner_id)
        )  # fmt: skip
        db.add(
            TaskRow(
                conversation=GIVEN, step="tell", key=f"{GIVEN}:{made.id}:{new_id()}", at=clock.now(),
                cursor={"kpi": str(made.id)}, created_at=clock.real(),
            )
        )  # fmt: skip
    return f"{wanted.key}: added. {wanted.owner} is told, and asked for its values."


def _made(db: Session, clock: Clock, wanted: Wanted) -> Kpi:
    if not KEY.fullmatch(wanted.key):
        raise Problem(f"{wanted.key}: a key has small letters, digits and hyphens, as tickets-in-time.")
    if kpi_by_key(db, wanted.key) is not None:
        raise Problem(f"{wanted.key} is taken. See them with: rapport kpi list")
    if wanted.level not in LEVELS:
        raise Problem(f"--level {wanted.level}: it is one of {', '.join(LEVELS)}.")
    if wanted.every < 1:
        raise Problem(f"--every {wanted.every}: give a number of days.")
    if people_named_in(db, wanted.title):
        raise Problem("No key figure is about one person: leave the name out of the title.")
    return Kpi(
        key=wanted.key, level=wanted.level, owner_id=_owner(db, wanted.owner).id, department_id=_department(db, wanted),
        unit=code_of(wanted.unit), cadence_days=wanted.every, created_at=clock.now(), title=wanted.title,
    )  # fmt: skip


def _owner(db: Session, email: str) -> Person:
    found = person_by_email(db, email)
    if found is None or found.status != "active":
        raise Problem(f"--owner {email}: nobody here has this address.")
    return found


def _department(db: Session, wanted: Wanted) -> UUID | None:
    if wanted.level == "company":
        return None
    found = db.scalar(select(Department.id).where(Department.name == wanted.department))
    if found is None:
        raise Problem(f"--department {wanted.department}: name the department that it belongs to, as it is written.")
    return found


def _band(wanted: Wanted) -> Band:
    low, high = _number("--low", wanted.low, wanted.unit), _number("--high", wanted.high, wanted.unit)
    band = Band(low, high, _number("--near", wanted.near, wanted.unit) or Decimal(0))
    if faults := band_faults(band):
        raise Problem(" ".join(WHY[one] for one in faults))
    return band


def _number(option: str, text: str, unit: str) -> Decimal | None:
    try:
        return Number(option, "", required=False, units=signs(code_of(unit))).clean(text)
    except Refused:
        raise Problem(f"{option} {text}: that is no number, or may be two. Write it like 1250.5.") from None
