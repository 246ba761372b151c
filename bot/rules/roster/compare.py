"""A people file compared with who is known: who joins, leaves, moves, and what cannot be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from bot.rules.roster.columns import Columns, Fault
from bot.rules.roster.lines import line_up
from bot.rules.roster.matching import Match, match
from bot.rules.roster.plan import ACTIVE, COMING, LEFT, Change, Kind, Known, Leaver, Plan
from bot.rules.roster.rows import Row

_DAY = timedelta(days=1)
WEEK = "0,1,2,3,4"


@dataclass(frozen=True)
class Terms:
    """`full`: who is not in the file has left. `today`: from when on lines hold. `zone`: of new people without one;
    `place`: the country and region whose holidays count for all without a country. `or_else`: what mends a missing zone
    besides, where the file was given.
    """

    full: bool
    today: date
    make_id: Callable[[], UUID]
    zone: str = ""
    place: tuple[str, str] | None = None
    or_else: str = ", or give --zone for all of them"


def compare(rows: Sequence[Row], people: Sequence[Known], columns: Columns, terms: Terms) -> Plan:
    """Faults are told for all rows; with any of them the rest of the plan is not to be carried out."""
    return _Comparison(rows, people, columns, terms).plan()


class _Comparison:
    def __init__(self, rows: Sequence[Row], people: Sequence[Known], columns: Columns, terms: Terms) -> None:
        self._columns, self._terms = columns, terms
        self._known = {one.id: one for one in people}
        self._matched: Match = match(rows, people, columns, terms.make_id)
        self._plan = Plan(faults=self._matched.faults, rows=len(rows), here=sum(one.status != LEFT for one in people))
        self._rows = self._matched.rows
        self._gone = self._leaving()
        self._names = {**{one.id: one.name for one in people}, **{who: row.name for who, row in self._rows.items()}}

    def plan(self) -> Plan:
        wanted = {who: self._change(who, row) for who, row in self._rows.items() if who not in self._gone}
        order = self._order(wanted)
        self._plan.changes = [wanted[who] for who in order if who in wanted and wanted[who].kinds]
        self._plan.same = len(self._rows) - len(self._plan.changes) - sum(who in self._rows for who in self._leavers())
        self._plan.leavers = [Leaver(who, self._names[who], self._gone[who]) for who in self._leavers()]
        self._plan.alone = sorted(
            one.name for one in self._known.values()
            if one.status != LEFT and one.id not in self._gone and self._manager_after(one, wanted) in self._gone
        )  # fmt: skip
        self._plan.unled = sorted(
            one.name for one in wanted.values()
            if one.kinds & {"join", "return"} and (one.manager is None or one.manager in self._gone)
        )  # fmt: skip
        self._plan.names = self._names
        self._plan.faults.sort(key=lambda fault: fault.line)
        return self._plan

    def _leaving(self) -> dict[UUID, date]:
        """Who is not here any more after this import, with their last day; also who had left before, or never came."""
        before = self._terms.today - _DAY
        gone = {who: row.ends for who, row in self._rows.items() if row.ends and row.ends < self._terms.today}
        for one in self._known.values():
            if one.id in self._rows:
                continue
            if one.status == LEFT:
                gone[one.id] = one.left_on or before
            elif self._terms.full:
                gone[one.id] = before
        return gone

    def _leavers(self) -> list[UUID]:
        """Those of them who are here now, by the order of people."""
        return [one.id for one in self._known.values() if one.id in self._gone and one.status != LEFT]

    def _change(self, who: UUID, row: Row) -> Change:
        known = self._known.get(who)
        values = _values(row, known, self._terms, ends="ends" in self._columns.at)
        manager, dotted = self._manager(row, known), self._dotted(row, known)
        if row.dotted is None:
            # Who becomes the manager is not a dotted one beside that.
            dotted -= {manager}
        if manager and manager in dotted:
            self._wrong(row, "dotted", f"{self._names[manager]} is the manager already. Leave them out here.")
        department = known.department if known and row.department is None else row.department or None
        if known is None and not values["zone"]:
            self._wrong(row, "zone", f"is empty. Write a time zone like Europe/Lisbon{self._terms.or_else}.")
        if known is None and not row.email and row.employee_id:
            self._wrong(row, "email", "is empty. New people need the address of their chat account.")
        changed = {key: value for key, value in values.items() if known is None or getattr(known, key) != value}
        hired = values["hired_on"]
        since = max(self._terms.today, hired) if values["status"] == COMING and hired else self._terms.today
        kinds = _kinds(known, changed, manager, dotted, department)
        return Change(row.line, who, values["name"], kinds, changed, manager, dotted, department, since)

    def _wrong(self, row: Row, key: str, why: str) -> None:
        self._plan.faults.append(Fault(row.line, self._columns.title(key), why))

    def _manager(self, row: Row, known: Known | None) -> UUID | None:
        if row.manager is None and row.manager_id is None:
            return known.manager if known else None
        if row.manager:
            return self._above(row, "manager", row.manager, self._matched.by_email.get(row.manager))
        if row.manager_id:
            return self._above(row, "manager_id", row.manager_id, self._matched.by_id.get(row.manager_id))
        return None

    def _dotted(self, row: Row, known: Known | None) -> frozenset[UUID]:
        if row.dotted is None:
            return known.dotted if known else frozenset()
        found = (self._above(row, "dotted", one, self._matched.by_email.get(one)) for one in row.dotted)
        return frozenset(one for one in found if one)

    def _above(self, row: Row, key: str, named: str, upper: UUID | None) -> UUID | None:
        if upper is None:
            self._wrong(row, key, f"nobody has {named!r}. Add that person or correct it.")
        elif upper in self._gone:
            gone = f"has left (last day {self._gone[upper]})" if self._left_before(upper) else "is not in the full file"
            self._wrong(row, key, f"{named!r}, {self._names[upper]}, {gone}. Name somebody who works here.")
        elif self._rows.get(upper) is row:
            self._wrong(row, key, f"nobody manages themselves ({named!r}). Leave it empty at the top.")
        else:
            return upper
        return None

    def _left_before(self, who: UUID) -> bool:
        known = self._known.get(who)
        return who in self._rows or (known is not None and known.status == LEFT)

    def _order(self, wanted: Mapping[UUID, Change]) -> list[UUID]:
        """Managers first; circles are told at their first line in the file."""
        above: dict[UUID, tuple[UUID, ...]] = {}
        for one in self._known.values():
            if one.id not in self._gone:
                above[one.id] = _upwards(one.manager, one.dotted)
        for who, change in wanted.items():
            above[who] = _upwards(change.manager, change.dotted)
        order, circles = line_up(wanted, above)
        for circle in circles:
            if told := [who for who in circle if who in wanted]:
                self._circle(circle, min(told, key=lambda who: wanted[who].line), wanted)
        return order

    def _circle(self, circle: Sequence[UUID], at: UUID, wanted: Mapping[UUID, Change]) -> None:
        turned = [*circle[circle.index(at) :], *circle[: circle.index(at)], at]
        way = " → ".join(self._matched.emails[who] for who in turned)
        key = "dotted" if turned[1] != wanted[at].manager else "manager_id" if self._by_number(at) else "manager"
        self._wrong(self._rows[at], key, f"the line goes in a circle: {way}. Correct one of them.")

    def _by_number(self, who: UUID) -> bool:
        return not self._rows[who].manager

    def _manager_after(self, one: Known, wanted: Mapping[UUID, Change]) -> UUID | None:
        change = wanted.get(one.id)
        row = self._rows.get(one.id)
        names_one = row is not None and (row.manager is not None or row.manager_id is not None)
        return change.manager if change and names_one else one.manager


def _upwards(manager: UUID | None, dotted: frozenset[UUID]) -> tuple[UUID, ...]:
    return (*((manager,) if manager else ()), *sorted(dotted))


def _values(row: Row, known: Known | None, terms: Terms, *, ends: bool) -> dict[str, Any]:
    """The columns of the person as they are to be; `ends`: the file says when people leave."""
    country = row.country or (known.country if known else None)
    region = row.region or (known.region if known and country == known.country else None)
    if not country and terms.place:
        country, region = terms.place[0], terms.place[1] or None
    if known is None:
        coming = row.starts is not None and row.starts > terms.today
        return {
            "name": row.name, "email": row.email, "external_id": row.employee_id or None,
            "zone": row.zone or terms.zone, "locale": row.locale or "en", "country": country, "region": region,
            "work_days": row.days or WEEK, "hired_on": row.starts, "left_on": row.ends,
            "status": COMING if coming else ACTIVE,
        }  # fmt: skip
    hired = row.starts or known.hired_on
    # Whoever works here already does not wait for a first day.
    coming = hired is not None and hired > terms.today and known.status != ACTIVE
    return {
        "name": row.name,
        "email": row.email if row.email and row.email != known.email.lower() else known.email,
        "external_id": row.employee_id or known.external_id,
        "zone": known.zone if known.directory else row.zone or known.zone,
        "locale": known.locale if known.directory else row.locale or known.locale,
        "country": country,
        "region": region,
        "work_days": known.work_days if known.chose else row.days or known.work_days,
        "hired_on": hired,
        "left_on": row.ends if ends or known.status == LEFT else known.left_on,
        "status": COMING if coming else ACTIVE,
    }


def _kinds(
    known: Known | None,
    changed: Mapping[str, Any],
    manager: UUID | None,
    dotted: frozenset[UUID],
    department: str | None,
) -> frozenset[Kind]:
    if known is None:
        return frozenset({"join"})
    kinds = set[Kind]()
    if known.status == LEFT:
        kinds.add("return")
    if known.manager != manager:
        kinds.add("manager")
    if known.dotted != dotted:
        kinds.add("dotted")
    if known.department != department:
        kinds.add("department")
    if "email" in changed:
        kinds.add("email")
    if changed.keys() - {"email"}:
        kinds.add("other")
    return frozenset(kinds)
