"""Away until a day, and back again: nothing is asked meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from bot.conversation import Context, Conversation, Reply
from bot.conversation.planning import reopen, reopen_all
from bot.forms import Answers, Day, Form, Note
from bot.messages import Button, Message
from bot.storage.asks import JOINED, MANUAL, asks_by_id, asks_in_window
from bot.storage.audit import record
from bot.storage.people import Absence, absences_now, working_times
from bot.storage.time_off import rests, take_effect
from bot.texts import day, mark, moment, say

FURTHEST = timedelta(days=366)


class Away(Conversation):
    name = "preferences.away"
    dialog = True
    words = ("review away",)
    summary = mark("I'm away until…")

    def open(self, ctx: Context) -> Form | Reply:
        what = say("Until then I ask you nothing, and nothing counts as missed. No reason is asked or stored.")
        until = away_until(ctx)
        return Form.of(
            say("Away"),
            Note("what", what),
            self._back(ctx),
            submit=say("I'm away"),
            ids=ctx.args[:1] if ctx.asked else (),
            version=until.isoformat() if until else "0",
        )

    def _back(self, ctx: Context) -> Day:
        today = ctx.local_now.date()
        return Day(
            "back", say("First day back at work"), audience=say("You and your manager"),
            earliest=today + timedelta(days=1), latest=today + FURTHEST, start=away_until(ctx),
        )  # fmt: skip

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        today, back = ctx.local_now.date(), answers[self._back(ctx)]
        before = working_times(ctx.db, [ctx.person], ctx.now)
        _end_absences(ctx)
        absence = Absence(
            person_id=ctx.person.id, starts_on=today, ends_on=back - timedelta(days=1), created_at=ctx.real_now,
            created_by=ctx.actor.id,
        )  # fmt: skip
        ctx.db.add(absence)
        record(ctx.db, ctx.real_now, "absence.set", actor=ctx.actor.id, kind="person", object_id=ctx.person.id)
        effect = take_effect(ctx.db, before, ctx.now)
        reopen_all(ctx, effect.opened)
        lines = [say("I ask you nothing before, and nothing counts as missed. Welcome back then.")]
        works = working_times(ctx.db, [ctx.person], ctx.now)[ctx.person.id]
        if not works.works_on(back) and (first := works.next_working_day(back)):
            lines.append(say("You don't work that day: I write from {day} on.", day=day(first, today)))
        lines += _later(ctx, effect.changed)
        buttons = (Button(say("I'm back"), "preferences.back"),)
        message = Message(say("You're away until {day}", day=day(back, today)), tuple(lines), buttons=buttons)
        return Reply(message, asks=effect.changed, changed=first_contact(ctx))


class Back(Conversation):
    name = "preferences.back"
    words = ("review back",)
    summary = mark("I'm back")

    def open(self, ctx: Context) -> Form | Reply:
        if _end_absences(ctx):
            record(ctx.db, ctx.real_now, "absence.ended", actor=ctx.actor.id, kind="person", object_id=ctx.person.id)
        asks = [ask for ask in asks_in_window(ctx.db, ctx.person.id, ctx.now) if ask.state == "open" or rests(ask)]
        for ask in asks:
            if ask.remind_kind not in ("snoozed", MANUAL, JOINED):
                reopen(ctx, ask)
        buttons = tuple(
            Button(say(ctx.registry.conversations[ask.conversation].summary), ask.conversation, ask.id, style="primary")
            for ask in asks
            if ask.prompted_at
        )
        what = say("This is open:") if buttons else say("I'll write when something is open for you.")
        # True also of someone who never was, and of a second press.
        message = Message(say("Good to have you here"), (what,), buttons=buttons)
        return Reply(message, asks=tuple(ask.id for ask in asks), changed=first_contact(ctx))


def first_contact(ctx: Context) -> tuple[tuple[str, UUID], ...]:
    """It says when the next question comes."""
    return (("contact", ctx.person.id),)


def away_until(ctx: Context) -> date | None:
    """The first day back, if today is none and the end is known."""
    ends = [one.ends_on for one in absences_now(ctx.db, ctx.person.id, ctx.local_now.date())]
    last = max((end for end in ends if end), default=None)
    return last + timedelta(days=1) if last and None not in ends else None


def _end_absences(ctx: Context) -> bool:
    """What began today never was; what began before ended yesterday, and what came from a list is not added again."""
    today = ctx.local_now.date()
    absences = absences_now(ctx.db, ctx.person.id, today)
    for absence in absences:
        if absence.starts_on < today or absence.said_until:
            absence.ends_on = today - timedelta(days=1)
        else:
            ctx.db.delete(absence)
    ctx.db.flush()
    return bool(absences)


def _later(ctx: Context, changed: Sequence[UUID]) -> list[str]:
    """What is open still, and due later now."""
    asks = asks_by_id(ctx.db, changed).values()
    return [
        say("{what}: now due {when}", what=say(ctx.registry.conversations[ask.conversation].summary),
            when=moment(ctx.local(ask.due_at)))
        for ask in asks
        if ask.state == "open"
    ]  # fmt: skip
