"""`rapport people erase`: what of a person goes, what stays and why, and what Rapport cannot reach."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.orm import Session

from bot.clock import Clock, to_local, valid_zone
from bot.commands.holding import known
from bot.commands.keeping import told
from bot.commands.problem import Problem
from bot.storage import erasures, holds
from bot.storage.database import Database
from bot.storage.leaving import leave
from bot.storage.people import Person, people_with_role

REMAINS = (
    'What stays: others\' records, in which "Former employee" stands for them; figures of weeks, without names; the '
    "audit trail, which holds ids and counts and can still be verified. An employer may have to keep it (GDPR 17(3)).",
    "What Rapport cannot reach: messages already posted in chat and the copy of the platform, files that were taken "
    "from there, what others wrote of them in texts of their own, exports, and the host's logs. Backups made before "
    "hold their name, e-mail and numbers; their texts in them open no more. Restart running bots: a key may still be "
    "in their memory.",
)


def erase(
    database: Database, clock: Clock, email: str, *, preview: bool = False, yes: bool = False,
    left_today: bool = False, step: Callable[[str], None] = lambda _: None,
) -> str:  # fmt: skip
    if preview or not yes:
        return _would(database, clock, email)
    with database.transaction() as db:
        person = known(db, email)
        _not_held(db, person, clock)
        name = person.name
        if person.status != "left" and not left_today:
            raise Problem(
                f"{name} still works here, by the list of people. Let them leave first (the import), or say that today "
                "is their last day: --left-today."
            )
        erasure = _begin(db, person, clock)
    step("erasure.begun")
    _carry_out(database, clock, erasure, step)
    with database.transaction() as db:
        done = db.get_one(erasures.Erasure, erasure)
    return "\n".join([f"{name} is erased: {told(done.counts)}. Their key is destroyed. Record: {erasure}", *REMAINS])


def _begin(db: Session, person: Person, clock: Clock) -> UUID:
    """Who still works here leaves today."""
    if person.status != "left":
        now = clock.now()
        today = to_local(now, person.zone).date() if valid_zone(person.zone) else now.date()
        leave(db, {person.id: today}, today, now, clock.real(), None)
        db.flush()
    return erasures.begin(db, person, clock.real(), None).id


def erase_again(database: Database, clock: Clock) -> list[str]:
    """After a backup came back: whoever was erased since has no key any more, and loses the rest again."""
    owners = (one.removeprefix("person:") for one in database.keys.store.erased() if one.startswith("person:"))
    done, held = 0, 0
    for person in [UUID(one) for one in owners]:
        try:
            with database.transaction() as db:
                row = db.get(Person, person)
                if row is None or row.email.endswith(f"@{erasures.DOMAIN}"):
                    continue
                erasure = erasures.begin(db, row, clock.real(), None).id
            _carry_out(database, clock, erasure, lambda _: None)
            done += 1
        except (erasures.Held, Problem):
            held += 1
    lines = [f"Erased after that backup and erased again: {done}."] if done else []
    if held:
        lines.append(f"Under a legal hold, so not erased again yet: {held}. Their texts open no more.")
    return lines


def _would(database: Database, clock: Clock, email: str) -> str:
    """The same acts as of an erasure, rolled back before the key is touched."""
    with database.transaction() as db:
        person = known(db, email)
        _not_held(db, person, clock)
        name, how = person.name, "" if person.status == "left" else " --left-today"
    named = erasures.naming(database, person)
    with database.transaction() as db:
        person = known(db, email)
        _begin(db, person, clock)
        counts = erasures.preview(db, person, named, clock.real())
        db.rollback()
    first = f"Of {name} there would go: {told(counts)}; their name, e-mail and dates; and their key."
    return "\n".join([first, *REMAINS, f"To erase them: rapport people erase EMAIL --yes{how}"])


def _not_held(db: Session, person: Person, clock: Clock) -> None:
    if hold := holds.hold_of(db, person.id):
        raise Problem(_refusal(db, person, hold, clock))


def _refusal(db: Session, person: Person, hold: holds.Hold, clock: Clock) -> str:
    """Without the reason: who asks for an erasure need not know it."""
    day = clock.now().date()
    asked = {one.email for role in ("hr_case_reviewer", "hr_coordinator") for one in people_with_role(db, role, day)}
    ask = f"Ask {' or '.join(sorted(asked))}." if asked else "Ask HR."
    return (
        f"A legal hold has stood on {person.name} since {hold.placed_at.date()}: nothing of them may be deleted. {ask}"
    )


def _carry_out(database: Database, clock: Clock, erasure: UUID, step: Callable[[str], None]) -> None:
    more = True
    while more:
        try:
            with database.transaction() as db:
                more = erasures.piece(db, erasure, clock.real(), step)
        except erasures.Held:
            raise Problem(
                "A legal hold was placed meanwhile. What was deleted is gone, the rest stays; when the hold has ended, "
                "the running bot goes on with it."
            ) from None
    database.empty_journal()
