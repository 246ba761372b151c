"""One objective in a dialog: all of it, what supports it, and everything that happened to it."""

from __future__ import annotations

from bot.conversation import Context, Conversation, Reply
from bot.forms import Form
from bot.handlers.okr import drawing, history, words
from bot.handlers.okr.standing import View, named
from bot.handlers.okr.verbs import verbs
from bot.messages import Fact, Message
from bot.storage.okr.goals import objective_of
from bot.texts import say


class Show(Conversation):
    name = drawing.SHOW
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        of = named(ctx)
        return Reply(whole(ctx, of) if of else drawing.gone(), dialog=True)


def whole(ctx: Context, of: View, note: str = "") -> Message:
    """`note`: what has just happened."""
    head = drawing.section(ctx, of)
    return Message(
        head.title, (*filter(None, (note,)), *head.lines), facts=_facts(ctx, of), bars=head.bars,
        buttons=verbs(ctx, of),
        sections=tuple(filter(None, (history.section(ctx, of),))), note=words.audience(ctx, of.objective),
    )  # fmt: skip


def _facts(ctx: Context, of: View) -> tuple[Fact, ...]:
    found = [
        Fact(say("Owner"), of.owner.name if of.owner else say("Nobody any more")),
        Fact(say("When"), drawing.expected_line(ctx, of)),
        Fact(say("Kind"), words.ambition(of.objective.ambition)),
    ]
    parent = objective_of(ctx.db, of.objective.parent_id) if of.objective.parent_id else None
    if parent is not None:
        found.append(
            Fact(say("Supports"), f"{parent.title} – {of.objective.why}" if of.objective.why else parent.title or "")
        )
    found += [Fact(one.title or "", words.measure(one)) for one in of.active]
    return tuple(found)
