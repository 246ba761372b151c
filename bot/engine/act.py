"""One event of one known person, inside its transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.access import Actor, Subject, may
from bot.clock import Clock, to_local
from bot.conversation import Context, Registry
from bot.engine.profiles import Who
from bot.forms import Form, Raw
from bot.storage.accounts import IN_TURN
from bot.storage.asks import Ask
from bot.storage.people import Address, Person, address_of_user, roles_on
from bot.storage.workspaces import workspace_by_external


@dataclass(frozen=True)
class House:
    """What every act shares. `contact` is whom people ask that Rapport does not know. By platform: `permissions`
    is what it lets us do, each with its marked reason, `layouts` how a form is laid out in pages there, where what is
    asked may not all fit on one.
    """

    registry: Registry
    clock: Clock
    contact: str = ""
    locale: str = "en"
    permissions: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    layouts: Mapping[str, Callable[[Form], Form]] = field(default_factory=dict)


@dataclass(frozen=True)
class Act:
    db: Session
    house: House
    now: datetime
    real: datetime
    person: Person
    address: Address
    roles: frozenset[str]

    def context(
        self, args: tuple[str, ...] = (), typed: Raw | None = None, *, before: Raw | None = None,
        in_dialog: bool = False,
    ) -> Context:  # fmt: skip
        """`before` are the raw answers of the drawing before, where that is not this one."""
        return Context(
            db=self.db, now=self.now, real_now=self.real, registry=self.house.registry, who=self.person,
            roles=self.roles, args=args, asked=self._ask(args), typed=typed,
            typed_before=typed if before is None else before,
            in_dialog=in_dialog, contact=self.house.contact,
            permissions=self.house.permissions.get(self.address.platform, ()),
        )  # fmt: skip

    def laid_out(self, form: Form) -> Form:
        """In the pages of the platform on which the person is."""
        layout = self.house.layouts.get(self.address.platform)
        return layout(form) if layout else form

    def may_answer(self, ask: Ask | None) -> bool:
        if ask is None:
            return True
        return bool(may(Actor(self.person.id, self.roles), "answer", Subject("ask", owner=ask.person_id)))

    def _ask(self, args: tuple[str, ...]) -> Ask | None:
        """The ask that the first id names, locked so that two acts on it come one after the other."""
        try:
            ask = UUID(args[0]) if args else None
        except ValueError:
            return None
        return self.db.get(Ask, ask, with_for_update=True) if ask else None


def has_left(db: Session, who: Who) -> bool:
    """Whether it is the account of somebody who no longer works here."""
    workspace = workspace_by_external(db, who.platform, who.workspace)
    address = address_of_user(db, workspace.id, who.user) if workspace else None
    return address is not None and db.get_one(Person, address.person_id).status == "left"


def begin(db: Session, house: House, who: Who, *, writes: bool = True) -> Act | None:
    """None for an account that belongs to nobody Rapport works with."""
    workspace = workspace_by_external(db, who.platform, who.workspace)
    address = address_of_user(db, workspace.id, who.user) if workspace else None
    person = db.get(Person, address.person_id, with_for_update=IN_TURN if writes else None) if address else None
    if address is None or person is None or person.status != "active":
        return None
    now, real = house.clock.now(), house.clock.real()
    roles = roles_on(db, person.id, to_local(now, person.zone).date())
    return Act(db, house, now, real, person, address, roles)
