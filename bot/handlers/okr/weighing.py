"""*More…*: what few need: weights, roll-up, further objectives it supports, the key figure it wants to move."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bot.conversation import Context, Conversation, Reply
from bot.forms import Answers, Choice, Choices, Field, Form, Number, Option, People, Rejected, ShowIf
from bot.handlers.okr import offering, words
from bot.handlers.okr.doing import changed, found, sent
from bot.handlers.okr.standing import View, view
from bot.rules import okr
from bot.storage.kpis import Kpi
from bot.storage.okr.aligning import links_of, set_links
from bot.storage.okr.periods import periods_around, pillars_of
from bot.storage.okr.tables import KeyResult
from bot.storage.policy import allows
from bot.texts import say

NONE = "none"
DAYS = (Decimal(1), Decimal(366))


class _Page:
    def __init__(self, ctx: Context, of: View) -> None:
        one = of.objective
        self.weight = _weight("weight", say("Weight of the objective"), one.weight)
        ways = tuple(Option(way, words.rollup(way)) for way in ("own", "children", "blend"))
        self.rollup = Choice("rollup", say("Its score comes from"), options=ways, start=one.rollup)
        self.alpha = Number(
            "alpha", say("Share of its own"), start=words.plain(one.alpha), show_if=ShowIf("rollup", "blend"),
            help=say("From 0 to 1; 0.5 is half and half."),
        )  # fmt: skip
        self.links = _links(ctx, of)
        self.kpi, self.pillar = _kpis(ctx, of), _pillars(ctx, of)
        self.results = {result.id: _Measure(result) for result in of.active}

    def fields(self) -> tuple[Field[Any], ...]:
        mine = (field for one in self.results.values() for field in one.fields())
        extra = [one for one in (self.links, self.kpi, self.pillar) if one]
        return (self.weight, self.rollup, self.alpha, *extra, *mine)


class _Measure:
    """Of one key result."""

    def __init__(self, of: KeyResult) -> None:
        named = {"title": of.title or ""}
        self.weight = _weight(f"weight_{of.id.hex}", say("Weight of “{title}”", **named), of.weight)
        self.owner = People(
            f"owner_{of.id.hex}", say("Who looks after it?"), start=(str(of.owner_id),) if of.owner_id else None,
            help=say("Empty: the owner of the objective."),
        ).optional()  # fmt: skip
        self.days = Number(
            f"days_{of.id.hex}", say("An update every … days"), low=DAYS[0], high=DAYS[1],
            start=Decimal(of.cadence_days),
        )  # fmt: skip

    def fields(self) -> tuple[Field[Any], ...]:
        return self.weight, self.owner, self.days


def _weight(key: str, label: str, start: Decimal) -> Number:
    return Number(key, label, start=words.plain(start), help=say("2 counts twice as much as 1."))


def _links(ctx: Context, of: View) -> Field[tuple[str, ...] | None] | None:
    around = periods_around(ctx.db, of.period.starts_on, of.period.ends_on)
    known = links_of(ctx.db, of.objective.id)
    offered = offering.offered(ctx, of.level, of.objective.owner_id, around, without=of.objective.id)
    offered += [one for key in known if (one := view(ctx, key)) and key not in {two.objective.id for two in offered}]
    options = tuple(
        Option(str(one.objective.id), one.objective.title or "")
        for one in offered
        if one.objective.id != of.objective.parent_id
    )
    start = tuple(str(one) for one in known if str(one) in {two.key for two in options})
    about = say("They see it, and their score does not change.")
    found = Choices("links", say("It also supports"), options=options, start=start or None, help=about).optional()
    return found if options else None


def _kpis(ctx: Context, of: View) -> Choice | None:
    rows = ctx.db.scalars(select(Kpi).where(Kpi.ended_at.is_(None)).order_by(Kpi.created_at).limit(offering.MOST))
    options = tuple(Option(str(one.id), one.title or one.key) for one in rows)
    if not options or not allows(ctx.db, "kpis", ctx.person):
        return None
    return _one_of("kpi", say("The key figure it wants to move"), options, of.objective.kpi_id)


def _pillars(ctx: Context, of: View) -> Choice | None:
    """What supports another one has the pillar of that one."""
    pillars = pillars_of(ctx.db, of.period.id) if of.objective.parent_id is None else []
    options = tuple(Option(str(one.id), one.title) for one in pillars)
    return _one_of("pillar", say("Pillar"), options, of.objective.pillar_id) if options else None


def _one_of(key: str, label: str, options: tuple[Option, ...], start: UUID | None) -> Choice:
    known = {one.key for one in options}
    return Choice(
        key, label, options=(Option(NONE, say("None")), *options), start=str(start) if str(start) in known else NONE
    )  # fmt: skip


class More(Conversation):
    name = "okr.more"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        of = found(ctx, "change")
        if isinstance(of, Reply):
            return of
        return Form.of(
            say("More"), *_Page(ctx, of).fields(), submit=say("Save"), ids=(str(of.objective.id),),
            version=str(of.objective.version),
        )  # fmt: skip

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        of = sent(ctx, "change")
        if isinstance(of, Reply):
            return of
        page, one = _Page(ctx, of), of.objective
        _check(page, answers)
        before = _before(ctx, of)
        one.weight, one.rollup = answers[page.weight], answers[page.rollup]
        one.alpha = answers[page.alpha] if one.rollup == "blend" else one.alpha
        if page.links:
            links = answers[page.links]
            set_links(ctx.db, one.id, map(UUID, links or ()))
        one.kpi_id = _picked(answers, page.kpi) if page.kpi else one.kpi_id
        one.pillar_id = _picked(answers, page.pillar) if page.pillar else one.pillar_id
        for result in of.active:
            _measure(page.results[result.id], result, answers)
        return changed(
            ctx, of, "okr.weighed", "weighed", say("Saved."), words={"before": before}, inside=True, rollup=one.rollup
        )


def _before(ctx: Context, of: View) -> dict[str, object]:
    """By ids: its words stand elsewhere."""
    one = of.objective
    measures = {
        str(result.id): {
            "weight": str(result.weight), "cadence_days": result.cadence_days, "owner": str(result.owner_id or ""),
        }
        for result in of.active
    }  # fmt: skip
    return {
        "weight": str(one.weight), "rollup": one.rollup, "alpha": str(one.alpha), "kpi": str(one.kpi_id or ""),
        "pillar": str(one.pillar_id or ""), "links": list(map(str, links_of(ctx.db, one.id))), "measures": measures,
    }  # fmt: skip


def _check(page: _Page, answers: Answers) -> None:
    weights = [page.weight, *(one.weight for one in page.results.values())]
    low = say("A weight is more than 0: 1, 2 or 0.5, for example.")
    wrong: dict[Field[Any], str] = {
        one: low for one in weights if "weight" in okr.key_result_faults(okr.Asked("binary", weight=answers[one]))
    }
    alpha = answers[page.alpha] if answers[page.rollup] == "blend" else okr.ALPHA
    if "alpha" in okr.objective_faults(Decimal(1), alpha):
        wrong[page.alpha] = say("A share is from 0 to 1.")
    whole = say("Whole days, please.")
    wrong |= {one.days: whole for one in page.results.values() if answers[one.days] % 1}
    if wrong:
        raise Rejected(wrong)


def _picked(answers: Answers, field: Choice) -> UUID | None:
    return None if answers[field] == NONE else UUID(answers[field])


def _measure(of: _Measure, result: KeyResult, answers: Answers) -> None:
    owner = answers[of.owner]
    result.weight, result.cadence_days = answers[of.weight], int(answers[of.days])
    result.owner_id = UUID(owner[0]) if owner else None
