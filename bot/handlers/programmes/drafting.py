"""The form of a programme: who, what, when. It makes a draft, or changes one; of a running one only what and when."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from bot.cadence import load_cadence
from bot.conversation import Context, Conversation, Reply
from bot.forms import Answers, Choice, Field, Form, Option, People, Rejected, ShowIf
from bot.handlers.programmes import cards, rights, sets
from bot.handlers.programmes.timing import Timing
from bot.storage import running
from bot.storage.audit import record
from bot.storage.members import list_people, members_of, size
from bot.storage.people import Department
from bot.storage.programmes import Member, Programme
from bot.texts import mark, moment, say, say_n

WHO = {
    "everyone": mark("Everyone"), "department": mark("A department"), "tree": mark("Everyone under a manager"),
    "list": mark("A list of people"),
}  # fmt: skip
# As many people as one field holds.
MOST = 100


class _Fields:
    """The fields as they are for this person of HR and this programme, None for a new one."""

    def __init__(self, ctx: Context, programme: Programme | None) -> None:
        self.ctx, self.programme = ctx, programme
        own = rights.departments(ctx)
        places = ctx.db.scalars(select(Department).order_by(Department.name)).all()
        self.places = [one for one in places if own is None or one.id in own]
        kinds = tuple(WHO) if own is None else ("department",)
        self.who = Choice(
            "whom", say("Who"), options=tuple(Option(kind, say(WHO[kind])) for kind in kinds),
            start=programme.population if programme else kinds[0],
        )  # fmt: skip
        place = programme.department_id if programme else None
        self.department = Choice(
            "department", say("Department"), options=tuple(Option(str(one.id), one.name) for one in self.places),
            show_if=ShowIf("whom", "department"), start=str(place) if place else None,
        )  # fmt: skip
        manager = programme.manager_id if programme else None
        self.manager = People(
            "manager", say("Manager"), show_if=ShowIf("whom", "tree"), least=1,
            start=(str(manager),) if manager else None,
        )  # fmt: skip
        self.people = People(
            "people", say("People"), show_if=ShowIf("whom", "list"), least=1, most=MOST, start=_listed(ctx, programme)
        )  # fmt: skip
        self.joins = Choice(
            "joins", say("Who joins later"), options=(
                Option("yes", say("Is asked too, after a first message")), Option("no", say("Is not asked")),
            ), help=say("A list of people stays as it is either way."),
            start="no" if programme and not programme.joins else "yes",
        )  # fmt: skip
        self.what = Choice(
            "what", say("Questions"), options=sets.options(ctx, programme), start=sets.start(ctx, programme),
            redraws=programme is None,
        )  # fmt: skip
        self.asks = sets.picked(ctx, ctx.typed)
        self.timing = Timing(
            load_cadence(programme.cadence) if programme else sets.usual(ctx, self.asks), ctx.local_now.date(),
            runs=bool(programme and programme.started_at),
        )  # fmt: skip

    def _times(self) -> tuple[Field[Any], ...]:
        """Those of what is asked now, in the moment in which another one is picked; after that they are HR's."""
        if self.programme or self.asks == sets.picked(self.ctx, self.ctx.typed_before):
            return self.timing.fields
        return tuple(replace(one, computed=one.start is not None) for one in self.timing.fields)

    def form(self) -> Form:
        new = self.programme is None
        whom = () if self.programme and self.programme.started_at else (
            self.who, *((self.department,) if self.places else ()), self.manager, self.people,
        )  # fmt: skip
        return Form.of(
            say("New programme") if new else say("Change the programme"),
            *whom, self.joins, self.what, *self._times(),
            submit=say("Save draft") if self.programme is None or not self.programme.started_at else say("Save"),
            ids=(str(self.programme.id),) if self.programme else (),
            version=str(self.programme.version) if self.programme else "",
        )  # fmt: skip

    def questions(self, answers: Answers) -> UUID | None:
        return sets.chosen(self.ctx, self.programme, answers[self.what])

    def settle(self, programme: Programme, answers: Answers) -> None:
        """Its population, from the answers."""
        department, manager = answers[self.department], answers[self.manager]
        if answers[self.who] == "department" and not department:
            raise Rejected({self.who: say("There is no department yet. Import people with departments first.")})
        programme.population = answers[self.who]
        programme.department_id = UUID(department) if department else None
        programme.manager_id = UUID(manager[0]) if manager else None


class New(Conversation):
    name = "programmes.new"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        return _Fields(ctx, None).form() if rights.is_hr(ctx) else Reply(rights.refusal())

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        fields = _Fields(ctx, None)
        cadence = fields.timing.cadence(answers, ctx.local_now)
        programme = Programme(
            conversation=answers[fields.what], cadence=cadence.dump(), version=1, joins=answers[fields.joins] == "yes",
            question_set_id=fields.questions(answers), created_at=ctx.real_now, created_by=ctx.actor.id,
        )  # fmt: skip
        fields.settle(programme, answers)
        ctx.db.add(programme)
        ctx.db.flush()
        _list(ctx, programme, answers[fields.people] or ())
        _audit(ctx, "programme.drafted", programme)
        return cards.changed(ctx, programme)


class Change(Conversation):
    name = "programmes.change"
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        found = rights.named(ctx)
        if isinstance(found, Reply):
            return found
        return cards.shown(ctx, found) if found.stopped_at else _Fields(ctx, found).form()

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        found = rights.named(ctx)
        if isinstance(found, Reply):
            return found
        fields = _Fields(ctx, found)
        cadence, questions = fields.timing.cadence(answers, ctx.local_now), fields.questions(answers)
        joins = answers[fields.joins] == "yes"
        if found.started_at:
            running.change(ctx.db, found, cadence, questions, ctx.now, ctx.real_now, ctx.actor.id, joins=joins)
            return cards.changed(ctx, found, _from_when(ctx, found))
        fields.settle(found, answers)
        found.joins, found.cadence, found.question_set_id = joins, cadence.dump(), questions
        found.version += 1
        _list(ctx, found, answers[fields.people] or ())
        _audit(ctx, "programme.redrafted", found)
        return cards.changed(ctx, found)


def _from_when(ctx: Context, programme: Programme) -> str:
    """The next opening of those who have one; the others are asked as it says from their first question on."""
    first, count = running.next_turn(ctx.db, programme), size(ctx.db, programme, ctx.now)
    when = moment(ctx.local(first) if first else load_cadence(programme.cadence).following(ctx.local_now).opens)
    return say_n(
        "For {count} person from {when} on; what is open stays as it was asked.",
        "For {count} people from {when} on, each by their own clock; what is open stays as it was asked.", count,
        when=when,
    )  # fmt: skip


def _list(ctx: Context, programme: Programme, people: tuple[str, ...]) -> None:
    """A list is what was picked; for another population only who was taken out stays remembered."""
    ids = [UUID(one) for one in people]
    if programme.population == "list":
        gone = (Member.programme_id == programme.id) & Member.person_id.not_in(ids)
        ctx.db.execute(delete(Member).where(gone))
        list_people(ctx.db, programme, ids, ctx.real_now, ctx.actor.id)


def _audit(ctx: Context, action: str, programme: Programme) -> None:
    record(
        ctx.db, ctx.real_now, action, actor=ctx.actor.id, kind="programme", object_id=programme.id,
        population=programme.population, cadence=programme.cadence, version=programme.version,
    )  # fmt: skip


def _listed(ctx: Context, programme: Programme | None) -> tuple[str, ...] | None:
    if programme is None or programme.population != "list":
        return None
    return tuple(map(str, members_of(ctx.db, programme)))
