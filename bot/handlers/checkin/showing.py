"""A check-in as its dialog shows it: the answers that this reader may see, what was said about it, what can be done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from bot.conversation import Context
from bot.handlers.checkin import standing
from bot.handlers.checkin.blocking import party
from bot.handlers.checkin.parties import Reading, legible
from bot.messages import Button, Message, Row, Section, Strong
from bot.questions import Question, QuestionSet, parse
from bot.questions.stored import without
from bot.storage.audit import record_reading
from bot.storage.blockers import blockers_of
from bot.storage.checkin import CheckInVersion, current_version
from bot.storage.comments import Comment, agenda_item, comments_on
from bot.storage.keys import Unreadable
from bot.storage.people import Person, people_by_id
from bot.storage.policy import hidden_questions
from bot.storage.programmes import QuestionSetRow
from bot.texts import content, day, moment, say


def opened(ctx: Context, of: Reading, note: str = "") -> Message:
    """The whole of it, and the trace that it was opened: what the other side said is seen now."""
    for comment in comments_on(ctx.db, of.checkin.id) if of.responds else ():
        if (comment.author_id == of.author.id) != of.own:
            comment.seen_at = comment.seen_at or ctx.now
    if not of.own:
        if of.responds or of.silenced:
            of.checkin.seen_at = of.checkin.seen_at or ctx.now
        record_reading(
            ctx.db, ctx.real_now, actor=ctx.actor.id, ask=of.checkin.ask_id, role=of.role, on_behalf_of=of.behalf,
            when=ctx.now, version=of.checkin.version,
        )  # fmt: skip
    return _whole(ctx, of, note)


def _whole(ctx: Context, of: Reading, note: str) -> Message:
    """Everything that this reader may see, question by question. `note` says what has just happened."""
    checkin = of.checkin
    version = current_version(ctx.db, checkin)
    stored = say(
        "Stored {when}, version {version}", when=moment(ctx.local(version.submitted_at)), version=version.version
    )
    title = say("Check-in of {day}", day=day(checkin.occurrence))
    if not of.own:
        title = say("{name}: check-in of {day}", name=of.author.name, day=day(checkin.occurrence))
    try:
        answers = _answers(ctx, version, of)
    except Unreadable:
        gone = say("What was written here was erased. Only the dates are left.")
        return Message(title, (gone,), note=stored)
    if of.responds:
        sections = (*answers, *_blocked(ctx, of), *_said(ctx, of), _verbs(ctx, of))
    elif of.silenced:
        sections = (*answers, *_blocked(ctx, of), _in_silence(ctx, of))
    else:
        # What was said about it is between the author and whom they sent it to.
        shared = say("{name} shares this with you, and sees that you have opened it.", name=of.author.name)
        sections = (*answers, *_blocked(ctx, of), Section(note=shared))
    lines = (note,) if note else ()
    return Message(title, lines, sections=sections, note="" if note else stored)


def _answers(ctx: Context, version: CheckInVersion, of: Reading) -> tuple[Section, ...]:
    row = ctx.db.get(QuestionSetRow, version.question_set_id)
    if row is None:
        return ()
    qs: QuestionSet = parse(row.body)
    words = version.words()
    # A box about answers that were not given says nothing.
    boxes = {q.shared_by for q in qs.questions if q.shared_by}
    idle = boxes - {q.shared_by for q in qs.questions if version.numbers.get(q.key) is not None}
    ticked = {key for key, value in version.numbers.items() if value is True}
    hidden = hidden_questions(ctx.db, of.author.id)
    qs = without(qs, hidden)
    mine = [q for q in qs.questions if of.sees(q.audience, shared_by=q.shared_by, marked=q.shared_by in ticked)]
    drawn = ((q, _answer(ctx, q, words, version.numbers)) for q in mine if q.key not in idle)
    return tuple(Section(content(f"{qs.key}.{q.key}.label", q.label), lines) for q, lines in drawn if lines)


def _answer(
    ctx: Context, q: Question, words: dict[str, object], numbers: dict[str, int | bool | None]
) -> tuple[str, ...]:  # fmt: skip
    """Empty if it was not asked or not answered."""
    texts: Any = words.get("texts") or {}
    carried: Any = words.get("carried") or []
    if q.kind == "carry_over":
        return tuple(f"{entry['line']}: {_choice(entry['choice'])}" for entry in carried)
    if q.kind == "text" and q.key in texts:
        return (texts[q.key],)
    if q.kind == "person" and q.key in texts:
        picked = ctx.db.get(Person, UUID(texts[q.key]))
        return (picked.name if picked else say("Somebody who is no longer here"),)
    if q.kind == "boolean" and q.key in numbers:
        return (say("Yes") if numbers[q.key] else say("No"),)
    if q.kind == "scale" and q.scale and numbers.get(q.key) is not None:
        value = numbers[q.key]
        label = next((point.label for point in q.scale.points if point.value == value), "")
        return (f"{value} · {content(f'scales.{q.scale.key}.{value}.label', label)}",)
    return ()


def _choice(choice: str) -> str:
    return {"done": say("Done"), "carry_on": say("Carry on"), "drop": say("Drop")}.get(choice, choice)


def _blocked(ctx: Context, of: Reading) -> tuple[Section, ...]:
    blocker = blockers_of(ctx.db, [of.checkin.id]).get(of.checkin.id)
    return (standing.section(ctx, blocker),) if blocker and party(ctx, blocker, ctx.actor.id) else ()


def _said(ctx: Context, of: Reading) -> tuple[Section, ...]:
    comments = comments_on(ctx.db, of.checkin.id)
    if not comments:
        return ()
    people = people_by_id(ctx.db, [one for c in comments for one in (c.author_id, c.on_behalf_of_id) if one])
    between = say("You and {name}", name=of.other.name) if of.other else say("Afterwards")
    return (Section(between, rows=tuple(_row(ctx, of, comment, people) for comment in comments)),)


def _row(ctx: Context, of: Reading, comment: Comment, people: dict[UUID, Person]) -> Row:
    who = say("You") if comment.author_id == ctx.actor.id else people[comment.author_id].name
    if comment.on_behalf_of_id and comment.on_behalf_of_id != ctx.actor.id:
        who = say("{name} for {manager}", name=who, manager=people[comment.on_behalf_of_id].name)
    when = moment(ctx.local(comment.created_at))
    head = (Strong(who), f"  {_kind(comment.kind)}, {when}")
    mine = comment.author_id == ctx.actor.id and comment.seen_at is None and comment.kind != "thanks"
    undo = (Button(say("Take back"), "checkin.take_back", of.checkin.id, comment.id),) if mine else ()
    text = legible(lambda: comment.text)
    return Row((head, text) if text else (head,), undo)


def _kind(kind: str) -> str:
    kinds = {"thanks": say("thanks"), "comment": say("comment"), "follow_up": say("question"), "reply": say("reply")}
    return kinds[kind]


def _in_silence(ctx: Context, of: Reading) -> Section:
    who = (Button(say("Who opened this"), "asks.opened", of.checkin.ask_id),) if of.own else ()
    return Section(buttons=who, note=say("Comments and thanks are switched off here."))


def _verbs(ctx: Context, of: Reading) -> Section:
    checkin = of.checkin
    who = Button(say("Who opened this"), "asks.opened", checkin.ask_id)
    if of.other is None or of.other.status != "active":
        gone = say("{name} no longer works here.", name=of.other.name) if of.other else ""
        return Section(buttons=(who,) if of.own else (), note=gone)
    comments = comments_on(ctx.db, checkin.id)
    thanked = any(c.kind == "thanks" and c.author_id == ctx.actor.id for c in comments)
    label = say("Take thanks back") if thanked else say("Thank")
    thank = Button(label, "checkin.unthank" if thanked else "checkin.thank", checkin.id)
    if of.own:
        spoken = any(c.author_id != ctx.actor.id for c in comments)
        reply = Button(say("Reply…"), "checkin.reply", checkin.id, style="primary")
        return Section(buttons=(reply, thank, who) if spoken else (who,))
    on_agenda = of.checkin.reader_id and agenda_item(ctx.db, checkin.id, of.checkin.reader_id)
    label = say("Take off the 1:1") if on_agenda else say("Add to 1:1")
    agenda = Button(label, "checkin.off_agenda" if on_agenda else "checkin.agenda", checkin.id)
    comment = Button(say("Comment…"), "checkin.comment", checkin.id)
    follow = Button(say("Ask a follow-up…"), "checkin.follow_up", checkin.id)
    seen = say("{name} sees that you have opened this.", name=of.author.name)
    return Section(buttons=(thank, comment, follow, agenda), note=seen)
