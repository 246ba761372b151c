"""Who may set which objective for whom, who agrees to it, and as what somebody acts."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from bot.access import HR, Decision, Subject, may, parties, relations
from bot.access.goals import Goal, goal_subjects
from bot.conversation import Context
from bot.handlers.okr.standing import View, acting, allows
from bot.rules import okr
from bot.storage.base import random_id
from bot.storage.inbox import hr_people
from bot.storage.okr.goals import OPEN
from bot.storage.okr.periods import okr_rules
from bot.storage.okr.tables import Objective, ObjectiveStep
from bot.storage.people import Person, departments_on, managers_on, reports_on
from bot.texts import say

# The step of its history that says whose it is now.
GIVEN = "given"


def gives(ctx: Context) -> bool:
    """Whether there is anybody whom this person may set objectives for."""
    if ctx.roles & HR or reports_on(ctx.db, ctx.person.id, ctx.local_now.date()):
        return True
    return bool(acting(ctx).acts_for)


def subject_of(ctx: Context, owner: UUID, level: okr.Level) -> Subject:
    """Of an objective that is not made yet."""
    goal = Goal(random_id(), owner, level, "draft")
    return goal_subjects(ctx.db, ctx.actor.id, [goal], okr_rules(ctx.db).seen_by, ctx.now)[goal.id]


def may_give(ctx: Context, owner: UUID, level: okr.Level) -> Decision:
    return may(acting(ctx), "give", subject_of(ctx, owner, level))


def levels(ctx: Context, owner: UUID) -> tuple[okr.Level, ...]:
    """What this person may set for that owner: what the owner leads, and HR for anybody."""
    today = ctx.local_now.date()
    hr, leads = bool(ctx.roles & HR), bool(reports_on(ctx.db, owner, today))
    top = leads and owner not in managers_on(ctx.db, [owner], today)
    found: list[okr.Level] = ["company"] if top or "hr_coordinator" in ctx.roles else []
    if hr or (leads and departments_on(ctx.db, [owner], today)):
        found.append("department")
    return (*found, "team", "individual") if hr or leads else (*found, "individual")


def gives_away(ctx: Context, of: View) -> bool:
    """Whether it is theirs to give to somebody else: who is not its owner can take it over at least."""
    mine = of.objective.owner_id == ctx.actor.id
    return of.state in OPEN and allows(ctx, "give", of) and (not mine or gives(ctx))


def not_for(ctx: Context, owner: Person, level: okr.Level) -> str:
    """Why this person may not set it for that owner; "" if they may."""
    allowed = may_give(ctx, owner.id, level)
    if allowed:
        return ""
    if allowed.why == "switched_off":
        return say("Objectives are switched off where {name} works.", name=owner.name)
    return say("{name} is not among those you may set objectives for.", name=owner.name)


def too_high(ctx: Context, owner: Person, level: okr.Level) -> str:
    """Why that owner cannot have one of this level; "" if they can."""
    if level in levels(ctx, owner.id):
        return ""
    match level:
        case "company":
            return say("The company's are set by HR, and by who leads people and has no manager.")
        case "department":
            return say("{name} leads nobody in a department, so it cannot be a department's.", name=owner.name)
        case _:
            return say("{name} leads nobody here, so it cannot be a team's.", name=owner.name)


def waits(ctx: Context, of: Objective) -> bool:
    """Whether such an objective is a draft until somebody agrees."""
    return of.level == "individual" and okr_rules(ctx.db).agreement


def agreers(ctx: Context, owner: UUID) -> list[UUID]:
    """The manager, unless the owner says that they are not; without one HR. Nobody agrees to their own."""
    subject = subject_of(ctx, owner, "individual")
    if subject.manager and subject.manager not in subject.contradicts:
        return [subject.manager]
    return [one.id for one in hr_people(ctx.db, ctx.local_now.date(), owner) if one.id != owner]


def first_state(ctx: Context, owner: UUID, level: okr.Level) -> okr.State:
    """What is set by those above needs nobody's agreement, nor does what nobody could agree to."""
    asked = level == "individual" and owner == ctx.actor.id and okr_rules(ctx.db).agreement
    return "draft" if asked and agreers(ctx, owner) else "active"


def given_by(ctx: Context, of: View) -> UUID | None:
    """Who set it for its owner, or gave it to them, if that was somebody else."""
    made = select(ObjectiveStep.by_id).filter_by(objective_id=of.objective.id)
    made = made.where(ObjectiveStep.move.in_(("created", GIVEN))).order_by(ObjectiveStep.number.desc())
    maker = ctx.db.scalar(made.limit(1))
    return maker if maker != of.objective.owner_id else None


def party(ctx: Context, of: View) -> okr.Party:
    mine = parties(acting(ctx), of.subject)
    if "author" in mine:
        return "owner"
    return "manager" if mine & {"manager", "manager_delegate"} else "hr"


def behalf(ctx: Context, of: View) -> UUID | None:
    """For whom they act, where they are nothing else to it."""
    if ctx.acting_for:
        return ctx.acting_for.id
    mine = relations(acting(ctx), of.subject)
    return of.subject.manager if "manager_delegate" in mine and not ctx.roles & HR else None


def moves(ctx: Context, of: View) -> tuple[okr.Move, ...]:
    """What the state machine lets this person do now; whether they may at all is another question."""
    return okr.moves(of.state, party(ctx, of), agreement=waits(ctx, of.objective))
