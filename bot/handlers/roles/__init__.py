"""Roles from the chat, for HR coordinators: who has which, give one for some days, end it; never one to oneself.

Who runs the house, and the pair for an emergency, are named at the command line only.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from bot.access import GUARDED, Actor, Kind, Subject, may
from bot.clock import to_local
from bot.conversation import Context, Conversation, News, Reply, Task
from bot.conversation.paging import PAGE, of_pages, page_of, turning
from bot.conversation.roles import ROLES as MAY
from bot.forms import Answers, Choice, Day, Field, Form, Note, Option, People, Rejected, ShowIf
from bot.handlers.roles import drawing
from bot.messages import Button, Message
from bot.storage import roles
from bot.storage.people import ROLES, Department, Person, Role
from bot.texts import mark, say

COORDINATOR, PARTNER = "hr_coordinator", "hr_partner"
COMPANY = "company"
FURTHEST = timedelta(days=366 * 3)


class Roles(Conversation):
    """The button carries the page."""

    name = "roles"
    words = ("review roles",)
    summary = mark("Who has which role")
    roles = frozenset({COORDINATOR, "works_council", "auditor"})

    def open(self, ctx: Context) -> Form | Reply:
        if not may(_actor(ctx), "read", Subject("role")):
            return Reply(drawing.refusal())
        return Reply(_listed(ctx, int(ctx.args[0]) if ctx.args and ctx.args[0].isdecimal() else 1))


class GiveRole(Conversation):
    name = "roles.give"
    dialog = True

    def _fields(self, ctx: Context) -> tuple[People, Choice, Choice, Day, Field[date | None]]:
        words, today = drawing.words(), ctx.local_now.date()
        named = tuple(Option(one, words[one], say(MAY[one])) for one in ROLES if one not in GUARDED | drawing.IDLE)
        places = ctx.db.scalars(select(Department).order_by(Department.name)).all()
        whole = Option(COMPANY, say("The whole company"))
        last = Day("last", say("Last day"), help=say("Empty: until it is ended."), earliest=today)
        return (
            People("person", say("Who?"), audience=say("Everybody concerned")),
            Choice("role", say("Which role?"), options=named),
            Choice(
                "department", say("For which department?"), show_if=ShowIf("role", PARTNER), start=COMPANY,
                options=(whole, *(Option(str(one.id), one.name) for one in places)),
            ),
            Day("first", say("First day"), start=today, earliest=today, latest=today + FURTHEST),
            last.optional(),
        )  # fmt: skip

    def open(self, ctx: Context) -> Form | Reply:
        if not may(_actor(ctx), "give", Subject("role")):
            return Reply(drawing.refusal(), dialog=True)
        what = say("They are told at once, and it is written into the audit trail.")
        return Form.of(say("Give a role"), *self._fields(ctx), Note("what", what), submit=say("Give"))

    def submit(self, ctx: Context, answers: Answers) -> Reply:
        who, which, where, first, last = self._fields(ctx)
        person = ctx.db.get_one(Person, UUID(answers[who][0]))
        until, starts, name = answers[last], answers[first], answers[which]
        if not may(_actor(ctx), "give", Subject("role", owner=person.id)):
            raise Rejected({who: say("Nobody gives a role to themselves. Another HR coordinator can.")})
        if until and until < starts:
            raise Rejected({last: say("That is before the first day.")})
        picked = answers[where] if name == PARTNER else COMPANY
        department = UUID(picked) if picked not in (None, COMPANY) else None
        role, made = roles.give(
            ctx.db, person, name, department, starts, until, ctx.real_now, today=ctx.local_now.date(), by=ctx.actor.id
        )
        return Reply(drawing.card(ctx, role, person), _told(role) if made else ())


class EndRole(Conversation):
    name = "roles.end"

    def open(self, ctx: Context) -> Form | Reply:
        role, today = _named(ctx), ctx.local_now.date()
        if role is None:
            return Reply(drawing.gone())
        kind: Kind = "guarded_role" if role.name in GUARDED else "role"
        if not may(_actor(ctx), "end", Subject(kind, owner=role.person_id)):
            return Reply(drawing.refusal())
        person = ctx.db.get_one(Person, role.person_id)
        if role.ends_on and role.ends_on < today:
            return Reply(drawing.card(ctx, role, person))
        if role.name == COORDINATOR and not roles.others_hold(ctx.db, role, today):
            return Reply(drawing.last_one(person))
        roles.end(ctx.db, role, ctx.real_now, today=today, by=ctx.actor.id)
        return Reply(drawing.card(ctx, role, person), _told(role))


class RoleNews(Conversation):
    """What the one who has it is told; also for what was done at the command line."""

    name = roles.ABOUT

    def work(self, ctx: Context, task: Task) -> Task | Reply | None:
        role = ctx.db.get(Role, UUID(task.cursor["role"]))
        return Reply(also=(News(role.person_id, self.name, role.id, task.key, fresh=True),)) if role else None

    def news(self, ctx: Context, about: UUID, since: datetime, until: datetime | None) -> Message | None:
        role = ctx.db.get(Role, about)
        return drawing.for_holder(ctx, role) if role else None


def _actor(ctx: Context) -> Actor:
    return Actor(ctx.actor.id, ctx.roles)


def _listed(ctx: Context, page: int) -> Message:
    found = roles.holders(ctx.db, to_local(ctx.now, ctx.person.zone).date())
    page, last = page_of(page, len(found))
    actor = _actor(ctx)
    rows = tuple(drawing.row(ctx, one, ends=_ends(actor, one)) for one in found[(page - 1) * PAGE : page * PAGE])
    gives = may(actor, "give", Subject("role"))
    give = (Button(say("Give a role…"), GiveRole.name, style="primary"),) if gives else ()
    what = say("Who runs the house, and the two for emergencies, are named at the command line.")
    note = " ".join(filter(None, (what, of_pages(page, last))))
    return Message(say("Who has which role"), rows=rows, buttons=(*give, *turning(page, last, Roles.name)), note=note)


def _ends(actor: Actor, one: roles.Held) -> bool:
    kind: Kind = "guarded_role" if one.role.name in GUARDED else "role"
    return bool(may(actor, "end", Subject(kind, owner=one.person.id)))


def _told(role: Role) -> tuple[News, ...]:
    key = f"{roles.ABOUT}:{role.id}:{role.starts_on}:{role.ends_on}"
    return (News(role.person_id, roles.ABOUT, role.id, key, fresh=True),)


def _named(ctx: Context) -> Role | None:
    try:
        return ctx.db.get(Role, UUID(ctx.args[0]), with_for_update=True) if ctx.args else None
    except ValueError:
        return None
