"""What others have done with an objective, told to its owner or to whom it is addressed: by whom, which, what next.
What was written stays in the dialog.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from bot.conversation import Context, Conversation, News
from bot.handlers.okr import drawing
from bot.handlers.okr.doing import TOLD
from bot.handlers.okr.history import given_to
from bot.handlers.okr.rights import GIVEN
from bot.handlers.okr.standing import View, view
from bot.messages import Button, Message
from bot.storage.okr.tables import KeyResult, KeyResultUpdate, ObjectiveStep
from bot.storage.people import Person
from bot.texts import say


class Told(Conversation):
    name = TOLD

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        step = ctx.db.get(ObjectiveStep, about)
        of = view(ctx, step.objective_id) if step else None
        if step is None:
            return None
        name = _name(ctx, step.by_id)
        if step.move == GIVEN and (to := given_to(step)) != ctx.person.id:
            taken = say("{name} has taken over your objective", name=name) if to == step.by_id else ""
            return _given_away(taken or _title_of_giving(name, ctx.db.get(Person, to) if to else None), of)
        if of is None:
            return None
        title = _title(step.move, name)
        return Message(
            title, (drawing.which(of), *_lines(ctx, step, of)), buttons=_buttons(ctx, step, of), summary=title
        )


def _title_of_giving(by: str, to: Person | None) -> str:
    if to is None:
        return say("{name} has given your objective to somebody else", name=by)
    return say("{name} has given your objective to {other}", name=by, other=to.name)


def _given_away(title: str, of: View | None) -> Message:
    """To who had it before, and perhaps does not read it any more."""
    note = say("I ask you about it no more. What you said of it stays in its history.")
    return Message(title, (note,), buttons=(Button(say("Open"), drawing.SHOW, of.objective.id),) if of else ())


class Updated(Conversation):
    """Somebody else has stored how it stands."""

    name = "okr.updated"

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        update = ctx.db.get(KeyResultUpdate, about)
        result = ctx.db.get(KeyResult, update.key_result_id) if update else None
        of = view(ctx, result.objective_id) if result else None
        if update is None or of is None:
            return None
        title = say("{name} has updated your objective", name=_name(ctx, update.by_id))
        buttons = (Button(say("Open"), drawing.SHOW, of.objective.id), *drawing.update_button(ctx, of))
        lines = (drawing.which(of), say("Open it to see what is new. Your next update counts after it."))
        return Message(title, lines, buttons=buttons, summary=title)


def updated(ctx: Context, of: View, made: Sequence[KeyResultUpdate]) -> tuple[News, ...]:
    """Its owner, where it was done by somebody who looks after none of it."""
    new = [one for one in made if one.value is not None]
    if not new or of.owner is None or ctx.actor.id in (of.owner.id, of.subject.about):
        return ()
    return (News(of.owner.id, Updated.name, new[0].id, f"{Updated.name}:{new[0].id}"),)


def _name(ctx: Context, by: UUID) -> str:
    person = ctx.db.get(Person, by)
    return person.name if person else say("Somebody who is no longer here")


def _title(move: str, name: str) -> str:
    titles = {
        "created": say("{name} has set an objective for you", name=name),
        GIVEN: say("{name} has given you an objective", name=name),
        "agree": say("{name} has agreed to your objective", name=name),
        "activate": say("{name} has started your objective", name=name),
        "send_back": say("{name} has sent your objective back", name=name),
        "talk": say("{name} would like to talk about an objective that you set", name=name),
        "pause": say("{name} has paused your objective", name=name),
        "resume": say("{name} has resumed your objective", name=name),
        "cancel": say("{name} has cancelled your objective", name=name),
        "reopen": say("{name} has opened your objective again", name=name),
        "close": say("{name} has closed your objective", name=name),
    }
    return titles.get(move, say("{name} has changed your objective", name=name))


def _lines(ctx: Context, step: ObjectiveStep, of: View) -> tuple[str, ...]:
    match step.move:
        case "given" if of.objective.owner_id == ctx.person.id:
            return _what_comes(of)
        case "created" if of.state in ("active", "paused"):
            return (say("It is active. If something about it is not right for you, say so."),)
        case "send_back" if of.state == "draft":
            return (say("Open it to read why. When you have changed it I ask again."),)
        case "agree" | "activate" if of.state == "active":
            return (say("It is active now; you are asked for updates."),)
        case "pause" if of.state == "paused":
            return (say("You are asked for no updates until somebody resumes it."),)
        case "resume" if of.state == "active":
            return (say("You are asked for updates again."),)
        case "cancel" if of.state == "cancelled":
            return (say("Nobody updates it any more. What happened to it stays, and it can be opened again."),)
        case "reopen" if of.state == "draft":
            return (say("It is a draft again."),)
        case "reopen" if of.state == "active":
            return (say("It goes on where it stood; you are asked for updates again."),)
        case "close" if of.state == "done":
            return (say("Open it to read the grade and what was said."),)
        case "changed" | "aligned" | "weighed":
            return (say("Open it to see what is different."),)
        case _:
            return ()


def _what_comes(of: View) -> tuple[str, ...]:
    """For who looks after it from now on."""
    match of.state:
        case "active":
            asks = say("You look after it from now on: I ask you how it stands, and at the end you close it.")
            return (asks, say("If something about it is not right for you, say so."))
        case "paused":
            rests = say("You look after it from now on. It is paused: I ask for nothing until somebody resumes it.")
            return (rests, say("If something about it is not right for you, say so."))
        case "draft":
            return (say("You look after it from now on. It is a draft: it begins when it has been agreed."),)
        case _:
            return ()


def _buttons(ctx: Context, step: ObjectiveStep, of: View) -> tuple[Button, ...]:
    one = of.objective.id
    read = Button(say("Open"), drawing.SHOW, one, style="primary")
    mine = of.objective.owner_id == ctx.person.id
    if step.move in ("created", GIVEN) and mine and of.state in ("active", "paused"):
        return (read, Button(say("Talk about it…"), "okr.talk", one))
    if step.move == "send_back" and of.state == "draft":
        return (read, Button(say("Change…"), "okr.change", one))
    return (read,)
