"""A manager's week, in any language: who is in and who is not, reminders by hand, HR's counts, languages, digests."""

from __future__ import annotations

from datetime import date

from story import NEXT_OPENS, WEEK, Story

from bot import texts
from bot.conversation import Context, Place
from bot.messages import Button, Message
from bot.platforms.slack.blocks import message_blocks
from bot.storage.outbox import OutboxRow
from bot.storage.people import roles_on
from desk import company

# Thursday afternoon in Lisbon is Thursday morning in New York: Ada and Grace both work.
BOTH_WORK = "2026-11-26 15:00"
DIGESTS: tuple[tuple[str, Place], ...] = (
    ("grace", "manager_digest"), ("hana", "hr_digest"), ("ada", "my_summary"),
)  # fmt: skip


class Team(Story):
    async def told(self) -> None:
        await self.refusals()
        await self.statuses()
        await self.reminders()
        await self.late()
        await self.data()
        await self.digests()

    async def word(self, who: str, *texts: str) -> None:
        for text in texts:
            await self.chat.command(who, "/review", text)

    async def refusals(self) -> None:
        department = company.person("Ada Byron").department
        for who in ("eve", "hana", "ada", "grace"):
            await self.word(who, "status", "status Grace", "status Ada", "status Zoe", f"status {department}")
            await self.word(who, "nudge", "nudge Zoe", "nudge Ada", "nudge Grace", "nudge Hana", "status a")

    async def statuses(self) -> None:
        chat = self.chat
        chat.delegates("grace", "eve", "2026-11-23", "2026-12-04")
        await chat.at(BOTH_WORK)
        await self.word("grace", "status")
        await chat.command("ada", "/checkin")
        await chat.choose("ada", blocked=True)
        await chat.submit("ada", **WEEK)
        for who in ("grace", "eve", "hana"):
            await self.word(who, "status", "status Grace", "status Linus", "nudge Ada")
            await chat.home(who)

    async def reminders(self) -> None:
        chat = self.chat
        await self.word("grace", "nudge Linus", "nudge Linus")
        await self.press("grace", "Take back")
        await self.press("linus", "Tomorrow")
        await self.word("grace", "nudge Linus", "status")
        await self.word("eve", "nudge Linus")
        await self.press("eve", "Take back")
        await self.word("grace", "nudge Linus")
        shown = chat.last("grace")
        await chat.at("2026-11-27 12:00")
        await self.press("grace", "Take back", shown)
        await self.press("grace", "?", chat.given("grace", Button("?", "team.unnudge")))
        await self.word("grace", "nudge Linus", "status")

    async def late(self) -> None:
        chat = self.chat
        await chat.at("2026-11-30 20:00")
        await self.word("grace", "status")
        await chat.at(NEXT_OPENS)
        await self.word("grace", "nudge Ada", "status")
        await self.press("linus", "Skip this one")
        await self.press("linus", "Nothing new", context="checkin.skip_reasons.nothing_new")
        await self.word("grace", "nudge Linus", "status")
        await chat.at("2026-12-07 11:00")
        await self.word("grace", "status", "nudge Ada")
        await chat.answer("ada", progress="Ещё", next="Дальше")
        await self.word("grace", "status")
        await self.full()
        await self.word("linus", "away")
        await chat.submit("linus", back="2026-12-31")
        await self.word("grace", "status", "nudge Linus")
        await chat.home("linus")

    async def full(self) -> None:
        """A week whose messages are used up."""
        chat = self.chat
        with chat.look() as db:
            for day in (14, 15, 16):
                row = OutboxRow(key=f"used:{day}", kind="send", purpose="nudge", due_at=chat.clock.real())
                row.person_id, row.state, row.created_at = chat.person(db, "ada").id, "done", chat.clock.real()
                row.budget_day = date(2026, 12, day)
                db.add(row)
        await chat.at("2026-12-10 15:00")
        await chat.at("2026-12-11 15:00")
        await self.word("grace", "nudge Ada")
        await chat.at("2026-12-17 15:00")

    async def data(self) -> None:
        """What HR has to mend, and a language of one's own."""
        chat = self.chat
        with chat.look() as db:
            # A zone that no computer knows any more.
            chat.person(db, "eve").country = None
        await chat.home("hana")
        for gap in ("manager", "account", "zone"):
            for who in ("hana", "ada"):
                await self.press(who, "?", chat.given(who, Button("?", "people.gaps", gap)))
                await chat.cancel(who)
        await self.word("ada", "language")
        await chat.cancel("ada")

    async def digests(self) -> None:
        """Drawn as they will be sent, each in its reader's language."""
        chat = self.chat
        for who, place in DIGESTS:
            with chat.look() as db:
                person, now = chat.person(db, who), chat.clock.now()
                roles = roles_on(db, person.id, now.date())
                registry = chat.app.engine.registry
                with texts.reader(person.locale):
                    ctx = Context(
                        db=db, now=now, real_now=chat.clock.real(), registry=registry, who=person, roles=roles
                    )  # fmt: skip
                    sections = [part.draw(ctx) for part in registry.parts_of(place)]
                    message = Message("", sections=tuple(one for one in sections if one))
                    drawn = message_blocks(message, str(person.id))
            space = chat.desk.workspace
            space.post(space.open_channel(chat.user(who)), space.identity.bot_user, "Given", drawn)
