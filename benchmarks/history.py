"""A year of check-ins, made by the database itself: fifteen million rows would take long to send."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from benchmarks.company import Company, lead_of
from bot.storage.base import new_id
from bot.storage.database import Database

WEEKS = 52
DEPARTMENT = 250
ROWS = 20_000

# `n` counts people; each week has ids of its own, which grow with time as those of the bot do.
PEOPLE = """CREATE TEMPORARY TABLE counted (n integer PRIMARY KEY, person {id}, manager {id}, department {id})"""
PLACES = "UPDATE membership SET department_id = (SELECT department FROM counted WHERE person = membership.person_id)"
# Nine of ten answer, one of them late; one of thirty leaves it out.
ASKS = """
INSERT INTO ask (id, person_id, conversation, about_id, occurrence, programme_id, question_set_id, manager_id,
                 department_id, state, reason, zone, opens_at, due_at, nudges, submitted_at, created_at)
SELECT {key}, person, 'checkin', person, {day}, '{programme}', '{questions}', manager, department,
       CASE WHEN {dice} < 90 THEN 'submitted' WHEN {dice} < 93 THEN 'not_expected' ELSE 'closed' END,
       CASE WHEN {dice} BETWEEN 90 AND 92 THEN 'nothing_new' END, 'Europe/Berlin', {opens}, {due}, 0,
       CASE WHEN {dice} < 90 THEN {opens} + CASE WHEN {dice} < 10 THEN {late} ELSE {soon} END END, {opens}
FROM counted
"""
CHECKINS = """
INSERT INTO checkin (id, ask_id, person_id, occurrence, reader_id, version, submitted_at)
SELECT {key}, {key}, person, {day}, manager, 1, {opens} FROM counted WHERE {dice} < 90
"""
# Two of three say how it felt, one of four shares it.
ANSWERS = """
INSERT INTO checkin_version (id, checkin_id, author_id, version, question_set_id, mood, workload, numbers, submitted_at,
                             created_by)
SELECT {key}, {key}, person, 1, '{questions}', CASE WHEN {other} % 3 > 0 THEN 1 + {other} % 5 END,
       CASE WHEN {other} % 3 > 0 THEN 2 + {other} % 3 END,
       CASE WHEN {other} % 4 = 0 THEN '{{"share_mood": true}}' ELSE '{{"share_mood": false}}' END{json}, {opens}, person
FROM counted WHERE {dice} < 90
"""
# One of twenty is blocked; what is older than two weeks is out of the way.
BLOCKERS = """
INSERT INTO blocker (id, checkin_id, person_id, manager_id, state, steps, opened_at, moved_at)
SELECT {key}, {key}, person, manager, '{blocked}', 1, {opens}, {opens} FROM counted
WHERE {dice} < 90 AND {other} % 20 = 0
"""

FILLED = "('ask', 'checkin', 'checkin_version', 'blocker')"
INDEXES = f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN {FILLED}"
SERVER_INDEXES = f"""
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename IN {FILLED} AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


def live(database: Database, people: Company, newest: date, weeks: int) -> None:
    """Everybody asked each Thursday of so many weeks, the last of which begins on this Monday."""
    with database.engine.connect() as connection:
        _unhindered(connection)
        indexes = _without_indexes(connection)
        _place(connection, people)
        for back in reversed(range(weeks)):
            with connection.begin():
                words = _words(connection, people, newest - timedelta(weeks=back), weeks - back, back)
                for statement in (ASKS, CHECKINS, ANSWERS, BLOCKERS):
                    connection.exec_driver_sql(
                        statement.format(**words).replace("%", "%%" if _server(connection) else "%")
                    )
        with connection.begin():
            for made in indexes:
                connection.exec_driver_sql(made)
            if _server(connection):
                connection.exec_driver_sql("ANALYZE")
    # What is measured begins on a connection as the bot opens it.
    database.engine.dispose()


def _server(connection: sa.Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _unhindered(connection: sa.Connection) -> None:
    """What is written here is right by construction."""
    if _server(connection):
        connection.exec_driver_sql("SET statement_timeout = 0")
        connection.exec_driver_sql("SET session_replication_role = replica")
        connection.commit()
    else:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys = OFF")
        # A gigabyte: people's rows lie everywhere in the indexes.
        raw.execute("PRAGMA cache_size = -1000000")
        raw.execute("PRAGMA journal_mode = OFF")


def _without_indexes(connection: sa.Connection) -> list[str]:
    """The statements that make them again, at once and sorted; those of unique constraints stay on both."""
    chosen = SERVER_INDEXES if _server(connection) else INDEXES
    with connection.begin():
        found = connection.exec_driver_sql(chosen).all()
        for name, _ in found:
            connection.exec_driver_sql(f"DROP INDEX {name}")
    return [made for _, made in found]


def _place(connection: sa.Connection, people: Company) -> None:
    server = _server(connection)
    departments = [new_id() for _ in range(-(-len(people.people) // DEPARTMENT))]

    def key(value: Any) -> Any:
        return value if server or value is None else value.hex

    rows = [
        {"n": one.at, "person": key(one.id), "manager": key(lead_of(people.people, one)),
         "department": key(departments[one.at // DEPARTMENT])}
        for one in people.people
    ]  # fmt: skip
    added = sa.text("INSERT INTO counted VALUES (:n, :person, :manager, :department)")
    with connection.begin():
        connection.exec_driver_sql(PEOPLE.format(id="uuid" if server else "char(32)"))
        for at in range(0, len(rows), ROWS):
            connection.execute(added, rows[at : at + ROWS])
        named = sa.text("INSERT INTO department (id, name, created_at) VALUES (:id, :name, 0)")
        connection.execute(
            named, [{"id": key(one), "name": f"Department {at:03}"} for at, one in enumerate(departments)]
        )
        connection.exec_driver_sql("CREATE INDEX counted_person ON counted (person)")
        connection.exec_driver_sql(PLACES)


def _words(connection: sa.Connection, people: Company, monday: date, week: int, back: int) -> dict[str, Any]:
    server = _server(connection)
    thursday = monday + timedelta(days=3)
    opens = datetime.combine(thursday, time(9), UTC)
    hours = 3_600_000_000
    key = f"lpad(to_hex({week}), 8, '0') || lpad(to_hex(n), 24, '0')" if server else f"printf('%08x%024x', {week}, n)"
    plain = (lambda one: str(one)) if server else (lambda one: one.hex)
    return {
        "key": f"({key})::uuid" if server else key, "day": f"DATE '{thursday}'" if server else f"'{thursday}'",
        "json": "::json" if server else "", "programme": plain(people.programme), "questions": plain(people.questions),
        "opens": int(opens.timestamp() * 1_000_000), "due": int(opens.timestamp() * 1_000_000) + 30 * hours,
        "soon": 3 * hours, "late": 50 * hours, "blocked": "open" if back < 2 else "solved",
        # The same in every run, and another each week.
        "dice": f"((n * 7919 + {week} * 104729) % 100)", "other": f"((n * 31 + {week} * 17) / 7)",
    }  # fmt: skip
