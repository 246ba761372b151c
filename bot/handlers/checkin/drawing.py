"""What a check-in looks like in the chat: who reads it, how long it takes, until when; never what was written."""

from __future__ import annotations

from bot.conversation import Context
from bot.conversation.verbs import ask_buttons
from bot.messages import Button, Message, Section
from bot.questions import QuestionSet, parse
from bot.questions.stored import asked_with
from bot.storage.asks import Ask
from bot.storage.checkin import CheckIn, checkin_of_ask, current_version
from bot.storage.people import Person, manager_on
from bot.storage.programmes import QuestionSetRow
from bot.texts import content, day, moment, say


def as_it_stands(ctx: Context, ask: Ask) -> Message:
    checkin = checkin_of_ask(ctx.db, ask.id)
    if ask.state == "submitted" and checkin is not None:
        return receipt(ctx, ask, checkin)
    drawn = {"not_expected": _left_out, "missed": _missed, "closed": _closed}
    return drawn.get(ask.state, question)(ctx, ask)


def question(ctx: Context, ask: Ask, *, reminder: bool = False) -> Message:
    manager = manager_on(ctx.db, ctx.person.id, ctx.local_now.date())
    minutes, due = asked_with(ctx.db, ask).estimated_minutes or 3, moment(ctx.local(ask.due_at))
    seen = (
        say("{manager} sees the text; mood only if you share it.", manager=manager.name)
        if manager
        else say("I know no manager for you yet, so only you can read it.")
    )
    title = say("Your check-in is still open") if reminder else say("Time for your check-in")
    takes = say("About {minutes} minutes, open until {due}.", minutes=minutes, due=due)
    first = Button(say("Check in"), "checkin", ask.id, style="primary")
    return Message(title, (takes, seen), buttons=ask_buttons(ctx, ask, first=first), summary=f"{title}. {takes}")


def receipt(ctx: Context, ask: Ask, checkin: CheckIn) -> Message:
    stored = current_version(ctx.db, checkin).submitted_at
    reader = ctx.db.get(Person, checkin.reader_id) if checkin.reader_id else None
    readers = (
        say("You and {manager} can read it.", manager=reader.name)
        if reader
        else say("Only you can read it: I know no manager for you.")
    )
    lines = [say("Stored {when}.", when=moment(ctx.local(stored))), readers]
    if ask.opens_at > stored:
        lines.insert(
            1, say("It counts for the week of {day}, so you will not be asked again.", day=day(ask.occurrence))
        )
    edit: tuple[Button, ...] = ()
    if ctx.now < ask.due_at:
        lines.append(say("You can edit it until {due}.", due=moment(ctx.local(ask.due_at))))
        edit = (Button(say("Edit"), "checkin", ask.id),)
    buttons = (Button(say("Read"), "checkin.read", checkin.id), *edit)
    return Message(say("Your check-in is stored"), tuple(lines), buttons=buttons)


def _left_out(ctx: Context, ask: Ask) -> Message:
    anyway = (Button(say("Check in after all"), "checkin", ask.id),)
    if ask.reason == "away":
        why = say("You are away; nothing is expected of you.")
    elif ask.reason in ("not_asked", "no_working_time"):
        why = say("There was no working time to ask you in.")
    else:
        why = say('Left out: {reason}. Your manager sees "not expected".', reason=_reason(ask.reason or ""))
    undo = (Button(say("Undo"), "asks.reopen", ask.id),) if ctx.now < ask.due_at and ask.reason != "away" else ()
    return Message(say("No check-in this week"), (why,), buttons=(*undo, *anyway))


def _missed(ctx: Context, ask: Ask) -> Message:
    due = moment(ctx.local(ask.due_at))
    lines = (say("It was due {due}. That's all right: a late one is welcome until the next opens.", due=due),)
    return Message(say("Check-in missed"), lines, buttons=(Button(say("Check in late"), "checkin", ask.id),))


def _closed(ctx: Context, ask: Ask) -> Message:
    lines = (say("The check-in of {day} is closed. The next one has its own message.", day=day(ask.occurrence)),)
    return Message(say("This check-in is closed"), lines)


def nothing_planned() -> Message:
    return Message(
        say("No check-in is planned for you"), (say("HR starts it for your department; I'll write to you then."),)
    )


def gone() -> Message:
    return Message(say("This is no longer there"), (say("The check-in that this button belongs to was removed."),))


def whole(ctx: Context, checkin: CheckIn) -> Message:
    """Everything that this reader may see, question by question."""
    version = current_version(ctx.db, checkin)
    row = ctx.db.get(QuestionSetRow, version.question_set_id)
    own = checkin.person_id == ctx.actor.id
    sections = _answers(parse(row.body), version.words(), version.numbers, own=own) if row else ()
    when = say(
        "Stored {when}, version {version}", when=moment(ctx.local(version.submitted_at)), version=version.version
    )
    return Message(say("Check-in of {day}", day=day(checkin.occurrence)), sections=sections, note=when)


def _answers(
    qs: QuestionSet, words: dict[str, object], numbers: dict[str, int | bool | None], *, own: bool
) -> tuple[Section, ...]:
    texts, carried = words.get("texts"), words.get("carried")
    shared = own or numbers.get("share_mood") is True
    sections = []
    for q in qs.questions:
        title = content(f"{qs.key}.{q.key}.label", q.label)
        if q.kind == "carry_over" and isinstance(carried, list) and carried:
            lines = tuple(f"{entry['line']}: {_choice(str(entry['choice']))}" for entry in carried)
            sections.append(Section(title, lines))
        elif isinstance(texts, dict) and q.key in texts and q.kind == "text":
            sections.append(Section(title, (str(texts[q.key]),)))
        elif q.kind == "scale" and shared and (value := numbers.get(q.key)) is not None and q.scale is not None:
            label = next((p.label for p in q.scale.points if p.value == value), "")
            sections.append(Section(title, (f"{value} · {content(f'scales.{q.scale.key}.{value}.label', label)}",)))
        elif q.kind == "boolean" and q.key in numbers and (own or q.key != "share_mood"):
            sections.append(Section(title, (say("Yes") if numbers[q.key] else say("No"),)))
    return tuple(sections)


def _choice(choice: str) -> str:
    return {"done": say("Done"), "carry_on": say("Carry on"), "drop": say("Drop")}.get(choice, choice)


def _reason(reason: str) -> str:
    return content(f"checkin.skip_reasons.{reason}", reason.replace("_", " ").capitalize())
