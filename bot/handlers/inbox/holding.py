"""The end of a hold: what was sent meanwhile gets its reader, and what is in the way is told to them."""

from __future__ import annotations

from uuid import UUID

from bot.clock import to_local
from bot.conversation import Context, News
from bot.storage.asks import asks_in_window, open_asks
from bot.storage.blockers import IN_THE_WAY, blockers_of, own_blockers
from bot.storage.checkin import CheckIn, unread_since
from bot.storage.inbox import InboxItem, contradicted
from bot.storage.people import Person, managers_on

BLOCKER = "blocker"


def let_go(ctx: Context, item: InboxItem, reader: UUID | None) -> tuple[News, ...]:
    """`reader` gets what was sent since the item was made; without one the manager of the day on which it was sent."""
    person = ctx.db.get_one(Person, item.person_id)
    # They may contradict another one as well: what that one would get stays held back.
    closed = contradicted(ctx.db, person.id)
    for checkin in unread_since(ctx.db, person.id, item.created_at):
        gets = reader or _manager_of_day(ctx, person, checkin)
        if gets and gets not in closed:
            checkin.reader_id = gets
            _pass_on(ctx, checkin, gets)
    ctx.db.flush()
    alerts = [one for one in own_blockers(ctx.db, person.id) if one.manager_id and one.manager_id not in closed]
    return tuple(
        News(one.manager_id, BLOCKER, one.id, f"blocker:{one.id}:let_go:{item.id}:{one.manager_id}")
        for one in alerts
        if one.manager_id and (one.manager_id == item.about_id or one.opened_at >= item.created_at)
    )


def redrawn_asks(ctx: Context, item: InboxItem) -> tuple[UUID, ...]:
    """Asks of the person whose messages say who reads them."""
    asks = {ask.id for ask in (*open_asks(ctx.db, item.person_id), *asks_in_window(ctx.db, item.person_id, ctx.now))}
    return tuple(sorted(asks))


def _pass_on(ctx: Context, checkin: CheckIn, reader: UUID) -> None:
    blocker = blockers_of(ctx.db, [checkin.id]).get(checkin.id)
    if blocker and blocker.state in IN_THE_WAY:
        blocker.manager_id = reader


def _manager_of_day(ctx: Context, person: Person, checkin: CheckIn) -> UUID | None:
    day = to_local(checkin.submitted_at, person.zone).date()
    return managers_on(ctx.db, [person.id], day).get(person.id)
