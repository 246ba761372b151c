"""One person and the engine, without a platform between them: what stands on the screen can be pressed."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import world as worlds
from sqlalchemy import select, update

import bot.handlers
from bot import app as house
from bot import commands
from bot.clock import Clock
from bot.conversation import discover
from bot.delivery import Delivery
from bot.engine import Engine, House
from bot.engine.events import Event, Opened, Origin, Outcome, Shown
from bot.engine.profiles import Who
from bot.messages import Button, File, Message
from bot.platforms import Destination, Page, Ref
from bot.storage.asks import Ask
from bot.storage.base import new_id
from bot.storage.database import Database
from bot.storage.migrating import upgrade
from bot.storage.outbox import OutboxRow
from bot.storage.people import Address, Person, working_times
from bot.storage.posted import PostedAsk
from bot.storage.programmes import Turn
from bot.storage.workspaces import Workspace

ADA = Who("slack", "T0", "UADA")
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Came:
    """One message that arrived, by which row and for which asks; `acting`: as an answer to what the person just did."""

    place: str
    title: str
    kind: str
    purpose: str
    budget_day: date | None
    asks: tuple[UUID, ...]
    acting: bool
    in_window: bool
    states: tuple[str, ...]


@dataclass
class Screen:
    """A platform that keeps what it is given."""

    name: str = "slack"
    shown: dict[str, Message] = field(default_factory=dict)
    new: list[tuple[str, str]] = field(default_factory=list)

    async def send(self, to: Destination, message: Message, key: str) -> Ref:
        at = f"{len(self.shown)}"
        self.shown[at] = message
        self.new.append((key, at))
        return Ref("D1", at)

    async def edit(self, to: Destination, at: Ref, message: Message) -> None:
        self.shown[at.message] = message

    async def upload(self, to: Destination, file: File, key: str) -> str:
        return file.name

    async def share(self, to: Destination, at: Ref, ticket: str) -> None: ...

    async def publish(self, to: Destination, message: Message) -> None: ...

    async def respond(self, to: Destination, message: Message) -> None: ...

    async def look_up(self, to: Destination, key: str, since: datetime) -> Ref | None:
        return None

    async def people(self, to: Destination, cursor: str = "") -> Page:
        return Page()


def template(folder: Path) -> Path:
    """A database with the sample people, Ada's account and a started programme, to be copied."""
    file = folder / "one_person.db"
    database = house.open_database(worlds.settings(folder, f"sqlite:///{file}"), "OFF")
    upgrade(database.engine)
    commands.import_people(database, worlds.roster(folder), Clock.fixed(worlds.MONDAY))
    commands.start_programme(database, Clock.fixed(worlds.MONDAY), "checkin", "", introduced=True)
    with database.transaction() as db:
        real = Clock().real()
        place = Workspace(platform="slack", external_id="T0", name="T", bot_user="B", created_at=real)
        place.token = "xoxb-none"
        db.add(place)
        db.flush()
        ada = db.scalars(select(Person).where(Person.name == "Ada Byron")).one()
        db.add(Address(person_id=ada.id, workspace_id=place.id, platform="slack", user="UADA", created_at=real))
        # The others are nowhere to be reached, which would be tried every hour.
        db.execute(update(Turn).where(Turn.person_id != ada.id).values(next_due_at=None))
        db.execute(update(Person).where(Person.id != ada.id).values(digest_due_at=worlds.MONDAY + YEAR))
    database.dispose()
    return file


class OnePerson:
    def __init__(self, folder: Path, made: Path) -> None:
        file = folder / f"{new_id()}.db"
        shutil.copy(made, file)
        self.clock = Clock.fixed(worlds.MONDAY)
        self.database: Database = house.open_database(worlds.settings(folder, f"sqlite:///{file}"), "OFF")
        self.engine = Engine(self.database, House(discover(bot.handlers), self.clock))
        self.screen = Screen()
        self.came: list[Came] = []
        self.form: Shown | None = None
        self.last: Event | None = None
        self._loop = asyncio.new_event_loop()
        self._delivery = Delivery(
            self.database, {"slack": self.screen}, self._run, rate=0, lease=timedelta(minutes=1)
        )  # fmt: skip

    async def _run(self, work: object) -> object:
        return work()  # type: ignore[operator]

    def close(self) -> None:
        self._loop.close()
        self.database.dispose()

    def handle(self, event: Event) -> Outcome:
        self.last = event
        outcome = self.engine.handle(event)
        self.form = outcome if isinstance(outcome, Shown) else self.form
        self.deliver(acting=True)
        return outcome

    def settle(self) -> None:
        """As a running bot: what is due, then what waits to be sent."""
        self.engine.tick()
        self.deliver()

    def deliver(self, *, acting: bool = False) -> None:
        with self.database.transaction() as db:
            if db.scalar(select(OutboxRow.id).filter_by(state="waiting").limit(1)) is None:
                return
        self._loop.run_until_complete(self._delivery.drain())
        new, self.screen.new = self.screen.new, []
        with self.database.transaction() as db:
            for row_id, place in new:
                row = db.get_one(OutboxRow, UUID(row_id))
                asks = list(db.scalars(select(Ask).join(PostedAsk).where(PostedAsk.outbox_id == row.id)))
                ada = db.get_one(Person, row.person_id)
                self.came.append(
                    Came(
                        place, self.screen.shown[place].title, row.key.partition(":")[0], row.purpose, row.budget_day,
                        tuple(ask.id for ask in asks), acting,
                        working_times(db, [ada], self.clock.now())[ada.id].is_open(self.clock.now()),
                        tuple(ask.state for ask in asks),
                    )
                )  # fmt: skip

    def buttons(self) -> list[tuple[str, Button]]:
        return [(at, button) for at, message in self.screen.shown.items() for button in _buttons(message)]

    def press(self, at: str, button: Button) -> Outcome:
        with self.database.transaction() as db:
            ada = db.scalars(select(Person.id).where(Person.name == "Ada Byron")).one()
        origin = Origin("message", "D1", at)
        return self.handle(Opened(ADA, f"press:{new_id()}", button.phrase, button.ids, origin, str(ada)))

    def again(self) -> Outcome | None:
        """The last event, delivered once more."""
        return self.handle(replace(self.last)) if self.last is not None else None


def _buttons(message: Message) -> list[Button]:
    parts = (message, *message.sections)
    return [button for part in parts for button in (*part.buttons, *(b for row in part.rows for b in row.buttons))]
