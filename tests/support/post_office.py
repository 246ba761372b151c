"""Messages put straight into the outbox of a small world, deliverers that fetch them, a desk that counts calls."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from world import PEOPLE, World

from bot.clock import real
from bot.delivery import Delivery
from bot.messages import Button, Message, dump
from bot.platforms import Platform
from bot.storage.base import new_id
from bot.storage.database import Database
from bot.storage.outbox import OutboxRow
from bot.storage.people import Address
from bot.storage.workspaces import Workspace
from desk.faults import Fault


@dataclass
class Call:
    """One call that reached the desk, and what it met there."""

    method: str
    at: float
    fault: Fault | None


@dataclass
class PostOffice:
    world: World
    calls: list[Call] = field(default_factory=list)

    def __post_init__(self) -> None:
        take = self.world.desk.faults.take

        def watched(method: str) -> Fault | None:
            fault = take(method)
            self.calls.append(Call(method, time.monotonic(), fault))
            return fault

        # The desk asks for a fault at each call, so this sees all of them.
        self.world.desk.faults.take = watched  # type: ignore[method-assign]

    def deliverer(
        self,
        *,
        rate: float = 0,
        lease: float = 60,
        database: Database | None = None,
        step: Callable[[str], None] = lambda name: None,
    ) -> Delivery:
        app, whole = self.world.app, timedelta(seconds=lease)
        platforms: dict[str, Platform] = {"slack": app.slack} | ({"teams": app.teams.platform} if app.teams else {})
        return Delivery(database or app.database, platforms, app.run, rate=rate, lease=whole, step=step)

    def put(self, who: str, text: str = "Hello", **more: Any) -> UUID:
        """One row; a send unless `kind` says something else."""
        with self.world.look() as db:
            person = self.world.person(db, who)
            address = db.scalars(select(Address).filter_by(person_id=person.id)).first()
            row = new_id()
            given: dict[str, Any] = {
                "id": row, "key": f"test:{row}", "kind": "send", "purpose": "reply", "person_id": person.id,
                "address_id": address and address.id, "workspace_id": address and address.workspace_id,
                "due_at": real(), "created_at": real(), "state": "waiting", "attempts": 0, "locale": "en",
                "body": dump(Message(text)),
            }  # fmt: skip
            db.add(OutboxRow(**given | more))
        return row

    def edit(self, send: UUID, text: str, who: str = "ada", **more: Any) -> UUID:
        return self.put(who, text, kind="edit", target_id=send, **more)

    def row(self, row: UUID) -> OutboxRow:
        with self.world.look() as db:
            return db.get_one(OutboxRow, row)

    def change(self, row: UUID | None = None, **values: Any) -> None:
        """Directly, in one row or in all."""
        with self.world.look() as db:
            where = [] if row is None else [OutboxRow.id == row]
            db.execute(update(OutboxRow).where(*where).values(**values))

    def pass_time(self) -> None:
        """Every lease has run out and every wait is over."""
        with self.world.look() as db:
            due = real() - timedelta(seconds=1)
            db.execute(update(OutboxRow).where(OutboxRow.state == "waiting").values(due_at=due))

    def second_workspace(self, who: str) -> UUID:
        """This person's account moves to another workspace; the desk serves it under the same token."""
        with self.world.look() as db:
            first = db.scalars(select(Workspace)).one()
            other = Workspace(
                platform=first.platform, external_id="T0OTHER", name="Other", bot_user=first.bot_user,
                token=first.token, created_at=real(),
            )  # fmt: skip
            db.add(other)
            db.flush()
            person = self.world.person(db, who)
            db.execute(update(Address).where(Address.person_id == person.id).values(workspace_id=other.id))
            return other.id

    def texts(self, who: str) -> list[str]:
        return [message.text for message in self.world.messages(who)]

    def everybody(self) -> dict[str, list[str]]:
        return {who: self.texts(who) for who in PEOPLE}

    def called(self, method: str) -> int:
        return sum(call.method == method for call in self.calls)


def unbearable() -> str:
    """A body with more buttons than one message holds: it can be read and not be drawn."""
    return dump(Message("Hello", buttons=tuple(Button(str(at), "help") for at in range(2000))))
