"""A small company on the desk, in one process with the bot: people press and type, the clock is moved by hand."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot import app as house
from bot import commands
from bot.clock import Clock, FixedClock
from bot.messages import Button, Message
from bot.platforms.slack.blocks import message_blocks
from bot.platforms.slack.raw import read_state
from bot.settings import Settings, load, new_key_line
from bot.storage.asks import Ask
from bot.storage.contacts import FirstContact
from bot.storage.delegations import CHECKINS, Delegation
from bot.storage.people import Person, ReportingLine
from desk import company
from desk.deliver import Exchange, buttons
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
        while True:
            moved = await self.app.run(self.app.engine.tick)
            await self.app.delivery.drain()
            if not moved:
                return

    async def at(self, local: str, zone: str = "Europe/Lisbon") -> None:
        self.clock.advance(self.until(local, zone))
        await self.settle()

    def until(self, local: str, zone: str = "Europe/Lisbon") -> timedelta:
        return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)) - self.clock.now()

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
        """`on` is a message or view; the last message if nothing is said. A row's button is `block_id/action_id`."""
        place = on if on is not None else self.last(who)
        return await self._done(await self.desk.delivery.press(self.user(who), place, label))

    def type_in(self, who: str, **answers: Any) -> None:
        """Typed into the open dialog, and not sent."""
        view = self.open_view(who)
        self.desk.workspace.views.remember(view, fill(view, _by_block(view, answers)))

    async def choose(self, who: str, **answers: Any) -> Exchange:
        """Pick one value in an open dialog whose change is sent at once, with everything else as typed."""
        self.type_in(who, **answers)
        view = self.open_view(who)
        [(block, value)] = _by_block(view, answers).items()
        changed = self.desk.delivery.press(self.user(who), view, _input(view, block), value, view.values)
        return await self._done(await changed)

    async def submit(self, who: str, **answers: Any) -> Exchange:
        view = self.open_view(who)
        values = fill(view, _by_block(view, answers))
        return await self._done(await self.desk.delivery.submit(self.user(who), view.id, values, unchecked=True))

    async def force(self, who: str, **answers: Any) -> Exchange:
        """Sends values that Slack's own client would not let a person type."""
        view = self.open_view(who)
        values = copy.deepcopy(view.values)
        for block, text in _by_block(view, answers).items():
            values[block] = {"text": {"type": "plain_text_input", "value": text}}
        return await self._done(await self.desk.delivery.submit(self.user(who), view.id, values, unchecked=True))

    async def read(self, who: str, checkin: object) -> Exchange:
        """A press on a Read button in a message of one's own."""
        message = self.given(who, Button("Read", "checkin.read", checkin))
        return await self.press(who, "Read", message)

    def given(self, who: str, button: Button, bound_to: str = "") -> Any:
        """A message with this button, as the bot would have posted it to this person; or to another one."""
        with self.look() as db:
            person = str(self.person(db, bound_to or who).id)
        space = self.desk.workspace
        drawn = message_blocks(Message("Given", buttons=(button,)), person)
        return space.post(space.open_channel(self.user(who)), space.identity.bot_user, "Given", drawn)

    async def send(self, exchange: Exchange) -> Exchange:
        headers = {"Content-Type": exchange.request_headers["Content-Type"]}
        sender = self.desk.delivery.sender
        return await self._done(await sender.send(exchange.kind, exchange.user, exchange.request_body, headers))

    async def show_again(self, who: str, view: Any) -> None:
        """A dialog that is still open on another screen of the same person."""
        views = self.desk.workspace.views
        await self.command(who, "/review", "hours")
        views.remember(views.update(self.open_view(who), view.content), view.values)

    async def cancel(self, who: str) -> None:
        await self.desk.delivery.close_view(self.user(who), self.open_view(who).id)

    async def answer(self, who: str, **answers: Any) -> Exchange:
        """The whole check-in by word."""
        await self.command(who, "/checkin")
        return await self.submit(who, **answers)

    async def redeliver(self, exchange: Exchange) -> Exchange:
        return await self._done(await self.desk.delivery.redeliver(exchange))

    def open_view(self, who: str) -> Any:
        view = self.view(who)
        assert view is not None, f"{who} has no dialog open"
        return view

    def typed(self, who: str) -> dict[str, Any]:
        """What stands in the inputs of the open dialog, by key."""
        raw = read_state({"state": {"values": self.open_view(who).values}})
        return {key: value for key, value in raw.items() if value not in (None, "", [], False)}

    def asked(self, who: str) -> list[str]:
        """The questions of the open dialog, by key, in their order."""
        return [_key(block["block_id"]) for block in self.open_view(who).blocks if block["type"] == "input"]

    def view(self, who: str) -> Any:
        return self.desk.workspace.top_view(self.user(who))

    def errors(self, who: str) -> Mapping[str, str]:
        view = self.view(who)
        return {_key(block): why for block, why in view.errors.items()} if view else {}

    def messages(self, who: str) -> list[Any]:
        return list(self.desk.workspace.messages(self.user(who)))

    def last(self, who: str) -> Any:
        return self.messages(who)[-1]

    def words(self, who: str) -> str:
        return str(self.last(who).words)

    def labels(self, who: str, on: Any = None) -> list[str]:
        """What can be pressed."""
        blocks = (on if on is not None else self.last(who)).blocks
        return [each["text"]["text"] for _, each in buttons(blocks) if each["type"] == "button"]

    def home_words(self, who: str) -> str:
        view = self.desk.workspace.home(self.user(who))
        assert view is not None, f"{who} has never opened the home"
        return str(view.words)

    def titles(self, who: str) -> list[str]:
        return [message.words.splitlines()[0] for message in self.messages(who)]

    def asks(self, who: str) -> list[Ask]:
        """The oldest first."""
        with self.look() as db:
            return self.asks_in(db, who)

    def asks_in(self, db: Session, who: str) -> list[Ask]:
        theirs = select(Ask).filter_by(person_id=self.person(db, who).id)
        return list(db.scalars(theirs.order_by(Ask.occurrence)))

    def ask(self, who: str) -> Ask:
        return self.asks(who)[-1]

    def erase(self, row: Any) -> None:
        with self.look() as db:
            db.delete(db.get_one(type(row), row.id))

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

    def reports(self, who: str, to: str) -> None:
        """From today on, in UTC; the earlier line ended yesterday."""
        today = self.clock.now().date()
        with self.look() as db:
            person = self.person(db, who).id
            for line in db.scalars(select(ReportingLine).filter_by(person_id=person, ends_on=None)):
                line.ends_on = today - timedelta(days=1)
            db.add(ReportingLine(person_id=person, manager_id=self.person(db, to).id, starts_on=today, kind="primary"))

    def delegates(self, who: str, to: str, first: str, last: str) -> None:
        with self.look() as db:
            db.add(
                Delegation(
                    person_id=self.person(db, who).id, delegate_id=self.person(db, to).id, scope=CHECKINS,
                    starts_on=date.fromisoformat(first), ends_on=date.fromisoformat(last), created_at=self.clock.now(),
                )
            )  # fmt: skip

    async def _done(self, exchange: Exchange) -> Exchange:
        self.exchanges.append(exchange)
        await self.settle()
        return exchange


def _key(block_id: str) -> str:
    return block_id.partition("~")[0]


def _by_block(view: Any, answers: Mapping[str, Any]) -> dict[str, Any]:
    """By the block ids of this drawing; a box is ticked or not."""
    ids = {_key(block["block_id"]): block["block_id"] for block in view.blocks if block["type"] == "input"}
    missing = answers.keys() - ids.keys()
    assert not missing, f"{missing} are not asked; there are {list(ids)}"
    return {ids[key]: {True: "yes", False: None}.get(value, value) if isinstance(value, bool) else value
            for key, value in answers.items()}  # fmt: skip


def _input(view: Any, block_id: str) -> str:
    element = next(block["element"] for block in view.blocks if block["block_id"] == block_id)
    return f"{block_id}/{element['action_id']}"


async def people_the_house(
    app: house.App, folder: Path, desk: Desk, clock: Clock, *, introduced: bool = True
) -> None:  # fmt: skip
    """What an operator does by command before the first day; `introduced`: all had their first contact long ago.
    Otherwise nobody is to have one, and the test plans those it is about.
    """
    commands.import_people(app.database, roster(folder), clock)
    commands.give_role(app.database, company.person("Hana Sato").email, "hr_coordinator", clock)
    await commands.add_workspace(app.database, app.settings, TOKEN)
    if introduced:
        introduce(app, clock)
    commands.start_programme(app.database, clock, "checkin", "")
    if not introduced:
        with app.database.transaction() as db:
            db.execute(delete(FirstContact))


def introduce(app: house.App, clock: Clock) -> None:
    then = clock.now() - timedelta(days=28)
    with app.database.transaction() as db:
        for person in db.scalars(select(Person)):
            db.add(FirstContact(person_id=person.id, state="ok", sent_at=then, answered_at=then, created_at=then))


def again(exchange: Exchange) -> Exchange:
    """The same act once more, not a redelivery: with a trigger of its own."""
    payload = json.loads(dict(parse_qsl(exchange.request_body.decode()))["payload"])
    payload["trigger_id"] += ".again"
    return replace(exchange, request_body=urlencode({"payload": json.dumps(payload)}).encode())
