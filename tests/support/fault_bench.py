"""A company whose bot is killed again and again, and the desk that saw every message: what was lost, what doubled?"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import world as worlds
from databases import Databases
from patience import until
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session
from victim import Victim

from bot import app as house
from bot import commands
from bot.clock import Clock
from bot.storage.asks import Ask
from bot.storage.audit_verifying import verify
from bot.storage.checkin import CheckIn, CheckInVersion
from bot.storage.contacts import FirstContact
from bot.storage.database import Database, parse_url
from bot.storage.outbox import OutboxRow
from bot.storage.people import Person
from bot.storage.programmes import Turn
from desk import company
from desk.desk import Desk
from desk.workspace import Message

ROUNDS = int(os.environ.get("RAPPORT_FAULT_ROUNDS", "1"))
# What builds on the kills of test_kills.py takes long: on both only in `make faults`.
DATABASES = ("sqlite", "postgresql") if ROUNDS > 1 else ("postgresql",)
LEASE = 1.0
ZONE = "Europe/Lisbon"
TEMPLATE = "bench"


@dataclass
class Bench:
    folder: Path
    database: Database
    desk: Desk
    environment: dict[str, str]
    people: list[company.Person]
    reader: Engine
    kills: Counter[str] = field(default_factory=Counter)
    victims: list[Victim] = field(default_factory=list)

    async def start(self, step: str = "", nth: int = 1) -> Victim:
        """A bot that people can reach; one that is to die while it starts is reached by nobody."""
        victim = self.victim(step, nth)
        self.desk.delivery.sender.bot_url = await victim.started()
        return victim

    def victim(self, step: str = "", nth: int = 1) -> Victim:
        made = Victim(self.environment, step, nth)
        self.victims.append(made)
        return made

    async def kill_at(self, step: str, nth: int = 1) -> None:
        await (await self.start(step, nth)).dead()
        self.kills[step] += 1

    async def finish(self) -> None:
        """A last bot sends what is left and stops in order."""
        victim = await self.start()
        await self.until_quiet()
        await victim.stopped()

    async def close(self) -> None:
        for victim in self.victims:
            await victim.kill()
        self.database.dispose()
        self.reader.dispose()

    async def until_quiet(self) -> None:
        # A look-up that a busy machine answers too late for the short lease is tried again after a growing while.
        await until(lambda: not self.waiting(), 180)

    def waiting(self) -> int:
        """Turns that have come and were not planned, asks that were not prompted, rows and first contacts not sent."""
        now = Clock(self.folder / "clock").now()
        # A connection of its own that only reads: it must not take the bot's turn to write.
        with self.reader.connect() as db:
            found = (
                select(func.count(Turn.id)).where(Turn.next_due_at <= now),
                select(func.count(Ask.id)).where(Ask.state == "open", Ask.remind_at <= now),
                select(func.count(OutboxRow.id)).where(OutboxRow.state == "waiting"),
                select(func.count(FirstContact.person_id)).where(FirstContact.due_at <= now),
            )
            # Asked many times a second, while the bot needs the processor.
            return sum(db.execute(select(*(count.scalar_subquery() for count in found))).one())

    def until_thursday(self) -> None:
        """Business time moves to a minute after everybody's next opening."""
        with self.look() as db:
            opens = db.scalars(select(func.max(Turn.next_due_at))).one()
        moved = opens + timedelta(minutes=1) - Clock().real()
        (self.folder / "clock").write_text(str(moved.total_seconds()), "ascii")

    @contextmanager
    def look(self) -> Iterator[Session]:
        with self.database.transaction() as db:
            yield db

    def messages(self, user: str) -> list[Message]:
        """What the bot posted; not what only the desk says, such as that a command failed."""
        return [message for message in self.desk.workspace.messages(user) if message.metadata]

    def posted(self) -> Counter[str]:
        """The keys of everything that the bot posted, as the desk has seen them."""
        every = [message.metadata for one in self.people for message in self.messages(one.user_id)]
        return Counter(metadata["event_payload"]["key"] for metadata in every if metadata)

    def assert_nothing_is_lost_or_doubled(self) -> None:
        posted = self.posted()
        with self.look() as db:
            sends = list(db.execute(select(OutboxRow.id, OutboxRow.state).where(OutboxRow.kind == "send")))
        assert {key: count for key, count in posted.items() if count > 1} == {}, "sent twice"
        assert {str(row.id) for row in sends if row.state == "done"} == set(posted), "settled and seen differ"
        assert {row.state for row in sends} <= {"done"}, "given up or left behind"
        assert verify(self.database).breaks == [], "the audit chain does not hold"

    def versions(self) -> Counter[str]:
        """How many versions of a check-in each person has stored, by account."""
        users = {one.email: one.user_id for one in self.people}
        with self.look() as db:
            rows = db.scalars(
                select(Person.email)
                .join(CheckIn, CheckIn.person_id == Person.id)
                .join(CheckInVersion, CheckInVersion.checkin_id == CheckIn.id)
            )
            return Counter(users[email] for email in rows)


async def furnish(databases: Databases, kind: str, folder: Path, desk: Desk, people: list[company.Person]) -> None:
    """A template with people in one zone, each with an account and a check-in to come."""
    rows = ["name,email,manager_email,department,zone", *(f"{one.name},{one.email},,,{ZONE}" for one in people)]
    (folder / "people.csv").write_text("\n".join(rows), "utf-8")
    with databases.copy(kind, folder) as url:
        settings = worlds.settings(folder, url, desk.api_url)
        database = house.open_database(settings, "OFF")
        commands.import_people(database, folder / "people.csv")
        await commands.add_workspace(database, settings, worlds.TOKEN)
        commands.start_programme(database, Clock(), "checkin", "", introduced=True)
        database.dispose()
        databases.keep(kind, url, folder, TEMPLATE)


def opened(folder: Path, database_url: str, desk: Desk, people: list[company.Person]) -> Bench:
    given = {
        "database_url": database_url, "keys": str(folder / "keys"), "key_ring": worlds.RING,
        "slack_signing_secret": worlds.SECRET, "slack_api": desk.api_url, "port": "0", "send_rate": "0",
        "lease_seconds": str(LEASE), "tick_seconds": "0.2", "clock_file": str(folder / "clock"),
    }  # fmt: skip
    database = house.open_database(worlds.settings(folder, database_url, desk.api_url), "OFF")
    environment = {f"RAPPORT_{name.upper()}": value for name, value in given.items()}
    return Bench(folder, database, desk, environment, people, create_engine(parse_url(database_url)))


def everybody_was_prompted_once(bench: Bench) -> None:
    bench.assert_nothing_is_lost_or_doubled()
    seen = {one.user_id: [m.text for m in bench.messages(one.user_id)] for one in bench.people}
    assert {user: len(texts) for user, texts in seen.items()} == dict.fromkeys(seen, 1)
    assert all("Time for your check-in" in texts[0] for texts in seen.values())
