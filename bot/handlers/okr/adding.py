"""Add an objective, on one page: title, level, kind, period, what it supports, up to five key results."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from bot.conversation import Context, Conversation, Reply
from bot.forms import Answers, Choice, Field, Form, Option, People, Rejected, Text
from bot.handlers.okr import doing, drawing, examples, hinting, measuring, offering, rights, words
from bot.handlers.okr.listing import off
from bot.handlers.okr.standing import View, view
from bot.messages import Button, Message
from bot.rules import okr
from bot.storage.base import new_id
from bot.storage.okr.making import Wanted, WantedResult, make_objective
from bot.storage.okr.periods import coming, ensure_period, periods_around
from bot.storage.okr.tables import Objective, Period
from bot.storage.people import Person, departments_on
from bot.storage.policy import allows
from bot.texts import mark, say

SELF, OTHER = "self", "for"
TITLE = 200
CHANGE = "okr.change"


class _Page:
    """The fields as they are for this person; `other`: for somebody under them. What is picked of level and period
    decides what can be supported.
    """

    def __init__(self, ctx: Context, *, other: bool) -> None:
        self.ctx, typed = ctx, ctx.typed or {}
        self.levels = okr.LEVELS if other else rights.levels(ctx, ctx.person.id)
        self.level = next((one for one in self.levels if one == typed.get("level")), self.levels[-1])
        self.whom = People("whom", say("For whom?"), least=1) if other else None
        self.title = Text(
            "title", say("Objective"), limit=TITLE,
            help=say("What will be better, in one sentence and without numbers."),
            audience=words.individual_audience(ctx) if self.levels == ("individual",) else "",
        )  # fmt: skip
        self.which = Choice(
            "level", say("Level"), options=tuple(Option(one, words.level(one)) for one in self.levels),
            start=self.levels[-1], redraws=True,
        ) if len(self.levels) > 1 else None  # fmt: skip
        self.ambition = ambition_field("aspirational")
        self.spans = coming(ctx.db, ctx.local_now.date())
        when = tuple(Option(str(first), words.period_key(key)) for key, first, _ in self.spans)
        self.period = Choice("period", say("When"), options=when, start=when[0].key)
        around = {one.id: one for _, first, last in self.spans for one in periods_around(ctx.db, first, last)}
        find = offering.sought(ctx)
        found = offering.offered(ctx, self.level, ctx.person.id, list(around.values()), find=find)
        self.find = offering.find_fields(find, found)
        self.parent = offering.parent_field(found) if found else None
        self.why = offering.why_field()
        self.results = measuring.group(okr.MOST_KEY_RESULTS, required=True)

    def fields(self) -> tuple[Field[Any], ...]:
        supports = (*self.find, *((self.parent, self.why) if self.parent else ()))
        every = (self.whom, self.title, self.which, examples.note(self.level), self.ambition, self.period, *supports)
        return (*filter(None, every), self.results)


def ambition_field(start: str) -> Field[str]:
    kinds = (
        Option("aspirational", say("Aspirational"), say("a stretch: 0.7 of it is a good result")),
        Option("committed", say("Committed"), say("promised: expected in full")),
    )
    return Choice("ambition", say("Kind"), options=kinds, start=start)


class Add(Conversation):
    """The form carries the id of what it will make, so that sent twice it is one."""

    name = drawing.ADD
    dialog = True
    words = ("okr add",)
    summary = mark("Add an objective")

    def open(self, ctx: Context) -> Form | Reply:
        if not allows(ctx.db, "goals", ctx.person):
            return Reply(off(), dialog=ctx.in_dialog)
        other = ctx.args[:1] == (OTHER,)
        if other and not rights.gives(ctx):
            return Reply(_for_nobody(), dialog=ctx.in_dialog)
        made = ctx.args[1] if ctx.args[1:] else str(new_id())
        fields = _Page(ctx, other=other).fields()
        title = say("Add for somebody") if other else say("Add an objective")
        return Form.of(title, *fields, submit=say("Save"), ids=(OTHER if other else SELF, made))

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        made = UUID(ctx.args[1])
        if ctx.db.get(Objective, made) is not None:
            known = view(ctx, made)
            return Reply(saved(ctx, known) if known else drawing.gone())
        page = _Page(ctx, other=ctx.args[0] == OTHER)
        owner = ctx.db.get_one(Person, UUID(answers[page.whom][0])) if page.whom else ctx.person
        level = next(one for one in okr.LEVELS if one == (answers[page.which] if page.which else page.level))
        _check(ctx, page, owner, level)
        results = [one for _, one in measuring.wanted(ctx, page.results, answers)]
        first = date.fromisoformat(answers[page.period])
        _, _, last = next(one for one in page.spans if one[1] == first)
        child = okr.Placed(made, level, first, last)
        parent = offering.picked(ctx, child, answers, page.parent, page.why) if page.parent else None
        wanted = _wanted(ctx, page, answers, owner, level, ensure_period(ctx.db, first, ctx.real_now), parent, results)
        return _made(ctx, make_objective(ctx.db, wanted, ctx.now, made))


def _check(ctx: Context, page: _Page, owner: Person, level: okr.Level) -> None:
    if page.whom and (why := rights.not_for(ctx, owner, level)):
        raise Rejected({page.whom: why})
    if page.which and (why := rights.too_high(ctx, owner, level)):
        raise Rejected({page.which: why})


def _wanted(
    ctx: Context, page: _Page, answers: Answers, owner: Person, level: okr.Level, period: Period,
    parent: UUID | None, results: list[WantedResult],
) -> Wanted:  # fmt: skip
    ambition: okr.Ambition = "committed" if answers[page.ambition] == "committed" else "aspirational"
    department = departments_on(ctx.db, [owner.id], ctx.local_now.date()).get(owner.id)
    return Wanted(
        period.id, level, owner.id, department, ambition, answers[page.title],
        rights.first_state(ctx, owner.id, level), results, parent, answers[page.why] if parent else None,
    )  # fmt: skip


def _made(ctx: Context, objective: Objective) -> Reply:
    of = view(ctx, objective.id)
    if of is None:
        return Reply(drawing.gone())
    made = doing.trace(ctx, of, "okr.created", "created", level=objective.level)
    asked = doing.asks_to_agree(ctx, of) if objective.state == "draft" else ()
    return Reply(saved(ctx, of), (*doing.news(ctx, of, made), *asked))


def saved(ctx: Context, of: View) -> Message:
    """The receipt, with what would make it better."""
    what = say("Saved.")
    if of.state == "draft":
        what = say("Saved as a draft. It is active as soon as somebody agrees; I ask in their working hours.")
    elif of.owner and of.owner.id != ctx.person.id:
        what = say("Saved. {name} is told.", name=of.owner.name)
    one = drawing.section(ctx, of)
    change = Button(say("Change…"), CHANGE, of.objective.id)
    another = Button(say("Add another"), drawing.ADD)
    return Message(
        one.title, (what, *one.lines, *hinting.lines(ctx, of)), bars=one.bars,
        buttons=(change, *one.buttons, another), summary=what,
    )  # fmt: skip


def _for_nobody() -> Message:
    why = say("You may set objectives for those who report to you. Yours you can always add.")
    return Message(say("Nobody reports to you here"), (why,), buttons=(Button(say("Add objective"), drawing.ADD),))
