"""What others have done with an objective, told to its owner or to whom it is addressed; titles stay in the dialog."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from bot.conversation import Context, Conversation
from bot.handlers.okr import drawing
from bot.handlers.okr.doing import TOLD
from bot.handlers.okr.standing import View, view
from bot.messages import Button, Message
from bot.storage.okr.tables import ObjectiveStep
from bot.storage.people import Person
from bot.texts import say


class Told(Conversation):
    name = TOLD

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        step = ctx.db.get(ObjectiveStep, about)
        of = view(ctx, step.objective_id) if step else None
        if step is None or of is None:
            return None
        by = ctx.db.get(Person, step.by_id)
        name = by.name if by else say("Somebody who is no longer here")
        return Message(_title(step.move, name), _lines(step, of), buttons=_buttons(step, of))


def _title(move: str, name: str) -> str:
    titles = {
        "created": say("{name} has set an objective for you", name=name),
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


def _lines(step: ObjectiveStep, of: View) -> tuple[str, ...]:
    match step.move:
        case "created" if of.state in ("active", "paused"):
            return (say("It is active. If something about it is not right for you, say so."),)
        case "send_back" if of.state == "draft":
            return (say("Open it to read why. When you have changed it I ask again."),)
        case _:
            return ()


def _buttons(step: ObjectiveStep, of: View) -> tuple[Button, ...]:
    one = of.objective.id
    read = Button(say("Open"), drawing.SHOW, one, style="primary")
    if step.move == "created" and of.state in ("active", "paused"):
        return (read, Button(say("Talk about it…"), "okr.talk", one))
    if step.move == "send_back" and of.state == "draft":
        return (read, Button(say("Change…"), "okr.change", one))
    return (read,)
