"""Close at the end: the computed score beside the owner's grade, what becomes of it, and one lesson."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from bot.conversation import Context, Conversation, News, Reply
from bot.forms import Answers, Choice, Field, Form, LongText, Note, Number, Option, Rejected
from bot.handlers.okr import doing, drawing, rights, words
from bot.handlers.okr.doing import changed, found, sent, shown
from bot.handlers.okr.standing import View, view
from bot.rules import okr
from bot.storage.okr.carrying import carried_before, carry_again, carry_over, left_over
from bot.storage.okr.making import WantedResult
from bot.storage.okr.periods import ensure_period
from bot.storage.okr.tables import Objective, Period
from bot.texts import say

LONGEST = 1000
CARRY: okr.Outcome = "carry_over"


class _Page:
    def __init__(self, ctx: Context, of: View) -> None:
        self.computed = of.score.score if of.score.coverage else None
        start = None if self.computed is None else words.plain(okr.shown(self.computed))
        audience = words.audience(ctx, of)
        self.grade = Number(
            "grade", say("Your grade"), start=start, share=True, audience=audience,
            help=say("From 0 to 1: what was it worth, all in all?"),
        )  # fmt: skip
        self.reason: Field[str | None] = LongText(
            "reason", say("Why another grade?"), limit=LONGEST, audience=audience,
            help=say("Needed if it differs from the score by more than 0.05; a sentence will do."),
        ).optional()  # fmt: skip
        self.outcome = Choice("outcome", say("What becomes of it?"), options=tuple(map(_option, okr.OUTCOMES)))
        self.lesson: Field[str | None] = LongText(
            "lesson", say("One lesson"), limit=LONGEST, audience=audience,
            help=say("What would you do again, or differently?"),
        ).optional()  # fmt: skip

    def form(self, of: View) -> Form:
        score = words.score(self.computed) if self.computed is not None else say("none, nothing was measured")
        what = say("{title}: computed score {score}.", title=of.objective.title, score=score)
        fields = (Note("what", what, strong=True), self.grade, self.reason, self.outcome, self.lesson)
        return Form.of(
            say("Close the objective"), *fields, submit=say("Save"), ids=(str(of.objective.id),),
            version=str(of.objective.version),
        )  # fmt: skip


def _option(code: okr.Outcome) -> Option:
    match code:
        case "keep":
            return Option(code, say("Keep"), say("it is done, and stays as it is"))
        case "carry_over":
            return Option(code, say("Carry over"), say("what was not reached goes on in the next period"))
        case "drop":
            return Option(code, say("Drop"), say("it is not worth going on"))
        case "change":
            return Option(code, say("Change"), say("it comes back as another objective"))


class Close(Conversation):
    name = drawing.CLOSE
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        of = found(ctx, "end")
        if isinstance(of, Reply):
            return of
        return _Page(ctx, of).form(of) if "close" in rights.moves(ctx, of) else shown(ctx, of, inside=True)

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        of = sent(ctx, "end")
        if isinstance(of, Reply):
            return of
        page = _Page(ctx, of)
        grade, reason, outcome = answers[page.grade], answers[page.reason] or "", answers[page.outcome]
        _check(page, grade, reason)
        left = left_over(ctx.db, of.results) if outcome == CARRY else []
        if outcome == CARRY and (not left or of.owner is None):
            why = say("All of it is reached: there is nothing to carry over.")
            gone = say("Its owner is no longer here: nobody would go on with it.")
            raise Rejected({page.outcome: why if not left else gone})
        one = of.objective
        one.state = okr.moved(of.state, rights.party(ctx, of), "close", agreement=rights.waits(ctx, one))
        one.score, one.grade, one.outcome, one.closed_at = page.computed, grade, outcome, ctx.now
        into, told, more = _carried(ctx, of, left) if outcome == CARRY else (None, (), "")
        said = {
            "grade": str(grade), "outcome": outcome, "reason": reason, "lesson": answers[page.lesson],
            "into": str(into.id) if into else None,
        }  # fmt: skip
        note = say("Closed with {grade}.", grade=words.score(grade))
        return changed(
            ctx, of, "okr.closed", "close", f"{note} {more}".strip(), words=said, inside=True, also=told,
            outcome=outcome,
        )  # fmt: skip


def _check(page: _Page, grade: Decimal, reason: str) -> None:
    faults = okr.closing_faults(page.computed, grade, reason)
    if "grade" in faults:
        raise Rejected({page.grade: say("A grade is from 0 to 1, for example 0.7.")})
    if faults:
        differs = say("Your grade differs from the score: please say why, in 20 characters or more.")
        alone = say("Nothing was measured: please say what the grade rests on, in 20 characters or more.")
        raise Rejected({page.reason: alone if page.computed is None else differs})


def _next(ctx: Context, of: View) -> Period:
    """The one after its own, or the one of today where that is over as well."""
    day = max(of.period.ends_on + timedelta(days=1), ctx.local_now.date())
    return ensure_period(ctx.db, day, ctx.real_now)


def _carried(ctx: Context, of: View, left: list[WantedResult]) -> tuple[Objective, tuple[News, ...], str]:
    """A draft where agreement is asked for; its history says where it comes from. Of one that was opened again the
    same goes on as before.
    """
    into = _next(ctx, of)
    note = say("It goes on in {period}.", period=words.period(into))
    before = carried_before(ctx.db, of.objective, into)
    if before is not None and not carry_again(ctx.db, of.objective, before, left, ctx.now):
        when = words.period(into)
        return before, (), say("It goes on in {period} already; what stands there stays as it is.", period=when)
    owner = of.objective.owner_id
    state = rights.first_state(ctx, owner, of.level) if owner else "active"
    made = before or carry_over(ctx.db, of.objective, into, state, left, ctx.now)
    ctx.db.flush()
    fresh = view(ctx, made.id)
    if fresh is None:
        return made, (), note
    move, source = "changed" if before else "created", {"from": str(of.objective.id)}
    step = doing.trace(ctx, fresh, f"okr.{move}", move, source, carried=True)
    asked = doing.asks_to_agree(ctx, fresh) if fresh.state == "draft" else ()
    return made, (*doing.news(ctx, fresh, step), *asked), note
