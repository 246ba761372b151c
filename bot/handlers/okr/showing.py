"""One objective in a dialog: all of it, what supports it, and everything that happened to it."""

from __future__ import annotations

from uuid import UUID

from bot.conversation import Context, Conversation, Reply
from bot.forms import Form
from bot.handlers.okr import drawing, supporting, words
from bot.handlers.okr.history import told
from bot.handlers.okr.standing import View, named, view
from bot.handlers.okr.verbs import verbs
from bot.messages import Fact, Message, Row, Section, Strong
from bot.storage.okr.goals import steps_of, updates_of
from bot.storage.okr.tables import KeyResultUpdate, ObjectiveStep
from bot.storage.people import people_by_id
from bot.texts import day, say

SHOWN = 10
Happened = KeyResultUpdate | ObjectiveStep


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
        sections=tuple(filter(None, (supporting.section(ctx, of), _history(ctx, of)))), note=words.audience(ctx, of),
    )  # fmt: skip


def _facts(ctx: Context, of: View) -> tuple[Fact, ...]:
    found = [
        Fact(say("Owner"), of.owner.name if of.owner else say("Nobody any more")),
        Fact(say("When"), drawing.expected_line(ctx, of)),
        Fact(say("Kind"), words.ambition(of.objective.ambition)),
    ]
    found += supporting.facts(of)
    if of.objective.parent_id:
        parent = view(ctx, of.objective.parent_id)
        title = (parent.objective.title or "") if parent else say("one that is not for you to see")
        found.append(Fact(say("Supports"), f"{title} – {of.objective.why}" if of.objective.why else title))
    found += [Fact(one.title or "", words.measure(one)) for one in of.active]
    return tuple(found)


def _history(ctx: Context, of: View) -> Section | None:
    """The newest first, updates and steps together."""
    titles = {one.id: one.title or "" for one in of.results}
    updates = [one for theirs in updates_of(ctx.db, titles).values() for one in theirs]
    steps = steps_of(ctx.db, of.objective.id)
    both: list[Happened] = [*updates, *steps]
    every = sorted(both, key=lambda one: (one.at, one.id), reverse=True)
    names = {key: one.name for key, one in people_by_id(ctx.db, [one.by_id for one in every]).items()}
    if not every:
        return None
    rows = tuple(
        Row((_head(ctx, one, names), *_what(one, titles.get(one.key_result_id, ""), of)))
        if isinstance(one, KeyResultUpdate)
        else Row((_head(ctx, one, names), *told(one, of)))
        for one in every[:SHOWN]
    )
    more = len(every) - SHOWN
    return Section(say("What happened"), rows=rows, note=say("{count} earlier", count=more) if more > 0 else "")


def _head(ctx: Context, one: Happened, names: dict[UUID, str]) -> tuple[Strong | str, ...]:
    when = day(ctx.local(one.at).date(), ctx.local_now.date())
    return (Strong(names.get(one.by_id, say("Somebody who is no longer here"))), f" · {when}")


def _what(one: KeyResultUpdate, title: str, of: View) -> tuple[str, ...]:
    result = next(two for two in of.results if two.id == one.key_result_id)
    said = say("no change") if one.value is None else words.amount(one.value, result.unit)
    sure = [say("confidence {value} of 10", value=one.confidence)] if one.confidence else []
    return (f"{title}: {' · '.join([said, *sure])}", *([one.note] if one.note else []))
