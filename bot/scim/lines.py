"""Whom people report to by the directory's word, also where it names a manager before it brings them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from bot.rules.roster import Change
from bot.rules.roster.plan import COMING
from bot.rules.scim import Fault, User
from bot.scim.terms import Terms
from bot.storage import roster, scim
from bot.storage.lines import dotted_on
from bot.storage.people import Person, people_by_id
from bot.storage.scim import ScimUser, key_of


def named(terms: Terms, who: UUID, wanted: User) -> tuple[User, UUID | None]:
    """With the manager by id, where there is somebody of that name; Fault for oneself and for a circle."""
    found = scim.who_is(terms.db, wanted.manager) if wanted.manager else None
    if found is None:
        return wanted, None
    if found.id == who:
        raise Fault("Nobody manages themselves. Leave the manager out at the top.", "invalidValue")
    if wanted.active and (circle := scim.way_up(terms.db, found.id, who, terms.today)):
        people = people_by_id(terms.db, circle)
        way = " → ".join(people[one].email for one in (who, *circle))
        raise Fault(f"The line would go in a circle: {way}. Change one of the others first.", "invalidValue")
    return replace(wanted, manager=str(found.id)), found.id


def dotted(terms: Terms, who: UUID) -> frozenset[UUID]:
    return dotted_on(terms.db, [who], terms.today).get(who, frozenset())


def since(terms: Terms, person: Person, *, coming: bool) -> date:
    """Who is still to come has lines from their first day on."""
    return max(terms.today, person.hired_on) if coming and person.hired_on else terms.today


def wait_for(terms: Terms, manager: UUID, led: Sequence[UUID]) -> None:
    """These had this one above them, who has left: should they come back, so does the line."""
    for one in led:
        row = terms.db.get(ScimUser, one)
        if row and row.manager_said == str(manager):
            row.awaits = key_of(row.manager_said)


def come(terms: Terms, who: UUID, user: User) -> None:
    """Those who waited for somebody of one of these names get their line, unless they have another by now."""
    waiting = scim.awaiting(terms.db, (str(who), user.external_id, user.user_name, user.email, user.number))
    led = scim.around(terms.db, [one.person.id for one in waiting], terms.today).managers
    for person, row in waiting:
        if row is None or person.id == who or scim.way_up(terms.db, who, person.id, terms.today):
            continue
        row.awaits, row.manager_said = None, str(who)
        if person.id not in led:
            _lead(terms, person, who)


def _lead(terms: Terms, person: Person, manager: UUID) -> None:
    beside = dotted(terms, person.id)
    made = Change(
        0, person.id, person.name, frozenset({"manager", "dotted"} if manager in beside else {"manager"}), {}, manager,
        beside - {manager}, None, since(terms, person, coming=person.status == COMING),
    )  # fmt: skip
    roster.write(terms.db, [made], terms.now, terms.real, None)
