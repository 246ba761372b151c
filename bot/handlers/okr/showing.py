"""One objective in a dialog: all of it, what supports it, and everything that happened to it."""

from __future__ import annotations

from uuid import UUID

from bot.conversation import Context, Conversation, Reply
from bot.forms import Form
from bot.handlers.okr import drawing, history, supporting, words
from bot.handlers.okr.standing import View, named, view
from bot.handlers.okr.verbs import verbs
from bot.messages import Fact, Message, Strong
from bot.texts import say


class Show(Conversation):
    name = drawing.SHOW
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        of = named(ctx)
        return Reply(whole(ctx, of) if of else drawing.gone(), dialog=True)


def whole(ctx: Context, of: View, note: str = "") -> Message:
    """`note`: what has just happened. Its own title is longer than what the head of a dialog holds."""
    head = drawing.section(ctx, of)
    title = ((Strong(head.title),),) if head.title else ()
    return Message(
        say("Objective"), (*title, *filter(None, (note,)), *head.lines), facts=_facts(ctx, of), bars=head.bars,
        buttons=verbs(ctx, of),
        sections=tuple(filter(None, (supporting.section(ctx, of), history.section(ctx, of)))),
        note=words.audience(ctx, of),
    )  # fmt: skip


def _facts(ctx: Context, of: View) -> tuple[Fact, ...]:
    found = [
        Fact(say("Owner"), of.owner.name if of.owner else say("Nobody any more")),
        Fact(say("When"), drawing.expected_line(ctx, of)),
        Fact(say("Kind"), words.ambition(of.objective.ambition)),
    ]
    found += supporting.facts(of)
    if of.objective.parent_id:
        found.append(Fact(say("Supports"), _supports(ctx, of.objective.parent_id, of.objective.why)))
    found += [Fact(one.title or "", words.measure(one)) for one in of.active]
    return tuple(found)


def _supports(ctx: Context, parent: UUID, why: str | None) -> str:
    """Who may read an objective need not be among those of the one above it."""
    above = view(ctx, parent)
    title = (above.objective.title or "") if above else say("one that is not for you to see")
    return f"{title} – {why}" if why else title
