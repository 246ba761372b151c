"""What is looked for once a day among owners, some at a time: who is to be asked is asked once, in their own hours and
within their budget.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from bot.clock import valid_zone
from bot.conversation import Context, Conversation, Reply, Task
from bot.forms import Form
from bot.handlers.okr import listing
from bot.messages import Message
from bot.storage.asks import Ask
from bot.storage.contacts import contacts_of
from bot.storage.okr.asking import waiting_asks
from bot.storage.okr.watching import missed_asks
from bot.storage.people import Person, people_by_id, working_times
from bot.storage.policy import allows
from bot.storage.starting import INTRODUCED

PIECE = 200
LASTS = timedelta(days=7)


class AskedDaily(Conversation, ABC):
    """`ahead`: who does not work within that time is looked at again on the next day."""

    daily = True
    ahead: ClassVar[timedelta] = LASTS

    @abstractmethod
    def owners(self, ctx: Context, after: UUID | None) -> list[UUID]:
        """Whom it may concern, by id, one piece of them."""

    @abstractmethod
    def due(self, ctx: Context, people: Sequence[Person]) -> Collection[UUID]:
        """Who of these is to be asked today."""

    @abstractmethod
    def as_it_stands(self, ctx: Context, ask: Ask) -> Message:
        """The ask in any state."""

    def prompt(self, ctx: Context) -> Message:
        if ctx.asked is None:
            raise ValueError("what a daily look finds is asked about in an ask")
        return self.as_it_stands(ctx, ctx.asked)

    def open(self, ctx: Context) -> Form | Reply:
        if not allows(ctx.db, "goals", ctx.person):
            return Reply(listing.off())
        return Reply(asks=(ctx.asked.id,)) if ctx.asked else Reply(listing.listed(ctx, listing.MINE, 1))

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        owners = self.owners(ctx, UUID(task.cursor["after"]) if "after" in task.cursor else None)
        over = {one.id: one for one in (*missed_asks(ctx.db, self.name, PIECE), *self._ask(ctx, owners))}
        for ask in over.values():
            ask.state, ask.closed_at, ask.remind_at, ask.remind_kind = "closed", ctx.now, None, None
        more = (self._next(task, owners[-1], ctx),) if len(owners) == PIECE else ()
        return Reply(also=more, asks=tuple(over))

    def _next(self, task: Task, last: UUID, ctx: Context) -> Task:
        day = task.key.removeprefix(f"{self.name}:").partition(":")[0]
        return Task(self.name, "run", f"{self.name}:{day}:{last}", ctx.now, {"after": str(last)})

    def _ask(self, ctx: Context, owners: list[UUID]) -> list[Ask]:
        """Returns what they were asked before: the new one says all of it."""
        people = _reached(ctx, owners)
        due, hours = set(self.due(ctx, people)), working_times(ctx.db, people, ctx.now)
        comes = {one.id: hours[one.id].next_open(ctx.now) for one in people if one.id in due}
        soon = {one: at for one, at in comes.items() if at and at < ctx.now + self.ahead}
        older = waiting_asks(ctx.db, list(soon), (self.name,))
        ctx.db.add_all(self._made(ctx, one, soon[one.id]) for one in people if one.id in soon)
        return older

    def _made(self, ctx: Context, person: Person, comes: datetime) -> Ask:
        """Open from now, sent when their working hours come."""
        return Ask(
            person_id=person.id, about_id=person.id, conversation=self.name, occurrence=ctx.now.date(),
            zone=person.zone, state="open", opens_at=ctx.now, due_at=ctx.now + LASTS, remind_at=comes,
            remind_kind="prompt", nudges=0, created_at=ctx.real_now,
        )  # fmt: skip


def _reached(ctx: Context, owners: list[UUID]) -> list[Person]:
    """Who knows Rapport, and is reminded of things at all."""
    known = {one for one, row in contacts_of(ctx.db, owners).items() if row.state in INTRODUCED}
    return [
        one
        for one in people_by_id(ctx.db, sorted(known)).values()
        if valid_zone(one.zone) and allows(ctx.db, "goals", one) and allows(ctx.db, "nudges", one)
    ]
