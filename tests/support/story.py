"""A person's weeks with the bot, in any language: every kind of screen, refusal and error that can be reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import world as worlds

from bot import texts
from bot.messages import Button
from bot.storage.checkin import CheckIn
from bot.storage.programmes import Turn
from desk import company

# What people write has no Latin letter, so that it is told apart from what the bot says.
WEEK = {"progress": "Поиск готов", "next": "Написать\nСобрать"}
OPENS, REMINDS, DUE = "2026-11-26 10:00", "2026-11-27 10:00", "2026-11-27 16:00"
NEXT_OPENS, NEXT_DUE, THIRD_OPENS = "2026-12-03 10:00", "2026-12-04 16:00", "2026-12-10 10:00"
STRANGER = "Anton Richter"


@dataclass
class Story:
    """Ada lives it; Linus leaves things out, Grace reads, Eve is in no programme, Hana is away."""

    chat: worlds.World
    locale: str
    # Who reads another language than the rest.
    others: Mapping[str, str] = field(default_factory=dict)

    def label(self, who: str, english: str, context: str = "") -> str:
        with texts.reader(self.others.get(who, self.locale)):
            return texts.content(context, english) if context else texts.say(english)

    async def press(self, who: str, english: str, on: Any = None, context: str = "") -> Any:
        """On the newest message that has this button once."""
        label = self.label(who, english, context)
        found = (one for one in reversed(self.chat.messages(who)) if self.chat.labels(who, one).count(label) == 1)
        return await self.chat.press(who, label, on or next(found))

    async def told(self) -> None:
        """All of it."""
        await self.before_the_first()
        await self.first_week()
        await self.refusals()
        await self.second_week()
        await self.words_and_hours()
        await self.what_is_stored()
        await self.troubles()
        await self.unknown_workspace()

    async def before_the_first(self) -> None:
        chat, delivery = self.chat, self.chat.desk.delivery
        stranger = company.person(STRANGER).user_id
        await delivery.say(stranger, "help")
        await delivery.command(stranger, "/checkin")
        await delivery.home_opened(stranger)
        await chat.home("ada")
        await chat.command("ada", "/review")
        await chat.command("ada", "/checkin")
        await chat.cancel("ada")
        await chat.command("ada", "/review", "delete draft")
        await chat.command("ada", "/review", "back")
        with chat.look() as db:
            for turn in db.query(Turn).filter_by(person_id=chat.person(db, "eve").id):
                db.delete(turn)
        await chat.command("eve", "/checkin")
        await chat.answer("hana", **WEEK)

    async def first_week(self) -> None:
        """Asked, put off, filled in with errors and a draft, stored, edited, overtaken, read."""
        chat = self.chat
        await chat.at(OPENS)
        for put_off in ("Later today", "Tomorrow"):
            await self.press("ada", put_off)
        await self.press("ada", "Check in")
        await chat.submit("ada", progress="  ", next="Написать")
        await chat.force("ada", progress="я" * 5000, next="Написать")
        await chat.force("ada", progress="Сделано\x00 всё", next="Написать")
        chat.type_in("ada", **WEEK, mood="2", share_mood=True)
        await chat.choose("ada", blocked=True)
        await chat.cancel("ada")
        await chat.later(minutes=5)
        await self.press("ada", "Check in")
        stale = chat.open_view("ada")
        await chat.submit("ada", blocker="Сборка красная")
        await chat.show_again("ada", stale)
        await chat.submit("ada", progress="Поиск и сортировка")
        await chat.submit("ada")
        await self.press("ada", "Read")
        await chat.cancel("ada")
        await self.press("ada", "Edit")
        view = chat.open_view("ada")
        await chat.at(REMINDS)
        await chat.at(DUE)
        await chat.show_again("ada", view)
        await chat.submit("ada", progress="Поздно")
        await chat.cancel("ada")
        await self.read_by("grace")
        await self.read_by("linus")

    async def read_by(self, who: str) -> None:
        with self.chat.look() as db:
            mine = self.chat.person(db, "ada").id
            checkin = db.query(CheckIn).filter_by(person_id=mine).one().id
        message = self.chat.given(who, Button(self.label(who, "Read"), "checkin.read", checkin))
        await self.press(who, "Read", message)
        await self.chat.cancel(who)

    async def refusals(self) -> None:
        """Buttons of others, of what is gone, and of a week that is over."""
        chat = self.chat
        await chat.home("linus")
        await chat.command("linus", "/review")
        await self.press("linus", "Check in late")
        await chat.cancel("linus")
        await chat.press("linus", "?", chat.given("linus", Button("?", "help"), "ada"))
        await chat.press("linus", "?", chat.given("linus", Button("?", "no.such.verb")))
        for verb in ("checkin", "checkin.read", "asks.skip"):
            await chat.press("linus", "?", chat.given("linus", Button("?", verb, "gone")))
            if chat.view("linus"):
                await chat.cancel("linus")
        await self.press("linus", "Check in late")
        chat.type_in("linus", **WEEK)
        await chat.at(NEXT_OPENS)
        await chat.submit("linus", **WEEK)
        await chat.cancel("linus")

    async def second_week(self) -> None:
        """Last week's plan; left out for each reason and taken up again; away and back."""
        chat = self.chat
        await self.press("ada", "Check in")
        chat.type_in("ada", **{"last_next.1": "done"})
        await chat.choose("ada", **{"last_next.0": "carry_on"})
        await chat.submit("ada", progress="Ещё")
        await self.press("ada", "Read")
        await chat.cancel("ada")
        for reason in ("not_working", "nothing_new", "other"):
            await self.press("linus", "Skip this one")
            await self.press("linus", "Back")
            await self.press("linus", "Skip this one")
            words = reason.replace("_", " ").capitalize()
            await self.press("linus", words, context=f"checkin.skip_reasons.{reason}")
            await self.press("linus", "Undo")
        await self.press("linus", "I'm away until…")
        await chat.submit("linus", back="2026-12-03")
        await chat.submit("linus", back="2029-12-03")
        await chat.submit("linus", back="2026-12-10")
        await chat.home("linus")
        await chat.command("linus", "/review", "away")
        await chat.cancel("linus")
        await chat.command("linus", "/review", "back")
        await chat.home("linus")
        await chat.answer("grace", **WEEK)
        await chat.home("grace")
        await chat.at("2026-12-04 15:30")
        await chat.press("linus", "?", chat.given("linus", Button("?", "asks.tomorrow", chat.ask("linus").id)))
        await chat.at(NEXT_DUE)

    async def words_and_hours(self) -> None:
        chat = self.chat
        for typed in ("help", "helpp", "чекин", "away", "checkin"):
            await chat.say("ada", typed)
            await chat.command("ada", "/review", typed)
            if chat.view("ada"):
                await chat.cancel("ada")
        await chat.say("ada", "Поиск живёт")
        await self.press("ada", "Put this into my check-in")
        await chat.say("ada", "долго " * 400)
        await self.press("ada", "Put this into my check-in")
        await chat.later(hours=26)
        await chat.app.run(chat.app.engine.sweep)
        await chat.command("ada", "/review", "delete draft")
        await self.press("ada", "Put this into my check-in")
        await chat.command("ada", "/review", "hours")
        await chat.submit("ada", zone="Луна")
        await chat.submit("ada", zone="Europe/Lisbon", starts="18:00", ends="09:00")
        await chat.submit("ada", starts="08:00", ends="17:00", days=["0", "1"])
        await chat.home("ada")
        await chat.at(THIRD_OPENS)
        await chat.press("ada", "?", chat.given("ada", Button("?", "asks.back", chat.ask("ada").id)))

    async def what_is_stored(self) -> None:
        """Shown, asked for as files, refused twice in a row, and once by a workspace that takes no files."""
        chat = self.chat
        await chat.press("ada", "?", chat.given("ada", Button("?", "privacy")))
        await chat.cancel("ada")
        await chat.command("ada", "/review", "mydata")
        for verb in ("mydata.no", "mydata.send", "mydata.send"):
            await chat.press("ada", "?", chat.given("ada", Button("?", verb)))
        for who in ("ada", "grace"):
            chat.desk.faults.add("refused", "files.getUploadURLExternal")
            await chat.later(minutes=20)
            await chat.press(who, "?", chat.given(who, Button("?", "mydata.send")))
        chat.desk.faults.clear()

    async def troubles(self) -> None:
        """Dialogs that Slack did not open, and a form overtaken elsewhere."""
        chat = self.chat
        chat.desk.faults.add("error", "views.open")
        await chat.command("grace", "/checkin")
        chat.desk.faults.add("error", "views.open")
        await self.press("hana", "Read")
        await chat.command("ada", "/review", "hours")
        with chat.look() as db:
            chat.person(db, "ada").work_days = "0,1,2"
        await chat.submit("ada", starts="10:00")
        await chat.cancel("ada")

    async def unknown_workspace(self) -> None:
        chat, space = self.chat, self.chat.desk.workspace
        await chat.command("ada", "/review", "hours")
        space.identity = replace(space.identity, team_id="T0OTHER")
        await chat.command("linus", "/review")
        await chat.submit("ada", starts="09:00")
