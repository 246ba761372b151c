"""Programmes, run by HR from the chat: who is asked what and when; nobody is written to before Start is pressed."""

from __future__ import annotations

from bot.access import HR
from bot.conversation import Context, Conversation, Reply, part
from bot.forms import Form
from bot.handlers.programmes import cards, rights, showing
from bot.handlers.programmes.verbs import pause_buttons
from bot.messages import Button, Message, Row, Section
from bot.storage.programmes import all_programmes
from bot.texts import mark, say

ROWS = 10


class Programmes(Conversation):
    name = "programmes"
    words = ("review programmes", "review start")
    summary = mark("Programmes (HR)")
    roles = HR

    def open(self, ctx: Context) -> Form | Reply:
        if not rights.is_hr(ctx):
            return Reply(rights.refusal())
        what = say("Who is asked what, and when. Nobody gets a message before you press Start.")
        return Reply(Message(say("Programmes"), (what,), rows=_rows(ctx), buttons=_buttons(ctx)))


class Show(Conversation):
    name = "programmes.show"

    def open(self, ctx: Context) -> Form | Reply:
        found = rights.named(ctx)
        return found if isinstance(found, Reply) else cards.shown(ctx, found)


def _rows(ctx: Context) -> tuple[Row, ...]:
    """What runs stands first, what was stopped last."""
    mine = [one for one in all_programmes(ctx.db) if rights.may_run(ctx, one)]
    ordered = sorted(mine, key=lambda one: (one.stopped_at is not None, one.started_at is None))
    return tuple(
        Row((showing.line(ctx, one),), (Button(say("Open"), "programmes.show", one.id),)) for one in ordered[:ROWS]
    )


def _buttons(ctx: Context) -> tuple[Button, ...]:
    new = Button(say("New…"), "programmes.new", style="primary")
    return (new, *pause_buttons(ctx)) if rights.runs_all(ctx) else (new,)


@part("menu", 60)
def menu(ctx: Context) -> Section | None:
    return _section(ctx)


@part("home", 60)
def home(ctx: Context) -> Section | None:
    return _section(ctx)


def _section(ctx: Context) -> Section | None:
    if not rights.is_hr(ctx):
        return None
    rows = tuple(row for row in _rows(ctx))
    lines = () if rows else (say("None yet. Nobody is asked anything."),)
    return Section(say("Programmes"), lines, rows=rows, buttons=_buttons(ctx), note=showing.all_paused(ctx))
