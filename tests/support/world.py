"""A small company on the desk, in one process with the bot: people press and type, the clock is moved by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import app as house
from bot import commands
from bot.clock import Clock, FixedClock
from bot.settings import Settings, load, new_key_line
from bot.storage.people import Person
from desk import company
from desk.deliver import Exchange
from desk.desk import Desk
from desk.state import fill

SECRET = "a signing secret for the tests"
TOKEN = "xoxb-desk"
PEOPLE = {
    "ada": "Ada Byron",
    "grace": "Grace Murray",
    "linus": "Linus Holm",
    "eve": "Eve Moreau",
    "hana": "Hana Sato",
}
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
RING = new_key_line()


def settings(folder: Path, database_url: str, desk_url: str = "http://127.0.0.1:1/", **more: Any) -> Settings:
    given: dict[str, Any] = {
        "database_url": database_url,
        "keys": str(folder / "keys"),
        "key_ring": RING,
        "slack_signing_secret": SECRET,
        "slack_api": desk_url,
        "port": 0,
        "send_rate": 0,
        "threads": 1 if database_url.startswith("sqlite") else 4,
    }
    return load(**(given | more))


def roster(folder: Path) -> Path:
    """Ada in Lisbon and Linus in Berlin work for Grace in New York; Eve sells in Berlin; Hana is HR."""
    rows = ["name,email,manager_email,department,zone"]
    for name in PEOPLE.values():
        one = company.person(name)
        manager = company.person("Grace Murray").email if name in ("Ada Byron", "Linus Holm") else ""
        rows.append(f"{one.name},{one.email},{manager},{one.department},{company.ZONES.get(one.zone, one.zone)}")
    path = folder / "people.csv"
    path.write_text("\n".join(rows), "utf-8")
    return path


@dataclass
class World:
    """`chat` words: who is a first name in small letters; a label is what stands on a button."""

    app: house.App
    desk: Desk
    clock: FixedClock
    exchanges: list[Exchange] = field(default_factory=list)

    def user(self, who: str) -> str:
        return company.person(PEOPLE[who]).user_id

    async def settle(self) -> None:
        """Do what is due and send what waits."""
        for _ in range(10):
            await self.app.tick()
            await self.app.delivery.drain()

    async def at(self, local: str, zone: str = "Europe/Lisbon") -> None:
        wanted = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))
        self.clock.advance(wanted - self.clock.now())
        await self.settle()

    async def later(self, **by: float) -> None:
        self.clock.advance(timedelta(**by))
        await self.settle()

    async def command(self, who: str, word: str, text: str = "") -> Exchange:
        return await self._done(await self.desk.delivery.command(self.user(who), word, text))

    async def say(self, who: str, text: str) -> Exchange:
        return await self._done(await self.desk.delivery.say(self.user(who), text))

    async def home(self, who: str) -> Exchange:
        return await self._done(await self.desk.delivery.home_opened(self.user(who)))

    async def press(self, who: str, label: str, on: Any = None) -> Exchange:
        place = on if on is not None else self.last(who)
        return await self._done(await self.desk.delivery.press(self.user(who), place, label))

    async def submit(self, who: str, **answers: Any) -> Exchange:
        view = self.view(who)
        assert view is not None, f"{who} has no dialog open"
        values = fill(view, answers)
        return await self._done(await self.desk.delivery.submit(self.user(who), view.id, values, unchecked=True))

    async def choose(self, who: str, **answers: Any) -> Exchange:
        """Pick one value in an open dialog whose change is sent at once, with everything else as typed."""
        raise NotImplementedError

    async def answer(self, who: str, **answers: Any) -> Exchange:
        """The whole check-in by word."""
        await self.command(who, "/checkin")
        return await self.submit(who, **answers)

    def view(self, who: str) -> Any:
        return self.desk.workspace.top_view(self.user(who))

    def errors(self, who: str) -> Mapping[str, str]:
        view = self.view(who)
        return dict(view.errors) if view else {}

    def messages(self, who: str) -> list[Any]:
        return list(self.desk.workspace.messages(self.user(who)))

    def last(self, who: str) -> Any:
        return self.messages(who)[-1]

    def words(self, who: str) -> str:
        return str(self.last(who).words)

    def rows(self, *entities: Any) -> list[Any]:
        with self.app.database.transaction() as db:
            return list(db.scalars(select(*entities)))

    def look(self) -> Any:
        """A transaction, to see or change rows directly."""
        return self.app.database.transaction()

    def person(self, db: Session, who: str) -> Person:
        found = db.scalar(select(Person).where(Person.name == PEOPLE[who]))
        assert found is not None
        return found

    async def _done(self, exchange: Exchange) -> Exchange:
        self.exchanges.append(exchange)
        await self.settle()
        return exchange


async def people_the_house(app: house.App, folder: Path, desk: Desk, clock: Clock) -> None:
    """What an operator does by command before the first day."""
    commands.import_people(app.database, roster(folder))
    commands.give_role(app.database, company.person("Hana Sato").email, "hr_coordinator")
    await commands.add_workspace(app.database, app.settings, TOKEN)
    commands.start_programme(app.database, clock, "checkin", "")


def answer_of(exchange: Exchange) -> Any:
    return json.loads(exchange.response_body) if exchange.response_body else None
