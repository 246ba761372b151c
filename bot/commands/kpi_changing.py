"""`rapport kpi change`: title, unit, rhythm and source of a key figure, as HR changes them in the chat."""

from __future__ import annotations

from dataclasses import dataclass

from bot.clock import Clock
from bot.commands.problem import Problem
from bot.conversation.measures import code_of
from bot.handlers.kpis.drawing import TOLD
from bot.storage.audit import record
from bot.storage.base import new_id
from bot.storage.database import Database
from bot.storage.kpi_values import Shape, kpi_by_key, kpi_of, reshape, reshape_faults
from bot.storage.kpis import Kpi
from bot.storage.tasks import TaskRow


@dataclass(frozen=True)
class Anew:
    """As it was typed; None leaves what is there."""

    title: str | None = None
    unit: str | None = None
    source: str | None = None
    every: int | None = None


def change_kpi(database: Database, clock: Clock, key: str, wanted: Anew) -> str:
    if wanted == Anew():
        raise Problem("Say what is to change: --title, --unit, --source or --every.")
    with database.transaction() as db:
        known = kpi_by_key(db, key)
        kpi = kpi_of(db, known.id, locked=True) if known else None
        if kpi is None or kpi.ended_at is not None:
            raise Problem(f"No key figure has the key {key!r}. See them with: rapport kpi list")
        shape = _shape(kpi, wanted)
        why = {
            "person": "No key figure is about one person: leave the name out of the title.",
            "values": f"{key} has values already: in another unit they would be wrong. End it and add a new one.",
        }  # fmt: skip
        if faults := reshape_faults(db, kpi, shape):
            raise Problem(" ".join(why[one] for one in faults))
        changed = reshape(db, kpi, shape)
        if not changed:
            return f"{key}: it stands so already."
        record(
            db, clock.real(), "kpi.changed", actor=None, kind="kpi", object_id=kpi.id, changed=", ".join(changed)
        )  # fmt: skip
        db.add(
            TaskRow(
                conversation=TOLD, step="tell", key=f"kpi.changed:{new_id()}", at=clock.now(), created_at=clock.real(),
                cursor={"kpis": [str(kpi.id)], "worse": [], "entered": False},
            )
        )  # fmt: skip
    return f"{key}: {', '.join(changed)} changed."


def _shape(kpi: Kpi, wanted: Anew) -> Shape:
    if wanted.title is not None and not wanted.title.strip():
        raise Problem("--title: it needs one.")
    if wanted.every is not None and wanted.every < 1:
        raise Problem(f"--every {wanted.every}: give a number of days.")
    return Shape(
        (kpi.title or "") if wanted.title is None else wanted.title.strip(),
        kpi.unit if wanted.unit is None else code_of(wanted.unit),
        wanted.every or kpi.cadence_days,
        kpi.source if wanted.source is None else wanted.source.strip() or None,
    )  # fmt: skip
