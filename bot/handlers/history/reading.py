"""The history that somebody shares with me: days with *Read*, ten a page; and where both sides find it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from bot.access.knowing import Sent, actor_of, allowed, managers_now
from bot.conversation import Context, Conversation, Reply, part
from bot.conversation.paging import PAGE, of_pages, page_of, turning
from bot.forms import Form
from bot.handlers.history import drawing
from bot.messages import Button, Message, Row, Section
from bot.storage.checkin import CheckIn, earlier_checkins
from bot.storage.people import manager_on, people_by_id
from bot.storage.sharing import HistoryShare, share_of, shared_with
from bot.texts import day, say


class SharedHistory(Conversation):
    """The button carries the share and the page."""

    name = "history.read"

    def open(self, ctx: Context) -> Form | Reply:
        share = _named(ctx)
        if share is None:
            return Reply(drawing.gone())
        if share.reader_id != ctx.person.id or share.ended_at is not None:
            return Reply(_closed())
        page = int(ctx.args[1]) if ctx.args[1:] and ctx.args[1].isdecimal() else 1
        return Reply(_listed(ctx, share, page))


def _listed(ctx: Context, share: HistoryShare, page: int) -> Message:
    found = open_to(ctx, share)
    name = people_by_id(ctx.db, [share.person_id])[share.person_id].name
    if not found:
        return Message(say("The history of {name}", name=name), (say("There is no check-in in it."),))
    page, last = page_of(page, len(found))
    shown = found[(page - 1) * PAGE : page * PAGE]
    rows = tuple(
        Row((say("Check-in of {day}", day=day(one.occurrence)),), (Button(say("Read"), "checkin.read", one.id),))
        for one in shown
    )
    turn = turning(page, last, SharedHistory.name, str(share.id))
    note = of_pages(page, last)
    return Message(say("The history of {name}", name=name), rows=rows, buttons=turn, note=note)


def open_to(ctx: Context, share: HistoryShare) -> Sequence[CheckIn]:
    """What of it this person may open, the newest first."""
    today, found = ctx.local_now.date(), earlier_checkins(ctx.db, share.person_id, ctx.person.id, share.since)
    actor = actor_of(ctx.db, ctx.person.id, ctx.roles, today)
    rows = (Sent(one.id, one.person_id, one.reader_id, one.occurrence) for one in found)
    mine = allowed(ctx.db, actor, "read", "checkin", rows, ctx.now)
    return [one for one in found if one.id in mine]


def _closed() -> Message:
    why = say("It was ended, or it is for somebody else. Check-ins sent to you stay yours to read.")
    return Message(say("This history is not open to you"), (why,))


def _named(ctx: Context) -> HistoryShare | None:
    try:
        return ctx.db.get(HistoryShare, UUID(ctx.args[0])) if ctx.args else None
    except ValueError:
        return None


@part("home", 26)
def shared_with_me(ctx: Context) -> Section | None:
    """Histories of people whom I lead."""
    given = shared_with(ctx.db, ctx.person.id)
    managers = managers_now(ctx.db, [one.person_id for one in given], ctx.now)
    shares = [one for one in given if managers.get(one.person_id) == ctx.person.id]
    if not shares:
        return None
    people = people_by_id(ctx.db, [one.person_id for one in shares])
    rows = tuple(
        Row((people[one.person_id].name,), (Button(say("See them"), SharedHistory.name, one.id),)) for one in shares
    )
    return Section(say("Histories shared with you"), rows=rows)


@part("home", 27)
def my_share(ctx: Context) -> Section | None:
    """Who shares sees it, and where to end it."""
    manager = manager_on(ctx.db, ctx.person.id, ctx.local_now.date())
    share = share_of(ctx.db, ctx.person.id, manager.id) if manager else None
    if manager is None or share is None:
        return None
    line = say("{name} can open your earlier check-ins.", name=manager.name)
    return Section(say("My history"), rows=(Row((line,), (Button(say("End sharing"), "history.end", share.id),)),))
