"""How a week stands in counts, for HR: by department, or of one manager's team; never who, never what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from bot.access import HR, Subject, may
from bot.conversation import Context, Conversation, Reply
from bot.conversation.paging import PAGE, of_pages, page_of, turning
from bot.forms import Form
from bot.handlers.team import week
from bot.messages import Bar, Message
from bot.rules.policy import SMALLEST, merge_small
from bot.storage.departments import department_names
from bot.storage.people import Department, Person, departments_on, reports_on
from bot.storage.policy import policy_of
from bot.storage.team import department_states, latest_asks
from bot.texts import say

EXPECTED = ("submitted", "open", "missed", "closed")
NONE: frozenset[str] = frozenset()


class Departments(Conversation):
    """The button carries the page."""

    name = "team.departments"

    def open(self, ctx: Context) -> Form | Reply:
        if not is_hr(ctx):
            why = say("How a department stands is seen by HR, in counts; a manager sees their own people.")
            return Reply(Message(say("This is for HR"), (why,)))
        return Reply(all_of_them(ctx, int(ctx.args[0]) if ctx.args and ctx.args[0].isdecimal() else 1))


def is_hr(ctx: Context) -> bool:
    return bool(ctx.roles & HR)


def may_see(ctx: Context, department: UUID | None) -> bool:
    """Its counts; None is the whole company, and whoever is in no department. Others of whom the table speaks read no
    counts of a few people, only the figures of the whole company.
    """
    return is_hr(ctx) and bool(may(week.acting(ctx), "read", _counts(department)))


def _counts(department: UUID | None) -> Subject:
    return Subject("aggregate", department=department, audience="aggregate")


def all_of_them(ctx: Context, page: int) -> Message:
    found = _by_department(ctx)
    if not found:
        none = say("Nothing was asked in the last five weeks.")
        return Message(say("Who has answered"), (none,))
    page, last = page_of(page, len(found))
    shown = list(found.items())[(page - 1) * PAGE : page * PAGE]
    return Message(
        say("Who has answered"), (_counted_only(),), bars=tuple(_bar(name, states) for name, states in shown),
        buttons=turning(page, last, Departments.name), note=of_pages(page, last),
    )  # fmt: skip


def one(ctx: Context, department: Department) -> Message:
    found, small = _by_department(ctx), _together(ctx)
    if department.name in small:
        return Message(department.name, (_too_few(),))
    return _told(department.name, found.get(department.name, Counter()))


def team(ctx: Context, person: Person) -> Message:
    """Counts of a manager's team; of somebody who leads nobody there are none."""
    place = departments_on(ctx.db, [person.id], ctx.local_now.date()).get(person.id)
    if not may_see(ctx, place):
        why = say("How a team stands is seen by HR of that department, by who leads it and who acts for them.")
        return Message(say("This is not your team"), (why,))
    led = reports_on(ctx.db, person.id, ctx.local_now.date())
    if not led:
        why = say("HR sees counts of a department or of a manager's people, never single ones.")
        return Message(say("{name} leads nobody here", name=person.name), (why,))
    states = Counter(ask.state for ask in latest_asks(ctx.db, led, week.CHECKIN, ctx.now))
    if _guarded(ctx) and _expected(states) < SMALLEST:
        return Message(say("The team of {name}", name=person.name), (_too_few(),))
    return _told(say("The team of {name}", name=person.name), states)


def refused(ctx: Context, department: Department) -> Message:
    why = say("How a department stands is seen by HR, in counts; a manager sees their own people.")
    ask = say("Please ask {contact}.", contact=ctx.contact or say("HR"))
    return Message(say("{department} is not yours to see", department=department.name), (why, ask))


def _by_department(ctx: Context) -> Mapping[str, Counter[str]]:
    """What is told of each; those that may only be told together stand last."""
    found, small = _states(ctx), _together(ctx)
    whole = sum((found[name] for name in small), Counter())
    shown = {name: states for name, states in found.items() if name not in small}
    return shown | ({say("Small departments together"): whole} if _expected(whole) >= SMALLEST else {})


def _states(ctx: Context) -> Mapping[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    ids = {name: one for one, name in department_names(ctx.db).items()}
    actor = week.acting(ctx)
    for row in department_states(ctx.db, week.CHECKIN, ctx.now):
        if not may(actor, "read", _counts(ids.get(row.name))):
            continue
        found.setdefault(row.name or say("No department"), Counter())[row.state] += row.people
    return found


def _guarded(ctx: Context) -> bool:
    return policy_of(ctx.db).restricts("completion_lists")


def _together(ctx: Context) -> frozenset[str]:
    """Departments that are told together, where nobody may be told by name."""
    return merge_small({name: _expected(states) for name, states in _states(ctx).items()}) if _guarded(ctx) else NONE


def _expected(states: Counter[str]) -> int:
    return sum(states[state] for state in EXPECTED)


def _too_few() -> str:
    return say("Too few people are expected here to be shown in numbers: names are switched off.")


def _told(title: str, states: Counter[str]) -> Message:
    if not states:
        return Message(title, (say("Nothing was asked in the last five weeks."),))
    return Message(title, (_counted_only(),), bars=(_bar(title, states),))


def _bar(name: str, states: Counter[str]) -> Bar:
    expected = _expected(states)
    if not expected:
        return Bar(name, 0, say("no one expected"))
    sent, still = states["submitted"], states["open"]
    text = say("{sent} of {expected} in", sent=sent, expected=expected)
    if still:
        text = say("{sent} of {expected} in, {open} open", sent=sent, expected=expected, open=still)
    return Bar(name, sent / expected, text)


def _counted_only() -> str:
    return say("HR sees who takes part in counts here, never what was written.")
