"""HR's digest in its room; where that cannot be written to, HR is written to directly and told why."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import texts
from bot.clock import to_local, to_utc
from bot.conversation import Context, Send
from bot.conversation import Room as To
from bot.conversation.digests import MONDAY, digest
from bot.engine import outgoing
from bot.engine.act import House
from bot.engine.digests import HR
from bot.storage.database import Database
from bot.storage.digests import sends_by_key
from bot.storage.pauses import paused_until, standing_pauses
from bot.storage.people import Person, people_with_role
from bot.storage.policy import policy_of
from bot.storage.rooms import Room, due_rooms

# By then it is known whether the message could be posted.
LOOK_AGAIN = timedelta(minutes=5)


def post_due(database: Database, house: House) -> int:
    with database.transaction() as db:
        now = house.clock.now()
        rooms = due_rooms(db, now)
        for room in rooms:
            _post(db, house, now, room)
    return len(rooms)


def _post(db: Session, house: House, now: datetime, room: Room) -> None:
    local = to_local(now, room.zone)
    week, following = MONDAY.latest(local), to_utc(MONDAY.following(local).opens, room.zone)
    never, room.digest_due_at = room.digest_due_at is None, following
    paused = paused_until(standing_pauses(db, now), None, room.zone, now) is not None
    if not policy_of(db).allows("digests") or never or week is None or paused or now >= to_utc(week.due, room.zone):
        return
    key = f"digest:{room.id}:{week.day}"
    row = sends_by_key(db, [key]).get(key)
    if row is None:
        reader = _reader(db, room, now)
        with texts.reader(room.locale):
            message = digest(_context(db, house, now, reader), ["hr_digest"]) if reader else None
        if message is not None:
            outgoing.enqueue(db, house.clock.real(), [Send(To(room.id), message, key, "nudge")])
            room.digest_due_at = now + LOOK_AGAIN
    elif row.state == "waiting":
        room.digest_due_at = now + LOOK_AGAIN
    elif row.state == "dead":
        _tell_directly(db, room, now, row.error or "")
    else:
        room.error = None


def _tell_directly(db: Session, room: Room, now: datetime, error: str) -> None:
    """Nothing is lost: it goes to each of HR, this week and until the room is set anew."""
    room.error = error
    for person in _hr(db, now):
        person.digest_due_at = now


def _reader(db: Session, room: Room, now: datetime) -> Person | None:
    """In whose name it is drawn: whoever set the room up, if they are still with HR. It tells of no reader."""
    everyone = _hr(db, now)
    return next((one for one in everyone if one.id == room.set_by_id), next(iter(everyone), None))


def _hr(db: Session, now: datetime) -> list[Person]:
    day = now.date()
    return [person for role in sorted(HR) for person in people_with_role(db, role, day)]


def _context(db: Session, house: House, now: datetime, who: Person) -> Context:
    return Context(
        db=db, now=now, real_now=house.clock.real(), registry=house.registry, who=who,
        roles=frozenset({"hr_coordinator"}), contact=house.contact,
    )  # fmt: skip
