"""The weekly check-in: asked on Thursday, answered in three minutes, read by the manager of that day."""

from __future__ import annotations

import json
from datetime import time
from uuid import UUID

from bot.access import Actor, Subject, may
from bot.cadence import Weekly
from bot.conversation import Context, Conversation, Reply, part
from bot.forms import Answers, Form
from bot.handlers.checkin import drawing, filling, noting
from bot.messages import Button, Message, Row, Section
from bot.questions import carried_answers, numbers_of, texts_of
from bot.questions.stored import asked_with
from bot.storage.asks import Ask
from bot.storage.audit import record
from bot.storage.checkin import CheckIn, CheckInVersion, checkin_of_ask, latest_checkins
from bot.storage.people import manager_on
from bot.storage.programmes import programme_of
from bot.texts import mark, say


class WeeklyCheckIn(Conversation):
    name = "checkin"
    words = ("checkin", "review check in")
    summary = mark("Check in")
    cadence = Weekly(on=3, at=time(10), due_on=4, due_at=time(16), remind_on=4, remind_at=time(10))
    questions = "checkin"

    def prompt(self, ctx: Context) -> Message:
        return drawing.as_it_stands(ctx, _ask(ctx))

    def remind(self, ctx: Context) -> Message:
        return drawing.question(ctx, _ask(ctx), reminder=True)

    def open(self, ctx: Context) -> Form | Reply:
        if ctx.args and ctx.asked is None:
            return Reply(drawing.gone())
        ask = ctx.asked or filling.wanted(ctx)
        if ask is None:
            return Reply(drawing.nothing_planned())
        return filling.form(ctx, ask) if filling.writable(ctx, ask) else Reply(asks=(ask.id,))

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        ask = _ask(ctx)
        checkin = checkin_of_ask(ctx.db, ask.id)
        action = "checkin.edited" if checkin else "checkin.submitted"
        checkin = checkin or _begun(ctx, ask)
        checkin.version += 1
        ctx.db.add(_version(ctx, ask, checkin, answers))
        ask.state, ask.submitted_at = "submitted", ctx.now
        ask.reason = ask.remind_at = ask.remind_kind = None
        version = checkin.version
        record(ctx.db, ctx.real_now, action, actor=ctx.actor.id, kind="checkin", object_id=checkin.id, version=version)
        return Reply(asks=(ask.id,))


class CheckInNote(Conversation):
    """Words typed to the bot that nobody understood, put into the draft of what moved forward."""

    name = "checkin.note"

    def offer(self, ctx: Context) -> str:
        return say("Put this into my check-in") if programme_of(ctx.db, ctx.person.id, "checkin") else ""

    def open(self, ctx: Context) -> Form | Reply:
        return Reply(noting.put(ctx))


class ReadCheckIn(Conversation):
    """Shown in a dialog, never in the chat."""

    name = "checkin.read"

    def open(self, ctx: Context) -> Form | Reply:
        checkin = _named(ctx)
        if checkin is None:
            return Reply(drawing.gone(), dialog=True)
        actor = Actor(ctx.actor.id, ctx.roles)
        if not may(actor, "read", Subject("checkin", owner=checkin.person_id, reader=checkin.reader_id)):
            why = say("A check-in is read by its author and the manager of the day it was sent, by nobody else.")
            return Reply(Message(say("This is not yours to read"), (why,)), dialog=True)
        if checkin.person_id != ctx.actor.id:
            checkin.seen_at = checkin.seen_at or ctx.now
            record(
                ctx.db, ctx.real_now, "checkin.read", actor=ctx.actor.id, kind="checkin", object_id=checkin.id,
                version=checkin.version,
            )  # fmt: skip
        return Reply(drawing.whole(ctx, checkin), dialog=True)


@part("home", 20)
def last_checkins(ctx: Context) -> Section | None:
    rows = tuple(
        Row((drawing.in_a_line(checkin),), (Button(say("Read"), "checkin.read", checkin.id),))
        for checkin in latest_checkins(ctx.db, ctx.person.id, 4)
    )
    empty = () if rows else (say("None yet. Your first one will stand here."),)
    return Section(say("My last check-ins"), empty, rows=rows)


def _named(ctx: Context) -> CheckIn | None:
    try:
        return ctx.db.get(CheckIn, UUID(ctx.args[0])) if ctx.args else None
    except ValueError:
        return None


def _ask(ctx: Context) -> Ask:
    if ctx.asked is None:
        raise ValueError("a check-in belongs to an ask")
    return ctx.asked


def _begun(ctx: Context, ask: Ask) -> CheckIn:
    """Its reader is the primary manager of this day, and stays so whatever changes later."""
    reader = manager_on(ctx.db, ctx.person.id, ctx.local_now.date())
    checkin = CheckIn(
        ask_id=ask.id, person_id=ctx.person.id, occurrence=ask.occurrence, reader_id=reader and reader.id, version=0,
        submitted_at=ctx.now,
    )  # fmt: skip
    ctx.db.add(checkin)
    ctx.db.flush()
    return checkin


def _version(ctx: Context, ask: Ask, checkin: CheckIn, answers: Answers) -> CheckInVersion:
    qs = asked_with(ctx.db, ask)
    numbers = {
        key: value if isinstance(value, bool | None) else int(value) for key, value in numbers_of(qs, answers).items()
    }
    carried = carried_answers(qs, answers, filling.earlier(ctx, ask))
    return CheckInVersion(
        checkin_id=checkin.id, author_id=ctx.person.id, version=checkin.version, question_set_id=ask.question_set_id,
        mood=numbers.get("mood"), workload=numbers.get("workload"), numbers=numbers, language=ctx.person.locale,
        texts=json.dumps({"texts": texts_of(qs, answers), "carried": carried}, ensure_ascii=False),
        submitted_at=ctx.now, created_by=ctx.actor.id,
    )  # fmt: skip
