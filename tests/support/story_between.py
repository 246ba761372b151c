"""Weeks between people, in any language: what is in the way, up to the second line; answers to and fro; delegates."""

from __future__ import annotations

from datetime import date

from story import NEXT_OPENS, WEEK, Story

from bot import commands
from bot.messages import Button
from bot.storage.blockers import Blocker
from bot.storage.checkin import CheckIn
from desk import company

# Thursday afternoon in Lisbon is Thursday morning in New York: Ada and Grace both work.
BOTH_WORK = "2026-11-26 15:00"
LINE = "Лицензия к пятнице"


class Between(Story):
    async def told(self) -> None:
        self.chat.reports("grace", to="hana")
        await self.blocked()
        await self.answers()
        await self.up_and_down()
        await self.delegated()
        await self.changes()

    async def tap(self, who: str, english: str) -> None:
        """In the open dialog."""
        await self.chat.press(who, self.label(who, english), self.chat.open_view(who))

    async def everywhere(self) -> None:
        for who in ("ada", "grace", "hana", "eve"):
            await self.chat.home(who)
            await self.chat.command(who, "/review")

    async def blocked(self) -> None:
        chat = self.chat
        await chat.at(BOTH_WORK)
        await chat.command("ada", "/checkin")
        await chat.choose("ada", blocked=True)
        await chat.submit("ada", **WEEK, blocker="Лицензия")
        await self.press("ada", "Who opened this")
        await chat.cancel("ada")
        await self.everywhere()
        await self.press("grace", "Read")

    async def answers(self) -> None:
        chat = self.chat
        for verb in ("Comment…", "Ask a follow-up…"):
            await self.tap("grace", verb)
            await chat.submit("grace", text="  ")
            await chat.submit("grace", text="Какой индекс?")
        await self.tap("grace", "Thank")
        await self.tap("grace", "Add to 1:1")
        await self.everywhere()
        await self.press("ada", "Reply…")
        await chat.submit("ada", text="Второй")
        await self.tap("ada", "Thank")
        await self.tap("ada", "Who opened this")
        await chat.later(minutes=20)
        await self.tap("grace", "Take thanks back")
        await self.tap("grace", "Take off the 1:1")
        await chat.cancel("grace")
        await chat.cancel("ada")
        await chat.later(minutes=20)
        await self.press("ada", "Read")
        await self.tap("ada", "Reply…")
        await chat.submit("ada", text="И ещё")
        await self.tap("ada", "Take back")
        await chat.cancel("ada")

    async def up_and_down(self) -> None:
        """Passed up, taken back and taken, solved, reported again, withdrawn."""
        chat = self.chat
        await self.press("grace", "Pass up…")
        await chat.submit("grace", line=LINE)
        await chat.cancel("grace")
        await self.press("hana", "See it")
        await chat.cancel("hana")
        await self.press("grace", "Take it back")
        await self.press("grace", "It's solved")
        await self.press("ada", "Read")
        await chat.cancel("ada")
        await self.press("ada", "Still in the way")
        await chat.later(days=1)
        await self.press("grace", "I'll take it")
        await self.everywhere()
        await self.press("ada", "Withdraw")
        await self.press("linus", "?", await self.of_the_blocker("linus", "blocker.solve"))
        await self.press("linus", "?", chat.given("linus", Button("?", "blocker.take", "gone")))

    async def delegated(self) -> None:
        chat = self.chat
        grace, eve = (company.person(name).email for name in ("Grace Murray", "Eve Moreau"))
        commands.delegate(chat.app.database, chat.clock, grace, eve, None, date(2026, 12, 11))
        await chat.settle()
        await chat.at(NEXT_OPENS)
        await chat.command("ada", "/checkin")
        await chat.choose("ada", blocked=True)
        await chat.submit("ada", progress="Ещё", next="Дальше", blocker="Опять")
        await chat.later(hours=5)
        await self.everywhere()
        await self.read_last("eve", -1)
        await self.tap("eve", "I'll take it")
        await self.tap("eve", "Comment…")
        await chat.submit("eve", text="Хорошо")
        await chat.cancel("eve")
        await self.press("ada", "Read")
        await chat.cancel("ada")
        await self.press("ada", "Who opened this")
        await chat.cancel("ada")
        await chat.later(days=1)
        commands.delegate(chat.app.database, chat.clock, grace, eve, None, date(2026, 11, 30))
        await chat.settle()

    async def changes(self) -> None:
        """Another manager, and somebody who left."""
        chat = self.chat
        await chat.at("2026-12-10 15:00")
        await chat.command("ada", "/checkin")
        chat.reports("ada", to="hana")
        await chat.submit("ada", progress="Ещё", next="Дальше")
        await chat.submit("ada")
        for who in ("hana", "linus"):
            await self.read_last(who, 0)
            await chat.cancel(who)
        with chat.look() as db:
            chat.person(db, "grace").status = "left"
        await self.read_last("ada", 0)

    async def read_last(self, who: str, at: int) -> None:
        with self.chat.look() as db:
            found = sorted(db.query(CheckIn), key=lambda one: one.occurrence)[at].id
        await self.press(who, "?", self.chat.given(who, Button("?", "checkin.read", found)))

    async def of_the_blocker(self, who: str, verb: str) -> object:
        with self.chat.look() as db:
            found = db.query(Blocker).one().id
        return self.chat.given(who, Button("?", verb, found))
