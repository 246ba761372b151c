"""The words of `bot.access.vocabulary`, marked, for whoever reads the table of who may do what."""

from __future__ import annotations

from collections.abc import Mapping

from bot.texts import mark, say

KINDS: Mapping[str, str] = {
    "checkin": mark("Check-in"),
    "ask": mark("Whether somebody has answered"),
    "blocker": mark("What is in somebody's way"),
    "conversation": mark("Conversation"),
    "audit": mark("Audit trail"),
    "configuration": mark("Settings"),
    "aggregate": mark("Figures of groups"),
    "inbox_item": mark("What is asked of HR"),
    "export": mark("Copy of one's own data"),
    "role": mark("Role"),
    "guarded_role": mark("Role of who runs the house or for emergencies"),
    "delegation": mark("Who acts for a manager"),
    "history": mark("History before a change of manager"),
    "file": mark("File that was made"),
    "account": mark("Chat account"),
    "roster": mark("List of people"),
    "objective": mark("Objective"),
    "kpi": mark("Key performance indicator"),
}
ACTIONS: Mapping[str, str] = {
    "read": mark("read"),
    "edit": mark("change"),
    "respond": mark("comment and thank"),
    "answer": mark("answer"),
    "see_state": mark("see"),
    "remind": mark("remind"),
    "start": mark("start"),
    "change": mark("change"),
    "settle": mark("settle"),
    "withdraw": mark("take back"),
    "make": mark("make"),
    "give": mark("give"),
    "end": mark("end"),
    "share": mark("share"),
    "link": mark("link"),
    "update": mark("bring up to date"),
    "agree": mark("agree"),
}
PHASES: Mapping[str, str] = {
    "draft": mark("being written"),
    "submitted": mark("sent"),
    "shared": mark("told to whom it is about"),
    "closed": mark("closed"),
}
AUDIENCES: Mapping[str, str] = {
    "author": mark("what is for its author"),
    "manager": mark("what is for the manager"),
    "aggregate": mark("what is for figures"),
    "hr": mark("what is for HR"),
    "second_line": mark("what is for the second line"),
    "shared_by": mark("what its author ticked as shared"),
    "team": mark("what is for the team"),
    "everyone": mark("what is for everyone"),
}
# Relations and roles; "delegate" stands in the list of roles only.
PARTIES: Mapping[str, str] = {
    "author": mark("whose it is"),
    "reader": mark("manager to whom it was sent"),
    "reader_delegate": mark("who acts for the manager to whom it was sent"),
    "manager": mark("manager"),
    "manager_delegate": mark("who acts for the manager"),
    "shared_with": mark("with whom it is shared"),
    "earlier_manager": mark("earlier manager"),
    "second_line": mark("second line"),
    "upper": mark("to whom it was passed up"),
    "upper_delegate": mark("who acts for whom it was passed up to"),
    "about": mark("whom it names"),
    "contradicted": mark("whom the author contradicts"),
    "colleague": mark("colleague"),
    "teammate": mark("teammate"),
    "delegate": mark("delegate"),
    "employee": mark("everybody who works here"),
    "hr_coordinator": mark("HR coordinator"),
    "hr_partner": mark("HR partner"),
    "hr_case_reviewer": mark("HR case reviewer"),
    "committee_member": mark("committee member"),
    "fairness_analyst": mark("fairness analyst"),
    "works_council": mark("works council"),
    "auditor": mark("auditor"),
    "it_admin": mark("IT administrator"),
    "break_glass": mark("emergency access"),
}


def right(code: str) -> str:
    """Of "checkin read"."""
    kind, _, action = code.partition(" ")
    return say("{kind}: {action}", kind=say(KINDS[kind]), action=say(ACTIONS[action]))


def party(code: str, limits: str) -> str:
    """The limits as the package has them, in words."""
    who = say(PARTIES[code])
    if limits == "never":
        return say("{who} (never)", who=who)
    told = []
    for limit in filter(None, limits.split("; ")):
        what, _, codes = limit.partition(": ")
        words = PHASES if what == "phases" else AUDIENCES
        told.append(", ".join(say(words[one]) for one in codes.split(", ")))
    return f"{who} ({'; '.join(told)})" if told else who
