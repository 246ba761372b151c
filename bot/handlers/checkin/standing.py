"""A blocker as it stands: in a dialog with every step, in the chat without a word of what was written."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from bot.conversation import Context
from bot.conversation.blocked import state_word
from bot.handlers.checkin.blocking import above, allowed, party
from bot.handlers.checkin.parties import legible, readable
from bot.messages import Button, Message, Section
from bot.rules.blockers import ENDED, Move, Party
from bot.storage.audit import events_about
from bot.storage.blockers import Blocker, BlockerStep, steps_of
from bot.storage.checkin import checkins_by_id
from bot.storage.people import Person, people_by_id
from bot.texts import moment, say

# That somebody looked at it who may not have the check-in.
SEEN = "blocker.read"


def section(ctx: Context, blocker: Blocker) -> Section:
    """How it stands, who did what, and what this person may do."""
    as_what = party(ctx, blocker, ctx.actor.id)
    steps = steps_of(ctx.db, blocker.id)
    people = people_by_id(ctx.db, [one for s in steps for one in (s.by_id, s.to_id, s.on_behalf_of_id) if one])
    lines: tuple[str, ...] = tuple(_told(ctx, one, people, own=_for_whom(blocker, one, as_what)) for one in steps)
    lines += _seen(ctx, blocker) if as_what == "employee" else ()
    buttons = tuple(_button(blocker, move) for move in (allowed(ctx, blocker, as_what) if as_what else ()))
    nobody = as_what == "manager" and blocker.state in ("open", "taken") and above(ctx, blocker) is None
    note = say("It cannot be passed up: nobody stands above you here who could take it.") if nobody else ""
    return Section(say("In the way: {state}", state=state_word(blocker.state)), lines, buttons=buttons, note=note)


def _seen(ctx: Context, blocker: Blocker) -> tuple[str, ...]:
    """Who looked at how it stands, without the check-in; the newest of each."""
    newest = {event.actor_id: event for event in events_about(ctx.db, blocker.id, SEEN) if event.actor_id}
    people = people_by_id(ctx.db, [one for one in newest if one])
    return tuple(
        say("{when}: looked at by {who}, without what you wrote",
            when=moment(ctx.local(datetime.fromisoformat(event.details["when"]))), who=people[who].name)
        for who, event in newest.items()
        if who in people
    )  # fmt: skip


def message(ctx: Context, blocker: Blocker, *, newest: bool = True) -> Message:
    """What its message in the chat says now, without a word of what was written."""
    as_what = party(ctx, blocker, ctx.person.id)
    last = [step for step in steps_of(ctx.db, blocker.id) if step.move != "hand_over"][-1]
    if as_what is None:
        return Message(say("This is no longer with you"), (say("It is with the manager again."),))
    people = people_by_id(ctx.db, [one for one in (last.by_id, last.to_id, blocker.person_id) if one])
    names = {
        "who": people[last.by_id].name, "name": people[blocker.person_id].name,
        "upper": people[last.to_id].name if last.to_id else "",
    }  # fmt: skip
    if not newest:
        # What it said then is not true any more, and what is true now stands in the later one.
        own = as_what == "employee"
        then = say("About what was in your way") if own else say("About what was in {name}'s way", **names)
        return Message(then, (say("A later message says how it stands and has the buttons."),))
    title = _title(blocker, as_what, last, ctx.person.id, names)
    if as_what == "upper" or not readable(ctx, checkins_by_id(ctx.db, [blocker.checkin_id])):
        read = Button(say("See it"), "blocker.show", blocker.id)
    else:
        read = Button(say("Read"), "checkin.read", blocker.checkin_id)
    buttons = tuple(_button(blocker, move) for move in allowed(ctx, blocker, as_what))
    return Message(title, (_since(ctx, blocker, last),), buttons=(read, *buttons))


def _title(blocker: Blocker, as_what: Party, last: BlockerStep, reader: UUID, names: dict[str, str]) -> str:
    own, again = last.by_id == reader, _again(last)
    match blocker.state, as_what:
        case "open", "employee":
            return say("Reported again: it is in your way") if again else say("Reported: something is in your way")
        case "open", _:
            return say("{name} says again that something is in the way", **names) if again else (
                say("{name} reported something in the way", **names)
            )  # fmt: skip
        case "taken", "employee":
            return say("{who} has taken what is in your way", **names)
        case "taken", _:
            return say("You take care of what is in {name}'s way", **names) if own else (
                say("{who} has taken what is in {name}'s way", **names)
            )  # fmt: skip
        case "passed_up", "employee":
            return say("{who} passed what is in your way to {upper}, in their own words", **names)
        case "passed_up", "upper":
            return say("{who} passes something in the way of {name} up to you", **names)
        case "passed_up", _:
            return say("What is in {name}'s way is with {upper}", **names)
        case "solved", "employee":
            return say("Solved: it is out of your way") if own else (
                say("{who} marked what was in your way as solved", **names)
            )  # fmt: skip
        case "solved", _:
            return say("Solved: it is out of {name}'s way", **names)
        case _:
            return say("Withdrawn: nothing is in your way") if own else say("{name} has withdrawn it", **names)


def _again(step: BlockerStep) -> bool:
    return step.move == "report" and step.number > 1


def _since(ctx: Context, blocker: Blocker, last: BlockerStep) -> str:
    opened, since = moment(ctx.local(blocker.opened_at)), moment(ctx.local(blocker.moved_at))
    if blocker.state in ENDED:
        return say("{when}.", when=since)
    if blocker.state == "open":
        return say("Reported again {when}.", when=since) if _again(last) else say("Reported {when}.", when=opened)
    return say("Reported {opened}; {state} since {since}.", opened=opened, since=since, state=state_word(blocker.state))


def _for_whom(blocker: Blocker, step: BlockerStep, as_what: Party | None) -> bool:
    """Whether this step's words are for this reader: those of a manager before are not for the one of today."""
    return as_what != "manager" or blocker.manager_id in (step.by_id, step.on_behalf_of_id)


def _told(ctx: Context, one: BlockerStep, people: dict[UUID, Person], *, own: bool) -> str:
    names = {
        "when": moment(ctx.local(one.at)), "who": people[one.by_id].name,
        "upper": people[one.to_id].name if one.to_id else "", "line": legible(lambda: one.line) if own else "",
    }  # fmt: skip
    passed = say("{when}: passed by {who} to {upper}: {line}", **names)
    said = {
        "report": say("{when}: reported again by {who}", **names)
        if _again(one)
        else (say("{when}: reported by {who}", **names)),
        "take": say("{when}: taken by {who}", **names),
        "solve": say("{when}: marked as solved by {who}", **names),
        "withdraw": say("{when}: withdrawn by {who}", **names),
        "take_back": say("{when}: taken back by {who}", **names),
        "pass_up": passed if own else say("{when}: passed by {who} to {upper}", **names),
        "hand_over": say("{when}: with {who} now, since they lead the team", **names),
    }
    return said[one.move]


def _button(blocker: Blocker, move: Move) -> Button:
    labels: dict[Move, str] = {
        "take": say("I'll take it"), "solve": say("It's solved"), "pass_up": say("Pass up…"),
        "withdraw": say("Withdraw"), "take_back": say("Take it back"), "report": say("Still in the way"),
    }  # fmt: skip
    return Button(labels[move], f"blocker.{move}", blocker.id)
