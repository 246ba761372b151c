"""Blockers: taken, solved, passed up, withdrawn, reported again; by a button in the chat or in a dialog."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from bot.conversation import Context, Conversation, News, Reply
from bot.forms import Answers, Form, LongText, Note, Rejected
from bot.handlers.checkin import blocking, holding, showing, standing
from bot.handlers.checkin.parties import Reading, reading
from bot.messages import Message
from bot.rules.blockers import Move, Party
from bot.storage.audit import record
from bot.storage.base import new_id
from bot.storage.blockers import Blocker, BlockerStep
from bot.storage.inbox import contradicted
from bot.storage.people import Person
from bot.texts import say


class BlockerNews(Conversation):
    """Draws what is told of a blocker; it is not opened by itself."""

    name = blocking.ABOUT

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        blocker = ctx.db.get(Blocker, about)
        if blocker is None or ctx.person.id in contradicted(ctx.db, blocker.person_id):
            return None
        return standing.message(ctx, blocker, newest=until is None)


class ShowBlocker(Conversation):
    """For those who may not read the check-in: how it stands, and in what words it was passed on."""

    name = "blocker.show"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        found = _mine(ctx)
        if isinstance(found, Reply):
            return found
        blocker, as_what = found
        if as_what != "employee":
            record(
                ctx.db, ctx.real_now, standing.SEEN, actor=ctx.actor.id, kind="blocker", object_id=blocker.id,
                on_behalf_of=blocking.behalf(blocker, ctx.actor.id, as_what), when=ctx.now.isoformat(),
            )  # fmt: skip
        return Reply(_details(ctx, blocker), dialog=True)


class _Step(Conversation):
    move: ClassVar[Move]

    def open(self, ctx: Context) -> Form | Reply:
        found = _mine(ctx)
        if isinstance(found, Reply):
            return found
        blocker, as_what = found
        told: tuple[News, ...] = ()
        # Somebody was faster, or it is a second click: it is shown as it stands.
        if self.move in blocking.allowed(ctx, blocker, as_what):
            to = blocking.move_to(blocker, as_what, self.move)
            told = blocking.step(ctx, blocker, self.move, to, behalf=blocking.behalf(blocker, ctx.actor.id, as_what))
        changed = ((blocking.ABOUT, blocker.id),)
        if ctx.in_dialog:
            return Reply(_inside(ctx, blocker), told, changed=changed, dialog=True)
        return Reply(standing.message(ctx, blocker), told, changed=changed)


class Take(_Step):
    name = "blocker.take"
    dialog = True
    move = "take"


class Solve(_Step):
    name = "blocker.solve"
    dialog = True
    move = "solve"


class Withdraw(_Step):
    name = "blocker.withdraw"
    move = "withdraw"


class TakeItBack(_Step):
    name = "blocker.take_back"
    move = "take_back"


class StillInTheWay(_Step):
    name = "blocker.report"
    move = "report"


class PassUp(Conversation):
    """To the manager's manager, in the manager's own words; the text of the check-in is not passed on."""

    name = "blocker.pass_up"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        found = _mine(ctx)
        if isinstance(found, Reply):
            return found
        blocker, as_what = found
        made = ctx.args[2] if ctx.args[2:] else str(new_id())
        done = ctx.db.get(BlockerStep, UUID(made))
        upper = ctx.db.get(Person, done.to_id) if done and done.to_id else blocking.above(ctx, blocker)
        if upper is None or not (done or "pass_up" in blocking.allowed(ctx, blocker, as_what)):
            return Reply(standing.message(ctx, blocker))
        what = say(
            "It goes to {upper}, in your own words. What was written in the check-in stays between the two of you.",
            upper=upper.name,
        )
        return Form.of(
            say("Pass up"), Note("what", what), self._line(ctx, blocker, upper), submit=say("Pass up"),
            ids=(str(blocker.id), str(upper.id), made),
        )  # fmt: skip

    def _line(self, ctx: Context, blocker: Blocker, upper: Person) -> LongText:
        name = ctx.db.get_one(Person, blocker.person_id).name
        seen = say("You, {upper} and {name}", upper=upper.name, name=name)
        return LongText("line", say("What is needed, and from whom?"), audience=seen, limit=500)

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        found = _mine(ctx)
        assert not isinstance(found, Reply)
        blocker, as_what = found
        made = UUID(ctx.args[2])
        if ctx.db.get(BlockerStep, made):
            # Sent twice, it was passed up once.
            return Reply(_details(ctx, blocker), dialog=True)
        upper = blocking.above(ctx, blocker)
        assert upper is not None
        if ctx.args[1] != str(upper.id):
            raise Rejected(say("It would now go to {upper}. Please look once more and send again.", upper=upper.name))
        to = blocking.move_to(blocker, as_what, "pass_up")
        blocker.upper_id = upper.id
        line = answers[self._line(ctx, blocker, upper)]
        behalf = blocking.behalf(blocker, ctx.actor.id, as_what)
        told = blocking.step(ctx, blocker, "pass_up", to, line=line, behalf=behalf, made=made)
        return Reply(_details(ctx, blocker), told, changed=((blocking.ABOUT, blocker.id),), dialog=True)


def _inside(ctx: Context, blocker: Blocker) -> Message:
    """What the dialog shows afterwards: the check-in to those who may read it."""
    of = reading(replace(ctx, args=(str(blocker.checkin_id),)))
    return showing.opened(ctx, of) if isinstance(of, Reading) and of.responds else _details(ctx, blocker)


def _details(ctx: Context, blocker: Blocker) -> Message:
    name = ctx.db.get_one(Person, blocker.person_id).name
    return Message(say("In the way of {name}", name=name), sections=(standing.section(ctx, blocker),))


def _mine(ctx: Context) -> tuple[Blocker, Party] | Reply:
    """The blocker that the button names, locked, and what this person is to it."""
    try:
        blocker = ctx.db.get(Blocker, UUID(ctx.args[0]), with_for_update=True) if ctx.args else None
    except ValueError:
        blocker = None
    if blocker is None:
        return Reply(Message(say("This is no longer there"), (say("What this button belongs to was removed."),)))
    as_what = blocking.party(ctx, blocker, ctx.actor.id)
    if as_what is None:
        if ctx.actor.id in contradicted(ctx.db, blocker.person_id):
            name = ctx.db.get_one(Person, blocker.person_id).name
            return Reply(Message(say("Held back for now"), (holding.refusal(name, ""),)))
        why = say("It is between an employee, their manager and whom it was passed to, and is with somebody else now.")
        return Reply(Message(say("This is not with you"), (why,)))
    return blocker, as_what
