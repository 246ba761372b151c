"""Who a programme is for, who is introduced when, and what becomes of their turns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import world as worlds
from sqlalchemy.orm import Session

from bot import app as house
from bot.cadence import Weekly
from bot.clock import to_local
from bot.storage import running, starting
from bot.storage.contacts import FirstContact, contacts_of
from bot.storage.database import Database
from bot.storage.members import approved, belonging, list_people, members_of, reports_below, size
from bot.storage.people import Address, Department, Membership, Person, ReportingLine
from bot.storage.programmes import Programme, QuestionSetRow, Turn
from bot.storage.workspaces import Workspace

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)  # a Monday
MONDAY = date(2026, 11, 23)
CADENCE = Weekly(on=3, at=time(10), due_on=4, due_at=time(16))


@pytest.fixture
def database(tmp_path: Path, database_url: str) -> Iterator[Database]:
    made = house.open_database(worlds.settings(tmp_path, database_url), "OFF")
    yield made
    made.dispose()


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        yield session


def person(db: Session, name: str, under: Person | None = None, zone: str = "Europe/Berlin") -> Person:
    made = Person(
        name=name, email=f"{name.lower()}@example.org", zone=zone, status="active", work_days="0,1,2,3,4",
        day_starts=time(9), day_ends=time(17), created_at=NOW,
    )  # fmt: skip
    db.add(made)
    db.flush()
    if under:
        db.add(ReportingLine(person_id=made.id, manager_id=under.id, kind="primary", starts_on=date(2020, 1, 1)))
        db.flush()
    return made


def programme(db: Session, population: str = "everyone", *, joins: bool = True, **more: UUID) -> Programme:
    questions = QuestionSetRow(key="checkin", version=1, digest=f"{population}{joins}", body="{}", created_at=NOW)
    db.add(questions)
    db.flush()
    made = Programme(
        conversation="checkin", population=population, question_set_id=questions.id, cadence=CADENCE.dump(),
        joins=joins, created_at=NOW, **more,
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def start(db: Session, made: Programme, now: datetime = NOW) -> None:
    starting.start(db, made, now, now, None)
    starting.fill(db, made, now, now)


def names(people: list[Person]) -> list[str]:
    return [one.name for one in people]


def confirm(db: Session, who: Person, sent: datetime = NOW) -> None:
    row = contacts_of(db, [who.id]).get(who.id) or FirstContact(person_id=who.id, created_at=NOW)
    row.state, row.sent_at, row.answered_at = "ok", sent, sent
    db.add(row)
    db.flush()


def turns(db: Session, of: Programme) -> dict[UUID, datetime | None]:
    return {turn.person_id: turn.next_due_at for turn in db.query(Turn).filter_by(programme_id=of.id)}


class TestAPopulation:
    def test_of_everyone_is_who_works_here(self, db: Session) -> None:
        person(db, "Ada")
        person(db, "Gone").status = "left"
        db.flush()
        assert names(belonging(db, programme(db), NOW)) == ["Ada"]

    def test_of_a_department_is_who_is_in_it_today_in_their_own_zone(self, db: Session) -> None:
        sales = Department(name="Sales", created_at=NOW)
        db.add(sales)
        db.flush()
        for name, zone, first, last in (
            ("Ada", "Europe/Berlin", MONDAY, None), ("Eve", "Europe/Berlin", MONDAY + timedelta(days=1), None),
            ("Kiri", "Pacific/Auckland", MONDAY + timedelta(days=1), None),
            ("Gone", "Europe/Berlin", date(2020, 1, 1), MONDAY - timedelta(days=1)),
        ):  # fmt: skip
            one = person(db, name, zone=zone)
            db.add(Membership(person_id=one.id, department_id=sales.id, starts_on=first, ends_on=last))
        db.flush()
        evening = NOW.replace(hour=20)
        assert names(belonging(db, programme(db, "department", department_id=sales.id), evening)) == ["Ada", "Kiri"]

    def test_of_a_tree_is_everybody_below_even_if_the_lines_go_in_a_circle(self, db: Session) -> None:
        top = person(db, "Margaret")
        grace = person(db, "Grace", top)
        ada, linus = person(db, "Ada", grace), person(db, "Linus", grace)
        person(db, "Eve")
        db.add(ReportingLine(person_id=top.id, manager_id=linus.id, kind="primary", starts_on=date(2020, 1, 1)))
        db.flush()
        assert reports_below(db, grace.id, MONDAY) == {ada.id, linus.id, top.id}
        assert names(belonging(db, programme(db, "tree", manager_id=top.id), NOW)) == ["Ada", "Grace", "Linus"]

    def test_of_a_list_is_who_stands_on_it(self, db: Session) -> None:
        ada = person(db, "Ada")
        person(db, "Eve")
        made = programme(db, "list")
        assert belonging(db, made, NOW) == []
        list_people(db, made, [ada.id], NOW, None)
        list_people(db, made, [ada.id], NOW, None)
        assert names(belonging(db, made, NOW)) == ["Ada"]

    def test_is_without_those_taken_out(self, db: Session) -> None:
        ada = person(db, "Ada")
        person(db, "Eve")
        made = programme(db)
        list_people(db, made, [ada.id], NOW, None)[ada.id].out = True
        db.flush()
        assert [db.get_one(Person, one).name for one in approved(db, made, NOW)] == ["Eve"]
        assert size(db, made, NOW) == 1

    @pytest.mark.parametrize(("joins", "later"), [(True, {"Ada", "Zoe"}), (False, {"Ada"})])
    def test_that_has_started_takes_newcomers_if_they_join(self, db: Session, joins: bool, later: set[str]) -> None:
        person(db, "Ada")
        made = programme(db, joins=joins)
        start(db, made)
        person(db, "Zoe")
        starting.fill_running(db, NOW, NOW)
        starting.fill_running(db, NOW, NOW)
        listed = {db.get_one(Person, one).name for one in members_of(db, made)}
        assert listed == later
        assert len(turns(db, made)) == len(later)

    def test_loses_who_leaves(self, db: Session) -> None:
        ada = person(db, "Ada")
        made = programme(db)
        start(db, made)
        ada.status = "left"
        db.flush()
        starting.fill_running(db, NOW, NOW)
        assert turns(db, made) == {}


class TestWhoIsIntroducedWhen:
    def test_managers_at_once_their_people_after_the_ok(self, db: Session) -> None:
        grace = person(db, "Grace")
        ada = person(db, "Ada", grace)
        plan = starting.plan(db, [grace, ada], NOW)
        assert plan.due == {grace.id: NOW, ada.id: None}

    def test_a_manager_outside_of_it_is_introduced_and_not_asked(self, db: Session) -> None:
        grace = person(db, "Grace")
        ada = person(db, "Ada", grace)
        made = programme(db, "tree", manager_id=grace.id)
        start(db, made)
        assert set(contacts_of(db, [grace.id, ada.id])) == {grace.id, ada.id}
        assert turns(db, made) == {ada.id: None}

    def test_people_three_working_days_after_their_managers_message(self, db: Session) -> None:
        grace = person(db, "Grace")
        ada = person(db, "Ada", grace)
        confirm(db, grace, NOW - timedelta(days=4))  # the Thursday before
        assert starting.plan(db, [ada], NOW).due == {ada.id: datetime(2026, 11, 24, 8, tzinfo=UTC)}
        confirm(db, grace, NOW - timedelta(days=14))
        assert starting.plan(db, [ada], NOW).due == {ada.id: NOW}

    def test_people_at_once_whose_manager_has_heard_of_it_by_other_means(self, db: Session) -> None:
        grace = person(db, "Grace")
        ada = person(db, "Ada", grace)
        db.add(FirstContact(person_id=grace.id, state="ok", created_at=NOW))
        db.flush()
        assert starting.plan(db, [ada], NOW).due == {ada.id: NOW}

    def test_who_has_no_manager_does_not_wait(self, db: Session) -> None:
        ada = person(db, "Ada")
        assert starting.plan(db, [ada], NOW).due == {ada.id: NOW}

    def test_who_has_no_sound_zone_is_left_out_until_it_is_known(self, db: Session) -> None:
        ada = person(db, "Ada", zone="Mars/Olympus")
        made = programme(db)
        start(db, made)
        assert turns(db, made) == {}
        ada.zone = "Europe/Berlin"
        db.flush()
        starting.fill_running(db, NOW, NOW)
        assert set(turns(db, made)) == {ada.id}

    def test_many_are_spread_over_days_in_each_workspace(self, db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(starting, "PER_DAY", 2)
        people = [person(db, f"P{number}") for number in range(7)]
        for at, bot_user in enumerate(("B1", "B2")):
            place = Workspace(platform="slack", external_id=f"T{at}", name="T", bot_user=bot_user, created_at=NOW)
            place.token = "xoxb-none"
            db.add(place)
            db.flush()
            for one in people[at * 4 : at * 4 + 4]:
                db.add(
                    Address(
                        person_id=one.id, workspace_id=place.id, platform="slack", user=one.name, created_at=NOW
                    )
                )  # fmt: skip
        db.flush()
        due = starting.plan(db, people, NOW).due
        days = [to_local(due[one.id] or NOW, one.zone).date() - MONDAY for one in people]
        assert [each.days for each in days] == [0, 0, 1, 1, 0, 0, 1]

    def test_who_was_introduced_before_is_asked_at_the_next_opening(self, db: Session) -> None:
        ada = person(db, "Ada")
        confirm(db, ada, NOW - timedelta(days=30))
        made = programme(db)
        start(db, made)
        thursday = datetime(2026, 11, 26, 10, tzinfo=ZoneInfo("Europe/Berlin"))
        assert turns(db, made) == {ada.id: thursday.astimezone(UTC)}

    def test_nobody_is_asked_on_the_day_of_their_first_message(self, db: Session) -> None:
        ada = person(db, "Ada")
        thursday = datetime(2026, 11, 26, 8, tzinfo=UTC)
        confirm(db, ada, thursday)
        made = programme(db)
        start(db, made, thursday)
        assert turns(db, made)[ada.id] == datetime(2026, 12, 3, 9, tzinfo=UTC)


class TestWithoutTheOk:
    def test_a_team_starts_three_working_days_after_its_managers_message(self, db: Session) -> None:
        grace = person(db, "Grace")
        ada = person(db, "Ada", grace)
        made = programme(db)
        start(db, made)
        assert running.waiting_for(db, made, NOW) == {grace.id: 1}
        assert running.start_without(db, made, grace.id, NOW, NOW, None) == 1
        assert contacts_of(db, [ada.id])[ada.id].due_at == datetime(2026, 11, 26, 8, tzinfo=UTC)
        assert running.waiting_for(db, made, NOW) == {}


class TestAStop:
    def test_leaves_first_messages_to_another_programme_that_has_the_person(self, db: Session) -> None:
        grace = person(db, "Grace")
        ada, eve = person(db, "Ada", grace), person(db, "Eve")
        first, second = programme(db), programme(db, "list", joins=False)
        list_people(db, second, [ada.id], NOW, None)
        start(db, first)
        start(db, second)
        running.stop(db, first, NOW, NOW, None)
        left = contacts_of(db, [ada.id, eve.id, grace.id])
        assert {one: row.programme_id for one, row in left.items()} == {ada.id: second.id}
