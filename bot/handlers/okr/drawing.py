"""Objectives in messages: one section each, with its key results as bars. No note or reason stands in the chat."""

from __future__ import annotations

from bot.conversation import Context
from bot.handlers.okr import words
from bot.handlers.okr.standing import View, allows
from bot.messages import Bar, Button, Line, Message, Section, Strong
from bot.rules import okr
from bot.texts import day, say, say_n

SHOW, UPDATE, SAME, LIST, ADD = "okr.show", "okr.update", "okr.same", "okr", "okr.add"
HISTORY = "okr.history"
AGREE, CLOSE = "okr.agree", "okr.close"


def section(ctx: Context, of: View) -> Section:
    """Its headline, where it stands, a bar for each key result, and what this person may do with it."""
    bars = tuple(Bar(one.title or "", float(one.score or 0), words.now(one)) for one in of.active)
    return Section(of.objective.title or "", (_where(ctx, of), *_lines(of)), bars=bars, buttons=buttons(ctx, of))


def _where(ctx: Context, of: View) -> str:
    parts = [words.state(of), *score(of), words.level(of.objective.level)]
    if of.owner and of.owner.id != ctx.person.id:
        parts.append(of.owner.name)
    return " · ".join([*parts, *over(ctx, of)])


def over(ctx: Context, of: View) -> list[str]:
    return [say("{period} is over: please close it", period=words.period(of.period))] if is_over(ctx, of) else []


def which(of: View) -> Line:
    """What tells it from others of the same owner, for a message to one person who may read it."""
    results = len(of.active)
    return Strong(of.objective.title or ""), f" · {say_n('{count} key result', '{count} key results', results)}"


def is_over(ctx: Context, of: View) -> bool:
    """Its time is, and nobody has closed it."""
    return of.period.ends_on < ctx.local_now.date() and of.objective.state in ("active", "paused")


def score(of: View) -> list[str]:
    if of.score.score is None or not of.score.coverage:
        return []
    found = [say("score {score}", score=words.score(of.score.score))]
    if of.objective.grade is not None:
        found.append(say("grade {grade}", grade=words.score(of.objective.grade)))
    found += words.coverage(of.score.coverage)
    if of.score.confidence is not None:
        found.append(say("confidence {value} of 10", value=words.confidence(of.score.confidence)))
    return found


def _lines(of: View) -> tuple[str, ...]:
    found = []
    if of.pace and of.objective.said_status and of.objective.said_status != of.pace:
        found.append(say("By the numbers it is {status}.", status=words.status(of.pace)))
    if not of.active:
        found.append(say("It has no key result yet."))
    return tuple(found)


def buttons(ctx: Context, of: View) -> tuple[Button, ...]:
    first = update_button(ctx, of)
    if of.objective.state == "draft" and allows(ctx, "agree", of):
        first = (Button(say("Agree"), AGREE, of.objective.id, style="primary"),)
    if is_over(ctx, of) and allows(ctx, "end", of):
        first += (Button(say("Close it…"), CLOSE, of.objective.id),)
    return (*first, Button(say("Open"), SHOW, of.objective.id))


def update_button(ctx: Context, of: View) -> tuple[Button, ...]:
    """Where there is something to update for this person."""
    if of.objective.state != "active" or not of.active or not allows(ctx, "update", of):
        return ()
    return (Button(say("Update"), UPDATE, of.objective.id, style="primary"),)


def updated(ctx: Context, of: View, what: str) -> Message:
    one = section(ctx, of)
    return Message(one.title, (*filter(None, (what,)), *one.lines), bars=one.bars, buttons=one.buttons, summary=what)


def gone() -> Message:
    again = (Button(say("My objectives"), LIST),)
    why = say("It was deleted, or it is not for you to see.")
    return Message(say("This objective is not here"), (why,), buttons=again)


def refused(of: View) -> Message:
    """Why it cannot be updated now."""
    why = {
        "draft": say("It is a draft: it is updated once it has been agreed."),
        "paused": say("It is paused: resume it first."),
        "done": say("It is closed. Reopen it if there is something to correct."),
        "cancelled": say("It was cancelled."),
    }  # fmt: skip
    said = why.get(of.objective.state, say("Its owner, their manager and HR update it."))
    return Message(of.objective.title or "", (said,), buttons=(Button(say("Open"), SHOW, of.objective.id),))


def expected_line(ctx: Context, of: View) -> str:
    """What would be on track by today, in words."""
    share = okr.expected(of.period.starts_on, of.period.ends_on, ctx.local_now.date())
    return say(
        "{share} of {period} has gone; it ends on {day}.", share=f"{words.to_percent(share)}\u00a0%",
        period=words.period(of.period), day=day(of.period.ends_on, ctx.local_now.date()),
    )  # fmt: skip
