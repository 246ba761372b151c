"""What a check-in looks like in the chat: who reads it, how long it takes, until when; never what was written."""

from __future__ import annotations

from bot.conversation import Context
from bot.conversation.verbs import ask_buttons, put_off, sender
from bot.handlers.checkin.holding import held_back, nobody_yet, readership
from bot.messages import Button, Message
from bot.questions.stored import asked_with
from bot.rules.checkin import state
from bot.storage.asks import SWITCHED_OFF, Ask, closes_at
from bot.storage.checkin import CheckIn, CheckInVersion, checkin_of_ask, current_version
from bot.storage.delegations import CHECKINS, delegates_of
from bot.storage.people import Person
from bot.storage.policy import allows, hidden_questions
from bot.texts import content, day, moment, say


def as_it_stands(ctx: Context, ask: Ask) -> Message:
    checkin = checkin_of_ask(ctx.db, ask.id) if ask.state == "submitted" else None
    if checkin is not None:
        return receipt(ctx, ask, checkin)
    if ask.closed_at is not None:
        return _closed(ask)
    drawn = {"not_expected": _left_out, "missed": _missed}
    return drawn.get(ask.state, question)(ctx, ask)


def question(ctx: Context, ask: Ask, *, reminder: bool = False) -> Message:
    manager, contradicted = readership(ctx)
    minutes, due = asked_with(ctx.db, ask).estimated_minutes or 3, moment(ctx.local(closes_at(ctx.db, ask)))
    seen = (
        _sees(ctx, manager)
        if manager
        else nobody_yet()
        if contradicted
        else say("I know no manager for you yet, so only you can read it.")
    )
    if reminder and (by := sender(ctx, ask)):
        return _reminded(ctx, ask, by, seen)
    title = say("Your check-in is still open") if reminder else say("Time for your check-in")
    what = say("What moved, what comes next, and what is in your way.")
    takes = say("About {minutes} minutes, open until {due}.", minutes=minutes, due=due)
    lines = (f"{what} {takes}", " ".join((seen, *(_readers_for(ctx, manager) if manager else ()), _hr_sees(ctx))))
    first = Button(say("Check in"), "checkin", ask.id, style="primary")
    return Message(
        title, lines, buttons=ask_buttons(ctx, ask, first=first), note=put_off(ctx, ask), summary=f"{title}. {takes}"
    )  # fmt: skip


def _sees(ctx: Context, manager: Person) -> str:
    if allows(ctx.db, "mood", ctx.person):
        return say("{manager} sees the text; mood only if you share it.", manager=manager.name)
    return say("{manager} sees the text.", manager=manager.name)


def _hr_sees(ctx: Context) -> str:
    if allows(ctx.db, "completion_lists", ctx.person):
        return say("HR sees only whether you answered.")
    return say("HR sees only how many have answered.")


def _reminded(ctx: Context, ask: Ask, by: str, seen: str) -> Message:
    """In the name of whoever asked for it; perhaps after the deadline."""
    title, due = say("{sender} reminds you of your check-in", sender=by), moment(ctx.local(ask.due_at))
    once = say("{sender} can do this once.", sender=by)
    note = f"{seen} {_hr_sees(ctx)}"
    if ask.state == "missed":
        late = say("It was due {due}. That's all right: a late one is welcome until the next opens.", due=due)
        late_button = Button(say("Check in late"), "checkin", ask.id, style="primary")
        return Message(title, (f"{late} {once}", note), buttons=(late_button,))
    until = moment(ctx.local(closes_at(ctx.db, ask)))
    lines = (f"{say('It is open until {due}.', due=until)} {once}", note)
    first = Button(say("Check in"), "checkin", ask.id, style="primary")
    return Message(title, lines, buttons=ask_buttons(ctx, ask, first=first))


def receipt(ctx: Context, ask: Ask, checkin: CheckIn) -> Message:
    version = current_version(ctx.db, checkin)
    stored = version.submitted_at
    held = held_back(ctx, checkin)
    reader = ctx.db.get(Person, checkin.reader_id) if checkin.reader_id and not held else None
    due = moment(ctx.local(ask.due_at))
    lines = [
        say("Stored {when}.", when=moment(ctx.local(stored))),
        _readable(version, reader, hidden_questions(ctx.db, checkin.person_id))
        if reader
        else nobody_yet()
        if held
        else say("Only you can read it: I know no manager for you."),
    ]
    if reader:
        lines += _readers_for(ctx, reader)
    if ask.opens_at > stored:
        lines.insert(1, say("It is the one for {day}; you will not be asked for it again.", day=day(ask.occurrence)))
    buttons = [Button(say("Read"), "checkin.read", checkin.id)]
    if ctx.now < ask.due_at:
        lines.append(say("You can edit it until {due}.", due=due))
        buttons.append(Button(say("Edit"), "checkin", ask.id))
    elif stored < ask.due_at:
        lines.append(say("It could be edited until {due}.", due=due))
    buttons.append(Button(say("Who opened this"), "asks.opened", ask.id))
    return Message(say("Your check-in is stored"), tuple(lines), buttons=tuple(buttons))


def _readable(version: CheckInVersion, reader: Person, hidden: frozenset[str]) -> str:
    """Mood and workload stay with whoever did not share them."""
    numbers = version.numbers
    if all(numbers.get(key) is None for key in {"mood", "workload"} - hidden):
        return say("You and {manager} can read it.", manager=reader.name)
    if numbers.get("share_mood") is True:
        return say("You and {manager} can read it, also how the week felt.", manager=reader.name)
    return say("You and {manager} can read the text; how the week felt stays with you.", manager=reader.name)


def too_late(ctx: Context, ask: Ask) -> Message | None:
    """For an edit that can no longer be sent."""
    if checkin_of_ask(ctx.db, ask.id) is None:
        return None
    due = moment(ctx.local(ask.due_at))
    return Message(
        say("This check-in can no longer be edited"),
        (say("It could be edited until {due}.", due=due), say("What you had sent before that stays as it was.")),
    )


def _readers_for(ctx: Context, reader: Person) -> list[str]:
    """Who acts for the manager these days."""
    return [
        say(
            "Until {last} {delegate} reads for {manager}.", last=day(each.ends_on), manager=reader.name,
            delegate=ctx.db.get_one(Person, each.delegate_id).name,
        )
        for each in delegates_of(ctx.db, reader.id, CHECKINS, ctx.local_now.date())
        if each.ends_on
    ]  # fmt: skip


def _left_out(ctx: Context, ask: Ask) -> Message:
    buttons = [Button(say("Check in after all"), "checkin", ask.id)]
    if ask.reason == "away":
        why = say("You are away; nothing is expected of you.")
        buttons.insert(0, Button(say("I'm back"), "preferences.back"))
    elif ask.reason in ("not_asked", "no_working_time"):
        why = say("There was no working time to ask you in.")
    else:
        reason = _reason(ask.reason or "")
        why = say('Left out: {reason}. Your manager sees "not expected", not the reason.', reason=reason)
        if ctx.now < ask.due_at:
            buttons.insert(0, Button(say("Undo"), "asks.reopen", ask.id))
    return Message(say("No check-in this time"), (why,), buttons=tuple(buttons))


def _missed(ctx: Context, ask: Ask) -> Message:
    due = moment(ctx.local(ask.due_at))
    lines = (say("It was due {due}. That's all right: a late one is welcome until the next opens.", due=due),)
    return Message(say("Check-in missed"), lines, buttons=(Button(say("Check in late"), "checkin", ask.id),))


def _closed(ask: Ask) -> Message:
    if ask.reason == SWITCHED_OFF:
        return switched_off()
    lines = (say("The check-in of {day} is closed. The next one has its own message.", day=day(ask.occurrence)),)
    return Message(say("This check-in is closed"), lines)


def in_a_line(checkin: CheckIn, *, held: bool, shared: bool) -> str:
    """Without a word of what was written."""
    if held:
        return say("{day}: held back until HR has settled who your manager is", day=day(checkin.occurrence))
    now = state("submitted", seen=checkin.seen_at is not None, answered=checkin.answered_at is not None)
    if checkin.reader_id is None and shared:
        return say("{day}: you and whom you share it with can read it", day=day(checkin.occurrence))
    if checkin.reader_id is None:
        return say("{day}: only you can read it", day=day(checkin.occurrence))
    if now == "submitted":
        return say("{day}: you and your manager can read it", day=day(checkin.occurrence))
    return say("{day}: opened by your manager", day=day(checkin.occurrence))


def nothing_planned() -> Message:
    return Message(
        say("No check-in is planned for you"), (say("HR starts it for your department; I'll write to you then."),)
    )


def switched_off() -> Message:
    lines = (
        say("Nothing is expected of you, and nothing counts as missed."),
        say("What you have sent stays as it was. All that is stored about you: type review privacy."),
    )
    return Message(say("Check-ins are switched off where you work"), lines)


def gone() -> Message:
    return Message(say("This is no longer there"), (say("The check-in that this button belongs to was removed."),))


def _reason(reason: str) -> str:
    return content(f"checkin.skip_reasons.{reason}", reason.replace("_", " ").capitalize())
