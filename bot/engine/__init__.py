"""One transaction for each event and each piece of a tick; the sole caller of handlers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import texts
from bot.clock import Clock
from bot.conversation import Registry
from bot.engine import (
    acts,
    carding,
    consenting,
    directory,
    filling,
    handing,
    referring,
    removing,
    seeking,
    sweeping,
    words,
)
from bot.engine.act import Act, House, begin, has_left
from bot.engine.asking import Asking
from bot.engine.events import (
    Added,
    Changed,
    Consented,
    Done,
    Event,
    Faulty,
    Found,
    Handed,
    HomeOpened,
    Listed,
    Opened,
    Outcome,
    Paged,
    Removed,
    Said,
    Shown,
    Sought,
    Submitted,
    Told,
    Wanted,
)
from bot.engine.profiles import Profile, Reference
from bot.storage.database import Database
from bot.storage.receipts import Receipt, receipt

__all__ = ["Engine", "House"]


Personal = Opened | Submitted | Changed | Paged | Sought | Said | HomeOpened | Consented | Handed


class Engine:
    """`step` is called at named points, for fault tests; `wake` after each commit that may have filled the outbox."""

    def __init__(
        self,
        database: Database,
        house: House,
        *,
        step: Callable[[str], None] = lambda name: None,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self.database = database
        self.house = house
        self.wake = wake
        self._step = step
        self.asking = Asking(database, house, step)

    @property
    def registry(self) -> Registry:
        return self.house.registry

    @property
    def clock(self) -> Clock:
        return self.house.clock

    def handle(self, event: Event) -> Outcome:
        """Everything the event changes is committed when this returns. A repeated event changes nothing."""
        try:
            outcome = self._once(event)
        except IntegrityError:
            # Two copies of one event met; the other one is committed now, so this one finds its receipt.
            outcome = self._once(event)
        self._step("engine.committed")
        self.wake()
        return outcome

    def _once(self, event: Event) -> Outcome:
        with self.database.transaction() as db:
            if isinstance(event, Listed):
                directory.listed(db, self.house, event)
                return Done()
            if not isinstance(event, Sought | Added) and (known := receipt(db, event.receipt)):
                return Done(known.kind)
            if isinstance(event, Removed):
                removing.remove(db, self.house, event)
                return Done()
            act = begin(db, self.house, event.who, writes=not isinstance(event, Sought | Added))
            if act is None:
                return self._stranger(event, has_left(db, event.who))
            if isinstance(event, Added):
                # Their first contact has its own time, and being given a bot is not having used it.
                return Done()
            if not isinstance(event, Sought):
                # Accounts before rows of the outbox, as delivery locks them.
                act.address.last_used_at = act.real
                # Who blocked the bot or took it out, and comes back, is there again.
                act.address.find()
                db.flush()
            with texts.reader(act.person.locale):
                outcome = _outcome(act, event)
            if isinstance(outcome, Faulty):
                # Nothing was accepted, so nothing is kept, and the same may be sent again.
                db.rollback()
                return outcome
            if isinstance(outcome, Shown | Told):
                outcome = replace(outcome, locale=act.person.locale)
            if not isinstance(event, Sought) and not isinstance(outcome, Wanted):
                _receive(db, act, event, outcome)
            db.flush()
            self._step("engine.handled")
        return outcome

    def _stranger(self, event: Event, left: bool) -> Outcome:
        """Told whom to ask; nothing that they do is stored."""
        with texts.reader(self.house.locale):
            message = (words.left_person if left else words.unknown_person)(self.house.contact)
            match event:
                case Sought():
                    return Found()
                case Submitted() | Changed() | Paged():
                    return Faulty({"": words.closed_meanwhile(message)})
                case _:
                    return Told(message, dialog=False, locale=self.house.locale)

    def link(self, workspace: UUID, profiles: Sequence[Profile]) -> int:
        return directory.link(self.database, self.house, workspace, profiles)

    def refer(self, reference: Reference) -> bool:
        return referring.refer(self.database, self.house, reference)

    def sweep(self) -> None:
        sweeping.sweep(self.database, self.house)

    def tick(self) -> int:
        """Everything whose time has come, in pieces of at most 200 rows; returns how many rows were moved."""
        moved = self.asking.tick()
        if moved:
            self.wake()
        return moved


def _receive(
    db: Session,
    act: Act,
    event: Opened | Said | HomeOpened | Changed | Paged | Submitted | Consented | Handed,
    outcome: Outcome,
) -> None:
    """A form that went back to be filled further was not accepted yet. In the chat each press is one of its own, and
    what was drawn must not come again over what stands there later.
    """
    if isinstance(event, Submitted) and isinstance(outcome, Shown) and not outcome.here:
        return
    kind = outcome.kind if isinstance(outcome, Done) else type(outcome).__name__.lower()
    db.add(Receipt(key=event.receipt, kind=kind, at=act.real))


def _outcome(act: Act, event: Personal) -> Outcome:
    match event:
        case Opened():
            return acts.opened(act, event)
        case Said():
            return acts.said(act, event)
        case HomeOpened():
            return acts.home_opened(act, event)
        case Changed() | Paged() | Submitted():
            return carding.filled(act, event) if event.origin.here else filling.filled(act, event)
        case Sought():
            return seeking.sought(act, event)
        case Consented():
            return consenting.consented(act, event)
        case Handed():
            return handing.handed(act, event)
