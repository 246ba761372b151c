"""`/okr`: mine, my team's, the company's, what is at risk; five to a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, cast
from uuid import UUID

from sqlalchemy import ColumnElement

from bot.conversation import Context, Conversation, Reply
from bot.conversation.paging import of_pages, turning
from bot.forms import Form
from bot.handlers.okr import drawing, periods, rights, words
from bot.handlers.okr.standing import View, views
from bot.messages import Button, Message
from bot.rules.okr import LEVELS, Level
from bot.storage.okr.goals import listed_objectives, owned_by, shared
from bot.storage.okr.periods import period_on, periods_with
from bot.storage.okr.tables import Period
from bot.storage.people import manager_on, reports_on
from bot.storage.policy import allows
from bot.texts import mark, say

PAGE = 5
MINE, TEAM, COMPANY, RISK = "mine", "team", "company", "risk"


class _Listing(Conversation):
    """A button carries which list, perhaps a period, and the page; a period may be named behind the words."""

    which: ClassVar[str]

    def open(self, ctx: Context) -> Form | Reply:
        if not allows(ctx.db, "goals", ctx.person):
            return Reply(off())
        which, page, text = self.which, 1, ctx.args
        if text and text[0] in LISTS:
            which, text = text[0], text[1:]
            # A year is no page.
            if text and text[-1].isdecimal() and len(text[-1]) < 4:
                page, text = int(text[-1]), text[:-1]
        period = periods.named(ctx, " ".join(text)) if text else None
        return Reply(period if isinstance(period, Message) else listed(ctx, which, page, period))


class Mine(_Listing):
    name = drawing.LIST
    which = MINE
    words = ("okr",)
    summary = mark("My objectives")

    def takes(self, words: Sequence[str]) -> bool:
        """What has no digit is rather a word that is not known."""
        return not words or any(map(str.isdecimal, " ".join(words)))


class Team(_Listing):
    name = "okr.team"
    which = TEAM
    words = ("okr team",)
    takes_words = True
    summary = mark("Objectives of my team")


class Company(_Listing):
    name = "okr.company"
    which = COMPANY
    words = ("okr company",)
    takes_words = True
    summary = mark("Objectives of the company and its departments")


class AtRisk(_Listing):
    name = "okr.risk"
    which = RISK
    words = ("okr risk", "okr at risk")
    summary = mark("Objectives at risk")


def off() -> Message:
    why = say("Your company has switched them off where you work.")
    return Message(say("There are no objectives here"), (why,))


def _mine(ctx: Context) -> ColumnElement[bool]:
    return owned_by([ctx.person.id])


def _team(ctx: Context) -> ColumnElement[bool]:
    """Of those who report to this person; of who leads nobody: of their manager and of who has the same one."""
    today = ctx.local_now.date()
    owners: set[UUID] = set(reports_on(ctx.db, ctx.person.id, today))
    manager = None if owners else manager_on(ctx.db, ctx.person.id, today)
    if manager:
        owners = {manager.id, *reports_on(ctx.db, manager.id, today)} - {ctx.person.id}
    return owned_by(owners)


def _company(_: Context) -> ColumnElement[bool]:
    return shared()


# Which objectives each list is of.
WANTED: Mapping[str, Callable[[Context], ColumnElement[bool]]] = {MINE: _mine, TEAM: _team, COMPANY: _company}
LISTS = (*WANTED, RISK)


def _found(ctx: Context, which: str, wanted: ColumnElement[bool], period: Period | None) -> list[View]:
    rows = listed_objectives(ctx.db, wanted, period.id if period else ctx.local_now.date())
    return views(ctx, sorted(rows, key=lambda one: LEVELS.index(cast(Level, one.level))) if which == COMPANY else rows)


def _risk(ctx: Context) -> list[View]:
    """Of all that this person finds in the other lists, the worst first."""
    lists = (_found(ctx, which, wanted(ctx), None) for which, wanted in WANTED.items())
    every = {one.objective.id: one for found in lists for one in found}
    worst = ("off_track", "at_risk")
    bad = [one for one in every.values() if one.status in worst or one.pace in worst]
    return sorted(bad, key=lambda one: (one.status != "off_track", one.pace != "off_track"))


def listed(ctx: Context, which: str, page: int, period: Period | None = None) -> Message:
    """As it stands; or of one period, if it is given."""
    today = ctx.local_now.date()
    if which == RISK:
        found, others, period = _risk(ctx), [], None
    else:
        wanted = WANTED[which](ctx)
        found, others = _found(ctx, which, wanted, period), periods_with(ctx.db, wanted)
    at = period or period_on(ctx.db, today)
    last = max(1, -(-len(found) // PAGE))
    page = min(max(page, 1), last)
    shown = found[(page - 1) * PAGE : page * PAGE]
    sections = tuple(drawing.section(ctx, one) for one in shown)
    lines = (*(periods.ended(period, today) if period else ()), *(() if found else _none(which, period)))
    same = (period.id,) if period else ()
    buttons = (
        *_adding(ctx, which), *turning(page, last, drawing.LIST, which, *same),
        *periods.turning(others, at or today, drawing.LIST, which), *_others(which, same),
    )  # fmt: skip
    return Message(_title(which, at), lines, sections=sections, note=of_pages(page, last), buttons=buttons)


def _title(which: str, period: Period | None) -> str:
    titles = {
        MINE: say("Your objectives"), TEAM: say("Objectives of your team"), COMPANY: say("Objectives of the company"),
        RISK: say("At risk"),
    }  # fmt: skip
    return f"{titles[which]} · {words.period(period)}" if period else titles[which]


def _none(which: str, period: Period | None) -> tuple[str, ...]:
    if period:
        return (say("There is none of that time that you may see."),)
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


def _others(which: str, same: tuple[UUID, ...]) -> tuple[Button, ...]:
    """Of the same period."""
    labels = {MINE: say("Mine"), TEAM: say("My team's"), COMPANY: say("Company"), RISK: say("At risk")}
    return tuple(
        Button(label, drawing.LIST, one, *(() if one == RISK else same))
        for one, label in labels.items()
        if one != which
    )
