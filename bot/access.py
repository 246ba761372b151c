"""Who may do what with what: one pure decision, deny by default."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

Action = Literal["answer", "read", "start"]
# Who sees whether people take part, for the whole company; never what they wrote.
HR = frozenset({"hr_coordinator", "hr_partner"})


@dataclass(frozen=True)
class Actor:
    """`acts_for` are those who have named this person their delegate for what is at hand, today."""

    id: UUID
    roles: frozenset[str] = frozenset()
    acts_for: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Subject:
    """What is acted on. `owner` is whose it is; `reader` who may read it besides, decided when it was stored."""

    kind: Literal["ask", "checkin", "conversation", "file"]
    owner: UUID | None = None
    reader: UUID | None = None
    roles: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Decision:
    """`why` is a code, worded by whoever tells the person: not_yours, not_reader, not_your_role."""

    allowed: bool
    why: str = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Decision(True)


def may(actor: Actor, action: Action, subject: Subject) -> Decision:
    """Answers and check-ins belong to their author; HR, second line and admins never read check-in text. A delegate
    reads what the manager who named them reads.
    """
    if action == "answer" and subject.kind == "ask":
        return YES if subject.owner == actor.id else Decision(False, "not_yours")
    if action == "read" and subject.kind == "checkin":
        reads = actor.id in (subject.owner, subject.reader) or subject.reader in actor.acts_for
        return YES if reads else Decision(False, "not_reader")
    if action == "read" and subject.kind == "file":
        return YES if subject.owner == actor.id else Decision(False, "not_yours")
    if action == "start" and subject.kind == "conversation":
        return YES if not subject.roles or subject.roles & actor.roles else Decision(False, "not_your_role")
    return Decision(False, "not_yours")
