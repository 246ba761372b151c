"""The sample company: 45 people in four departments and four time zones, always the same."""

from __future__ import annotations

import csv
import unicodedata
import uuid
from dataclasses import dataclass
from pathlib import Path

from desk.teams.tenant import App, Tenant
from desk.teams.values import Account
from desk.values import Member
from desk.workspace import Identity, Room, Workspace

ZONES = {
    "L": "Europe/Lisbon",
    "B": "Europe/Berlin",
    "N": "America/New_York",
    "K": "Asia/Kolkata",
}

# One person reads another language than the rest.
LOCALES = {"Jonas Keller": "de-DE"}

# manager, then the people who report to them, each with a letter for the zone
ENGINEERING = """
    -: Margaret Quill B
    Margaret Quill: Konrad Weiss B
    Konrad Weiss: Grace Murray N, Priya Raman K, Tiago Alves L
    Grace Murray: Ada Byron L, Linus Holm B, Noor Haddad N, Jonas Keller B, Mei Tanaka N
    Priya Raman: Arjun Desai K, Kavya Nair K, Rohan Iyer K, Zoë Brandt B
    Tiago Alves: Inês Duarte L, Samuel Okoro L, Beatriz Lima L, Felix Sommer B
"""
SALES = """
    Margaret Quill: Victor Lang N
    Victor Lang: Camille Petit B, Dolores Vega N
    Camille Petit: Eve Moreau B, Anton Richter B, Sofia Nunes L, Marek Nowak B, Lena Vogt B
    Dolores Vega: Caleb Stone N, Ruth Avery N, Isaac Ford N, Naomi Price N, Vikram Shah K, Paula Reyes N
"""
CARE = """
    Margaret Quill: Helena Costa L
    Helena Costa: Deepa Menon K, Oscar Lind B
    Deepa Menon: Anil Kapoor K, Sunita Rao K, Farah Khan K, Manoj Pillai K
    Oscar Lind: Rita Sousa L, Greta Hahn B, Hugo Ferreira L
"""
PEOPLE = """
    Margaret Quill: Hana Sato B
    Hana Sato: Miriam Adler B, Joel Barnes N
"""
# On Teams, if the company is not on Slack alone: these and who reports to them.
ON_TEAMS = ("Dolores Vega", "Priya Raman")
ON_BOTH = ("Linus Holm",)
DEPARTMENTS = {"Engineering": ENGINEERING, "Sales": SALES, "Customer Care": CARE, "People": PEOPLE}


@dataclass(frozen=True)
class Person:
    name: str
    manager: str | None
    department: str
    zone: str

    @property
    def email(self) -> str:
        return _ascii(self.name).lower().replace(" ", ".") + "@example.org"

    @property
    def user_id(self) -> str:
        """Readable, so that a log or a failed test says who it was."""
        return "U0" + _ascii(self.name).upper().replace(" ", "")

    @property
    def object_id(self) -> str:
        """In the directory of the tenant."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"mailto:{self.email}"))

    @property
    def on_slack(self) -> bool:
        return self.name not in ON_TEAMS and self.manager not in ON_TEAMS

    @property
    def on_teams(self) -> bool:
        return not self.on_slack or self.name in ON_BOTH


def _ascii(name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()


def people() -> list[Person]:
    found = []
    for department, chart in DEPARTMENTS.items():
        for line in chart.strip().splitlines():
            manager, _, reports = line.strip().partition(": ")
            for report in reports.split(", "):
                name, zone = report[:-2], ZONES[report[-1]]
                found.append(Person(name, None if manager == "-" else manager, department, zone))
    return found


def person(name: str) -> Person:
    return next(each for each in people() if each.name == name)


def write_csv(path: Path) -> None:
    by_name = {each.name: each for each in people()}
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("name", "email", "manager_email", "department", "zone"))
        for each in by_name.values():
            manager = by_name[each.manager].email if each.manager else ""
            rows.writerow((each.name, each.email, manager, each.department, each.zone))


def hr_room() -> Room:
    people_team = frozenset(each.user_id for each in people() if each.department == "People")
    return Room("C0HR", "hr", people_team, purpose="Where HR hears from Rapport")


def workspace(identity: Identity | None = None, *, teams: bool = False) -> Workspace:
    """All of the company, or those whom its Teams leaves to Slack."""
    members = [
        Member(each.user_id, each.name, each.email, each.zone, LOCALES.get(each.name, "en-US"), title=each.department)
        for each in people()
        if each.on_slack or not teams
    ]
    return Workspace(identity or Identity(), people=members, channels=[hr_room()])


def tenant(app: App | None = None, *, teams: bool = False) -> Tenant:
    """Nobody, or those of the company who are on Teams."""
    accounts = [
        Account(each.object_id, each.name, each.email, each.zone, LOCALES.get(each.name, "en-US"), each.department)
        for each in people()
        if each.on_teams and teams
    ]
    return Tenant(app or App(), people=accounts)
