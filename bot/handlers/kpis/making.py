"""HR adds key figures, and gives them to who looks after them. None is about one person."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bot.access import HR
from bot.conversation import Context, Conversation, Reply
from bot.conversation.measures import code_of, level
from bot.forms import Answers, Choice, Field, Form, Note, Option, People, Rejected, Text
from bot.handlers.kpis import drawing, words
from bot.handlers.kpis.banding import Limits
from bot.handlers.kpis.changing import no_person
from bot.handlers.kpis.due import settled
from bot.handlers.kpis.giving import owner_field, told_owner
from bot.handlers.kpis.naming import Naming
from bot.handlers.kpis.standing import LEVELS, are_on, audited, can, figure, may_do, named
from bot.messages import Button, Message
from bot.storage.departments import department_names
from bot.storage.kpi_values import kpi_by_key, people_named_in, store_band, undo_new
from bot.storage.kpis import Kpi
from bot.texts import mark, say

KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


class Add(Conversation):
    name = drawing.ADD
    words = ("okr add figure",)
    summary = mark("HR: add a key figure")
    roles = HR
    dialog = True

    def open(self, ctx: Context) -> Form | Reply:
        if not are_on(ctx):
            return Reply(drawing.off(), dialog=True)
        if not ctx.roles & HR:
            return Reply(drawing.for_hr(), dialog=True)
        what = Note("what", say("It tells whether work that goes on is healthy, and never how one person works."))
        return Form.of(say("Add a key figure"), what, *_Fields.of(ctx).all, submit=say("Add"))

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        fields = _Fields.of(ctx)
        made = _made(ctx, fields, answers)
        band = fields.limits.band(answers)
        ctx.db.add(made)
        ctx.db.flush()
        store_band(ctx.db, made, ctx.local_now.date(), band.low, band.high, band.near)
        audited(ctx, "kpi.added", made.id, owner=str(made.owner_id))
        undo = Button(say("Undo"), drawing.UNDO, made.id)
        of = figure(ctx, made)
        told = say("Added. {owner} is asked for its value {often}.", owner=words.owner(of),
                   often=words.rhythm(made.cadence_days))  # fmt: skip
        return Reply(drawing.card(ctx, of, told, more=(undo,)), also=told_owner(ctx, made))


class UndoAdd(Conversation):
    """While nothing was entered."""

    name = drawing.UNDO

    def open(self, ctx: Context) -> Form | Reply:
        of = named(ctx, locked=True)
        if of is None or not can(ctx, "give", of):
            return Reply(drawing.gone())
        owner, kpi, title = of.kpi.owner_id, of.kpi, of.title
        if not undo_new(ctx.db, kpi):
            return Reply(drawing.card(ctx, of, say("It has values already: end it instead.")))
        audited(ctx, "kpi.deleted", kpi.id)
        asks = settled(ctx, owner, entered=False)
        message = Message(title, (say("It is gone, as if it had never been added."),), buttons=(drawing.back(),))
        return Reply(message, asks=asks, changed=((drawing.GIVEN, kpi.id),))


@dataclass(frozen=True)
class _Fields:
    naming: Naming
    key: Field[str | None]
    level: Choice
    department: Field[str | None]
    owner: People
    limits: Limits

    @classmethod
    def of(cls, ctx: Context) -> _Fields:
        names = sorted(department_names(ctx.db).items(), key=lambda one: one[1])
        unit = str((ctx.typed or {}).get("unit") or "")
        key = say("Small letters, digits and hyphens; empty: made from the title.")
        return cls(
            Naming.of(),
            Text("key", say("Key in files"), help=key, limit=80).optional(),
            Choice("level", say("Whose is it?"), options=tuple(Option(one, level(one)) for one in LEVELS)),
            Choice(
                "department", say("Which department?"), help=say("For a department, or a team in it."),
                options=tuple(Option(str(one), name) for one, name in names),
            ).optional(),
            owner_field(),
            Limits.of(code_of(unit)),
        )  # fmt: skip

    @property
    def all(self) -> tuple[Field[Any], ...]:
        naming = self.naming
        return (
            naming.title, self.key, naming.unit, naming.source, self.level, self.department, self.owner,
            naming.rhythm, *self.limits.fields,
        )  # fmt: skip


def _made(ctx: Context, fields: _Fields, answers: Answers) -> Kpi:
    wanted, which = fields.naming.shape(answers), answers[fields.level]
    department = answers[fields.department] if which != "company" else None
    if which != "company" and department is None:
        raise Rejected({fields.department: say("Choose the department.")})
    if not may_do(ctx, "give", None, UUID(department) if department else None):
        raise Rejected({fields.level: say("You do HR's work for other departments: choose one of yours.")})
    if people_named_in(ctx.db, wanted.title):
        raise Rejected({fields.naming.title: no_person()})
    return Kpi(
        key=_key(ctx, fields, answers), level=which, department_id=UUID(department) if department else None,
        owner_id=UUID(answers[fields.owner][0]), unit=wanted.unit, cadence_days=wanted.cadence_days,
        created_at=ctx.now, title=wanted.title, source=wanted.source,
    )  # fmt: skip


def _key(ctx: Context, fields: _Fields, answers: Answers) -> str:
    given = answers[fields.key]
    if given is not None and not KEY.fullmatch(given):
        raise Rejected({fields.key: say("Only small letters, digits and hyphens, as tickets-in-time.")})
    key = given or _slug(answers[fields.naming.title])
    if kpi_by_key(ctx.db, key) is not None:
        raise Rejected({fields.key: say("{key} is taken: type another one.", key=key)})
    return key


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-") or "figure"
