"""Objectives in a manager's Monday, in one's own month, at home and in the menu."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from bot.conversation import Context, part
from bot.handlers.okr import drawing, words
from bot.handlers.okr.asked import row, standing_line
from bot.handlers.okr.standing import View, views
from bot.handlers.okr.standing_still import why
from bot.handlers.okr.watching import Still, stills
from bot.messages import Bar, Button, Section
from bot.rules.okr.ending import is_for_manager
from bot.storage.okr.digests import moves_since
from bot.storage.okr.goals import standing_objectives
from bot.storage.people import reports_on
from bot.storage.policy import allows
from bot.texts import say, say_n

SHOWN = 7
WEEK = timedelta(days=7)
BAD = ("off_track", "at_risk")
ADD = "okr.add"


@part("manager_digest", 30)
def of_my_people(ctx: Context) -> Section | None:
    """What stands still for long, what is at risk, what has changed; among these by name, never by score."""
    today = ctx.local_now.date()
    reports = reports_on(ctx.db, ctx.person.id, today) if allows(ctx.db, "goals", ctx.person) else []
    found = views(ctx, standing_objectives(ctx.db, reports, today)) if reports else []
    if not found:
        return None
    still = {one.objective.id: one for theirs in stills(ctx.db, reports, today).values() for one in theirs}
    moved = moves_since(ctx.db, (one.objective.id for one in found), ctx.now - WEEK, _moves())
    listed = sorted(
        ((_urgency(ctx, one, still, moved), one.owner.name if one.owner else "", one) for one in found),
        key=lambda each: each[:2],
    )
    told = [one for urgency, _, one in listed if urgency < 3]
    if not told:
        return None
    more = len(told) - SHOWN
    return Section(
        say("Objectives of your team"), bars=tuple(_bar(ctx, one, still, moved) for one in told[:SHOWN]),
        buttons=(Button(say("See all"), drawing.LIST, "team"),),
        note=say_n("and {count} more", "and {count} more", more) if more > 0 else "",
    )  # fmt: skip


def _urgency(ctx: Context, of: View, still: Mapping[UUID, Still], moved: Mapping[UUID, str]) -> int:
    """That something stands still, or is over, comes to a manager only after its owner was asked."""
    if _for_manager(ctx, still.get(of.objective.id)) or _left_open(ctx, of):
        return 0
    if of.status in BAD:
        return 1
    return 2 if of.objective.id in moved else 3


def _for_manager(ctx: Context, still: Still | None) -> bool:
    return still is not None and still.rung(ctx.local_now.date()) in ("manager", "agenda")


def _left_open(ctx: Context, of: View) -> bool:
    return drawing.is_over(ctx, of) and is_for_manager(of.period.ends_on, ctx.local_now.date())


def _bar(ctx: Context, of: View, still: Mapping[UUID, Still], moved: Mapping[UUID, str]) -> Bar:
    stands = still.get(of.objective.id)
    over = say("{period} is over: not closed", period=words.period(of.period)) if _left_open(ctx, of) else ""
    silent = [why(ctx, stands)] if stands and _for_manager(ctx, stands) else []
    # Of what was never measured its silence says it all.
    alone = silent and of.status is None and not over
    told = silent if alone else [over or words.state(of), *drawing.score(of)[:1], *silent]
    told += [_moves()[moved[of.objective.id]]] if of.objective.id in moved else []
    name = of.owner.name if of.owner else say("Nobody")
    return Bar(f"{name}: {of.objective.title}", float(of.score.score or 0), " · ".join(told))


def _moves() -> dict[str, str]:
    return {
        "created": say("new"), "agree": say("agreed"), "activate": say("started"), "resume": say("goes on"),
        "pause": say("paused this week"), "close": say("closed this week"), "cancel": say("cancelled this week"),
        "reopen": say("opened again"), "given": say("in new hands"), "changed": say("changed this week"),
    }  # fmt: skip


@part("my_summary", 30)
def my_progress(ctx: Context) -> Section | None:
    found = _mine(ctx)
    if not found:
        return None
    bars = tuple(
        Bar(
            one.objective.title or "", float(one.score.score or 0),
            " · ".join((standing_line(ctx, one), *drawing.over(ctx, one))),
        )
        for one in found
    )  # fmt: skip
    return Section(
        say("My objectives"), bars=bars[:SHOWN], buttons=(Button(say("See all"), drawing.LIST),),
        note=say("The score of an objective is no rating of you."),
    )  # fmt: skip


@part("menu", 20)
def menu(ctx: Context) -> Section | None:
    return _own(ctx)


@part("home", 17)
def home(ctx: Context) -> Section | None:
    return _own(ctx)


def _own(ctx: Context) -> Section | None:
    """With a button to update each; or how to begin, where objectives are switched on."""
    if not allows(ctx.db, "goals", ctx.person):
        return None
    found = _mine(ctx)
    every = Button(say("All objectives"), drawing.LIST)
    add = (Button(say("Add objective"), ADD),) if ADD in ctx.registry.conversations else ()
    if not found:
        none = say("None yet. One to three for a quarter are plenty; type okr to see those of others.")
        return Section(say("My objectives"), (none,), buttons=(*add, every))
    return Section(say("My objectives"), rows=tuple(row(ctx, one) for one in found[:SHOWN]), buttons=(every, *add))


def _mine(ctx: Context) -> list[View]:
    if not allows(ctx.db, "goals", ctx.person):
        return []
    mine = standing_objectives(ctx.db, [ctx.person.id], ctx.local_now.date())
    return views(ctx, mine) if mine else []
