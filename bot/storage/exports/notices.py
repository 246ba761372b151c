"""Which versions of the privacy notice the person was shown."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.storage.exports import Entry, Held
from bot.storage.notices import shown_to
from bot.storage.people import Person
from bot.texts import mark


def _shown(db: Session, person: Person) -> list[Entry]:
    return [{"version": row.version, "shown_at": row.shown_at} for row in shown_to(db, person.id)]


shown = Held(
    "privacy_notice", 92, mark("The privacy notice that you were shown"), mark("You"), ("notice_shown",), _shown,
    {"version": mark("Version"), "shown_at": mark("Shown")}, "shown_at",
)  # fmt: skip
