"""Key figures where people look anyway: at home the owner, on Monday managers and HR. Nothing if all is well."""

from __future__ import annotations

from collections.abc import Sequence

from bot.access import HR
from bot.access.knowing import departments_of
from bot.conversation import Context, part
from bot.handlers.kpis import drawing, words
from bot.handlers.kpis.standing import Figure, are_on, figures, unhealthy
from bot.messages import Button, Line, Row, Section, Strong
from bot.storage.kpi_values import kpis_of_owners, watched_kpis
from bot.storage.kpis import Kpi
from bot.storage.people import departments_on, reports_on
from bot.storage.policy import policy_of
from bot.texts import say, say_n

SHOWN = 7


@part("home", 28)
def home(ctx: Context) -> Section | None:
    """Their own that are out of the band, or wait for a value."""
    rows = kpis_of_owners(ctx.db, [ctx.person.id]) if are_on(ctx) else []
    if not rows:
        return None
    waiting = [one for one in figures(ctx.db, rows, ctx.local_now.date()) if one.is_due or one.status == "out"]
    if not waiting:
        return None
    told = tuple(Row((_line(one), *filter(None, (words.due(one),))), drawing.buttons(ctx, one)) for one in waiting)
    return Section(say("Key figures that you look after"), rows=told[:SHOWN], buttons=_all())


@part("manager_digest", 50)
def of_my_department(ctx: Context) -> Section | None:
    """Those of the manager's department, and of each team that they or one of their people answer for."""
    today = ctx.local_now.date()
    led = set(reports_on(ctx.db, ctx.person.id, today)) if are_on(ctx) else set()
    if not led:
        return None
    mine = departments_on(ctx.db, [ctx.person.id], today).get(ctx.person.id)
    near = [
        one
        for one in watched_kpis(ctx.db)
        if (one.level == "department" and one.department_id == mine and mine)
        or (one.level == "team" and one.owner_id in {ctx.person.id, *led})
    ]
    return _section(ctx, say("Key figures of your department and team"), near)


@part("hr_digest", 50)
def of_the_company(ctx: Context) -> Section | None:
    """How many are out, and which; a partner reads of the company and of their own departments."""
    if not ctx.roles & HR or not policy_of(ctx.db).allows("kpis"):
        return None
    places = departments_of(ctx.db, ctx.actor.id, ctx.roles, ctx.today) if ctx.who else None
    rows = [one for one in watched_kpis(ctx.db) if places is None or one.department_id in {None, *places}]
    return _section(ctx, say("Key figures"), rows)


def _section(ctx: Context, title: str, rows: Sequence[Kpi]) -> Section | None:
    """In words and numbers, without a button each: whoever looks after one has theirs."""
    found = figures(ctx.db, rows, ctx.today) if rows else []
    bad = unhealthy(found)
    alone = [one.title for one in found if one.owner is None or one.owner.status != "active"]
    if not bad and not alone:
        return None
    lines: tuple[Line, ...] = (_counted(found), *(_line(one) for one in bad[:SHOWN]))
    if alone:
        lines = (*lines, say("Nobody looks after: {figures}.", figures=", ".join(alone[:SHOWN])))
    more = len(bad) - SHOWN
    note = say_n("and {count} more", "and {count} more", more) if more > 0 else ""
    return Section(title, lines, buttons=_all(), note=note)


def _counted(found: Sequence[Figure]) -> str:
    counts = {code: sum(one.status == code for one in found) for code in ("in", "near", "out", "no_data")}
    return say(
        "{inside} in their band, {near} near it, {out} out of it, {none} without data.", inside=counts["in"],
        near=counts["near"], out=counts["out"], none=counts["no_data"],
    )  # fmt: skip


def _line(of: Figure) -> Line:
    parts = (drawing.stand(of), words.change(of), words.whose(of))
    return (Strong(of.title), f": {' · '.join(filter(None, parts))}")


def _all() -> tuple[Button, ...]:
    return (drawing.back(),)
