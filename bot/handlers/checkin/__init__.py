"""The weekly check-in: asked on Thursday, answered in three minutes, read by the manager of that day."""

from __future__ import annotations

import json
from datetime import time

from bot.cadence import Weekly
from bot.conversation import Context, Conversation, Reply, notice
from bot.forms import Answers, Form, LongText, Rejected
from bot.handlers.checkin import blocking, drawing, filling, noting
from bot.handlers.checkin.holding import nobody_yet, readership
from bot.messages import Button, Message
from bot.questions import carried_answers, lines_of, numbers_of, texts_of
from bot.questions.stored import asked_with
from bot.rules.nudges import CHECKIN
from bot.storage.asks import Ask
from bot.storage.audit import record
from bot.storage.checkin import CheckIn, CheckInVersion, checkin_of_ask, current_version
from bot.storage.notices import inform, uninformed
from bot.storage.policy import allows
from bot.storage.programmes import programme_of
from bot.texts import mark, say

PRIORITIES = 3


class WeeklyCheckIn(Conversation):
    name = "checkin"
    dialog = in_chat = True
    words = ("checkin", "review check in")
    summary = mark("Check in")
    cadence = Weekly(on=3, at=time(10), due_on=4, due_at=time(16), remind_on=4, remind_at=time(10))
    questions = "checkin"
    rank = CHECKIN

    def prompt(self, ctx: Context) -> Message:
        return drawing.as_it_stands(ctx, _ask(ctx))

    def remind(self, ctx: Context) -> Message:
        return drawing.question(ctx, _ask(ctx), reminder=True)

    def open(self, ctx: Context) -> Form | Reply:
        if ctx.args and ctx.asked is None:
            return Reply(drawing.gone())
        if not allows(ctx.db, "checkins", ctx.person):
            return Reply(drawing.switched_off())
        if ctx.typed is None and uninformed(ctx.db, [ctx.person]):
            inform(ctx.db, [ctx.person], ctx.now)
            return Reply(notice.before(ctx, Button(say("Check in"), self.name, *ctx.args)), dialog=True)
        ask = ctx.asked or filling.wanted(ctx)
        if ask is None:
            return Reply(drawing.nothing_planned())
        if filling.writable(ctx, ask):
            return filling.form(ctx, ask)
        # Who sends an edit too late reads why, not that the check-in is stored.
        late = ctx.typed is not None and drawing.too_late(ctx, ask)
        return Reply(late) if late else Reply(asks=(ask.id,))

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        ask = _ask(ctx)
        checkin = checkin_of_ask(ctx.db, ask.id)
        if checkin is None:
            _same_reader(ctx)
        _few_priorities(texts_of(asked_with(ctx.db, ask), answers).get("next", ""))
        action = "checkin.edited" if checkin else "checkin.submitted"
        blocked_before = checkin is not None and _blocked(current_version(ctx.db, checkin))
        checkin = checkin or _begun(ctx, ask)
        checkin.version += 1
        version = _version(ctx, ask, checkin, answers)
        ctx.db.add(version)
        ask.state, ask.submitted_at = "submitted", ctx.now
        ask.reason = ask.remind_at = ask.remind_kind = None
        record(
            ctx.db, ctx.real_now, action, actor=ctx.actor.id, kind="checkin", object_id=checkin.id,
            version=checkin.version,
        )  # fmt: skip
        told, changed = blocking.after_sending(
            ctx, checkin, blocked_before=blocked_before, blocked_now=_blocked(version)
        )
        return Reply(also=told, asks=(ask.id,), changed=changed)


class CheckInNote(Conversation):
    """Words typed to the bot that nobody understood, put into the draft of what moved forward."""

    name = "checkin.note"

    def offer(self, ctx: Context) -> str:
        asked = allows(ctx.db, "checkins", ctx.person) and programme_of(ctx.db, ctx.person.id, "checkin")
        return say("Put this into my check-in") if asked else ""

    def open(self, ctx: Context) -> Form | Reply:
        return Reply(noting.put(ctx) if allows(ctx.db, "checkins", ctx.person) else drawing.switched_off())


def _ask(ctx: Context) -> Ask:
    if ctx.asked is None:
        raise ValueError("a check-in belongs to an ask")
    return ctx.asked


def _same_reader(ctx: Context) -> None:
    """Who was named on the form must be who reads it."""
    reader, contradicted = readership(ctx)
    if ctx.args[1:] and ctx.args[1] != (str(reader.id) if reader else ""):
        if contradicted:
            raise Rejected(f"{nobody_yet()} {say('Send it again if that is right.')}")
        raise Rejected(
            say("Your manager has changed meanwhile: {name} would read this now. Send it again if that is right.",
                name=reader.name)
            if reader
            else say("You have no manager here any more, so only you could read this. Send it again if that is right.")
        )  # fmt: skip


def _few_priorities(plan: str) -> None:
    """As the question says; next week each line is asked about by itself."""
    if (count := len(lines_of(plan))) > PRIORITIES:
        raise Rejected({LongText("next", ""): say("At most three, one for each line; these are {count}.", count=count)})


def _blocked(version: CheckInVersion) -> bool:
    return version.numbers.get("blocked") is True


def _begun(ctx: Context, ask: Ask) -> CheckIn:
    """Its reader is the primary manager of this day, and stays so whatever changes later; held back it has none yet."""
    reader = readership(ctx).manager
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
