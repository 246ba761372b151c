"""What is said about a shared history, to both sides; never a word of what was written."""

from __future__ import annotations

from bot.conversation import Context
from bot.messages import Button, Message
from bot.storage.people import Person
from bot.storage.sharing import HistoryShare
from bot.texts import day, moment, say


def standing(ctx: Context, share: HistoryShare, reader: Person) -> Message:
    """For whoever shares it."""
    if share.ended_at is not None:
        again = Button(say("Share my history…"), "history.share")
        line = say("{name} can open none of your earlier check-ins any more.", name=reader.name)
        ended = say("Ended {when}.", when=moment(ctx.local(share.ended_at)))
        return Message(say("Your history is no longer shared"), (line, ended), buttons=(again,))
    lines = (
        _which(share),
        say("You see each opening under the check-in. It ends when you say so, or when your manager changes."),
    )
    end = Button(say("End sharing"), "history.end", share.id)
    return Message(say("You share your history with {name}", name=reader.name), lines, buttons=(end,))


def for_manager(ctx: Context, share: HistoryShare) -> Message:
    name = ctx.db.get_one(Person, share.person_id).name
    if share.ended_at is not None:
        line = say("Their earlier check-ins are closed to you again.")
        return Message(say("{name} no longer shares their history", name=name), (line,))
    see = Button(say("See them"), "history.read", share.id, style="primary")
    lines = (_which(share), say("{name} sees each opening.", name=name))
    return Message(say("{name} shares their history with you", name=name), lines, buttons=(see,))


def _which(share: HistoryShare) -> str:
    if share.since is None:
        return say("All check-ins sent to somebody else before.")
    return say("Check-ins sent to somebody else before, from {day} on.", day=day(share.since))


def nobody(ctx: Context) -> Message:
    why = say("I know no manager for you, so there is nobody to share it with.")
    return Message(say("Nothing to share now"), (why,), buttons=(Button(say("Ask HR…"), "inbox.ask"),))


def another(manager: Person) -> Message:
    line = say("The message you pressed on is older than that.")
    share = Button(say("Share my history…"), "history.share", manager.id)
    return Message(say("Your manager here is now {manager}", manager=manager.name), (line,), buttons=(share,))


def not_shared() -> Message:
    why = say("Only the manager of the day on which you sent a check-in can open it, and you.")
    return Message(say("You share no history"), (why,), buttons=(Button(say("Share my history…"), "history.share"),))


def gone() -> Message:
    return Message(say("This is no longer there"), (say("What this button belongs to was closed or removed."),))
