"""What is in somebody's way: opened and withdrawn with the check-in, moved step by step, told to those it concerns."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from bot.conversation import Context, News
from bot.messages import Button, Message, Section
from bot.rules.blockers import ENDED, Move, Party, State, after_edit, moved, moves
from bot.storage.audit import record
from bot.storage.blockers import Blocker, BlockerStep, blocker_of, steps_of
from bot.storage.checkin import CheckIn
from bot.storage.delegations import CHECKINS, acts_for
from bot.storage.people import Person, manager_on, people_by_id, working_times
from bot.texts import moment, say

ABOUT = "blocker"


def after_sending(ctx: Context, checkin: CheckIn, *, blocked_before: bool, blocked_now: bool) -> tuple[News, ...]:
    """What a sent or edited check-in does to its blocker, and whom that is told."""
    blocker = blocker_of(ctx.db, checkin.id)
    state = cast(State, blocker.state) if blocker else None
    effect = after_edit(state, blocked_before=blocked_before, blocked_now=blocked_now)
    if effect == "keep":
        return ()
    if blocker is None:
        blocker = Blocker(
            checkin_id=checkin.id, person_id=checkin.person_id, manager_id=checkin.reader_id, state="open",
            opened_at=ctx.now, moved_at=ctx.now, steps=0,
        )  # fmt: skip
        ctx.db.add(blocker)
        ctx.db.flush()
    if effect == "open":
        blocker.manager_id, blocker.upper_id, blocker.opened_at = checkin.reader_id, None, ctx.now
    return step(ctx, blocker, "report" if effect == "open" else "withdraw", "open" if effect == "open" else "withdrawn")


def step(
    ctx: Context, blocker: Blocker, move: Move, to: State, *, behalf: UUID | None = None, line: str | None = None,
    made: UUID | None = None,
) -> tuple[News, ...]:  # fmt: skip
    """Append it, under the id `made` where a form has one, and tell everybody else whom it concerns."""
    blocker.steps += 1
    blocker.state, blocker.moved_at = to, ctx.now
    ctx.db.add(
        BlockerStep(
            id=made, blocker_id=blocker.id, number=blocker.steps, move=move, state=to, by_id=ctx.actor.id, at=ctx.now,
            on_behalf_of_id=behalf, to_id=blocker.upper_id if move == "pass_up" else None, line=line,
        )
    )  # fmt: skip
    record(
        ctx.db, ctx.real_now, f"blocker.{move}", actor=ctx.actor.id, on_behalf_of=behalf, kind="blocker",
        object_id=blocker.id, state=to,
    )  # fmt: skip
    ctx.db.flush()
    concerned = {blocker.person_id, blocker.manager_id, blocker.upper_id} - {None, ctx.actor.id}
    key = f"blocker:{blocker.id}:{blocker.steps}"
    return tuple(News(one, ABOUT, blocker.id, f"{key}:{one}") for one in sorted(filter(None, concerned)))


def party(ctx: Context, blocker: Blocker, who: UUID) -> Party | None:
    """What this person is to the blocker; a delegate is what the one is for whom they act."""
    if who == blocker.person_id:
        return "employee"
    for_whom = {who, *acts_for(ctx.db, who, CHECKINS, ctx.local_now.date())}
    if blocker.manager_id in for_whom:
        return "manager"
    return "upper" if blocker.upper_id in for_whom else None


def behalf(blocker: Blocker, who: UUID, as_what: Party) -> UUID | None:
    """For whom a delegate acts; None for those who act for themselves."""
    holder = {"manager": blocker.manager_id, "upper": blocker.upper_id, "employee": blocker.person_id}[as_what]
    return holder if holder != who else None


def allowed(ctx: Context, blocker: Blocker, as_what: Party) -> tuple[Move, ...]:
    person = ctx.db.get_one(Person, blocker.person_id)
    days = working_times(ctx.db, [person], ctx.now)[person.id].working_days_between(blocker.moved_at, ctx.now)
    found = moves(cast(State, blocker.state), as_what, working_days_since_end=days)
    if "pass_up" in found and above(ctx, blocker) is None:
        found = tuple(move for move in found if move != "pass_up")
    return found


def above(ctx: Context, blocker: Blocker) -> Person | None:
    """The manager's manager today, if there is one who works here and did not get it already."""
    if blocker.manager_id is None:
        return None
    found = manager_on(ctx.db, blocker.manager_id, ctx.local_now.date())
    fits = found is not None and found.status == "active" and found.id not in (blocker.upper_id, blocker.person_id)
    return found if fits else None


def move_to(blocker: Blocker, as_what: Party, move: Move) -> State:
    return moved(cast(State, blocker.state), as_what, move)


def section(ctx: Context, blocker: Blocker) -> Section:
    """How it stands, who did what, and what this person may do."""
    as_what = party(ctx, blocker, ctx.actor.id)
    steps = steps_of(ctx.db, blocker.id)
    people = people_by_id(ctx.db, [one for s in steps for one in (s.by_id, s.to_id, s.on_behalf_of_id) if one])
    lines = tuple(_told(ctx, one, people) for one in steps)
    buttons = tuple(_button(blocker, move) for move in (allowed(ctx, blocker, as_what) if as_what else ()))
    nobody = as_what == "manager" and blocker.state in ("open", "taken") and above(ctx, blocker) is None
    note = say("It cannot be passed up: nobody stands above you here who could take it.") if nobody else ""
    return Section(say("In the way: {state}", state=state_word(blocker.state)), lines, buttons=buttons, note=note)


def message(ctx: Context, blocker: Blocker, *, newest: bool = True) -> Message:
    """What its message in the chat says now, without a word of what was written."""
    as_what = party(ctx, blocker, ctx.person.id)
    last = steps_of(ctx.db, blocker.id)[-1]
    if as_what is None:
        return Message(say("This is no longer with you"), (say("Somebody else takes care of it now."),))
    people = people_by_id(ctx.db, [one for one in (last.by_id, last.to_id, blocker.person_id) if one])
    names = {
        "who": people[last.by_id].name, "name": people[blocker.person_id].name,
        "upper": people[last.to_id].name if last.to_id else "",
    }  # fmt: skip
    title = _title(blocker, as_what, last, ctx.person.id, names)
    if not newest:
        return Message(title, (say("A later message has the buttons."),))
    if as_what == "upper":
        read = Button(say("See it"), "blocker.show", blocker.id)
    else:
        read = Button(say("Read"), "checkin.read", blocker.checkin_id)
    buttons = tuple(_button(blocker, move) for move in allowed(ctx, blocker, as_what))
    return Message(title, (_since(ctx, blocker),), buttons=(read, *buttons))


def _title(blocker: Blocker, as_what: Party, last: BlockerStep, reader: UUID, names: dict[str, str]) -> str:
    own = last.by_id == reader
    match blocker.state, as_what:
        case "open", "employee":
            return say("Reported: something is in your way")
        case "open", _:
            return say("{name} reported something in the way", **names)
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
            return say("Solved: it is out of your way") if own else say("{who} marked it as solved", **names)
        case "solved", _:
            return say("Solved: it is out of {name}'s way", **names)
        case _:
            return say("Withdrawn: nothing is in your way") if own else say("{name} has withdrawn it", **names)


def _since(ctx: Context, blocker: Blocker) -> str:
    opened, since = moment(ctx.local(blocker.opened_at)), moment(ctx.local(blocker.moved_at))
    if blocker.state in ENDED or blocker.state == "open":
        return say("Reported {opened}.", opened=opened) if blocker.state == "open" else say("{when}.", when=since)
    return say("Reported {opened}; so since {since}.", opened=opened, since=since)


def _told(ctx: Context, one: BlockerStep, people: dict[UUID, Person]) -> str:
    names = {
        "when": moment(ctx.local(one.at)), "who": people[one.by_id].name,
        "upper": people[one.to_id].name if one.to_id else "", "line": one.line or "",
    }  # fmt: skip
    said = {
        "report": say("{when}: reported by {who}", **names),
        "take": say("{when}: taken by {who}", **names),
        "solve": say("{when}: marked as solved by {who}", **names),
        "withdraw": say("{when}: withdrawn by {who}", **names),
        "take_back": say("{when}: taken back by {who}", **names),
        "pass_up": say("{when}: passed by {who} to {upper}: {line}", **names),
    }
    return said[one.move]


def state_word(state: str) -> str:
    states = {
        "open": say("open"), "taken": say("taken"), "solved": say("solved"), "passed_up": say("passed up"),
        "withdrawn": say("withdrawn"),
    }  # fmt: skip
    return states[state]


def _button(blocker: Blocker, move: Move) -> Button:
    labels: dict[Move, str] = {
        "take": say("I'll take it"), "solve": say("It's solved"), "pass_up": say("Pass up…"),
        "withdraw": say("Withdraw"), "take_back": say("Take it back"), "report": say("Still in the way"),
    }  # fmt: skip
    return Button(labels[move], f"blocker.{move}", blocker.id)
