"""Share my history: an employee opens earlier check-ins to the manager of today, all or from a day on, and ends it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from bot.access import Actor, Subject, may
from bot.conversation import Context, Conversation, News, Reply
from bot.forms import Answers, Choice, Day, Form, Note, Option, ShowIf
from bot.handlers.history import drawing
from bot.messages import Message
from bot.storage.audit import record
from bot.storage.manager_changes import end_share
from bot.storage.people import Person, manager_on
from bot.storage.sharing import HistoryShare, share_of
from bot.texts import mark, say

ALL, SINCE = "all", "since"


class ShareHistory(Conversation):
    """The form carries the manager whom it named, so that nobody else is given what was meant for them."""

    name = "history.share"
    dialog = True
    words = ("review share my history", "review share")
    summary = mark("Share my history with a new manager")

    def _what(self) -> Choice:
        options = (Option(ALL, say("All of them")), Option(SINCE, say("From a day on")))
        return Choice("what", say("Which of your earlier check-ins?"), options=options)

    def _since(self, ctx: Context, manager: Person) -> Day:
        return Day(
            "since", say("From which day?"), show_if=ShowIf("what", SINCE), latest=ctx.local_now.date(),
            audience=say("You and {name}", name=manager.name),
        )  # fmt: skip

    def open(self, ctx: Context) -> Form | Reply:
        manager = manager_on(ctx.db, ctx.person.id, ctx.local_now.date())
        if manager is None:
            return Reply(drawing.nobody(ctx), dialog=True)
        if not may(Actor(ctx.actor.id, ctx.roles), "share", Subject("history", owner=ctx.person.id)):
            return Reply(drawing.gone(), dialog=True)
        if ctx.args and ctx.args[0] != str(manager.id):
            return Reply(drawing.another(manager), dialog=True)
        if ctx.typed is None and (share := share_of(ctx.db, ctx.person.id, manager.id)):
            return Reply(drawing.standing(ctx, share, manager), dialog=True)
        what = say(
            "{name} can then open them, what you wrote and not what was said about it; how a week felt only where you "
            "had shared it. Nobody else: not who acts for {name}, not HR. You see each opening, and can end it at any "
            "time.",
            name=manager.name,
        )
        title = say("Share my history")
        return Form.of(
            title, Note("note", what), self._what(), self._since(ctx, manager), submit=say("Share"),
            ids=(str(manager.id),),
        )  # fmt: skip

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        manager = manager_on(ctx.db, ctx.person.id, ctx.local_now.date())
        assert manager is not None
        since = answers[self._since(ctx, manager)] if answers[self._what()] == SINCE else None
        share = share_of(ctx.db, ctx.person.id, manager.id)
        if share and share.since == since:
            # Sent twice, it was shared once.
            return Reply(drawing.standing(ctx, share, manager))
        if share:
            end_share(ctx.db, share, ctx.now, ctx.real_now, by=ctx.actor.id)
        share = _shared(ctx, manager, since)
        news = News(manager.id, HistoryShared.name, share.id, f"history:{share.id}")
        return Reply(drawing.standing(ctx, share, manager), (news,), shows=(MyShare.name, share.id))


class EndSharing(Conversation):
    name = "history.end"
    dialog = True
    words = ("review end sharing",)
    summary = mark("End sharing my history")

    def open(self, ctx: Context) -> Form | Reply:
        share = _mine(ctx)
        if share is None:
            return Reply(drawing.not_shared(), dialog=ctx.in_dialog)
        if share.ended_at is None:
            end_share(ctx.db, share, ctx.now, ctx.real_now, by=ctx.actor.id)
            ctx.db.flush()
        reader = ctx.db.get_one(Person, share.reader_id)
        changed = ((HistoryShared.name, share.id), (MyShare.name, share.id))
        message = drawing.standing(ctx, share, reader)
        return Reply(message, changed=changed, shows=(MyShare.name, share.id), dialog=ctx.in_dialog)


class HistoryShared(Conversation):
    """What the manager is told; it is not opened by itself."""

    name = "history.shared"

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        share = ctx.db.get(HistoryShare, about)
        return drawing.for_manager(ctx, share) if share else None


class MyShare(Conversation):
    """The receipt of whoever shares, as it stands; it is not opened by itself."""

    name = "history.mine"

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        share = ctx.db.get(HistoryShare, about)
        return drawing.standing(ctx, share, ctx.db.get_one(Person, share.reader_id)) if share else None


def _shared(ctx: Context, manager: Person, since: date | None) -> HistoryShare:
    share = HistoryShare(person_id=ctx.person.id, reader_id=manager.id, since=since, shared_at=ctx.now)
    ctx.db.add(share)
    record(
        ctx.db, ctx.real_now, "history.shared", actor=ctx.actor.id, kind="person", object_id=ctx.person.id,
        reader=str(manager.id), since=since.isoformat() if since else None,
    )  # fmt: skip
    ctx.db.flush()
    return share


def _mine(ctx: Context) -> HistoryShare | None:
    """The one that the button names, or the one that stands."""
    if not ctx.args:
        manager = manager_on(ctx.db, ctx.person.id, ctx.local_now.date())
        return share_of(ctx.db, ctx.person.id, manager.id) if manager else None
    try:
        share = ctx.db.get(HistoryShare, UUID(ctx.args[0]), with_for_update=True)
    except ValueError:
        return None
    mine = share and may(Actor(ctx.actor.id, ctx.roles), "end", Subject("history", owner=share.person_id))
    return share if mine else None
