"""Pause until a day, and resume: one programme or everything, by one button; who has an open ask is told once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from bot.conversation import Context, Conversation, News, Reply, Task
from bot.forms import Answers, Day, Form, Note
from bot.handlers.programmes import rights, showing
from bot.messages import Button, Message
from bot.storage.asks import Ask
from bot.storage.audit import record
from bot.storage.outbox import begun, news_about
from bot.storage.pauses import Pause, move_due, move_turns_on, own_pause, running_asks, standing_pauses
from bot.storage.programmes import Programme
from bot.texts import day, say

BATCH = 200
FURTHEST = timedelta(days=366)
PAUSED = "programmes.paused"


class PauseUntil(Conversation):
    """Of one programme if its button carries one. A pause that stands gets another end."""

    name = "programmes.pause"

    def open(self, ctx: Context) -> Form | Reply:
        found = _scope(ctx)
        if isinstance(found, Reply):
            return found
        standing = own_pause(ctx.db, found.id if found else None, ctx.now)
        what = say(
            "Until then nobody is asked, reminded or sent a digest. What is open stays open, and its due time moves by "
            "the same working days. Whoever has something open is told once. An earlier end gives nobody less time."
        )
        return Form.of(
            say("Pause {who}", who=showing.whom(ctx, found)) if found else say("Pause everything"),
            Note("what", what), _back(ctx, standing), submit=say("Pause"), ids=ctx.args[:1],
            version=standing.back_on.isoformat() if standing else "0",
        )  # fmt: skip

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        found = _scope(ctx)
        if isinstance(found, Reply):
            return found
        scope = found.id if found else None
        pause = own_pause(ctx.db, scope, ctx.now)
        was = pause.back_on if pause else None
        back = answers[_back(ctx, pause)]
        if pause is None:
            pause = Pause(
                programme_id=scope, starts_at=ctx.now, back_on=back, created_by=ctx.actor.id, created_at=ctx.real_now
            )
            ctx.db.add(pause)
        pause.back_on = back
        ctx.db.flush()
        record(
            ctx.db, ctx.real_now, "pause.changed" if was else "pause.started", actor=ctx.actor.id, kind="pause",
            object_id=pause.id, programme=str(scope) if scope else None, until=back.isoformat(),
        )  # fmt: skip
        also, asks = _moved(ctx, _Step(pause.id, was, ctx.now))
        title = say("{who} is paused until {day}", who=_who(ctx, found), day=day(back))
        lines = (say("Nothing is asked before that day, and due times move. Resume ends the pause earlier."),)
        buttons = (*showing.pause_buttons(ctx, scope), rights.back())
        return Reply(Message(title, lines, buttons=buttons), also=also, changed=((PAUSED, pause.id),), asks=asks)


class Resume(Conversation):
    name = "programmes.resume"

    def open(self, ctx: Context) -> Form | Reply:
        found = _scope(ctx)
        if isinstance(found, Reply):
            return found
        scope = found.id if found else None
        pause = own_pause(ctx.db, scope, ctx.now)
        if pause is None:
            none = say("Nothing is paused here any more.")
            return Reply(Message(say("No pause"), (none,), buttons=(rights.back(),)))
        pause.ended_at = ctx.now
        ctx.db.flush()
        record(
            ctx.db, ctx.real_now, "pause.ended", actor=ctx.actor.id, kind="pause", object_id=pause.id,
            programme=str(scope) if scope else None,
        )  # fmt: skip
        also, asks = _moved(ctx, _Step(pause.id, pause.back_on, ctx.now))
        title = say("{who} goes on", who=_who(ctx, found))
        lines = (
            say("Questions come again at their next opening. What was asked before is not sent again."),
            say("Due times stay where the pause has moved them, or end with the next opening if that comes first."),
        )
        buttons = (*showing.pause_buttons(ctx, scope), rights.back())
        return Reply(Message(title, lines, buttons=buttons), also=also, asks=asks, changed=((PAUSED, pause.id),))


class Paused(Conversation):
    """Moves due times in pieces, and is what people with an open ask are told."""

    name = PAUSED

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        cursor = task.cursor
        was = date.fromisoformat(cursor["was"]) if cursor["was"] else None
        step = _Step(
            UUID(cursor["pause"]), was, datetime.fromisoformat(cursor["at"]), cursor["stage"],
            UUID(cursor["after"]) if cursor["after"] else None,
        )  # fmt: skip
        also, asks = _moved(ctx, step)
        return Reply(also=also, asks=asks)

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        pause = ctx.db.get(Pause, about)
        if pause and pause.ended_at:
            return _over(ctx, pause)
        if pause is None or pause.back_on <= ctx.local_now.date():
            return None
        line, known = say("Nothing of it is asked of you until then, and due times move."), ctx.registry.words
        labels = {"review privacy": say("What is stored"), "review ask hr": say("Ask HR…")}
        buttons = tuple(Button(label, known[phrase].name) for phrase, label in labels.items() if phrase in known)
        programme = ctx.db.get(Programme, pause.programme_id) if pause.programme_id else None
        title = say("HR has paused Rapport until {day}", day=day(pause.back_on))
        if programme:
            what = say(ctx.registry.conversations[programme.conversation].summary)
            title = say('HR has paused "{what}" until {day}', what=what, day=day(pause.back_on))
        return Message(title, (line,), buttons=buttons)


def _over(ctx: Context, pause: Pause) -> Message | None:
    """Who has not read of the pause yet need not."""
    rows = [row for row, news in news_about(ctx.db, PAUSED, pause.id) if news.person_id == ctx.person.id]
    line = say("What is open stays open; its own message says until when.")
    return Message(say("HR has ended the pause"), (line,)) if any(map(begun, rows)) else None


class _Step:
    """Where the work on a pause is: `was` is its end before, `at` when HR pressed."""

    def __init__(
        self, pause: UUID, was: date | None, at: datetime, stage: str = "asks", after: UUID | None = None
    ) -> None:
        self.pause, self.was, self.at, self.stage, self.after = pause, was, at, stage, after

    def task(self, stage: str, after: UUID | None, end: date | None) -> Task:
        cursor = {
            "pause": str(self.pause), "was": self.was and self.was.isoformat(), "at": self.at.isoformat(),
            "stage": stage, "after": str(after) if after else "",
        }  # fmt: skip
        key = f"pause:{self.pause}:{self.at.isoformat()}:{end}:{stage}:{after}"
        return Task(PAUSED, "move", key, self.at, cursor)


def _moved(ctx: Context, step: _Step) -> tuple[tuple[News | Task, ...], tuple[UUID, ...]]:
    """One piece: first the open asks, then the turns that the pause had moved. What follows, and which asks changed."""
    pause = ctx.db.get(Pause, step.pause)
    if pause is None:
        return (), ()
    after, end = standing_pauses(ctx.db, step.at), None if pause.ended_at else pause.back_on
    if step.stage == "turns":
        last, open_now = move_turns_on(ctx.db, pause.programme_id, after, ctx.now, step.after, BATCH)
        return ((step.task("turns", last, end),) if last else ()), tuple(open_now)
    earlier = () if step.was is None else (Pause(programme_id=pause.programme_id, back_on=step.was),)
    before = [*(one for one in after if one.id != pause.id), *earlier]
    asks = running_asks(ctx.db, pause.programme_id, step.at, step.after, BATCH)
    moved = move_due(ctx.db, asks, before, after, step.at)
    told = () if pause.ended_at else _told(pause, moved)
    follows = step.task("asks", asks[-1].id, end) if len(asks) == BATCH else step.task("turns", None, end)
    return (*told, follows), tuple(ask.id for ask in moved)


def _told(pause: Pause, asks: list[Ask]) -> tuple[News, ...]:
    """Those who have seen what is open."""
    people = sorted({ask.person_id for ask in asks if ask.prompted_at and ask.state == "open"})
    return tuple(News(one, PAUSED, pause.id, f"paused:{pause.id}:{one}") for one in people)


def _scope(ctx: Context) -> Programme | Reply | None:
    """The programme, None for everything; only who runs all of them may pause everything."""
    if ctx.args:
        return rights.named(ctx)
    return None if rights.runs_all(ctx) else Reply(rights.refusal())


def _who(ctx: Context, programme: Programme | None) -> str:
    if programme is None:
        return say("Everything")
    what = say(ctx.registry.conversations[programme.conversation].summary)
    return say("{what} for {who}", what=what, who=showing.whom(ctx, programme))


def _back(ctx: Context, standing: Pause | None) -> Day:
    today = ctx.local_now.date()
    return Day(
        "back", say("First day on which it goes on"), earliest=today + timedelta(days=1), latest=today + FURTHEST,
        start=standing.back_on if standing else None,
    )  # fmt: skip
