"""Key figures as they stand: the last values, the band of each day, the status; what this person may do with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from bot.access import Action, Subject, may
from bot.access.knowing import actor_of, switched_off
from bot.clock import to_local
from bot.conversation import Context
from bot.rules import kpi_asking, kpis
from bot.storage.audit import record
from bot.storage.departments import department_names
from bot.storage.kpi_values import bands_of, kpi_of, values_of
from bot.storage.kpis import Kpi, KpiBand, KpiValue
from bot.storage.people import Person, people_by_id
from bot.storage.policy import allows

LEVELS = ("company", "department", "team")


@dataclass(frozen=True)
class Figure:
    """`values` are the newest ones, the oldest of them first; `bands` the oldest first. `today`: the day on which
    somebody looks at it.
    """

    kpi: Kpi
    bands: tuple[KpiBand, ...]
    values: tuple[KpiValue, ...]
    owner: Person | None
    department: str
    today: date

    @property
    def title(self) -> str:
        return self.kpi.title or self.kpi.key

    @property
    def last(self) -> KpiValue | None:
        return self.values[-1] if self.values else None

    @property
    def status(self) -> kpis.Status:
        last = self.last
        value, day = (last.value, last.day) if last else (None, None)
        return kpis.status(self.band_on(day or self.today), value, day, self.today, self.kpi.cadence_days)

    @property
    def change(self) -> Decimal | None:
        return kpis.change([one.value for one in self.values])

    @property
    def trend(self) -> kpis.Trend | None:
        return kpis.trend([one.value for one in self.values])

    def band_on(self, day: date) -> kpis.Band:
        dated = [kpis.Dated(one.starts_on, kpis.Band(one.low, one.high, one.near)) for one in self.bands]
        return kpis.band_of(dated, day)

    def standing(self, value: KpiValue) -> kpis.Standing:
        """By the band of its own day."""
        return kpis.standing(self.band_on(value.day), value.value)

    @property
    def due_on(self) -> date:
        """By the calendar of whoever looks after it."""
        zone = self.owner.zone if self.owner else "UTC"
        begun = to_local(self.kpi.created_at, zone).date()
        return kpi_asking.due_on(self.last.day if self.last else None, begun, self.kpi.cadence_days)

    @property
    def is_due(self) -> bool:
        return self.due_on <= self.today


def figures(db: Session, rows: Sequence[Kpi], today: date, most: int = kpis.TREND_VALUES) -> list[Figure]:
    """The company's first, then those of each department and team, by name; with so many of their values."""
    ids = [one.id for one in rows]
    bands, values, names = bands_of(db, ids), values_of(db, ids, most), department_names(db)
    owners = people_by_id(db, [one.owner_id for one in rows if one.owner_id])
    found = [
        Figure(
            one, tuple(bands.get(one.id, ())), tuple(values.get(one.id, ())),
            owners.get(one.owner_id) if one.owner_id else None,
            names.get(one.department_id, "") if one.department_id else "", today,
        )
        for one in rows
    ]  # fmt: skip
    return sorted(found, key=lambda of: (LEVELS.index(of.kpi.level), of.department, of.title.casefold()))


def figure(ctx: Context, row: Kpi, most: int = kpis.TREND_VALUES) -> Figure:
    return figures(ctx.db, [row], ctx.local_now.date(), most)[0]


def named(ctx: Context, *, most: int = kpis.TREND_VALUES, locked: bool = False, ended: bool = False) -> Figure | None:
    """The one whose id the button carries, if this person may see it; `ended`: also one that nobody watches."""
    try:
        row = kpi_of(ctx.db, UUID(ctx.args[0]), locked=locked) if ctx.args else None
    except ValueError:
        row = None
    if row is None or (row.ended_at is not None and not ended):
        return None
    of = figure(ctx, row, most)
    return of if can(ctx, "read", of) else None


def are_on(ctx: Context) -> bool:
    """Whether the policy has them where this person works."""
    return allows(ctx.db, "kpis", ctx.person)


def can(ctx: Context, action: Action, of: Figure) -> bool:
    return may_do(ctx, action, of.kpi.owner_id, of.kpi.department_id)


def may_do(ctx: Context, action: Action, owner: UUID | None, department: UUID | None) -> bool:
    off = switched_off(ctx.db, "kpi", [ctx.person.id]).get(ctx.person.id, frozenset())
    actor = actor_of(ctx.db, ctx.actor.id, ctx.roles, ctx.local_now.date())
    return are_on(ctx) and bool(may(actor, action, Subject("kpi", owner=owner, department=department, off=off)))


def unhealthy(found: Iterable[Figure]) -> list[Figure]:
    """Those not in their band, the worst first; those without data last."""
    order: tuple[kpis.Status, ...] = ("out", "near", "no_data")
    return sorted((one for one in found if one.status in order), key=lambda one: order.index(one.status))


def audited(ctx: Context, action: str, kpi: UUID, **details: str | int) -> None:
    record(
        ctx.db, ctx.real_now, action, actor=ctx.actor.id, kind="kpi", object_id=kpi, on_behalf_of=None, **details
    )  # fmt: skip
