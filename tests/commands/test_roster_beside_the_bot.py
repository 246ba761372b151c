"""A roster is imported while people answer: nobody waits for it, who leaves stops at once, who comes is greeted."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
import world as worlds
from patience import PATIENCE

from bot import app as house
from bot import commands
from bot.commands import Options
from bot.storage.contacts import FirstContact
from bot.storage.database import Database
from bot.storage.drafts import Draft
from bot.storage.lines import lead
from bot.storage.outbox import OutboxRow
from bot.storage.people import Person, ReportingLine, Role
from bot.storage.programmes import Turn
from bot.storage.roster import RosterImport

WEEK = {"progress": "Shipped search", "next": "Write the guide"}
HEADER = "Name,Email,Manager Email,Department,Timezone,Start Date,End Date"
OPENS = "2026-11-26 10:00"
EMAILS = {who: worlds.company.person(name).email for who, name in worlds.PEOPLE.items()}


@pytest.fixture
async def terminal(world: worlds.World) -> AsyncIterator[Database]:
    """The database as another process has it open."""
    opened = house.open_database(world.app.settings, "OFF")
    yield opened
    opened.dispose()


def sheet(folder: Path, *rows: str) -> Path:
    path = folder / "list.csv"
    path.write_text("\n".join([HEADER, *rows]), "utf-8")
    return path


def gone(who: str, last: str) -> str:
    return f"{worlds.PEOPLE[who]},{EMAILS[who]},,,,,{last}"


def brought(world: worlds.World, database: Database, file: Path, leaving: int | None = None) -> str:
    return commands.import_people(database, file, world.clock, Options(confirmed=leaving))


async def test_answers_are_acknowledged_between_two_pieces_of_an_import(
    world: worlds.World, terminal: Database, tmp_path: Path
) -> None:
    await world.at(OPENS)
    file = sheet(tmp_path, *(f"Person {at},p{at}@x.org,,Sales,Europe/Berlin,," for at in range(230)))
    written, answered = threading.Event(), threading.Event()

    def step(name: str) -> None:
        if name == "roster.written" and not written.is_set():
            written.set()
            # The import stands still here, and holds nothing that an answer needs.
            assert answered.wait(PATIENCE), "nobody was answered"

    importing = asyncio.create_task(
        asyncio.to_thread(commands.import_people, terminal, file, world.clock, Options(), step=step)
    )
    assert await asyncio.to_thread(written.wait, PATIENCE)
    exchange = await world.answer("ada", **WEEK)
    with world.look() as db:
        begun = db.scalars(sa.select(RosterImport).filter_by(state="running")).one()
        assert [ask.state for ask in world.asks_in(db, "ada")] == ["submitted"]
    answered.set()
    assert (await importing).startswith("230 people added")
    assert exchange.status == 200
    assert begun.written == 200, "a piece is at most two hundred rows"
    with world.look() as db:
        turns = sa.select(sa.func.count()).select_from(Turn).join(Person, Person.id == Turn.person_id)
        assert db.scalar(turns.where(Person.email.like("p%@x.org"))) == 230, "the running programme is for them too"


async def test_who_leaves_stops_at_once(world: worlds.World, terminal: Database, tmp_path: Path) -> None:
    await world.at(OPENS)
    await world.command("ada", "/checkin")
    sent = len(world.messages("ada"))
    with world.look() as db:
        ada, hana = world.person(db, "ada"), world.person(db, "hana")
        db.add(Draft(person_id=ada.id, conversation="checkin", subject="x", updated_at=world.clock.now(), raw="{}"))
        db.add(Role(person_id=ada.id, name="hr_partner", starts_on=date(2026, 1, 1)))
        db.add(
            OutboxRow(
                key="held", kind="send", purpose="news", person_id=ada.id, due_at=world.clock.real(), state="held",
                created_at=world.clock.real(), locale="en",
            )
        )  # fmt: skip
        # Somebody works for Ada.
        lead(db, hana.id, ada.id, date(2026, 11, 1))
    said: list[str] = []
    left = gone("ada", "2026-11-24")
    commands.import_people(terminal, sheet(tmp_path, left), world.clock, Options(confirmed=1), said.append)
    assert "1 person without a manager then, as theirs leaves: Hana Sato" in said
    with world.look() as db:
        stored = db.get_one(Person, ada.id)
        assert (stored.status, stored.left_on) == ("left", date(2026, 11, 24))
        [ask] = world.asks_in(db, "ada")
        assert (ask.state, ask.reason, ask.closed_at) == ("not_expected", "left", world.clock.now())
        assert ask.remind_at is None
        rows = db.scalars(sa.select(OutboxRow).filter_by(person_id=ada.id)).all()
        assert {row.state for row in rows} == {"done", "cancelled"}
        assert next(row for row in rows if row.key == "held").state == "cancelled"
        for table in (Draft, Turn):
            assert db.scalars(sa.select(table).filter_by(person_id=ada.id)).all() == []
        own, under = (
            db.scalars(sa.select(ReportingLine).filter_by(**{key: ada.id})).one() for key in ("person_id", "manager_id")
        )
        assert (own.ends_on, under.ends_on) == (stored.left_on, date(2026, 11, 25)), "they were led until yesterday"
        [role] = db.scalars(sa.select(Role).filter_by(person_id=ada.id))
        assert role.ends_on == date(2026, 11, 25)
    await world.at("2026-11-27 16:30")
    assert len(world.messages("ada")) == sent, "no reminder and no digest"
    await world.submit("ada", **WEEK)
    assert [one.state for one in world.asks("ada")] == ["not_expected"], "the form they had open is not taken any more"


async def test_a_manager_who_is_awaited_and_leaves_is_waited_for_no_longer(
    world: worlds.World, terminal: Database, tmp_path: Path
) -> None:
    with world.look() as db:
        for who in ("ada", "grace"):
            contact = db.get_one(FirstContact, world.person(db, who).id)
            contact.state, contact.sent_at, contact.answered_at, contact.due_at = "planned", None, None, None
    brought(world, terminal, sheet(tmp_path, gone("grace", "2026-11-20")), 1)
    with world.look() as db:
        assert db.get(FirstContact, world.person(db, "grace").id) is None
        assert db.get_one(FirstContact, world.person(db, "ada").id).due_at == world.clock.now()


async def test_a_first_and_a_last_day_come_by_themselves(
    world: worlds.World, terminal: Database, tmp_path: Path
) -> None:
    kim = f"Kim Seo,kim@example.org,{EMAILS['grace']},Sales,Asia/Seoul,2026-11-30,"
    brought(world, terminal, sheet(tmp_path, kim, gone("linus", "2026-11-27")))

    def standing(day: str, zone: str) -> dict[str, str]:
        world.clock.advance(world.until(day, zone))
        world.app.engine.sweep()
        return {one.name: one.status for one in world.rows(Person) if one.name in ("Kim Seo", "Linus Holm")}

    def asked() -> list[str]:
        with world.look() as db:
            return list(db.scalars(sa.select(Person.name).join(FirstContact, FirstContact.person_id == Person.id)))

    assert standing("2026-11-27 23:00", "Europe/Berlin") == {"Kim Seo": "coming", "Linus Holm": "active"}
    assert "Kim Seo" not in asked()
    assert standing("2026-11-28 01:00", "Europe/Berlin") == {"Kim Seo": "coming", "Linus Holm": "left"}
    assert standing("2026-11-29 23:00", "Asia/Seoul") == {"Kim Seo": "coming", "Linus Holm": "left"}
    assert standing("2026-11-30 00:30", "Asia/Seoul") == {"Kim Seo": "active", "Linus Holm": "left"}
    assert "Kim Seo" in asked()
    again = commands.import_people(terminal, sheet(tmp_path, kim, gone("linus", "2026-11-27")), world.clock)
    assert again == "0 people added, 0 changed, 2 as before."
