"""What happened to an objective, for who may read it: who, when, from what to what, and what was said with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from bot.access import HR, parties
from bot.conversation import Context, Conversation, Reply
from bot.conversation.paging import PAGE, of_pages, page_of, turning
from bot.forms import Form
from bot.handlers.okr import drawing, words
from bot.handlers.okr.before import Before
from bot.handlers.okr.rights import GIVEN
from bot.handlers.okr.standing import View, named
from bot.messages import Button, Line, Message, Row, Section, Strong
from bot.rules import okr
from bot.storage.exports import Names, legible
from bot.storage.okr.goals import steps_of, updates_of
from bot.storage.okr.tables import KeyResult, KeyResultUpdate, ObjectiveStep
from bot.storage.okr.told import words_of
from bot.texts import day, say

Happened = KeyResultUpdate | ObjectiveStep
# What was the value before, and how sure they were.
Known = tuple[Decimal | None, int | None]


class History(Conversation):
    """From the second page on; the first stands with the objective."""

    name = drawing.HISTORY
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        of = named(ctx)
        if of is None:
            return Reply(drawing.gone(), dialog=True)
        page = int(ctx.args[1]) if ctx.args[1:] and ctx.args[1].isdecimal() else 1
        found = section(ctx, of, page)
        whole = Button(say("Open"), drawing.SHOW, of.objective.id)
        message = Message(
            of.objective.title or "", sections=(found,) if found else (), buttons=(whole,),
            note=words.audience(ctx, of),
        )  # fmt: skip
        return Reply(message, dialog=True)


def section(ctx: Context, of: View, page: int = 1) -> Section | None:
    """The newest first, updates and steps together."""
    updates = updates_of(ctx.db, [one.id for one in of.results])
    steps = steps_of(ctx.db, of.objective.id)
    every: list[Happened] = [*(one for theirs in updates.values() for one in theirs), *steps]
    if not every:
        return None
    page, last = page_of(page, len(every))
    shown = sorted(every, key=lambda one: (one.at, one.id), reverse=True)[(page - 1) * PAGE : page * PAGE]
    names = Names(ctx.db, [person for one in shown for person in (one.by_id, one.on_behalf_of_id, given_to(one))])
    known = dict(_known(updates.values()))
    results = {one.id: one for one in of.results}
    rows = []
    for one in shown:
        if isinstance(one, KeyResultUpdate):
            lines, by_file = _update(ctx, one, results[one.key_result_id], known[one.id]), one.by_file
        else:
            said = words_of(one)
            lines, by_file = _step(of, one, said, Before(ctx, of, one, steps), names), "file" in said
        rows.append(Row((_head(ctx, one, names, by_file=by_file), *lines)))
    turn = turning(page, last, drawing.HISTORY, str(of.objective.id))
    return Section(say("What happened"), rows=tuple(rows), buttons=turn, note=of_pages(page, last))


def _known(updates: Iterable[Sequence[KeyResultUpdate]]) -> Iterator[tuple[UUID, Known]]:
    for theirs in updates:
        value, sure = None, None
        for one in theirs:
            yield one.id, (value, sure)
            value = value if one.value is None else one.value
            sure = sure if one.confidence is None else one.confidence


def _head(ctx: Context, one: Happened, names: Names, *, by_file: bool) -> Line:
    who = names[one.by_id] or ""
    if one.on_behalf_of_id:
        who = say("{name} for {manager}", name=who, manager=names[one.on_behalf_of_id] or "")
    if by_file:
        who = say("by file, {name}", name=who)
    return (Strong(who), f" · {day(ctx.local(one.at).date(), ctx.local_now.date())}")


def _update(ctx: Context, one: KeyResultUpdate, of: KeyResult, before: Known) -> tuple[str, ...]:
    value, sure = before
    said = [say("no change") if one.value is None else _way(of, value, one.value)]
    if one.confidence and sure not in (None, one.confidence):
        said.append(say("confidence {before} → {value} of 10", before=sure or 0, value=one.confidence))
    elif one.confidence:
        said.append(say("confidence {value} of 10", value=one.confidence))
    if one.day != ctx.local(one.at).date():
        said.append(say("as of {day}", day=day(one.day, ctx.local_now.date())))
    note = legible(lambda: one.note)
    return (f"{of.title}: {' · '.join(said)}", *([note] if note else []))


def _way(of: KeyResult, before: Decimal | None, now: Decimal) -> str:
    """Each observation of "maintain" stands for itself."""
    if before in (None, now) or of.kind == "maintain":
        return words.value(of, now)
    return f"{words.value(of, before)} → {words.value(of, now)}"


def _step(of: View, one: ObjectiveStep, said: Mapping[str, Any], before: Before, names: Names) -> tuple[str, ...]:
    file = [str(said["file"])] if said.get("file") else []
    was = before.told()
    reasons = _reasons(said) if _for_reader(one, of) else []
    told = [say("Before: {what}", what="; ".join(was))] if was else []
    return (" · ".join([_move(one.move, said, names), *file]), *reasons, *told)


def _for_reader(one: ObjectiveStep, of: View) -> bool:
    """Who reads the objective reads what was written of it; why it was sent back is between those two and HR."""
    if one.move != "send_back":
        return True
    named = of.actor.id in (one.by_id, one.on_behalf_of_id, of.objective.owner_id)
    return named or bool(parties(of.actor, of.subject) & HR)


def given_to(one: Happened) -> UUID | None:
    """Whose it became with this step."""
    to = words_of(one).get("to") if isinstance(one, ObjectiveStep) and one.move == GIVEN else None
    return UUID(to) if to else None


def _move(move: str, said: Mapping[str, Any], names: Names) -> str:
    if said.get("from"):
        return say("carried it over from the period before")
    if move == "status" and said.get("status"):
        return say("set its status: {status}", status=words.status_word(cast("okr.Status", said["status"])))
    if move == GIVEN:
        name = names[UUID(said["to"])] if said.get("to") else None
        return say("gave it to {name}", name=name) if name else say("gave it to somebody else")
    moves = {
        "created": say("made it"), "changed": say("changed it"), "aligned": say("aligned it"),
        "agree": say("agreed to it"), "activate": say("started it"), "send_back": say("sent it back"),
        "talk": say("would like to talk about it"), "confirmed": say("said that it still fits"),
        "pause": say("paused it"), "resume": say("resumed it"), "close": say("closed it"),
        "reopen": say("opened it again"), "cancel": say("cancelled it"),
        "status": say("lets the numbers say its status"),
        "agenda": say("wants to talk about it in the next 1:1"),
        "weighed": say("changed something under “More…”"),
    }  # fmt: skip
    return moves.get(move, move)


def _reasons(said: Mapping[str, Any]) -> list[str]:
    grade, lesson = said.get("grade"), said.get("lesson")
    found = [say("grade {grade}", grade=words.score(Decimal(grade)))] if grade else []
    found += [str(said["reason"])] if said.get("reason") else []
    return [*found, *([say("Lesson: {lesson}", lesson=lesson)] if lesson else [])]
