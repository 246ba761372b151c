"""Who may do what: one line a permission, deny by default (methodology 1, Roles).

No line gives a check-in's text to HR, to a second line or to an administrator, and none may: a test asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, get_args

from bot.access.vocabulary import Action, Audience, Kind, Party, Phase

PHASES: frozenset[Phase] = frozenset(get_args(Phase))
AUDIENCES: frozenset[Audience] = frozenset(get_args(Audience))
WRITTEN: frozenset[Phase] = frozenset({"draft", "submitted"})
SENT: frozenset[Phase] = PHASES - {"draft"}
BEGUN: frozenset[Phase] = frozenset({"submitted"})
FOR_LINE: frozenset[Audience] = frozenset({"manager", "team", "everyone"})
FOR_MANAGER: frozenset[Audience] = frozenset({"manager", "shared_by"})


class Rule(NamedTuple):
    parties: frozenset[Party]
    phases: frozenset[Phase] = PHASES
    audiences: frozenset[Audience] = AUDIENCES


HR: tuple[Party, ...] = ("hr_coordinator", "hr_partner")
LEADING: tuple[Party, ...] = ("manager", "manager_delegate")


def _to(*parties: Party, phases: frozenset[Phase] = PHASES, audiences: frozenset[Audience] = AUDIENCES) -> Rule:
    return Rule(frozenset(parties), phases, audiences)


RULES: Mapping[tuple[Kind, Action], tuple[Rule, ...]] = {
    ("checkin", "read"): (
        _to("author"),
        _to("reader", "reader_delegate", "shared_with", phases=SENT, audiences=FOR_MANAGER),
    ),
    ("checkin", "edit"): (_to("author", phases=WRITTEN),),
    ("checkin", "respond"): (_to("author", "reader", "reader_delegate", phases=SENT, audiences=FOR_MANAGER),),
    ("ask", "answer"): (_to("author"),),
    ("ask", "see_state"): (_to("author", "manager", "manager_delegate"),),
    ("ask", "remind"): (_to("manager", "manager_delegate"),),
    ("blocker", "read"): (_to("author", "reader", "reader_delegate", "upper", "upper_delegate"),),
    ("audit", "read"): (_to("works_council", "auditor"),),
    ("configuration", "read"): (_to("hr_coordinator", "hr_partner", "works_council", "auditor", "it_admin"),),
    ("configuration", "change"): (_to("hr_coordinator", "hr_partner"),),
    ("aggregate", "read"): (
        _to(
            "manager", "manager_delegate", "second_line", "hr_coordinator", "hr_partner", "fairness_analyst",
            "works_council", "auditor", phases=SENT, audiences=frozenset({"aggregate"}),
        ),
    ),
    ("inbox_item", "read"): (_to("author", "hr_coordinator", "hr_partner"),),
    ("inbox_item", "settle"): (_to("hr_coordinator", "hr_partner"),),
    ("inbox_item", "withdraw"): (_to("author"),),
    ("export", "make"): (_to("author"),),
    ("file", "read"): (_to("author"),),
    ("role", "read"): (_to("author", "hr_coordinator", "works_council", "auditor"),),
    ("guarded_role", "read"): (_to("author", "hr_coordinator", "works_council", "auditor"),),
    ("role", "give"): (_to("hr_coordinator"),),
    ("role", "end"): (_to("hr_coordinator"),),
    ("delegation", "read"): (_to("author", "about", "hr_coordinator"),),
    ("delegation", "give"): (_to("author"),),
    ("delegation", "end"): (_to("author"),),
    ("history", "read"): (_to("author", "shared_with"),),
    ("history", "share"): (_to("author"),),
    ("history", "end"): (_to("author"),),
    ("account", "read"): (_to("hr_coordinator", "hr_partner"),),
    ("account", "link"): (_to("hr_coordinator", "hr_partner"),),
    ("roster", "change"): (_to("hr_coordinator"),),
    # An individual's is for their team, their line or everybody, as the company has it; the others are for everybody.
    ("objective", "read"): (
        _to("author", "about", *LEADING, "second_line", *HR, audiences=FOR_LINE),
        _to("teammate", phases=SENT, audiences=frozenset({"team"})),
        _to("employee", phases=SENT, audiences=frozenset({"everyone"})),
    ),
    ("objective", "update"): (_to("author", "about", *LEADING, *HR, phases=BEGUN, audiences=FOR_LINE),),
    ("objective", "change"): (_to("author", *LEADING, *HR, phases=WRITTEN, audiences=FOR_LINE),),
    ("objective", "agree"): (_to(*LEADING, *HR, phases=frozenset({"draft"}), audiences=FOR_LINE),),
    ("objective", "end"): (_to("author", *LEADING, *HR, audiences=FOR_LINE),),
    ("objective", "give"): (_to("author", *LEADING, "second_line", *HR, audiences=FOR_LINE),),
    # A key figure is about work, never about one person.
    ("kpi", "read"): (_to("employee"),),
    ("kpi", "update"): (_to("author", *HR),),
    ("kpi", "change"): (_to("author", *HR),),
    ("kpi", "give"): (_to(*HR),),
}  # fmt: skip
# Who may not, whatever else they are: nobody settles what is theirs or about them, or gives themselves a role
# or an account.
BARRED: Mapping[tuple[Kind, Action], frozenset[Party]] = {
    ("checkin", "read"): frozenset({"contradicted"}),
    ("checkin", "respond"): frozenset({"contradicted"}),
    ("ask", "see_state"): frozenset({"contradicted"}),
    ("blocker", "read"): frozenset({"contradicted"}),
    ("inbox_item", "read"): frozenset({"about"}),
    ("inbox_item", "settle"): frozenset({"author", "about"}),
    ("role", "give"): frozenset({"author"}),
    ("account", "link"): frozenset({"author"}),
    ("objective", "agree"): frozenset({"author"}),
}
