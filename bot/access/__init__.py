"""Who may do what with what: one pure decision, deny by default; lists ask the same one of each of their rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import cast
from uuid import UUID

from bot.access.table import AUDIENCES, BARRED, RULES
from bot.access.vocabulary import GUARDED, HR, Action, Audience, Kind, Party, Phase, Relation

__all__ = [
    "GUARDED", "HR", "Action", "Actor", "Audience", "Decision", "Kind", "Phase", "Relation", "Subject", "may",
    "may_read_field", "parties", "relations",
]  # fmt: skip


@dataclass(frozen=True)
class Actor:
    """`acts_for` are those who have named this person their delegate for what is at hand, today. `departments` are
    those for which they are an HR partner; None stands for the whole company.
    """

    id: UUID
    roles: frozenset[str] = frozenset()
    acts_for: frozenset[UUID] = frozenset()
    departments: frozenset[UUID] | None = None


@dataclass(frozen=True)
class Subject:
    """What is acted on. `owner` is whose it is; `reader` who may read it besides, decided when it was stored; `manager`
    theirs of today; `shared` that the owner has shared it with that one; `above` who stands above that one; `earlier`
    who led the owner before; `team` who has the same manager; `contradicts` of whom
    the owner says that they are not the manager. `department` is the owner's, `marked` says that the box of a
    "shared_by" field is ticked. `roles` name who may start a conversation. `off` is what the policy has switched off
    where the owner works; reading what is their own stays theirs.
    """

    kind: Kind
    owner: UUID | None = None
    reader: UUID | None = None
    manager: UUID | None = None
    upper: UUID | None = None
    about: UUID | None = None
    shared: bool = False
    above: frozenset[UUID] = frozenset()
    earlier: frozenset[UUID] = frozenset()
    contradicts: frozenset[UUID] = frozenset()
    team: frozenset[UUID] = frozenset()
    department: UUID | None = None
    phase: Phase = "submitted"
    audience: Audience = "manager"
    marked: bool = False
    roles: frozenset[str] = field(default_factory=frozenset)
    off: frozenset[Action] = frozenset()


@dataclass(frozen=True)
class Decision:
    """`why` is a code, worded by whoever tells the person: not_yours, not_reader, not_your_role, held_back,
    switched_off."""

    allowed: bool
    why: str = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Decision(True)


def may(actor: Actor, action: Action, subject: Subject) -> Decision:
    """Answers and check-ins belong to their author; HR, second line and admins never read check-in text. A delegate
    reads what the manager who named them reads, but no history that was shared with that one.
    """
    if (subject.kind, action) == ("conversation", "start"):
        return YES if not subject.roles or subject.roles & actor.roles else Decision(False, "not_your_role")
    mine = parties(actor, subject)
    if action in subject.off and not (action == "read" and "author" in mine):
        return Decision(False, "switched_off")
    audience = subject.audience
    if audience == "shared_by" and not subject.marked:
        audience = "author"
    allowed = any(
        mine & rule.parties and subject.phase in rule.phases and audience in rule.audiences
        for rule in RULES.get((subject.kind, action), ())
    )
    if mine & BARRED.get((subject.kind, action), frozenset()):
        return Decision(False, "held_back" if "contradicted" in mine else "not_yours")
    return YES if allowed else Decision(False, "not_reader" if subject.kind == "checkin" else "not_yours")


def may_read_field(
    actor: Actor, subject: Subject, audiences: Iterable[str], *, shared_by: str = "", marked: bool = False
) -> bool:
    """One field: for any of those it is for; the box of `shared_by` adds the manager."""
    every = {*audiences, *(("shared_by",) if shared_by else ())}
    known = [one for one in AUDIENCES if one in every]
    return any(may(actor, "read", replace(subject, audience=one, marked=marked)) for one in known)


def parties(actor: Actor, subject: Subject) -> frozenset[Party]:
    """Everything this person is here: relations to the subject, and the roles that hold for it."""
    held: set[Party] = {"employee", *relations(actor, subject)}
    held |= cast("set[Party]", actor.roles - {"hr_partner"})
    everywhere = actor.departments is None
    if "hr_partner" in actor.roles and (everywhere or subject.department in (actor.departments or ())):
        held.add("hr_partner")
    return frozenset(held)


def relations(actor: Actor, subject: Subject) -> frozenset[Relation]:
    """From ids alone. Nobody is a stranger to their own, whomever they act for."""
    if actor.id == subject.owner:
        return frozenset({"author"})
    found: set[Relation] = {"colleague"}
    named: tuple[tuple[Relation, UUID | None, Relation | None], ...] = (
        ("reader", subject.reader, "reader_delegate"),
        ("manager", subject.manager, "manager_delegate"),
        ("upper", subject.upper, "upper_delegate"),
        ("about", subject.about, None),
    )
    for own, who, for_another in named:
        if who == actor.id:
            found.add(own)
        elif for_another and who in actor.acts_for:
            found.add(for_another)
    if subject.shared and subject.manager == actor.id:
        found.add("shared_with")
    found |= {"second_line"} if actor.id in subject.above else set()
    found |= {"earlier_manager"} if actor.id in subject.earlier else set()
    found |= {"teammate"} if actor.id in subject.team else set()
    return frozenset(_contradicted(actor, subject, found))


def _contradicted(actor: Actor, subject: Subject, found: set[Relation]) -> set[Relation]:
    """Whom the owner contradicts is nothing else to it, nor is who acts for that one; also where they act for another
    reader.
    """
    if actor.id in subject.contradicts:
        return {"colleague", "contradicted"}
    holders: tuple[tuple[Relation, UUID | None], ...] = (
        ("reader_delegate", subject.reader), ("manager_delegate", subject.manager), ("upper_delegate", subject.upper),
    )  # fmt: skip
    for delegate, who in holders:
        if who in subject.contradicts and delegate in found:
            found = found - {delegate}
            found |= set() if found - {"colleague"} else {"contradicted"}
    return found
