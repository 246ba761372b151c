"""The figures of the week: `/review figures` for HR, those of the company for others who may; and their places in the
digests of HR and of managers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.access import Actor, Subject, may
from bot.access.knowing import departments_of
from bot.conversation import Context, Conversation, Reply, part
from bot.forms import Form
from bot.handlers.figures import blockers, drawing, guarding, picture, releasing, weeks
from bot.messages import Button, Message, Section
from bot.rules.suppression import K
from bot.storage import figures
from bot.storage.departments import department_names
from bot.storage.members import departments_of_role
from bot.storage.people import reports_on
from bot.texts import day, mark, say

# All of them in one dialog: as many as a company has, within what a dialog can hold.
MANY = 60


class Figures(Conversation):
    """The button carries the Monday of a week."""

    name = "figures"
    words = ("review figures",)
    summary = mark("The figures of each week")
    roles = frozenset(releasing.READERS)

    def open(self, ctx: Context) -> Form | Reply:
        if not (ctx.roles & self.roles and _may(ctx)):
            why = say("They are for HR, and those of the company for works council, auditors and fairness analysts. "
                      "Managers find what concerns their own people in Monday's message.")  # fmt: skip
            return Reply(Message(say("These figures are not for you"), (why,)))
        found = weeks.released(ctx)
        if not ctx.roles & set(releasing.HR):
            found = [(week, guarding.whole(body)) for week, body in found]
        return Reply(_of_week(ctx, found, ctx.args[0] if ctx.args else ""))


def _may(ctx: Context) -> bool:
    """Of a partner of some departments, theirs."""
    places = departments_of(ctx.db, ctx.actor.id, ctx.roles, ctx.local_now.date())
    subject = Subject("aggregate", department=next(iter(places), None) if places else None, audience="aggregate")
    return bool(may(Actor(ctx.actor.id, ctx.roles, departments=places), "read", subject))


def _of_week(ctx: Context, found: Sequence[tuple[date, releasing.Body]], asked: str) -> Message:
    """The week that was asked for, else the newest that has figures."""
    told = weeks.told(ctx)
    waits = drawing.still_open(told)
    if not found:
        none = say("Nobody was expected to check in that week.")
        return Message(say("The week from {day}", day=day(told.last)), waits or (none,))
    days = [week.isoformat() for week, _ in found]
    at = days.index(asked) if asked in days else len(found) - 1
    week, body = found[at]
    names, only = _departments(ctx)
    sections = drawing.participation(body, names, only, most=MANY), drawing.averages(body, names, only)
    note = say("Counted once, on the Monday after: what comes later changes nothing here.")
    turn = [Button(say("Week before"), Figures.name, days[at - 1])] if at else []
    turn += [Button(say("Week after"), Figures.name, days[at + 1])] if at + 1 < len(days) else []
    return Message(say("The week from {day}", day=day(week)), (note, *(() if turn[1:] or asked else waits)),
                   sections=tuple(one for one in sections if one), buttons=tuple(turn))  # fmt: skip


@part("hr_digest", 10)
def participation(ctx: Context) -> Section | None:
    if not ctx.roles & set(releasing.HR):
        return None
    told = weeks.told(ctx)
    drawn = drawing.of_monday(told, *_departments(ctx))
    if drawn is None or told.week is None:
        return drawn
    return replace(drawn, files=picture.over_time(weeks.released(ctx), *_departments(ctx)))


@part("hr_digest", 20)
def in_the_way(ctx: Context) -> Section | None:
    return blockers.section(ctx, _departments(ctx)[1]) if ctx.roles & set(releasing.HR) else None


@part("hr_digest", 30)
def averages(ctx: Context) -> Section | None:
    told = weeks.told(ctx) if ctx.roles & set(releasing.HR) else None
    # Where nobody was asked, there is no figure that could be missed.
    return drawing.averages(told.body, *_departments(ctx)) if told and told.body else None


@part("manager_digest", 40)
def of_people(ctx: Context) -> Section | None:
    """Only where there is a figure: that there is none is nothing to write for."""
    if len(reports_on(ctx.db, ctx.person.id, ctx.local_now.date())) < K:
        return None
    week = weeks.told(ctx).week
    body = figures.released(ctx.db, week, figures.led_by(ctx.person.id)) if week else None
    return drawing.of_people(body) if body and guarding.averages_hold(ctx.db, body) else None


def _departments(ctx: Context) -> tuple[Mapping[str, str], frozenset[str] | None]:
    """The names of all, and which of them this person is in charge of; None means all."""
    names = {str(key): name for key, name in department_names(ctx.db).items()}
    names |= {guarding.TOGETHER: say("Small departments together"), guarding.WHOLE: say("Everyone")}
    if "hr_coordinator" in ctx.roles or "hr_partner" not in ctx.roles:
        return names, None
    theirs = departments_of_role(ctx.db, ctx.person.id, "hr_partner", ctx.local_now.date())
    return names, None if None in theirs else frozenset(map(str, theirs))
