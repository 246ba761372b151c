"""A small company on the desk, in one process with the bot: people press and type, the clock is moved by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import net
from front import Front
from slack_front import SlackFront
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

import bot.handlers
from bot import app as house
from bot import commands
from bot.clock import Clock, FixedClock
from bot.conversation import Registry, discover
from bot.engine.profiles import Who
from bot.messages import Button
from bot.settings import Settings, load, new_key_line
from bot.storage.asks import Ask
from bot.storage.contacts import FirstContact
from bot.storage.delegations import CHECKINS, Delegation
from bot.storage.people import Address, Person, ReportingLine
from bot.storage.workspaces import Workspace
from desk import company
from desk.desk import Desk
from desk.sending import Exchange

SECRET = "a signing secret for the tests"
TOKEN = "xoxb-desk"
PEOPLE = {
    "ada": "Ada Byron",
    "grace": "Grace Murray",
    "linus": "Linus Holm",
    "eve": "Eve Moreau",
    "hana": "Hana Sato",
}
# Of the company, and not on the list of people.
STRANGER = {"anton": "Anton Richter"}
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
RING = new_key_line()
net.always(
    SECRET, "xoxb-", "xapp-", "desk-teams-password", RING.partition(":")[2], *PEOPLE.values(), *STRANGER.values()
)
net.always(*(company.person(one).email for one in PEOPLE.values()))


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


@cache
def _conversations(folders: tuple[str, ...]) -> Registry:
    return discover(bot.handlers)


def built(given: Settings, clock: Clock) -> house.App:
    """With conversations that were looked for once, which takes longer than all the rest; a test may add its own."""
    found = _conversations(tuple(bot.handlers.__path__))
    own = Registry(dict(found.conversations), dict(found.words), found.parts)
    return house.build(given, clock=clock, registry=own, synchronous="OFF")


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
    """`chat` words: who is a first name in small letters; a label is what stands on a button. What is said, pressed and
    seen goes through `front`, the platform on which all of them are.
    """

    app: house.App
    desk: Desk
    clock: FixedClock
    front: Front
    exchanges: list[Exchange] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.front.settle = self.settle

    @property
    def seen_by_the_desk(self) -> list[Exchange]:
        """All requests of late with their answers, on both platforms."""
        senders = self.desk.delivery.sender, self.desk.teams.delivery.sender
        return [*self.exchanges, *(one for sender in senders for one in sender.exchanges)]

    def user(self, who: str) -> str:
        return self.front.user((PEOPLE | STRANGER)[who])

    def account(self, who: str) -> Who:
        with self.look() as db:
            address = db.scalars(select(Address).filter_by(person_id=self.person(db, who).id)).one()
            place = db.get_one(Workspace, address.workspace_id)
            return Who(address.platform, place.external_id, address.user)

    def mention(self, who: str) -> str:
        """As it is typed to name this person."""
        return self.front.mention(PEOPLE[who])

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
        """What it needs a dialog for is open afterwards."""
        return await self._done(await self.front.command(self.user(who), word, text))

    async def reply(self, who: str, word: str, text: str = "") -> str:
        """What a command was answered with."""
        await self.command(who, word, text)
        return self.told(who)

    async def say(self, who: str, text: str) -> Exchange:
        net.typed(text)
        return await self._done(await self.front.say(self.user(who), text))

    async def hand(self, who: str, name: str, content: str | bytes) -> Exchange:
        """Sends a file to the bot."""
        data = content.encode() if isinstance(content, str) else content
        return await self._done(await self.front.hand(self.user(who), (name, data)))

    async def home(self, who: str) -> Exchange:
        return await self._done(await self.front.open_home(self.user(who)))

    async def home_again(self, who: str) -> str:
        """The words of a home that was opened before, as one finds it now: one that does not change by itself is asked
        for once more.
        """
        self.home_of(who)
        await self.front.home_again(self.user(who))
        return self.home_words(who)

    async def press(self, who: str, label: str, on: Any = None) -> Exchange:
        """`on` is a message, dialog or home; the last message if nothing is said. Where several are called alike, a
        label is `phrase/last id`.
        """
        place = on if on is not None else self.last(who)
        return await self._done(await self.front.press(self.user(who), place, label))

    def type_in(self, who: str, **answers: Any) -> None:
        """Typed into the open dialog, and not sent."""
        net.typed(answers)
        self.front.type_in(self.user(who), answers)

    def picked(self, who: str) -> Any:
        """An answer to a question for people, as a search offers it."""
        with self.look() as db:
            return self.front.picked(PEOPLE[who], str(self.person(db, who).id))

    async def choose(self, who: str, **answers: Any) -> Exchange:
        """Pick one value on which hangs what else is asked, with everything else as typed, so that it is shown."""
        net.typed(answers)
        return await self._done(await self.front.choose(self.user(who), answers))

    async def submit(self, who: str, **answers: Any) -> Exchange:
        """Sends the form, page by page where it has pages."""
        net.typed(answers)
        return await self._done(await self.front.submit(self.user(who), answers))

    async def submit_asked(self, who: str, **answers: Any) -> Exchange:
        """Sends the form with those of the answers that it asks for."""
        net.typed(answers)
        return await self._done(await self.front.submit(self.user(who), answers, strict=False))

    async def force(self, who: str, **answers: Any) -> Exchange:
        """Sends texts that the platform's own client would not let a person type."""
        self.put_in(who, **answers)
        return await self.submit(who)

    def put_in(self, who: str, **answers: str) -> None:
        """Into the open dialog, and not sent: texts that the platform's own client would not let a person type."""
        net.typed(answers)
        self.front.put_in(self.user(who), answers)

    async def read(self, who: str, checkin: object) -> Exchange:
        """A press on a Read button in a message of one's own."""
        message = self.given(who, Button("Read", "checkin.read", checkin))
        return await self.press(who, "Read", message)

    def given(self, who: str, button: Button, bound_to: str = "") -> Any:
        """A message with this button, as the bot would have posted it to this person; or to another one."""
        with self.look() as db:
            person = str(self.person(db, bound_to or who).id)
        return self.front.given(self.user(who), button, person, self.app.engine.registry.dialogs())

    async def again(self, exchange: Exchange) -> Exchange:
        """The same act once more, not a redelivery: it has an id of its own."""
        return await self._done(await self.front.again(exchange))

    async def redeliver(self, exchange: Exchange) -> Exchange:
        return await self._done(await self.front.redeliver(exchange))

    async def show_again(self, who: str, view: Any) -> None:
        """A dialog that is still open on another screen of the same person."""
        await self.command(who, "/review", "hours")
        self.front.show_again(self.user(who), view)

    async def cancel(self, who: str) -> None:
        await self.front.cancel(self.user(who))

    async def answer(self, who: str, **answers: Any) -> Exchange:
        """The whole check-in by word."""
        await self.command(who, "/checkin")
        return await self.submit(who, **answers)

    def view(self, who: str) -> Any:
        """The open dialog."""
        return self.front.dialog(self.user(who))

    def open_view(self, who: str) -> Any:
        view = self.view(who)
        assert view is not None, f"{who} has no dialog open"
        return view

    def is_filling(self, who: str) -> bool:
        """Whether a form is open: a button that opens one may say in a dialog why it does not."""
        return self.view(who) is not None and bool(self.asked(who))

    def typed(self, who: str) -> dict[str, Any]:
        """What stands in the inputs of the open dialog, by key; of a form in pages, on all that were seen."""
        self.open_view(who)
        raw = self.front.typed(self.user(who))
        return {key: value for key, value in raw.items() if value not in (None, "", [], False)}

    def asked(self, who: str) -> list[str]:
        """The questions of the open dialog, by key, in their order; of a form in pages, on all that were seen."""
        self.open_view(who)
        return self.front.asked(self.user(who))

    def is_asked(self, who: str) -> bool:
        """Whether there is something to fill in: a dialog that a button opens may only say what became of it."""
        return self.view(who) is not None and bool(self.asked(who))

    def errors(self, who: str) -> Mapping[str, str]:
        return self.front.errors(self.user(who)) if self.view(who) else {}

    def hints(self, who: str) -> dict[str, str]:
        """What is explained at the questions of the open dialog, by key."""
        return self.front.hints(self.open_view(who))

    def lost(self, who: str, **answers: str) -> list[str]:
        """Which of these texts stand neither in the inputs of the open dialog nor elsewhere in it, to be copied."""
        typed, words = self.typed(who), self.open_view(who).words
        return [key for key, text in answers.items() if typed.get(key) != text and text not in words]

    def notice(self, who: str) -> str:
        """What stands first in the open dialog."""
        return self.front.notice(self.open_view(who))

    def in_row(self, who: str, words: str, label: str = "Open") -> str:
        """What the button of this label is called that belongs to the row of the last message with these words."""
        return self.front.in_row(self.last(who), words, label)

    def drawn(self, place: Any) -> str:
        """All of a message, dialog or home as the platform's client gets it, also what a button asks first."""
        return self.front.drawn(place)

    def check_room(self, place: Any) -> None:
        """Fails where the platform would not take so much."""
        self.front.check_room(place)

    def plain(self, place: Any) -> list[str]:
        return self.front.plain(place)

    def marked(self, place: Any) -> list[str]:
        return self.front.marked(place)

    def messages(self, who: str) -> list[Any]:
        """What the bot has said, as it stands now."""
        return self.front.messages(self.user(who))

    def last(self, who: str) -> Any:
        return self.messages(who)[-1]

    def words(self, who: str) -> str:
        return str(self.last(who).words).replace("\xa0", " ")

    def told(self, who: str) -> str:
        """What an act was answered with: the open dialog, or the last message."""
        view = self.view(who)
        if note := self.front.note(self.user(who)):
            return note
        return f"{view.title}\n{view.words}" if view is not None else self.words(who)

    def seen(self, who: str) -> str:
        """Everything on this person's screen."""
        places = [*self.messages(who), self.view(who), self.front.home(self.user(who))]
        return "\n".join(place.words for place in places if place is not None)

    def labels(self, who: str, on: Any = None) -> list[str]:
        """What can be pressed."""
        return self.front.labels(on if on is not None else self.last(who))

    def is_there_to_stay(self, message: Any) -> bool:
        """Whether it is a message of the chat, and no answer in passing."""
        return self.front.is_there_to_stay(message)

    def is_alone(self, who: str, message: Any) -> bool:
        """Whether nobody else sees it, and it is no message that stays for all."""
        return self.front.is_alone(self.user(who), message)

    def place(self, message: Any) -> str:
        """Where it stands: a message that is drawn anew keeps it."""
        return self.front.place(message)

    def home_of(self, who: str) -> Any:
        """The home as it stands now, to press on."""
        view = self.front.home(self.user(who))
        assert view is not None, f"{who} has never opened the home"
        return view

    def home_words(self, who: str) -> str:
        return str(self.home_of(who).words)

    def fact(self, place: Any, label: str) -> str:
        """What stands at this label."""
        found = re.search(rf"^{re.escape(label)}(?:\n|: )(.+)$", place.words, re.MULTILINE)
        assert found is not None, f"nothing is called {label}: {place.words}"
        return found[1]

    async def files(self, who: str) -> list[tuple[str, bytes]]:
        """Name and content of the files that have come, the oldest first."""
        return await self.front.files(self.user(who))

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


async def people_the_house(
    app: house.App, folder: Path, desk: Desk, clock: Clock, *, introduced: bool = True, front: Front | None = None
) -> None:  # fmt: skip
    """What an operator does by command before the first day; `introduced`: all had their first contact long ago.
    Otherwise nobody is to have one, and the test plans those it is about.
    """
    commands.import_people(app.database, roster(folder), clock)
    commands.give_role(app.database, company.person("Hana Sato").email, "hr_coordinator", clock)
    await (front or SlackFront(desk)).people(app, list(PEOPLE.values()))
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
