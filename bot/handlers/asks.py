"""The verbs of all asks: put off, leave out with a reason, take that back, delete a draft; and what waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import ClassVar
from uuid import UUID

from bot.clock import to_utc
from bot.conversation import Context, Conversation, Reply, part
from bot.conversation.planning import reopen
from bot.forms import Form
from bot.messages import Button, Message, Row, Section
from bot.questions.stored import asked_with
from bot.rules.asks import LATER, TOMORROW, snooze_until
from bot.storage.asks import JOINED, MANUAL, Ask, closes_at, open_asks
from bot.storage.audit import AuditEvent, readings_of, record
from bot.storage.drafts import drafts_of
from bot.storage.people import Person, people_by_id, working_times
from bot.texts import content, mark, moment, say, say_n

SKIPPABLE = ("open", "missed")
OPENINGS = 20
# What is asked without questions of a content file is left out for one of these.
REASONS = ("not_working", "other")


class Later(Conversation):
    name = "asks.later"
    choice: ClassVar[str] = LATER

    def open(self, ctx: Context) -> Form | Reply:
        ask = ctx.asked
        if ask is None or ask.state != "open" or ctx.now >= ask.due_at:
            return _as_it_stands(ctx)
        wanted = to_utc(snooze_until(self.choice, ctx.local_now), ctx.person.zone)
        comes = working_times(ctx.db, [ctx.person], ctx.now)[ctx.person.id].next_open(wanted)
        if comes is None or comes >= ask.due_at:
            due = moment(ctx.local(ask.due_at))
            note = say("No working time is left for a reminder before {due}. Until then you can answer here.", due=due)
            return Reply(replace(_prompt(ctx, ask), note=note))
        # A reminder that somebody asked for by hand comes at the time that suits the person.
        ask.remind_at, ask.remind_kind = comes, JOINED if ask.remind_kind in (MANUAL, JOINED) else "snoozed"
        return Reply(asks=(ask.id,))


class Tomorrow(Later):
    name = "asks.tomorrow"
    choice = TOMORROW


class Skip(Conversation):
    """Shows the reasons as buttons; nothing is left out until one is pressed."""

    name = "asks.skip"

    def open(self, ctx: Context) -> Form | Reply:
        ask = ctx.asked
        if ask is None or ask.state not in SKIPPABLE:
            return _as_it_stands(ctx)
        buttons = tuple(Button(_reason(reason), "asks.skip_because", ask.id, reason) for reason in _reasons(ctx, ask))
        lines = (say('Your manager sees "not expected". The reason stays with you and is counted without names.'),)
        back = Button(say("Back"), "asks.back", ask.id)
        return Reply(Message(say("Leave this one out?"), lines, buttons=(*buttons, back)))


class SkipBecause(Conversation):
    name = "asks.skip_because"

    def open(self, ctx: Context) -> Form | Reply:
        ask = ctx.asked
        if ask is None or ask.state not in SKIPPABLE or ctx.args[1:2] not in {(one,) for one in _reasons(ctx, ask)}:
            return _as_it_stands(ctx)
        ask.state, ask.reason, ask.remind_at, ask.remind_kind = "not_expected", ctx.args[1], None, None
        # Without the reason, which stays with the person.
        record(ctx.db, ctx.real_now, "ask.left_out", actor=ctx.actor.id, kind="ask", object_id=ask.id)
        return Reply(asks=(ask.id,))


class Back(Conversation):
    """The ask as it stands now; also what a button of a past state shows."""

    name = "asks.back"

    def open(self, ctx: Context) -> Form | Reply:
        return _as_it_stands(ctx)


class Reopen(Conversation):
    """Takes "skip" back while the window is open."""

    name = "asks.reopen"

    def open(self, ctx: Context) -> Form | Reply:
        ask = ctx.asked
        if ask and ask.state == "not_expected" and ask.closed_at is None and ctx.now < ask.due_at:
            reopen(ctx, ask)
            record(ctx.db, ctx.real_now, "ask.reopened", actor=ctx.actor.id, kind="ask", object_id=ask.id)
        return _as_it_stands(ctx)


class Opened(Conversation):
    """Who opened this: what the audit rows say of the person's own answer."""

    name = "asks.opened"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        ask = ctx.asked
        if ask is None:
            return replace(_as_it_stands(ctx), dialog=True)
        rows = readings_of(ctx.db, ask.id)
        if not rows:
            none = say("Nobody has opened it yet. Each opening will stand here, with time and role.")
            return Reply(Message(say("Who opened this"), (none,)), dialog=True)
        people = people_by_id(ctx.db, [one for row in rows for one in (row.actor_id, row.on_behalf_of_id) if one])
        # Whoever acts in the dialog is shown it again: that is one line, with how often.
        grouped = groupby(_opening(ctx, row, people) for row in reversed(rows))
        lines = tuple(_times(line, len(list(same))) for line, same in grouped)
        earlier = len(lines) - OPENINGS
        note = say_n("{count} earlier opening.", "{count} earlier openings.", earlier) if earlier > 0 else ""
        return Reply(Message(say("Who opened this"), lines[:OPENINGS], note=note), dialog=True)


def _times(line: str, count: int) -> str:
    return say("{opening} ({count} times)", opening=line, count=count) if count > 1 else line


def _opening(ctx: Context, row: AuditEvent, people: dict[UUID, Person]) -> str:
    gone = say("Somebody who is no longer here")
    names = {one: people[one].name if one in people else gone for one in (row.actor_id, row.on_behalf_of_id) if one}
    when = moment(ctx.local(datetime.fromisoformat(row.details["when"])))
    who = names.get(row.actor_id, gone) if row.actor_id else gone
    if row.details.get("role") == "successor":
        return say("{when}: {who}, with whom you share your history", when=when, who=who)
    if row.on_behalf_of_id:
        return say("{when}: {who}, for {manager}", when=when, who=who, manager=names[row.on_behalf_of_id])
    return say("{when}: {who}, your manager", when=when, who=who)


class DeleteDraft(Conversation):
    name = "asks.delete_draft"
    words = ("review delete my draft", "review delete draft")
    summary = mark("Delete my draft")

    def open(self, ctx: Context) -> Form | Reply:
        drafts = drafts_of(ctx.db, ctx.person.id)
        if not drafts:
            return Reply(Message(say("You have no draft"), (say("Nothing that you typed is waiting to be sent."),)))
        for draft in drafts:
            ctx.db.delete(draft)
        return Reply(Message(say("Your draft is deleted"), (say("What you sent before is unchanged."),)))


@part("menu", 10)
def menu(ctx: Context) -> Section | None:
    return _waiting(ctx)


@part("home", 10)
def home(ctx: Context) -> Section | None:
    return _waiting(ctx)


def _waiting(ctx: Context) -> Section:
    asks = open_asks(ctx.db, ctx.person.id)
    if not asks:
        return Section(say("No question is open for you"), (say("I'll write when the next question comes."),))
    return Section(say("Waiting for you"), rows=tuple(_row(ctx, ask, ctx.now) for ask in asks))


def _row(ctx: Context, ask: Ask, now: datetime) -> Row:
    summary = say(ctx.registry.conversations[ask.conversation].summary)
    due = moment(ctx.local(closes_at(ctx.db, ask)))
    when = say("open until {due}", due=due) if now < ask.due_at else say("was due {due}, late answers welcome", due=due)
    return Row((f"{summary}: {when}",), (Button(say("Open"), ask.conversation, ask.id, style="primary"),))


def _prompt(ctx: Context, ask: Ask) -> Message:
    return ctx.registry.conversations[ask.conversation].prompt(replace(ctx, asked=ask))


def _as_it_stands(ctx: Context) -> Reply:
    if ctx.asked is None:
        gone = Message(say("This is no longer there"), (say("What this button belongs to was closed or removed."),))
        return Reply(gone)
    return Reply(asks=(ctx.asked.id,))


def _reasons(ctx: Context, ask: Ask) -> tuple[str, ...]:
    return asked_with(ctx.db, ask).skip_reasons if ask.question_set_id else REASONS


def _reason(reason: str) -> str:
    return content(f"checkin.skip_reasons.{reason}", reason.replace("_", " ").capitalize())
