"""The figures of the week: `/review figures` for HR, and their places in the digests of HR and of managers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.conversation import Context, Conversation, Reply, part
from bot.forms import Form
from bot.handlers.figures import blockers, drawing, picture, releasing
from bot.messages import Message, Section
from bot.rules.suppression import K
from bot.storage.departments import department_names, departments_of_role
from bot.storage.people import reports_on
from bot.texts import day, mark, say

# All of them in one dialog: as many as a company has, within what a dialog can hold.
MANY = 60


class Figures(Conversation):
    name = "figures"
    words = ("review figures",)
    summary = mark("HR: the figures of last week")
    roles = frozenset(releasing.HR)

    def open(self, ctx: Context) -> Form | Reply:
        if not ctx.roles & set(releasing.HR):
            why = say("They are for HR. Managers find what concerns their own people in Monday's message.")
            return Reply(Message(say("These figures are for HR"), (why,)))
        week = releasing.last_week(ctx.local_now)
        body = releasing.of_company(ctx.db, week, ctx.now)
        names, only = _departments(ctx)
        title = say("The week from {day}", day=day(week))
        asked = drawing.participation(body, names, only, MANY)
        if asked is None:
            return Reply(Message(title, (say("Nobody was expected to check in that week."),)))
        note = say("Counted once, on the Monday after: what comes later changes nothing here.")
        mood = drawing.averages(body, names, only)
        return Reply(Message(title, (note,), sections=(asked, mood) if mood else (asked,)))


@part("hr_digest", 10)
def participation(ctx: Context) -> Section | None:
    body = _released(ctx)
    drawn = drawing.participation(body, *_departments(ctx)) if body else None
    if drawn is None:
        return None
    return replace(drawn, files=picture.over_time(ctx.db, releasing.last_week(ctx.local_now), *_departments(ctx)))


@part("hr_digest", 20)
def in_the_way(ctx: Context) -> Section | None:
    body = _released(ctx)
    if body is None:
        return None
    people = {one["department"] or "": one["now"][0] for one in body["participation"]}
    return blockers.section(ctx, people, *_departments(ctx))


@part("hr_digest", 30)
def averages(ctx: Context) -> Section | None:
    body = _released(ctx)
    # Where nobody was asked, there is no figure that could be missed.
    return drawing.averages(body, *_departments(ctx)) if body and body["participation"] else None


@part("manager_digest", 40)
def of_people(ctx: Context) -> Section | None:
    """Of fewer than K there is never anything to say; who leads more is told why there is not."""
    if len(reports_on(ctx.db, ctx.person.id, ctx.local_now.date())) < K:
        return None
    week = releasing.last_week(ctx.local_now)
    if not releasing.of_company(ctx.db, week, ctx.now)["participation"]:
        # Where nobody was asked, there is no figure that could be missed.
        return None
    body = releasing.of_people(ctx.db, week, ctx.now, ctx.person.id)
    return drawing.of_people(body or {})


def _released(ctx: Context) -> releasing.Body | None:
    if not ctx.roles & set(releasing.HR):
        return None
    return releasing.of_company(ctx.db, releasing.last_week(ctx.local_now), ctx.now)


def _departments(ctx: Context) -> tuple[Mapping[str, str], frozenset[str] | None]:
    """The names of all, and which of them this person is in charge of; None means all."""
    names = {str(key): name for key, name in department_names(ctx.db).items()}
    if "hr_coordinator" in ctx.roles:
        return names, None
    theirs = departments_of_role(ctx.db, ctx.person.id, "hr_partner", ctx.local_now.date())
    return names, None if None in theirs else frozenset(map(str, theirs))
