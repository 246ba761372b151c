"""What a manager is told about a reminder: what will happen, or why it does not. Times are the manager's own."""

from __future__ import annotations

from datetime import datetime

from bot.clock import to_local
from bot.conversation import Context
from bot.conversation.reminding import Plan
from bot.messages import Button, Message
from bot.storage.asks import Ask
from bot.storage.people import Person
from bot.texts import clock, day, moment, say


def see_all() -> Button:
    return Button(say("My team's week"), "team.status")


def planned(ctx: Context, person: Person, ask: Ask, plan: Plan) -> Message:
    names = {"name": person.name, "when": _when(ctx, person, plan.at) if plan.at else ""}
    title, why = _planned(plan, names)
    once = (say("It bears your name. You can do this once for each question."),) if plan.comes else ()
    undo = (Button(say("Take back"), "team.unnudge", person.id, ask.id),) if plan.comes and plan.why != "now" else ()
    return Message(title, (*((why,) if why else ()), *once), buttons=(*undo, see_all()))


def _when(ctx: Context, person: Person, at: datetime) -> str:
    """In the manager's own time, and what the clock shows there."""
    here, there = ctx.local(at), to_local(at, person.zone)
    return moment(here) if here == there else say("{when} ({there} for them)", when=moment(here), there=clock(there))


def _planned(plan: Plan, names: dict[str, str]) -> tuple[str, str]:
    """Title and reason."""
    match plan.why:
        case "now":
            return say("{name} gets it now", **names), ""
        case "opens":
            return say("{name} gets it {when}", **names), say("That is when their working time begins.")
        case "joins":
            why = say("I write to nobody more than once a day, so the two are one message.")
            return say("{name} gets it with my next reminder, {when}", **names), why
        case "waits":
            why = say("I write to nobody more than once a day and three times a week.")
            return say("{name} gets it {when}", **names), why
        case "put_off":
            why = say("That is when {name} wants to hear of it.", **names)
            return say("{name} gets it {when}", **names), why
        case "full":
            why = say("I have written as often as I may, and on no free day an answer is still possible.")
            return say("I cannot remind {name} any more", **names), f"{why} {_yourself()}"
        case "not_asked":
            if not names["when"]:
                why = say("No working time is left in which I could ask.")
                return say("I cannot remind {name}", **names), f"{why} {_yourself()}"
            why = say("I ask {when}. You can remind them after that.", **names)
            return say("{name} has not been asked yet", **names), why
        case "no_account":
            why = say("I know no account of theirs that I could write to; HR sees that, too.")
            return say("I cannot reach {name}", **names), f"{why} {_yourself()}"


def _yourself() -> str:
    return say("A word from you works best now.")


def already(ctx: Context, person: Person, ask: Ask) -> Message:
    when = moment(ctx.local(ask.nudged_at)) if ask.nudged_at else ""
    by = ctx.db.get(Person, ask.nudged_by_id) if ask.nudged_by_id else None
    own = by is None or by.id == ctx.actor.id
    name = by.name if by else ""
    once = say("Each question can be reminded of by hand once.")
    if _pending(ask):
        title = say("A reminder to {name} is on its way already", name=person.name)
        who = (
            say("You asked for it {when}.", when=when)
            if own
            else say("{who} asked for it {when}.", who=name, when=when)
        )
        goes = _when(ctx, person, ask.remind_at) if ask.remind_at else ""
        lines = (who, say("It goes out {when}.", when=goes), once) if goes else (who, once)
    else:
        title = say("{name} has been reminded already", name=person.name)
        who = (
            say("In your name, {when}.", when=when)
            if own
            else say("In the name of {who}, {when}.", who=name, when=when)
        )
        lines = (who, once)
    return Message(title, lines, buttons=(*_undo(person, ask), see_all()))


def _pending(ask: Ask) -> bool:
    return ask.remind_kind in ("manual", "joined")


def _undo(person: Person, ask: Ask) -> tuple[Button, ...]:
    return (Button(say("Take back"), "team.unnudge", person.id, ask.id),) if _pending(ask) else ()


def already_out(ctx: Context, person: Person, ask: Ask) -> Message:
    why = say("{name} has your reminder already, so it stays.", name=person.name)
    return Message(say("It has gone out"), (why,), buttons=(see_all(),))


def lost(person: Person, ask: Ask) -> Message:
    title = say("My reminder to {name} did not go out", name=person.name)
    why = say("Until the check-in of {day} closed, no free day came.", day=day(ask.occurrence))
    return Message(title, (why,), buttons=(see_all(),))


def taken_back(person: Person) -> Message:
    why = say("{name} hears nothing of it. You can remind them later.", name=person.name)
    return Message(say("Taken back"), (why,), buttons=(see_all(),))


def nothing_to_take_back() -> Message:
    return Message(say("Nothing to take back"), (say("No reminder of yours is on its way."),), buttons=(see_all(),))


def oneself() -> Message:
    where = Button(say("What waits for me"), "menu")
    return Message(say("That is you"), (say("What is open for you stands in your menu."),), buttons=(where,))


def not_mine(person: Person, manager: Person | None) -> Message:
    title = say("{name} is not in your team", name=person.name)
    why = say("Only their manager, or who acts for the manager, can have me remind them.")
    if manager is None:
        return Message(title, (why, say("{name} has no manager here; please ask HR.", name=person.name)))
    return Message(title, (why, say("Please ask {name}.", name=manager.name)))


def contradicted(person: Person, manager: Person) -> Message:
    title = say("{name} is not in your team", name=person.name)
    why = say("{name} says that {manager} is not their manager; HR is looking.", name=person.name, manager=manager.name)
    return Message(title, (why,), buttons=(see_all(),))


def unnamed(person: Person) -> Message:
    return _switched_off(say("{name} is not shown by name", name=person.name), person)


def silenced(person: Person) -> Message:
    """Nor is it told whether there is something to remind of."""
    return _switched_off(say("{name} is not reminded", name=person.name), person)


def _switched_off(title: str, person: Person) -> Message:
    why = say("Your company has switched that off where {name} works.", name=person.name)
    return Message(title, (why,), buttons=(see_all(),))


def gone(person: Person) -> Message:
    return Message(say("{name} no longer works here", name=person.name), (say("Nobody is reminded."),))


def sent_already(ctx: Context, person: Person, ask: Ask) -> Message:
    when = moment(ctx.local(ask.submitted_at)) if ask.submitted_at else ""
    return Message(say("{name} has answered already", name=person.name), (say("It came in {when}.", when=when),),
                   buttons=(see_all(),))  # fmt: skip


def away(person: Person) -> Message:
    return Message(say("{name} is away", name=person.name), (say("Nothing is expected until they are back."),),
                   buttons=(see_all(),))  # fmt: skip


def over(ctx: Context, person: Person, ask: Ask) -> Message:
    why = say("The one of {day} can no longer be answered; the next has its own message.", day=day(ask.occurrence))
    return Message(say("Nothing is open for {name}", name=person.name), (why,), buttons=(see_all(),))


def nothing_open(person: Person) -> Message:
    why = say("I remind only of what was asked.")
    return Message(say("Nothing is open for {name}", name=person.name), (why,), buttons=(see_all(),))


def nothing_expected(person: Person) -> Message:
    why = say("So there is nothing to remind of.")
    return Message(say("Nothing is expected of {name} this time", name=person.name), (why,), buttons=(see_all(),))
