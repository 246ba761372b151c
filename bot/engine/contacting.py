"""First contact: each person hears once who Rapport is and who reads what, before anything is asked of them.

It leaves the budget alone and keeps the reader's hours. Drawn as news is, it says how things stand when they change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot.clock import to_local
from bot.conversation import News
from bot.engine import news, outgoing
from bot.engine.act import House
from bot.storage.audit import record
from bot.storage.contacts import NO_ACCOUNT_RETRY, FirstContact, begin_turns, due_contacts
from bot.storage.inbox import report_missing
from bot.storage.lines import leaders
from bot.storage.notices import inform
from bot.storage.pauses import paused_until, standing_pauses
from bot.storage.people import Person, managers_on, people_by_id, working_times
from bot.storage.policy import place_of, policy_of
from bot.storage.programmes import programmes_by_id

CONTACT, ITEM, CHECKIN = "contact", "inbox.item", "checkin"
# Each message is drawn in the transaction; on SQLite nobody else writes meanwhile.
BATCH = 50
# For somebody whose working time is not known to begin again.
NEXT_LOOK = timedelta(days=1)


def introduce(db: Session, house: House, now: datetime, limit: int) -> int:
    """Send the first contacts that are due, or move them; returns how many were looked at."""
    rows = due_contacts(db, now, limit)
    if not rows:
        return 0
    people = people_by_id(db, [row.person_id for row in rows])
    hours = working_times(db, list(people.values()), now)
    reachable = outgoing.accounts(db, list(people)).keys()
    pauses, written = standing_pauses(db, now), []
    found = programmes_by_id(db, [row.programme_id for row in rows if row.programme_id])
    asks: dict[UUID | None, str] = {key: one.conversation for key, one in found.items()}
    for row in rows:
        if people[row.person_id].status != "active":
            # Should they come back, they are new here.
            db.delete(row)
        elif not policy_of(db).asks(asks.get(row.programme_id, CHECKIN), place_of(people[row.person_id])):
            # It tells of what they would be asked.
            row.due_at = now + NEXT_LOOK
        elif back := paused_until(pauses, row.programme_id, people[row.person_id].zone, now):
            row.due_at = hours[row.person_id].next_open(back) or back + NEXT_LOOK
        elif not hours[row.person_id].is_open(now):
            row.due_at = hours[row.person_id].next_open(now) or now + NEXT_LOOK
        elif row.person_id not in reachable:
            row.due_at = now + NO_ACCOUNT_RETRY
        else:
            written.append(row)
    if written:
        _send(db, house, now, written, people)
    return len(rows)


def _send(
    db: Session, house: House, now: datetime, rows: Sequence[FirstContact], people: Mapping[UUID, Person]
) -> None:
    by_day: dict[date, list[FirstContact]] = {}
    for row in rows:
        by_day.setdefault(to_local(now, people[row.person_id].zone).date(), []).append(row)
    for day, theirs in by_day.items():
        ids = [row.person_id for row in theirs]
        managers, leading = managers_on(db, ids, day), leaders(db, ids, day)
        for row in theirs:
            row.manager_id, row.manages = managers.get(row.person_id), row.person_id in leading
            row.state, row.sent_at, row.due_at = "sent", now, None
            record(
                db, house.clock.real(), "contact.sent", actor=None, kind="person", object_id=row.person_id,
                manages=row.manages,
            )  # fmt: skip
    db.flush()
    # It has the privacy notice in it, so that each is shown that before any question.
    inform(db, [people[row.person_id] for row in rows], now)
    begin_turns(db, [people[row.person_id] for row in rows], now)
    # Before the messages, which say how that stands.
    told = _missing(db, now, [people[row.person_id] for row in rows if row.manager_id is None])
    news.tell(db, house, now, [News(row.person_id, CONTACT, row.person_id, f"contact:{row.person_id}") for row in rows])
    news.tell(db, house, now, told)


def _missing(db: Session, now: datetime, people: Sequence[Person]) -> list[News]:
    """HR hears who has no manager, as their first contact says."""
    made = [found for person in people if (found := report_missing(db, person, now))]
    return [News(one.id, ITEM, item.id, f"inbox:{item.id}:{one.id}") for item, hr in made for one in hr]
