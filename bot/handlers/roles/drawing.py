"""What is said about roles: in the list, to whoever gives one, and to whoever has it."""

from __future__ import annotations

from bot.conversation import Context
from bot.messages import Button, Message, Row
from bot.storage.people import Department, Person, Role
from bot.storage.roles import Held
from bot.texts import day, say

# Nothing of theirs is built yet, so nobody is given them in the chat.
IDLE = frozenset({"hr_case_reviewer", "committee_member"})


def words() -> dict[str, str]:
    return {
        "hr_coordinator": say("HR coordinator"), "hr_partner": say("HR partner"),
        "hr_case_reviewer": say("HR case reviewer"), "committee_member": say("committee member"),
        "fairness_analyst": say("fairness analyst"), "works_council": say("works council"),
        "auditor": say("auditor"), "it_admin": say("IT administrator"), "break_glass": say("emergency access"),
    }  # fmt: skip


def _can(role: str) -> str:
    """What somebody may do with it, as far as there is something to do yet."""
    can = {
        "hr_coordinator": say(
            "You run programmes and HR's inbox, and see who takes part in counts. You read no check-ins."
        ),
        "hr_partner": say(
            "You do HR's work for these people, and see who takes part in counts. You read no check-ins."
        ),
        "works_council": _watches(), "auditor": _watches(),
        "fairness_analyst": say("You see figures of many, and nothing of single people."),
        "it_admin": say("You look after the installation and its keys. You read nothing that people write."),
        "break_glass": say(
            "In an emergency two different people of you decide together, never one alone. There is nothing to open "
            "yet."
        ),
    }  # fmt: skip
    return can.get(role, say("There is nothing to do in it yet; I'll tell you when there is."))


def _watches() -> str:
    what = say("You see the settings (review policy), the figures of the company (review figures) and who has which "
               "role (review roles), and change nothing.")  # fmt: skip
    trail = say("The audit trail is not read in the chat: whoever runs me shows it to you, and that it is whole, with "
                "rapport audit verify.")  # fmt: skip
    return f"{what} {trail}"


def named(ctx: Context, role: Role) -> str:
    """The role and its department."""
    word = words().get(role.name, role.name)
    place = ctx.db.get(Department, role.department_id) if role.department_id else None
    return say("{role} for {department}", role=word, department=place.name) if place else word


def _days(ctx: Context, role: Role) -> str:
    """From when if that is still to come, and until when if it is known."""
    begins, today = role.starts_on, ctx.local_now.date()
    if role.ends_on and begins > today:
        return say("from {first} to {last}", first=day(begins), last=day(role.ends_on))
    if role.ends_on:
        return say("until {last}", last=day(role.ends_on))
    return say("from {first}", first=day(begins)) if begins > today else ""


def row(ctx: Context, one: Held, *, ends: bool) -> Row:
    what, days = named(ctx, one.role), _days(ctx, one.role)
    line = say("{name}: {role}", name=one.person.name, role=f"{what}, {days}" if days else what)
    confirm = say("{name} is told.", name=one.person.name)
    if one.person.id == ctx.actor.id:
        confirm = say("It is your own: what belongs to it is closed to you at once, and somebody else has to give it "
                      "back.")  # fmt: skip
    return Row((line,), (Button(say("End"), "roles.end", one.role.id, confirm=confirm),) if ends else ())


def card(ctx: Context, role: Role, person: Person) -> Message:
    """For whoever gave or ended it."""
    back = (Button(say("All roles"), "roles"),)
    what = named(ctx, role)
    if _over(ctx, role):
        title = say("{name} no longer has the role: {role}", name=person.name, role=what)
        return Message(title, (say("It ended at once; {name} is told.", name=person.name),), buttons=back)
    days = _days(ctx, role)
    lines = tuple(filter(None, (days[:1].upper() + days[1:], say("{name} is told.", name=person.name))))
    return Message(say("{name} has the role: {role}", name=person.name, role=what), lines, buttons=back)


def for_holder(ctx: Context, role: Role) -> Message:
    what = named(ctx, role)
    if _over(ctx, role):
        line = say("What belonged to it is closed to you. Please ask {contact} if that is a mistake.",
                   contact=ctx.contact or say("HR"))  # fmt: skip
        return Message(say("You no longer have the role: {role}", role=what), (line,))
    days = _days(ctx, role)
    lines = tuple(filter(None, (days[:1].upper() + days[1:], _can(role.name))))
    return Message(say("You have the role: {role}", role=what), lines, buttons=(Button(say("Help"), "help"),))


def _over(ctx: Context, role: Role) -> bool:
    return role.ends_on is not None and (role.ends_on < ctx.local_now.date() or role.ends_on < role.starts_on)


def last_one(person: Person) -> Message:
    why = say("Nobody else is HR coordinator now, so nobody could give it back. Name another one first.")
    return Message(
        say("{name} stays HR coordinator", name=person.name), (why,), buttons=(Button(say("All roles"), "roles"),)
    )


def refusal() -> Message:
    why = say("HR coordinators give and end them. Your own stand in what is stored about you.")
    return Message(say("Roles are given by HR"), (why,), buttons=(Button(say("What is stored about me"), "privacy"),))


def gone() -> Message:
    return Message(say("This is no longer there"), (say("What this button belongs to was closed or removed."),))
