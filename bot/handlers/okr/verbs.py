"""What this person may do with an objective now: a button for each act, none that would only be refused."""

from __future__ import annotations

from bot.conversation import Context
from bot.handlers.okr import drawing, rights
from bot.handlers.okr.linting import GIVE
from bot.handlers.okr.standing import View, allows
from bot.messages import Button
from bot.storage.okr.aligning import parent_changed
from bot.texts import say


def verbs(ctx: Context, of: View) -> tuple[Button, ...]:
    """In a dialog of its own: the list shows only the first of them."""
    open_now = of.state in ("draft", "active", "paused")
    return (
        *(one for one in drawing.buttons(ctx, of) if one.phrase != drawing.SHOW),
        *_agreeing(ctx, of),
        *(_setting(ctx, of) if open_now and allows(ctx, "change", of) else ()),
        *(_moving(ctx, of) if allows(ctx, "end", of) else ()),
    )


def _agreeing(ctx: Context, of: View) -> tuple[Button, ...]:
    one = of.objective.id
    if of.state == "draft" and allows(ctx, "agree", of):
        return (Button(say("Send back…"), "okr.send_back", one),)
    mine = of.objective.owner_id == ctx.actor.id
    talk = Button(say("Talk about it…"), "okr.talk", one)
    return (talk,) if mine and of.state in ("active", "paused") and rights.given_by(ctx, of) else ()


def _setting(ctx: Context, of: View) -> tuple[Button, ...]:
    one = of.objective
    found = [Button(say("Change…"), "okr.change", one.id)]
    if one.parent_id and parent_changed(ctx.db, one):
        found.append(Button(say("It still fits"), "okr.confirm", one.id, style="primary"))
    found.append(Button(say("Align…"), "okr.align", one.id))
    found.append(Button(say("More…"), "okr.more", one.id))
    return (*found, Button(say("Give it to…"), GIVE, one.id)) if rights.gives_away(ctx, of) else tuple(found)


def _moving(ctx: Context, of: View) -> tuple[Button, ...]:
    one, moves, version = of.objective.id, rights.moves(ctx, of), of.objective.version
    found = []
    if "activate" in moves:
        found.append(Button(say("Start"), "okr.activate", one, version, style="primary"))
    if of.state == "active" and of.pace and rights.party(ctx, of) == "owner":
        found.append(Button(say("Another status…"), "okr.status", one))
    if "pause" in moves:
        found.append(Button(say("Pause"), "okr.pause", one, version))
    if "resume" in moves:
        found.append(Button(say("Resume"), "okr.resume", one, version, style="primary"))
    if "close" in moves and not drawing.is_over(ctx, of):
        found.append(Button(say("Close it…"), drawing.CLOSE, one))
    if "reopen" in moves:
        found.append(Button(say("Open again"), "okr.reopen", one, version))
    if "cancel" in moves:
        sure = say("Nobody updates it any more. What happened to it stays, and it can be opened again.")
        found.append(
            Button(say("Cancel it"), "okr.cancel", one, version, style="danger", confirm=sure, deny=say("Keep it"))
        )
    return tuple(found)
