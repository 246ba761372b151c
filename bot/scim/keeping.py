"""People as the directory wants them, written by the same functions as a list from a file; in the caller's
transaction.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from bot.clock import valid_zone
from bot.rules.roster import Change
from bot.rules.roster.plan import ACTIVE, COMING, LEFT, Kind
from bot.rules.scim import Fault, User
from bot.scim import lines
from bot.scim.terms import Held, Terms, users_of
from bot.storage import roster, scim, scim_tokens
from bot.storage.audit import record
from bot.storage.base import new_id
from bot.storage.leaving import leave
from bot.storage.people import Person
from bot.storage.scim import ScimUser, Stored, key_of

# In a small company one or two are more than a tenth.
ALWAYS = 3
DAY = timedelta(days=1)
_OURS = frozenset({"id", "created", "manager_name"})
_UNIQUE = frozenset({"user_name", "email", "number"})


def create(terms: Terms, wanted: User) -> UUID:
    """Who was deleted before and has this number or address comes back."""
    found = _deleted(terms, wanted)
    if found is not None:
        change(terms, found, users_of(terms.db, terms.today, [found])[0], wanted)
        return found.person.id
    _none_other(terms, None, wanted, _UNIQUE)
    who = new_id()
    wanted, manager = lines.named(terms, who, wanted)
    values: dict[str, Any] = {
        "name": wanted.name, "email": wanted.email, "external_id": wanted.number or None,
        "zone": _zone(wanted.zone) or terms.zone, "locale": wanted.locale or "en", "country": None, "region": None,
        "hired_on": None, "left_on": None if wanted.active else terms.today - DAY,
        "status": ACTIVE if wanted.active else LEFT,
    }  # fmt: skip
    place = wanted.department or None
    if not wanted.active:
        manager = place = None
    made = Change(0, who, wanted.name, frozenset({"join"}), values, manager, frozenset(), place, terms.today)
    roster.write(terms.db, [made], terms.now, terms.real, None)
    row = _row(terms, who, wanted)
    row.awaits = key_of(wanted.manager) if wanted.active and wanted.manager and manager is None else None
    record(
        terms.db, terms.real, "scim.user.created", actor=None, kind="person", object_id=who, token=str(terms.token)
    )  # fmt: skip
    if wanted.active:
        lines.come(terms, who, wanted)
    return who


def _deleted(terms: Terms, wanted: User) -> Stored | None:
    by_number = scim.numbered(terms.db, wanted.number) if wanted.number else None
    found = by_number or scim.addressed(terms.db, wanted.email)
    if found is None or found.scim is None or found.scim.deleted_at is None or found.person.status != LEFT:
        return None
    if by_number is None and wanted.number and found.person.external_id:
        raise _taken(f"{wanted.email} belongs to somebody with another employeeNumber, who has left")
    return found


def _none_other(terms: Terms, who: UUID | None, wanted: User, changed: Collection[str]) -> None:
    """Fault if somebody else has their name in the directory, address or number."""
    ways = {
        "user_name": ("userName", scim.called, wanted.user_name),
        "email": ("emails", scim.addressed, wanted.email),
        "number": ("employeeNumber", scim.numbered, wanted.number),
    }
    for name, look, value in (ways[one] for one in sorted(_UNIQUE & set(changed))):
        found = look(terms.db, value) if value else None
        if found and found.person.id != who:
            raise _taken(f"{name} {value!r} belongs to somebody else, with the id {found.person.id}")


def _taken(why: str) -> Fault:
    return Fault(f"{why}.", "uniqueness", 409)


def _row(terms: Terms, who: UUID, wanted: User) -> ScimUser:
    """What is said of them now."""
    row = terms.db.get(ScimUser, who)
    if row is None:
        row = ScimUser(person_id=who, created_at=terms.real, user_name="", user_key="")
        terms.db.add(row)
    row.user_name, row.user_key = wanted.user_name, key_of(wanted.user_name)
    row.external_id, row.title = wanted.external_id or None, wanted.title or None
    row.given_name, row.family_name = wanted.given or None, wanted.family or None
    row.formatted_name = wanted.formatted or None
    row.manager_said, row.department_said = wanted.manager or None, wanted.department or None
    terms.db.flush()
    return row


def change(terms: Terms, stored: Stored, before: User, wanted: User) -> None:
    """Nothing is written of who is so already."""
    person, known = stored
    returns, lets_go = wanted.active and not before.active, before.active and not wanted.active
    wanted, manager = lines.named(terms, person.id, _settled(terms, person, before, wanted))
    changed = {one for one in User.__slots__ if one not in _OURS and getattr(before, one) != getattr(wanted, one)}
    if not changed and not (known and known.deleted_at):
        return
    _none_other(terms, person.id, wanted, changed)
    if lets_go:
        _may_go(terms)
    _write(terms, person, changed, wanted, manager, returns=returns)
    row = _row(terms, person.id, wanted)
    row.deleted_at = None
    if returns or changed - {"active"}:
        action = "scim.user.returned" if returns else "scim.user.changed"
        record(
            terms.db, terms.real, action, actor=None, kind="person", object_id=person.id, token=str(terms.token),
            attributes=sorted(changed),
        )  # fmt: skip
    if lets_go:
        _leave(terms, person, row)
    elif wanted.active:
        row.deactivated_at = None
        if returns or "manager" in changed:
            row.awaits = key_of(wanted.manager) if wanted.manager and manager is None else None
        lines.come(terms, person.id, wanted)


def _settled(terms: Terms, person: Person, before: User, wanted: User) -> User:
    """Zone and language of who has a chat account, or has chosen, come from there; nobody is without."""
    account = (before.zone, before.locale) != (wanted.zone, wanted.locale) and scim.from_account(terms.db, person.id)
    zone = before.zone if account or person.zone_chosen or not wanted.zone else _zone(wanted.zone)
    locale = before.locale if account or person.locale_chosen or not wanted.locale else wanted.locale
    return replace(wanted, zone=zone, locale=locale)


def _zone(zone: str) -> str:
    if zone and not valid_zone(zone):
        raise Fault("timezone is unknown: write it like Europe/Lisbon.", "invalidValue")
    return zone


def _write(
    terms: Terms, person: Person, changed: Collection[str], wanted: User, manager: UUID | None, *, returns: bool
) -> None:
    """Lines and department of who leaves, or has left, are only noted, for the day they come back."""
    columns = {
        "name": wanted.name, "email": wanted.email, "number": wanted.number or None, "zone": wanted.zone,
        "locale": wanted.locale,
    }  # fmt: skip
    values: dict[str, Any] = {
        {"number": "external_id"}.get(one, one): value for one, value in columns.items() if one in changed
    }
    coming = person.hired_on is not None and person.hired_on > terms.today and (returns or person.status == COMING)
    if returns:
        values |= {"status": COMING if coming else ACTIVE, "left_on": None}
    kinds: set[Kind] = {"other"} if values else set()
    dotted = frozenset[UUID]()
    if returns:
        kinds.add("return")
    elif wanted.active:
        kinds |= {"department"} if "department" in changed else set()
        dotted = lines.dotted(terms, person.id)
        if "manager" in changed:
            kinds |= {"manager", "dotted"} if manager in dotted else {"manager"}
    if kinds:
        made = Change(
            0, person.id, wanted.name, frozenset(kinds), values, manager, dotted - {manager},
            wanted.department or None if wanted.active else None, lines.since(terms, person, coming=coming),
        )  # fmt: skip
        roster.write(terms.db, [made], terms.now, terms.real, None)


def _may_go(terms: Terms) -> None:
    here, gone = scim.here_and_gone(terms.db, terms.real - DAY)
    most = max(ALWAYS, (here + gone) * terms.percent // 100)
    if gone >= most and not scim_tokens.take_allowance(terms.db, terms.real):
        raise Held(gone, here + gone)


def _leave(terms: Terms, person: Person, row: ScimUser) -> None:
    led = leave(terms.db, {person.id: terms.today - DAY}, terms.today, terms.now, terms.real, None)
    row.awaits, row.deactivated_at = None, terms.real
    lines.wait_for(terms, person.id, led)
    record(
        terms.db, terms.real, "scim.user.deactivated", actor=None, kind="person", object_id=person.id,
        token=str(terms.token),
    )  # fmt: skip


def delete(terms: Terms, stored: Stored) -> None:
    """The directory knows them no more; who comes by their number or address is they again."""
    person = stored.person
    user = users_of(terms.db, terms.today, [stored])[0]
    if user.active:
        _may_go(terms)
    row = _row(terms, person.id, user)
    if user.active:
        _leave(terms, person, row)
    row.deleted_at, row.user_name, row.user_key = terms.real, "", f"deleted:{person.id}"
    row.external_id = row.given_name = row.family_name = row.formatted_name = row.title = None
    row.manager_said = row.department_said = row.awaits = None
    record(
        terms.db, terms.real, "scim.user.deleted", actor=None, kind="person", object_id=person.id,
        token=str(terms.token),
    )  # fmt: skip
