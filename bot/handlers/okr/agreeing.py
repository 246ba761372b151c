"""A draft waits until the manager agrees, or sends it back with a line; whose was set by another can talk about it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from bot.access import Action
from bot.conversation import Context, Conversation, Reply
from bot.forms import Answers, Form, LongText
from bot.handlers.okr import drawing, rights
from bot.handlers.okr.doing import AGREEMENT, changed, found, shown
from bot.handlers.okr.standing import View, allows, view
from bot.messages import Button, Message
from bot.rules import okr
from bot.storage.okr.goals import steps_of
from bot.storage.people import Person
from bot.texts import say

LINE = 500


class Asked(Conversation):
    """What whoever can agree is told; drawn anew as things go on."""

    name = AGREEMENT

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        of = view(ctx, about)
        if of is None:
            return None
        name = of.owner.name if of.owner else say("Somebody who is no longer here")
        asks = say("{name} asks you to agree to an objective", name=name)
        if until:
            return Message(asks, (say("A newer message here tells you more."),))
        which, read = drawing.which(of), Button(say("Open"), drawing.SHOW, about)
        if of.state != "draft":
            agreed = [one.by_id for one in steps_of(ctx.db, about) if one.move == "agree"]
            over = say("{name}'s objective: no agreement is needed any more", name=name)
            title = say("You have agreed to {name}'s objective", name=name) if agreed[-1:] == [ctx.person.id] else over
            return Message(title, (which,), buttons=(read,))
        if steps_of(ctx.db, about)[-1].move == "send_back":
            return Message(say("{name}'s objective was sent back", name=name), (which,), buttons=(read,))
        agree = Button(say("Agree"), drawing.AGREE, about, style="primary")
        back = Button(say("Send back…"), SendBack.name, about)
        lines = (which, say("It is a draft until then."))
        return Message(asks, lines, buttons=(read, agree, back) if allows(ctx, "agree", of) else (read,))


class Agree(Conversation):
    name = drawing.AGREE
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        of = found(ctx, "agree", locked=True)
        if isinstance(of, Reply):
            return of
        if of.state != "draft":
            return shown(ctx, of)
        waits = rights.waits(ctx, of.objective)
        move: okr.Move = "agree" if waits else "activate"
        of.objective.state = okr.moved(of.state, rights.party(ctx, of), move, agreement=waits)
        return changed(ctx, of, "okr.agreed", move, say("Agreed. It is active now."))


class _Line(Conversation, ABC):
    """One line from one side to the other; it stands in the history, and no message carries it."""

    action: ClassVar[Action]

    @abstractmethod
    def text(self, ctx: Context, of: View) -> LongText:
        """What is asked for."""

    @abstractmethod
    def may_now(self, ctx: Context, of: View) -> bool:
        """Whether it is open to this person just now."""

    @abstractmethod
    def sent(self, ctx: Context, of: View, words: dict[str, object]) -> Reply:
        """What the line does."""

    def open(self, ctx: Context) -> Form | Reply:
        of = found(ctx, self.action)
        if isinstance(of, Reply):
            return of
        if not self.may_now(ctx, of):
            return shown(ctx, of, inside=True)
        text = self.text(ctx, of)
        return Form.of(text.label, text, submit=say("Send"), ids=(str(of.objective.id), str(of.objective.version)))

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        of = found(ctx, self.action, locked=True)
        # What was sent already, or has moved on meanwhile, is shown as it stands.
        if isinstance(of, Reply) or not self.may_now(ctx, of) or ctx.args[1:] != (str(of.objective.version),):
            return of if isinstance(of, Reply) else shown(ctx, of, inside=True)
        return self.sent(ctx, of, {"reason": answers[self.text(ctx, of)]})


class SendBack(_Line):
    name = "okr.send_back"
    dialog = True
    action = "agree"

    def text(self, ctx: Context, of: View) -> LongText:
        name, behalf = of.owner.name if of.owner else "", rights.behalf(ctx, of)
        manager = ctx.db.get(Person, behalf) if behalf else None
        audience = say("You, {name} and HR", name=name)
        if manager is not None:
            audience = say("You, {manager}, {name} and HR", manager=manager.name, name=name)
        return LongText("why", say("What should change?"), limit=LINE, audience=audience)

    def may_now(self, ctx: Context, of: View) -> bool:
        return of.state == "draft"

    def sent(self, ctx: Context, of: View, words: dict[str, object]) -> Reply:
        note = say("Sent back. You are asked again when it has been changed.")
        return changed(ctx, of, "okr.sent_back", "send_back", note, words=words, inside=True)


class Talk(_Line):
    """Whose objective was set by somebody else says what they think of it."""

    name = "okr.talk"
    dialog = True
    action = "end"

    def text(self, ctx: Context, of: View) -> LongText:
        return LongText(
            "why", say("What would you like to talk about?"), limit=LINE, audience=say("Who reads this objective")
        )  # fmt: skip

    def may_now(self, ctx: Context, of: View) -> bool:
        mine = of.objective.owner_id == ctx.actor.id
        return mine and of.state in ("active", "paused") and rights.given_by(ctx, of) is not None

    def sent(self, ctx: Context, of: View, words: dict[str, object]) -> Reply:
        giver = ctx.db.get(Person, rights.given_by(ctx, of))
        # Whoever has left is followed by who could have agreed.
        told = (giver.id,) if giver and giver.status == "active" else tuple(rights.agreers(ctx, ctx.actor.id))
        return changed(ctx, of, "okr.talk", "talk", say("Sent."), words=words, told=told, inside=True)
