"""The words of every decision: what is acted on, how, in which phase, for which audience, by whom."""

from __future__ import annotations

from typing import Literal

Kind = Literal[
    "checkin", "ask", "blocker", "conversation", "audit", "configuration", "aggregate", "inbox_item", "export",
    "role", "guarded_role", "delegation", "history", "file", "account", "roster", "objective", "kpi",
]  # fmt: skip
Action = Literal[
    "read", "edit", "respond", "answer", "see_state", "remind", "start", "change", "settle", "withdraw", "make", "give",
    "end", "share", "link", "update", "agree",
]  # fmt: skip
# draft: being written; submitted: sent, can still be changed; shared: told to whom it is about; closed: final.
Phase = Literal["draft", "submitted", "shared", "closed"]
# Who a field is for. "shared_by": for the manager too, but only where its author ticked the box beside it. "team": the
# line and who has the same manager; "everyone" who works here.
Audience = Literal["author", "manager", "aggregate", "hr", "second_line", "shared_by", "team", "everyone"]
# What a person is to what they act on. "reader": its reader of the day on which it was sent; "manager": the primary
# one of today, whoever read it then; "shared_with": that one, after the author has shared their history; "upper": to
# whom it was passed up; "about": whom it names; "teammate": who has the same manager; "contradicted": whom its author
# contradicts, or who acts for that one.
Relation = Literal[
    "author", "reader", "reader_delegate", "manager", "manager_delegate", "shared_with", "earlier_manager",
    "second_line", "upper", "upper_delegate", "about", "teammate", "contradicted", "colleague",
]  # fmt: skip
# What somebody may hold; everybody who works here is an employee.
Role = Literal[
    "employee", "hr_coordinator", "hr_partner", "hr_case_reviewer", "committee_member", "fairness_analyst",
    "works_council", "auditor", "it_admin", "break_glass",
]  # fmt: skip
Party = Relation | Role
# HR, as far as one word for both of its roles will do.
HR: frozenset[str] = frozenset({"hr_coordinator", "hr_partner"})
# Given and ended at the command line only: who runs the house, and the pair for an emergency.
GUARDED: frozenset[str] = frozenset({"it_admin", "break_glass"})
