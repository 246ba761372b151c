"""Figures of a week as the database counts and keeps them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import world as worlds
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from weeks import Weeks

from bot import app as house
from bot.storage import answers as counted_answers
from bot.storage import figures
from bot.storage.answers import Answer, Answered
from bot.storage.blockers import blockers_counted
from bot.storage.database import Database
from bot.storage.figures import COMPANY, Counted, WeeklyFigures
from bot.storage.inbox import InboxItem
from bot.storage.people import Person, Role
from bot.storage.weeks import open_until

WEEK = date(2026, 11, 23)
BEFORE = WEEK - timedelta(days=7)
DUE = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
# The Monday after, in the morning.
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    opened = house.open_database(worlds.settings(tmp_path, database_url), "OFF")
    yield opened
    opened.dispose()


@contextmanager
def weeks(database: Database) -> Iterator[Weeks]:
    with database.transaction() as db:
        yield Weeks.of(db)


def counted(db: Session, **of: Any) -> list[Counted]:
    found = figures.asks_counted(db, "checkin", WEEK, NOW, ("other", "away"))
    return [one for one in found if all(getattr(one, name) == value for name, value in of.items())]


def test_a_week_waits_for_deadlines_that_moved_only_where_that_are_most(database: Database) -> None:
    later = NOW + 7 * HOUR
    with weeks(database) as made:
        people = made.hire(4)
        made.answered(people[0], WEEK)
        for one in people[1:3]:
            made.asked(one, WEEK)
        assert open_until(made.db, "checkin", WEEK, NOW) is None
        mine = made.asked(people[3], WEEK, state="open", due_at=later, days_later=1)
        assert open_until(made.db, "checkin", WEEK, NOW) is None, "one of four"
        # On a public holiday it is nearly everybody.
        for other in made.hire(4):
            made.asked(other, WEEK, state="open", due_at=later, days_later=1)
        assert open_until(made.db, "checkin", WEEK, NOW) == later
        # A common one, as after a pause, is always waited for.
        mine.due_at, mine.days_later = later - HOUR, 0
        made.db.flush()
        assert open_until(made.db, "checkin", WEEK, NOW) == later - HOUR


def test_asks_are_counted_by_department_and_reason(database: Database) -> None:
    with weeks(database) as made:
        [on_time, late, missed, closed, left_out, away, open_] = made.hire(7, "Sales")
        made.answered(on_time, WEEK)
        made.answered(late, WEEK, at=DUE + HOUR)
        made.asked(missed, WEEK)
        made.asked(closed, WEEK, state="closed", closed_at=NOW)
        made.asked(left_out, WEEK, state="not_expected", reason="other")
        made.asked(away, WEEK, state="not_expected", reason="away")
        made.asked(open_, WEEK, state="open", due_at=NOW + HOUR)
        [nobody] = made.hire(1)
        made.asked(nobody, WEEK)
        # Neither next week's, nor one of another conversation.
        made.asked(missed, WEEK + timedelta(days=7))
        made.asked(missed, WEEK, conversation="okr")
        sales = made.departments["Sales"]
        db = made.db
        assert sum(one.assigned for one in figures.asks_counted(db, "checkin", WEEK, NOW)) == 8
        assert counted(db, department=sales) == [Counted(sales, 7, 3, 0, 2, 1, (1, 1))]
        assert counted(db, department=None) == [Counted(None, 1, 0, 0, 0, 0, (0, 0))]


def test_an_answer_of_the_week_that_comes_later_is_not_counted(database: Database) -> None:
    with weeks(database) as made:
        [late] = made.hire(1, "Sales")
        made.answered(late, WEEK, at=NOW + HOUR)
        assert [one.submitted for one in counted(made.db)] == [0]


@pytest.mark.parametrize(("day", "left"), [(DUE.date() - timedelta(days=1), 1), (DUE.date(), 0), (WEEK, 1)])
def test_who_left_before_the_due_time_was_not_expected(database: Database, day: date, left: int) -> None:
    with weeks(database) as made:
        [missed, sent] = made.hire(2, "Sales")
        made.asked(missed, WEEK)
        made.answered(sent, WEEK)
        for person in (missed, sent):
            made.db.get_one(Person, person).left_on = day
        made.db.flush()
        [one] = counted(made.db)
        assert (one.assigned, one.left, one.submitted) == (2, left, 1)


def answers(database: Database) -> list[Answered]:
    with database.transaction() as db:
        return counted_answers.answered(db, WEEK, NOW)


def test_answers_are_counted_by_department_manager_and_whether_they_are_shared(database: Database) -> None:
    with weeks(database) as made:
        [manager] = made.hire(1)
        [a, b, c, d] = made.hire(4, "Sales", manager)
        made.answered(a, WEEK, 4, 1)
        made.answered(b, WEEK, 4, 5)
        made.answered(c, WEEK, 2, None, shared=True)
        made.answered(d, WEEK, None, 3, shared=True)
        made.asked(manager, WEEK)
        sales = made.departments["Sales"]
    place = (written(database, sales), written(database, manager))
    assert answers(database) == [
        Answered(*place, (0, 1, 0, 2, 0), (0, 1, 0, 0, 0), (1, 0, 2), (1, 0, 0)),
    ]


def test_every_answer_is_counted_as_it_was_given(database: Database) -> None:
    given = list(product((None, 1, 2, 3, 4, 5), (None, 1, 2, 3, 4, 5), (False, True)))
    with weeks(database) as made:
        [manager] = made.hire(1)
        for person, (mood, workload, shared) in zip(made.hire(len(given), "Sales", manager), given, strict=True):
            made.answered(person, WEEK, mood, workload, shared=shared)
    [one] = answers(database)
    assert one.mood == (12,) * 5
    assert one.mood_shared == (6,) * 5
    assert one.workload == (12, 24, 24)
    assert one.workload_shared == (6, 12, 12)


def test_of_who_sees_all_the_own_answer_is_told(database: Database) -> None:
    with weeks(database) as made:
        [manager] = made.hire(1)
        [hr, other] = made.hire(2, "Sales", manager)
        for person in (hr, other):
            made.answered(person, WEEK, 4, 1, shared=True)
        made.db.add(Role(person_id=hr, name="hr_partner", starts_on=WEEK))
        made.db.flush()
        place = written(database, made.departments["Sales"]), written(database, manager)
        found = counted_answers.answers_of(made.db, WEEK, NOW, ("hr_partner",), NOW.date())
    assert found == {written(database, hr): Answer(*place, 4, 2, True)}


def test_of_two_check_ins_in_a_week_the_earlier_counts_while_the_later_can_be_changed(database: Database) -> None:
    with weeks(database) as made:
        [person, colleague] = made.hire(2)
        made.answered(person, WEEK, 1, day=1)
        made.answered(person, WEEK, 2, day=3, due_at=NOW + HOUR)
        made.answered(colleague, WEEK, 5, day=3)
    assert [one.mood for one in answers(database)] == [(1, 0, 0, 0, 1)]


def written(database: Database, key: UUID) -> str:
    return key.hex if database.dialect == "sqlite" else str(key)


def test_only_the_newest_version_and_the_newest_check_in_of_the_week_count(database: Database) -> None:
    with weeks(database) as made:
        [person] = made.hire(1)
        made.answered(person, WEEK, 1, day=1)
        made.edited(made.answered(person, WEEK, 2), 5)
        made.answered(person, BEFORE, 3)
    assert answers(database) == [Answered(None, None, (0, 0, 0, 0, 1), (0,) * 5, (0,) * 3, (0,) * 3)]


def test_what_somebody_else_may_come_to_read_does_not_count(database: Database) -> None:
    """HR has yet to settle who Grace's manager is, and who reads what was shared with nobody."""
    with weeks(database) as made:
        [manager] = made.hire(1)
        [one, contradicts, settled] = made.hire(3, "Sales", manager)
        for person in (one, contradicts, settled):
            made.answered(person, WEEK, 4)
        for person, state in ((contradicts, "open"), (settled, "answered")):
            made.db.add(InboxItem(kind="not_my_manager", person_id=person, state=state, due_at=NOW, created_at=NOW))
        [nobody, reads] = made.hire(2)
        made.answered(nobody, WEEK, 1, shared=True)
        made.answered(reads, WEEK, 2)
    assert sorted(one.mood for one in answers(database)) == [(0, 0, 0, 2, 0), (0, 1, 0, 0, 0)]


def test_what_was_shared_once_counts_as_known(database: Database) -> None:
    with weeks(database) as made:
        [manager] = made.hire(1)
        [person] = made.hire(1, "Sales", manager)
        made.edited(made.answered(person, WEEK, 2, shared=True), 2, shared=False)
    assert [one.mood_shared for one in answers(database)] == [(0, 1, 0, 0, 0)]


def test_an_answer_that_can_still_be_changed_or_shared_does_not_count(database: Database) -> None:
    with weeks(database) as made:
        [person] = made.hire(1)
        made.answered(person, WEEK, 2, due_at=NOW + HOUR)
    assert answers(database) == []


def released(database: Database) -> list[tuple[str, int]]:
    with database.transaction() as db:
        rows = db.execute(select(WeeklyFigures.name, WeeklyFigures.body).order_by(WeeklyFigures.name))
        return [(row.name, row.body["of"]) for row in rows]


def test_what_was_released_first_stays(database: Database) -> None:
    for of in (1, 2):
        with database.transaction() as db:
            figures.keep(db, WEEK, {COMPANY: {"of": of}, "manager:a": {"of": of}, f"manager:{of}": {"of": of}}, NOW)
    assert released(database) == [("company", 1), ("manager:1", 1), ("manager:a", 1)]


def test_of_two_replicas_one_releases_and_the_other_reads_that(database: Database) -> None:
    """On SQLite the second one does not even begin before."""
    both = threading.Barrier(2)
    seen: list[Any] = []

    def release(of: int) -> None:
        if database.dialect != "sqlite":
            both.wait(10)
        with database.transaction() as db:
            found = figures.released(db, WEEK, COMPANY)
            if database.dialect != "sqlite":
                both.wait(10)
            if found is None:
                figures.keep(db, WEEK, {COMPANY: {"of": of}, f"manager:{of}": {"of": of}}, NOW)
            seen.append(figures.released(db, WEEK, COMPANY))

    threads = [threading.Thread(target=release, args=(of,)) for of in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    [company, team] = released(database)
    assert seen == [{"of": company[1]}] * 2
    assert team == (f"manager:{company[1]}", company[1])


def test_earlier_weeks_come_in_their_order(database: Database) -> None:
    with database.transaction() as db:
        for back in (0, 2, 1, 3):
            figures.keep(db, WEEK - timedelta(days=7 * back), {COMPANY: {"of": back}}, NOW)
        found = figures.released_until(db, WEEK - timedelta(days=7), COMPANY, 2)
    assert [body["of"] for _, body in found] == [2, 1]


def test_blockers_are_counted_by_department_and_age_while_they_are_in_the_way(database: Database) -> None:
    with weeks(database) as made:
        people = made.hire(6, "Sales")
        sales: UUID = made.departments["Sales"]
        states = ["open", "open", "taken", "passed_up", "solved", "open"]
        for at, (person, state) in enumerate(zip(people, states, strict=True)):
            made.blocked(made.answered(person, WEEK), state, DUE - timedelta(days=at))
        made.db.get_one(Person, people[5]).status = "left"
        [nobody] = made.hire(1)
        made.blocked(made.answered(nobody, WEEK), "open", DUE)
        found = blockers_counted(made.db, DUE, NOW.date())
    assert {(one.department, one.state, one.count, one.unanswered) for one in found} == {
        (sales, "open", 2, 1), (sales, "taken", 1, 0), (sales, "passed_up", 1, 0), (None, "open", 1, 0),
    }  # fmt: skip


def test_the_plan_of_the_aggregates_reads_one_index_range(database: Database) -> None:
    """Years of asks lie beside the two weeks that are counted."""
    if database.dialect != "sqlite":
        pytest.skip("with a handful of rows PostgreSQL reads the whole table, and is right")
    with weeks(database) as made:
        statements: list[str] = []
        event.listen(database.engine, "before_cursor_execute", lambda *given: statements.append((given[2], given[3])))  # type: ignore[arg-type]
        figures.asks_counted(made.db, "checkin", WEEK, NOW)
        counted_answers.answered(made.db, WEEK, NOW)
        counted_answers.answers_of(made.db, WEEK, NOW, ("hr_partner",), NOW.date())
        blockers_counted(made.db, DUE, NOW.date())
        for sql, values in list(statements):
            plan = made.db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
            whole = ("SCAN ask", "SCAN checkin", "SCAN checkin_version", "SCAN blocker")
            assert not [row[3] for row in plan if row[3] in whole]
