"""The person: who they are to Rapport, their accounts, managers, departments, roles, absences and delegates."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.storage.delegations import Delegation
from bot.storage.exports import Entry, Held, Names
from bot.storage.people import Absence, Address, Department, Membership, Person, ReportingLine, Role
from bot.storage.workspaces import Workspace
from bot.texts import mark

SPAN = {"starts_on": mark("From"), "ends_on": mark("Until")}
HR_AND_MANAGER = mark("You, HR and your manager")


def _profile(db: Session, person: Person) -> list[Entry]:
    return [
        {
            "name": person.name, "email": person.email, "external_id": person.external_id, "zone": person.zone,
            "zone_chosen": person.zone_chosen, "locale": person.locale, "locale_chosen": person.locale_chosen,
            "work_days": person.work_days, "day_starts": person.day_starts, "day_ends": person.day_ends,
            "country": person.country, "region": person.region, "level": person.level,
            "role_profile": person.role_profile, "hired_on": person.hired_on, "left_on": person.left_on,
            "state": person.status, "digest_due_at": person.digest_due_at, "created_at": person.created_at,
        }
    ]  # fmt: skip


profile = Held(
    "profile", 10, mark("About you"), HR_AND_MANAGER, ("person",), _profile,
    {
        "name": mark("Name"), "email": mark("E-mail"), "external_id": mark("Number in the list of HR"),
        "zone": mark("Time zone"), "zone_chosen": mark("Time zone chosen by you"), "locale": mark("Language"),
        "locale_chosen": mark("Language chosen by you"), "work_days": mark("Working days"),
        "day_starts": mark("Work begins"), "day_ends": mark("Work ends"), "country": mark("Country"),
        "region": mark("Region"), "level": mark("Level"), "role_profile": mark("Role profile"),
        "hired_on": mark("Hired"), "left_on": mark("Left"), "state": mark("State"),
        "digest_due_at": mark("Next digest"), "created_at": mark("Known since"),
    },
    "created_at", {"active": mark("active"), "coming": mark("not here yet"), "left": mark("left")},
)  # fmt: skip


def _accounts(db: Session, person: Person) -> list[Entry]:
    rows = db.execute(
        select(Address, Workspace.name)
        .join(Workspace, Workspace.id == Address.workspace_id)
        .where(Address.person_id == person.id)
        .order_by(Address.created_at)
    )
    return [
        {
            "workspace": workspace, "user": one.user, "channel": one.channel, "reachable": one.reachable,
            "home_seen": one.home_seen, "zone": one.zone, "locale": one.locale,
            "last_used_at": one.last_used_at, "created_at": one.created_at,
        }
        for one, workspace in rows
    ]  # fmt: skip


accounts = Held(
    "accounts", 20, mark("Your chat accounts"), mark("You and whoever runs Rapport"), ("address",), _accounts,
    {
        "workspace": mark("Workspace"), "user": mark("Account"), "channel": mark("Our direct message"),
        "reachable": mark("Can be reached"), "home_seen": mark("Home was opened"), "zone": mark("Time zone"),
        "locale": mark("Language"), "last_used_at": mark("Last used"), "created_at": mark("Known since"),
    },
    "created_at",
)  # fmt: skip


def _lines(db: Session, person: Person) -> list[Entry]:
    mine = or_(ReportingLine.person_id == person.id, ReportingLine.manager_id == person.id)
    rows = list(db.scalars(select(ReportingLine).where(mine).order_by(ReportingLine.starts_on, ReportingLine.id)))
    names = Names(db, [one for row in rows for one in (row.person_id, row.manager_id)])
    return [
        {
            "person": names[row.person_id], "manager": names[row.manager_id], "kind": row.kind,
            "starts_on": row.starts_on, "ends_on": row.ends_on,
        }
        for row in rows
    ]  # fmt: skip


lines = Held(
    "reporting_lines", 30, mark("Whom you report to, and who reports to you"), HR_AND_MANAGER, ("reporting_line",),
    _lines, {"person": mark("Person"), "manager": mark("Manager"), "kind": mark("Kind"), **SPAN}, "starts_on",
    {"primary": mark("primary"), "dotted": mark("dotted line")},
)  # fmt: skip


def _departments(db: Session, person: Person) -> list[Entry]:
    rows = db.execute(
        select(Membership, Department.name)
        .join(Department, Department.id == Membership.department_id)
        .where(Membership.person_id == person.id)
        .order_by(Membership.starts_on)
    )
    return [{"department": name, "starts_on": row.starts_on, "ends_on": row.ends_on} for row, name in rows]


departments = Held(
    "departments", 40, mark("Your departments"), HR_AND_MANAGER, ("membership",), _departments,
    {"department": mark("Department"), **SPAN}, "starts_on",
)  # fmt: skip


def _roles(db: Session, person: Person) -> list[Entry]:
    rows = db.execute(
        select(Role, Department.name)
        .outerjoin(Department, Department.id == Role.department_id)
        .where(Role.person_id == person.id)
        .order_by(Role.starts_on)
    )
    return [
        {"role": row.name, "department": name, "starts_on": row.starts_on, "ends_on": row.ends_on} for row, name in rows
    ]


roles = Held(
    "roles", 50, mark("Your roles"), mark("You and HR"), ("role",), _roles,
    {"role": mark("Role"), "department": mark("Department"), **SPAN}, "starts_on",
    {
        "hr_coordinator": mark("HR coordinator"), "hr_partner": mark("HR partner"),
        "hr_case_reviewer": mark("HR case reviewer"), "committee_member": mark("committee member"),
        "fairness_analyst": mark("fairness analyst"), "works_council": mark("works council"),
        "auditor": mark("auditor"), "it_admin": mark("IT administrator"), "break_glass": mark("emergency access"),
    },
)  # fmt: skip


def _absences(db: Session, person: Person) -> list[Entry]:
    rows = list(db.scalars(select(Absence).filter_by(person_id=person.id).order_by(Absence.starts_on)))
    names = Names(db, [row.created_by for row in rows])
    return [
        {
            "starts_on": row.starts_on, "ends_on": row.ends_on, "said_until": row.said_until, "kind": row.kind,
            "created_at": row.created_at, "created_by": names[row.created_by],
        }
        for row in rows
    ]  # fmt: skip


absences = Held(
    "absences", 60, mark("Your absences, without a reason"), mark("You and your manager"), ("absence",), _absences,
    {
        **SPAN, "said_until": mark("Until, by HR's list"), "kind": mark("Kind"), "created_at": mark("Noted"),
        "created_by": mark("Noted by"),
    }, "starts_on",
    {"leave": mark("away")},
)  # fmt: skip


def _delegations(db: Session, person: Person) -> list[Entry]:
    mine = or_(Delegation.person_id == person.id, Delegation.delegate_id == person.id)
    rows = list(db.scalars(select(Delegation).where(mine).order_by(Delegation.starts_on, Delegation.id)))
    names = Names(db, [one for row in rows for one in (row.person_id, row.delegate_id)])
    return [
        {
            "delegate": names[row.delegate_id], "for": names[row.person_id], "scope": row.scope,
            "starts_on": row.starts_on, "ends_on": row.ends_on, "created_at": row.created_at,
        }
        for row in rows
    ]  # fmt: skip


delegations = Held(
    "delegations", 70, mark("Who acts for you, and for whom you act"), mark("You, both sides of it and HR"),
    ("delegation",), _delegations,
    {"delegate": mark("Delegate"), "for": mark("For"), "scope": mark("In what"), **SPAN, "created_at": mark("Noted")},
    "starts_on", {"checkins": mark("check-ins")},
)  # fmt: skip
