"""What a pause moves, piece by piece: open asks and turns; who has an open ask is told once."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from bot.conversation import Context, Conversation, News, Reply, Task
from bot.messages import Button, Message
from bot.storage.asks import Ask
from bot.storage.outbox import begun, news_about
from bot.storage.pauses import Pause, move_due, move_turns_on, running_asks, standing_pauses
from bot.storage.programmes import Programme
from bot.texts import day, say

BATCH = 200
PAUSED = "programmes.paused"


class Paused(Conversation):
    """Moves due times in pieces, and is what people with an open ask are told."""

    name = PAUSED

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        cursor = task.cursor
        was = date.fromisoformat(cursor["was"]) if cursor["was"] else None
        step = Step(
            UUID(cursor["pause"]), was, datetime.fromisoformat(cursor["at"]), cursor["stage"],
            UUID(cursor["after"]) if cursor["after"] else None,
        )  # fmt: skip
        return moved(ctx, step)

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
    rows = [row for row, _ in news_about(ctx.db, PAUSED, pause.id, ctx.person.id)]
    line = say("What is open stays open; its own message says until when.")
    return Message(say("HR has ended the pause"), (line,)) if any(map(begun, rows)) else None


class Step:
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


def moved(ctx: Context, step: Step) -> Reply:
    """One piece: first the open asks, then the turns that the pause had moved. What follows, which asks changed, and
    whose notice of the pause.
    """
    pause = ctx.db.get(Pause, step.pause)
    if pause is None:
        return Reply()
    after, end = standing_pauses(ctx.db, step.at), None if pause.ended_at else pause.back_on
    if step.stage == "turns":
        last, open_now = move_turns_on(ctx.db, pause.programme_id, after, ctx.now, step.after, BATCH)
        return Reply(also=(step.task("turns", last, end),) if last else (), asks=tuple(open_now))
    earlier = () if step.was is None else (Pause(programme_id=pause.programme_id, back_on=step.was),)
    before = [*(one for one in after if one.id != pause.id), *earlier]
    asks = running_asks(ctx.db, pause.programme_id, step.at, step.after, BATCH)
    later = move_due(ctx.db, asks, before, after, step.at)
    told = () if pause.ended_at else _told(pause, later)
    follows = step.task("asks", asks[-1].id, end) if len(asks) == BATCH else step.task("turns", None, end)
    notices = tuple((PAUSED, pause.id, person) for person in sorted({ask.person_id for ask in asks}))
    return Reply(also=(*told, follows), asks=tuple(ask.id for ask in later), changed=notices)


def _told(pause: Pause, asks: list[Ask]) -> tuple[News, ...]:
    """Those who have seen what is open."""
    people = sorted({ask.person_id for ask in asks if ask.prompted_at and ask.state == "open"})
    return tuple(News(one, PAUSED, pause.id, f"paused:{pause.id}:{one}") for one in people)
