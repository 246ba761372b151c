"""`/okr`: mine, my team's, the company's, what is at risk; five to a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar, cast
from uuid import UUID

from bot.conversation import Context, Conversation, Reply
from bot.conversation.paging import of_pages, turning
from bot.forms import Form
from bot.handlers.okr import drawing, rights, words
from bot.handlers.okr.standing import View, views
from bot.messages import Button, Message
from bot.rules.okr import LEVELS, Level
from bot.storage.okr.goals import shared_objectives, standing_objectives
from bot.storage.okr.periods import period_on
from bot.storage.people import manager_on, reports_on
from bot.storage.policy import allows
from bot.texts import mark, say

PAGE = 5
MINE, TEAM, COMPANY, RISK = "mine", "team", "company", "risk"


class _Listing(Conversation):
    """A button carries which list, and the page."""

    which: ClassVar[str]

    def open(self, ctx: Context) -> Form | Reply:
        if not allows(ctx.db, "goals", ctx.person):
            return Reply(off())
        which = ctx.args[0] if ctx.args and ctx.args[0] in LISTS else self.which
        page = int(ctx.args[1]) if ctx.args[1:] and ctx.args[1].isdecimal() else 1
        return Reply(listed(ctx, which, page))


class Mine(_Listing):
    name = drawing.LIST
    which = MINE
    words = ("okr",)
    summary = mark("My objectives")


class Team(_Listing):
    name = "okr.team"
    which = TEAM
    words = ("okr team",)
    summary = mark("Objectives of my team")


class Company(_Listing):
    name = "okr.company"
    which = COMPANY
    words = ("okr company",)
    summary = mark("Objectives of the company and its departments")


class AtRisk(_Listing):
    name = "okr.risk"
    which = RISK
    words = ("okr risk", "okr at risk")
    summary = mark("Objectives at risk")


def off() -> Message:
    why = say("Your company has switched them off where you work.")
    return Message(say("There are no objectives here"), (why,))


def _mine(ctx: Context) -> list[View]:
    return views(ctx, standing_objectives(ctx.db, [ctx.person.id], ctx.local_now.date()))


def _team(ctx: Context) -> list[View]:
    """Of those who report to this person; of who leads nobody: of their manager and of who has the same one."""
    today = ctx.local_now.date()
    owners: set[UUID] = set(reports_on(ctx.db, ctx.person.id, today))
    manager = None if owners else manager_on(ctx.db, ctx.person.id, today)
    if manager:
        owners = {manager.id, *reports_on(ctx.db, manager.id, today)} - {ctx.person.id}
    return views(ctx, standing_objectives(ctx.db, sorted(owners), today)) if owners else []


def _company(ctx: Context) -> list[View]:
    shared = shared_objectives(ctx.db, ctx.local_now.date())
    return views(ctx, sorted(shared, key=lambda one: LEVELS.index(cast(Level, one.level))))


def _risk(ctx: Context) -> list[View]:
    """Of all that this person finds in the other lists, the worst first."""
    every = {one.objective.id: one for found in (_mine(ctx), _team(ctx), _company(ctx)) for one in found}
    worst = ("off_track", "at_risk")
    bad = [one for one in every.values() if one.status in worst or one.pace in worst]
    return sorted(bad, key=lambda one: (one.status != "off_track", one.pace != "off_track"))


LISTS: Mapping[str, Callable[[Context], list[View]]] = {MINE: _mine, TEAM: _team, COMPANY: _company, RISK: _risk}


def listed(ctx: Context, which: str, page: int) -> Message:
    found = LISTS[which](ctx)
    last = max(1, -(-len(found) // PAGE))
    page = min(max(page, 1), last)
    shown = found[(page - 1) * PAGE : page * PAGE]
    sections = tuple(drawing.section(ctx, one) for one in shown)
    lines = () if found else _none(ctx, which)
    return Message(
        _title(ctx, which), lines, sections=sections, note=of_pages(page, last),
        buttons=(*_adding(ctx, which), *turning(page, last, drawing.LIST, which), *_others(which)),
    )  # fmt: skip


def _title(ctx: Context, which: str) -> str:
    titles = {
        MINE: say("Your objectives"), TEAM: say("Objectives of your team"), COMPANY: say("Objectives of the company"),
        RISK: say("At risk"),
    }  # fmt: skip
    period = period_on(ctx.db, ctx.local_now.date())
    return f"{titles[which]} · {words.period(period)}" if period else titles[which]


def _none(ctx: Context, which: str) -> tuple[str, ...]:
    why = {
        MINE: say("You have none for this time. One to three are plenty, each with two to four key results."),
        TEAM: say("Nobody of your team has one that you may see."),
        COMPANY: say("None are set yet. HR or who leads a department or a team can begin."),
        RISK: say("Nothing that you may see is at risk. Well done, or not updated yet."),
    }  # fmt: skip
    return (why[which],)


def _adding(ctx: Context, which: str) -> tuple[Button, ...]:
    add = Button(say("Add objective"), drawing.ADD)
    if which == MINE:
        return (add,)
    if which == RISK or not rights.gives(ctx):
        return ()
    return (Button(say("Add for…"), drawing.ADD, "for"),) if which == TEAM else (add,)


def _others(which: str) -> tuple[Button, ...]:
    labels = {MINE: say("Mine"), TEAM: say("My team's"), COMPANY: say("Company"), RISK: say("At risk")}
    return tuple(Button(label, drawing.LIST, one) for one, label in labels.items() if one != which)
